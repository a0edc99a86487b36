"""The socket pair between parent and child: whole messages, in order, and never a wait."""

from collections.abc import Iterator

import msgspec
import pytest

from standfast.base.errors import Malformed
from standfast.daemon.channel import Channel, channel_pair
from standfast.wire.ipc import Alive, Configure, Hello, Message, raw

Pair = tuple[Channel, Channel]


@pytest.fixture
def pair() -> Iterator[Pair]:
    near, far = channel_pair()
    yield near, far
    near.close()
    far.close()


def test_messages_arrive_in_order(pair: Pair) -> None:
    near, far = pair

    near.send(Hello(1))
    near.send(Hello(2))

    assert far.receive() == [Hello(1), Hello(2)]


def test_nothing_to_read_is_no_wait(pair: Pair) -> None:
    assert pair[1].receive() == []


def test_a_configuration_larger_than_any_buffer_arrives_in_pieces(pair: Pair) -> None:
    near, far = pair
    config = msgspec.json.encode({"text": "x" * 5_000_000})

    near.send(Configure(7, raw(config)))
    waits = near.has_unsent
    got: list[Message] = []
    while not got:
        near.flush()
        got += far.receive()

    assert waits
    assert not near.has_unsent
    (message,) = got
    assert isinstance(message, Configure)
    assert bytes(message.config) == config


def test_both_can_speak_at_once(pair: Pair) -> None:
    near, far = pair

    near.send(Hello(1))
    far.send(Alive(1, 0))

    assert (far.receive(), near.receive()) == ([Hello(1)], [Alive(1, 0)])


def test_an_end_that_is_gone_is_told_and_costs_the_sender_nothing(pair: Pair) -> None:
    near, far = pair
    far.close()

    near.send(Hello(1))

    assert not near.has_unsent
    with pytest.raises(EOFError):
        near.receive()


def test_what_nobody_understands_is_malformed(pair: Pair) -> None:
    near, far = pair
    near._socket.send(b"garbage\n")

    with pytest.raises(Malformed):
        far.receive()
