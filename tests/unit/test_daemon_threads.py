"""Children as threads: what their parent hears of them, and what can only be done to the whole process."""

import os
import signal
import threading
from typing import Final

import pytest

from standfast.core.supervise.events import Ended, Event, Ready, Spawned
from standfast.daemon.channel import Channel
from standfast.daemon.exits import EndWith, Exit
from standfast.daemon.nursery import Nursery
from standfast.daemon.poll import PollLoop
from standfast.daemon.threads import all_stacks, reap_strangers
from standfast.wire import ipc

HANDLED: Final = frozenset({signal.SIGCHLD})


class Home:
    """A nursery that makes threads; its loop stops when as many have ended."""

    def __init__(self, ends: int = 1) -> None:
        self.events: list[Event] = []
        self.given_up = 0
        self.loop = PollLoop()
        self.nursery = Nursery(self.loop, self.hear, let_go=lambda: None, handled=HANDLED)
        self.nursery.have_threads(self.give_up)
        self.ends = ends

    def give_up(self) -> None:
        self.given_up += 1

    def hear(self, event: Event) -> None:
        self.events.append(event)
        self.ends -= isinstance(event, Ended)
        if not self.ends:
            self.loop.stop()

    def run(self) -> list[Event]:
        try:
            self.loop.run()
        finally:
            self.loop.close()
        return [event for event in self.events if not isinstance(event, Spawned)]


def wait_for_signal(channel: Channel) -> int:
    """A child that ends with the number of the first signal that it is told of."""
    heard: list[int] = []
    assert channel.acts is not None
    channel.acts[signal.SIGUSR1] = lambda: heard.append(signal.SIGUSR1)
    os.set_blocking(channel.fileno(), True)
    channel.send(ipc.Ready())
    while not heard:
        channel.receive()
    return heard[0]


def test_a_thread_says_that_it_is_ready_and_ends() -> None:
    home = Home()

    def work(channel: Channel) -> int:
        channel.send(ipc.Ready())
        return 3

    home.nursery.spawn("vrrp", work)

    assert home.run() == [Ready("vrrp"), Ended("vrrp", 3)]
    assert home.nursery.pids == {}


def test_a_signal_is_told_to_it_and_one_that_means_nothing_to_it_is_not_heard() -> None:
    home = Home()
    home.nursery.spawn("vrrp", wait_for_signal)

    home.nursery.signal("vrrp", signal.SIGUSR2)
    home.nursery.signal("vrrp", signal.SIGUSR1)

    assert home.run() == [Ready("vrrp"), Ended("vrrp", signal.SIGUSR1)]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(EndWith(Exit.PERMISSION, "no"), 4, id="an end that was meant"),
        pytest.param(SystemExit(5), 70, id="whatever else: an internal error"),
    ],
)
def test_an_error_in_a_thread_is_its_end(
    error: BaseException, status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    home = Home()

    def work(_: Channel) -> int:
        raise error

    home.nursery.spawn("vrrp", work)

    assert home.run() == [Ended("vrrp", status)]


def test_a_thread_that_does_not_answer_ends_the_process() -> None:
    home = Home()
    home.nursery.spawn("vrrp", wait_for_signal)

    home.nursery.abort("vrrp")

    assert home.given_up == 1
    home.nursery.signal("vrrp", signal.SIGUSR1)
    home.run()


def test_two_threads_have_a_link_that_stays_open() -> None:
    home = Home(ends=2)
    said: list[bytes] = []

    def hears(channel: Channel) -> int:
        os.set_blocking(channel.fileno(), True)
        while True:
            for message in channel.receive():
                if isinstance(message, ipc.Linked):
                    with channel.take_link() as link:
                        link.settimeout(5)
                        said.append(link.recv(100))
                    return 0

    def speaks(channel: Channel) -> int:
        with channel.links["vrrp"] as link:
            link.send(b"up")
        return 0

    home.nursery.spawn("vrrp", hears)
    home.nursery.spawn("bfd", speaks)

    assert {type(event) for event in home.run()} == {Ended}
    assert said == [b"up"]


def test_the_stacks_of_all_threads_can_be_told() -> None:
    may_end = threading.Event()
    other = threading.Thread(target=may_end.wait)
    other.start()

    stacks = all_stacks()
    may_end.set()
    other.join()

    assert [stack for stack in stacks if any("threading.py" in place for place in stack.places)]
    assert [stack for stack in stacks if any(place.endswith("all_stacks") for place in stack.places)]


@pytest.mark.parametrize(
    ("leads", "left"),
    [
        pytest.param(True, True, id="one that leads its session was started by us: its thread waits for it"),
        pytest.param(False, False, id="any other was adopted: nobody else takes note of its end"),
    ],
)
def test_ends_are_taken_note_of(leads: bool, left: bool) -> None:
    child = os.fork()
    if child == 0:
        if leads:
            os.setsid()
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)

    reap_strangers()

    try:
        os.waitpid(child, 0)
        assert left
    except ChildProcessError:
        assert not left
