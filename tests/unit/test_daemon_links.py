"""What sessions say, between processes: descriptors that go with a message, a replay, an end that is heard."""

import asyncio
import os
import socket
from collections.abc import Callable, Iterator

import pytest

from standfast.core.bfd.effects import Tell
from standfast.daemon.bfd_links import VerdictReceiver, VerdictSender
from standfast.daemon.channel import Channel, channel_pair
from standfast.daemon.links import Links
from standfast.wire import ipc
from standfast.wire.ipc import SessionTold

UP = Tell("wan", up=True, reason="", vrrp=True, checker=True)
DOWN = Tell("wan", up=False, reason="why", vrrp=True, checker=True)
OURS_ONLY = Tell("lan", up=True, reason="", vrrp=True, checker=False)


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    made = asyncio.new_event_loop()
    yield made
    made.close()


def pair() -> tuple[socket.socket, socket.socket]:
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET | socket.SOCK_NONBLOCK)


def turn(loop: asyncio.AbstractEventLoop, until: Callable[[], object] = lambda: True) -> None:
    """Some turns of the loop."""
    for _ in range(50):
        loop.run_until_complete(asyncio.sleep(0))
        if until():
            return


class Ends:
    """A sender and a receiver with a link between them."""

    def __init__(self, loop: asyncio.AbstractEventLoop, *present: Tell, child: str = "vrrp") -> None:
        self.loop = loop
        self.heard: list[SessionTold] = []
        self.sender = VerdictSender(loop, lambda: present)
        self.receiver = VerdictReceiver(loop, self.heard.append)
        near, far = pair()
        self.sender.connect(child, near)
        self.receiver.connect(far)

    def listen(self, count: int) -> list[SessionTold]:
        turn(self.loop, lambda: len(self.heard) >= count)
        return self.heard

    def close(self) -> None:
        self.sender.close()
        self.receiver.close()


@pytest.mark.behaviour("BF-04")
def test_a_verdict_arrives(loop: asyncio.AbstractEventLoop) -> None:
    ends = Ends(loop)

    ends.sender.tell(DOWN)
    ends.sender.tell(UP)

    assert ends.listen(2) == [SessionTold("wan", up=False, reason="why"), SessionTold("wan", up=True)]
    ends.close()


@pytest.mark.behaviour("BF-04")
def test_who_begins_later_is_told_how_things_stand(loop: asyncio.AbstractEventLoop) -> None:
    ends = Ends(loop, UP, OURS_ONLY)

    assert ends.listen(2) == [SessionTold("wan", up=True), SessionTold("lan", up=True)]
    ends.close()


@pytest.mark.behaviour("BF-04")
def test_a_restricted_session_tells_only_whom_it_should(loop: asyncio.AbstractEventLoop) -> None:
    ends = Ends(loop, OURS_ONLY, child="checker")

    ends.sender.tell(OURS_ONLY)
    ends.sender.tell(UP)

    assert ends.listen(1) == [SessionTold("wan", up=True)]
    ends.close()


def test_when_the_sender_ends_no_session_is_up_any_more(loop: asyncio.AbstractEventLoop) -> None:
    down = Tell("lan", up=False, reason="why", vrrp=True, checker=True)
    ends = Ends(loop, UP, down)
    ends.listen(2)

    ends.sender.close()

    assert ends.listen(3)[2:] == [SessionTold("wan", up=False, reason="the bfd process has ended")]
    ends.close()


def test_a_sender_that_comes_again_is_believed_again(loop: asyncio.AbstractEventLoop) -> None:
    ends = Ends(loop, UP)
    ends.listen(1)
    ends.sender.close()
    ends.listen(2)

    near, far = pair()
    ends.receiver.connect(far)
    ends.sender.connect("vrrp", near)

    assert ends.listen(3)[2:] == [SessionTold("wan", up=True)]
    ends.close()


def test_what_nobody_understands_ends_the_link(loop: asyncio.AbstractEventLoop) -> None:
    heard: list[SessionTold] = []
    receiver = VerdictReceiver(loop, heard.append)
    near, far = pair()
    receiver.connect(far)
    near.send(ipc.encode_told(SessionTold("wan", up=True)))
    near.send(b"nonsense")
    near.send(ipc.encode_told(SessionTold("lan", up=True)))

    turn(loop, lambda: len(heard) > 1)

    assert [(told.session, told.up) for told in heard] == [("wan", True), ("wan", False)]
    near.close()


def test_where_nobody_reads_the_last_word_of_each_session_waits(loop: asyncio.AbstractEventLoop) -> None:
    heard: list[SessionTold] = []
    sender = VerdictSender(loop, lambda: ())
    near, far = pair()
    sender.connect("vrrp", near)

    for number in range(5_000):
        sender.tell(DOWN if number % 2 else UP)
    sender.tell(OURS_ONLY)
    sender.tell(UP)
    receiver = VerdictReceiver(loop, heard.append)
    receiver.connect(far)
    turn(loop, lambda: heard and heard[-1] == SessionTold("wan", up=True) and len(heard) % 2)
    turn(loop, lambda: False)

    assert len(heard) < 5_000
    assert heard[-2:] == [SessionTold("lan", up=True), SessionTold("wan", up=True)]
    sender.close()
    receiver.close()


# ---- descriptors


def test_a_descriptor_goes_with_its_message() -> None:
    near, far = channel_pair()
    left, right = pair()

    near.send(ipc.Hello(1))
    near.send(ipc.Linked("bfd"), left)
    near.send(ipc.Hello(2))
    messages = [message for _ in range(3) for message in far.receive()]
    taken = far.take_link()
    right.send(b"through")

    assert messages == [ipc.Hello(1), ipc.Linked("bfd"), ipc.Hello(2)]
    assert taken.recv(100) == b"through"
    assert not os.get_inheritable(taken.fileno())
    assert left.fileno() == -1  # ours is closed when it has gone
    for end in (near, far):
        end.close()
    taken.close()
    right.close()


def test_a_message_without_its_descriptor_is_a_fault() -> None:
    near, far = channel_pair()

    with pytest.raises(Exception, match="ipc-descriptor"):
        far.take_link()

    near.close()
    far.close()


def test_what_waits_for_a_slow_reader_is_closed_with_the_channel() -> None:
    near, far = channel_pair()
    left, right = pair()
    big = ipc.Configured(1, "x" * 4_000_000)

    near.send(big)
    near.send(ipc.Linked("bfd"), left)
    assert near.has_unsent
    near.close()

    assert left.fileno() == -1
    far.close()
    right.close()


def test_what_was_never_taken_is_closed_with_the_channel() -> None:
    near, far = channel_pair()
    left, right = pair()
    near.send(ipc.Linked("bfd"), left)
    far.receive()

    far.close()

    with pytest.raises(BrokenPipeError):
        right.send(b"to nobody")
    near.close()
    right.close()


# ---- the pairs of a birth


def made_links(others: list[str]) -> Links:
    """Links with a pair for each of these children."""
    links = Links()
    links.make(others)
    return links


def test_a_child_is_born_with_its_ends_and_the_others_get_theirs() -> None:
    links = made_links(["vrrp", "checker"])
    near, far = channel_pair()
    others = dict(links.left())  # as the parent has them; `left` closes the child's own, so look before
    assert set(others) == {"vrrp", "checker"}

    def work(channel: Channel) -> int:
        return len(channel.links)

    assert made_links(["vrrp", "checker"]).given_to(work)(near) == 2
    for end in (*others.values(), *near.links.values()):
        end.close()
    near.close()
    far.close()


def test_a_child_hears_when_the_other_end_is_gone() -> None:
    links = made_links(["bfd"])
    near, far = channel_pair()

    links.given_to(lambda _: 0)(near)  # closes the far end, as a child does with what is not its own

    assert near.links["bfd"].recv(10) == b""
    near.links["bfd"].close()
    near.close()
    far.close()


def test_of_a_child_that_was_not_born_nothing_is_left() -> None:
    links = made_links(["vrrp"])
    (end,) = links._pairs.values()

    links.close()

    assert [one.fileno() for one in end] == [-1, -1]
