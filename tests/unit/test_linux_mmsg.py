"""Many datagrams by one call, over a pair of local sockets."""

import errno
import socket
from collections.abc import Iterator

import pytest

from standfast.base.limits import INBOX, INBOX_DATAGRAM, OUTBOX
from standfast.linux.mmsg import Batch, Failure, Inbox, Outbox

Pair = tuple[socket.socket, socket.socket]


@pytest.fixture
def pair() -> Iterator[Pair]:
    """Two sockets on loopback; the first is connected to the second."""
    left = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    right = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    with left, right:
        right.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        right.bind(("127.0.0.1", 0))
        yield left, right


def batch(right: socket.socket, *contents: bytes) -> Batch:
    port = right.getsockname()[1]
    name = socket.AF_INET.to_bytes(2, "little") + port.to_bytes(2, "big") + bytes((127, 0, 0, 1)) + bytes(8)
    return Batch(contents, [name] * len(contents))


def received(right: socket.socket, inbox: Inbox) -> list[bytes]:
    found = []
    while count := inbox.receive(right.fileno()):
        found += [inbox.content(place) for place in range(count)]
    return found


def test_batches_arrive_whole_and_in_order(pair: Pair) -> None:
    left, right = pair
    first, second = batch(right, b"one", b"twenty-two"), batch(right, b"", b"four")

    failures = Outbox().send(left.fileno(), (first, second))

    assert failures == []
    assert received(right, Inbox()) == [b"one", b"twenty-two", b"", b"four"]


def test_a_batch_can_be_patched_and_sent_again(pair: Pair) -> None:
    left, right = pair
    outbox, ready = Outbox(), batch(right, b"a0", b"b0")

    for number in (b"1", b"2"):
        for at in ready.offsets:
            ready.memory[at + 1] = number
        outbox.send(left.fileno(), (ready,))

    assert received(right, Inbox()) == [b"a1", b"b1", b"a2", b"b2"]


def test_more_than_one_call_can_take_is_sent_by_several(pair: Pair) -> None:
    left, right = pair
    contents = [number.to_bytes(2, "big") for number in range(2 * OUTBOX + 1)]

    Outbox().send(left.fileno(), (batch(right, *contents),))

    assert received(right, Inbox()) == contents


def test_one_that_cannot_be_sent_does_not_keep_the_others(pair: Pair) -> None:
    left, right = pair

    failures = Outbox().send(left.fileno(), (batch(right, b"one", bytes(70_000), b"three"),))

    assert failures == [Failure(1, errno.EMSGSIZE)]
    assert received(right, Inbox()) == [b"one", b"three"]


def test_a_call_receives_at_most_as_many_as_fit(pair: Pair) -> None:
    left, right = pair
    Outbox().send(left.fileno(), (batch(right, *[b"x"] * (INBOX + 1)),))
    inbox = Inbox()

    assert inbox.receive(right.fileno()) == INBOX
    assert inbox.receive(right.fileno()) == 1
    assert inbox.receive(right.fileno()) == 0


def test_what_is_too_long_is_cut_and_disturbs_no_neighbour(pair: Pair) -> None:
    left, right = pair
    Outbox().send(left.fileno(), (batch(right, b"y" * (2 * INBOX_DATAGRAM), b"next"),))
    inbox = Inbox()

    assert inbox.receive(right.fileno()) == 2
    assert (inbox.content(0), inbox.content(1)) == (b"y" * INBOX_DATAGRAM, b"next")


def test_the_kernel_says_when_and_from_where(pair: Pair) -> None:
    left, right = pair
    right.setsockopt(socket.SOL_SOCKET, 35, 1)  # SO_TIMESTAMPNS
    right.setsockopt(socket.IPPROTO_IP, socket.IP_RECVTOS, 1)
    Outbox().send(left.fileno(), (batch(right, b"x"),))
    inbox = Inbox()

    inbox.receive(right.fileno())

    assert set(inbox.ancillary(0)) == {(socket.SOL_SOCKET, 35), (socket.IPPROTO_IP, socket.IP_TOS)}
    assert len(inbox.ancillary(0)[socket.SOL_SOCKET, 35]) == 16
    assert inbox.ancillary(0)[socket.IPPROTO_IP, socket.IP_TOS] == b"\0"
    assert inbox.sender(0)[4:8] == bytes((127, 0, 0, 1))


def test_an_error_of_the_socket_is_told_once(pair: Pair) -> None:
    """Nobody listens at the other end: the kernel says so at the next call."""
    left, right = pair
    left.connect(right.getsockname())
    right.close()
    left.send(b"x")

    with pytest.raises(OSError, match="refused"):
        Inbox().receive(left.fileno())

    assert Inbox().receive(left.fileno()) == 0
