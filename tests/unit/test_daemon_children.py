"""Children are made by fork: what they inherit, what they let go of, and how their end is told."""

import asyncio
import errno
import os
import signal
import socket

import pytest

from standfast.core.supervise.events import Ended, Event, Ready, Spawned, SpawnFailed, Took
from standfast.daemon.channel import Channel
from standfast.daemon.child_signals import ChildSignals
from standfast.daemon.exits import EndWith, Exit
from standfast.daemon.nursery import Nursery
from standfast.daemon.poll import PollLoop
from standfast.observe.facts import ChildStood
from standfast.wire import ipc

HANDLED = frozenset({signal.SIGCHLD, signal.SIGUSR1})


class Home:
    """A nursery with its loop; the loop stops when as many children have ended."""

    def __init__(self, ends: int = 1) -> None:
        self.events: list[Event] = []
        self.loop = PollLoop()
        self.told: list[object] = []
        self.nursery = Nursery(
            self.loop, self.hear, let_go=lambda: None, handled=HANDLED, tell=self.told.append
        )
        self.loop.on_signal(signal.SIGCHLD, self.nursery.reap)
        self.loop.on_signal(signal.SIGUSR1, lambda: None)
        self.ends = ends

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


def test_a_child_says_that_it_is_ready_and_ends() -> None:
    home = Home()

    def work(channel: Channel) -> int:
        channel.send(ipc.Ready())
        return 3

    home.nursery.spawn("vrrp", work)

    assert home.run() == [Ready("vrrp"), Ended("vrrp", 3)]


@pytest.mark.parametrize(
    ("place", "name", "error"),
    [
        pytest.param(os, "fork", errno.EAGAIN, id="there is no room for a process"),
        pytest.param(os, "memfd_create", errno.EMFILE, id="there is no descriptor for its stack"),
        pytest.param(
            socket, "socketpair", errno.EMFILE, id="there is none for its link to us or another child"
        ),
    ],
)
def test_a_child_that_cannot_be_made_is_told_and_the_next_one_can(
    monkeypatch: pytest.MonkeyPatch, place: object, name: str, error: int
) -> None:
    def refuses(*_: object) -> None:
        raise OSError(error, os.strerror(error))

    home = Home(ends=2)
    home.nursery.spawn("vrrp", waits)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(place, name, refuses)
        home.nursery.spawn("bfd", waits)
    home.nursery.spawn("bfd", waits)
    for child in ("vrrp", "bfd"):
        home.nursery.signal(child, signal.SIGKILL)

    failed, *ends = home.run()

    assert failed == SpawnFailed("bfd", os.strerror(error))
    assert {Ended("vrrp", -9), Ended("bfd", -9)} == set(ends)


def waits(_: Channel) -> int:
    signal.pause()
    return 0


def test_a_child_that_is_killed_tells_its_signal() -> None:
    home = Home()
    home.nursery.spawn("vrrp", lambda _: signal.pause() or 0)  # type: ignore[func-returns-value]

    home.nursery.signal("vrrp", signal.SIGKILL)

    assert home.run() == [Ended("vrrp", -9)]


@pytest.mark.parametrize(
    ("error", "status"),
    [
        pytest.param(EndWith(Exit.PERMISSION, "no"), 4, id="an end that was meant"),
        pytest.param(
            SystemExit(5), 70, id="whatever else: an internal error, and the parent's code does not run"
        ),
    ],
)
def test_an_error_in_a_child_is_its_end(
    error: BaseException, status: int, capfd: pytest.CaptureFixture[str]
) -> None:
    home = Home()

    def work(_: Channel) -> int:
        raise error

    home.nursery.spawn("vrrp", work)

    assert home.run() == [Ended("vrrp", status)]


def test_a_child_does_not_keep_the_parents_signals_or_channels() -> None:
    home = Home(ends=2)

    def work(_: Channel) -> int:
        kept = signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL
        blocked = bool(signal.pthread_sigmask(signal.SIG_BLOCK, ()) & HANDLED)
        return kept + 2 * blocked

    home.nursery.spawn("checker", lambda _: 0)
    home.nursery.spawn("vrrp", work)

    assert Ended("vrrp", 0) in home.run()
    assert not signal.pthread_sigmask(signal.SIG_BLOCK, ()) & HANDLED


def test_a_child_that_is_asked_to_end_before_it_can_ends_in_order_when_it_can() -> None:
    home = Home()
    handled = HANDLED | {signal.SIGTERM}
    nursery = Nursery(home.loop, home.hear, let_go=lambda: None, handled=handled)
    home.loop.on_signal(signal.SIGCHLD, nursery.reap)

    def work(channel: Channel) -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        loop = asyncio.new_event_loop()
        ChildSignals(loop, channel).on(signal.SIGTERM, loop.stop)
        loop.run_forever()
        return 7

    nursery.spawn("vrrp", work)

    assert home.run() == [Ended("vrrp", 7)]


def test_a_child_that_is_asked_for_something_before_it_can_answer_goes_on() -> None:
    home = Home()

    def work(_: Channel) -> int:
        os.kill(os.getpid(), signal.SIGUSR1)
        return 0

    home.nursery.spawn("vrrp", work)

    assert home.run() == [Ended("vrrp", 0)]


def test_a_child_that_is_stopped_says_where_it_stands_when_it_is_aborted() -> None:
    home = Home()

    def stands_still(_: Channel) -> int:
        os.kill(os.getpid(), signal.SIGSTOP)
        return 0

    home.nursery.spawn("vrrp", stands_still)
    os.waitid(os.P_PID, home.nursery.pids["vrrp"], os.WSTOPPED | os.WNOWAIT)
    home.nursery.abort("vrrp")

    assert home.run() == [Ended("vrrp", -signal.SIGABRT)]
    (stood,) = home.told
    assert isinstance(stood, ChildStood)
    assert stood.places[0].startswith("test_daemon_children.py:")
    assert stood.places[0].endswith(" stands_still")


def test_a_child_that_crashes_in_c_says_where_it_stood() -> None:
    home = Home()

    def falls(_: Channel) -> int:
        os.kill(os.getpid(), signal.SIGSEGV)
        return 0

    home.nursery.spawn("vrrp", falls)

    assert home.run() == [Ended("vrrp", -signal.SIGSEGV)]
    assert [type(each) for each in home.told] == [ChildStood]


def test_only_the_answer_to_the_awaited_configuration_counts() -> None:
    home = Home()

    def work(channel: Channel) -> int:
        os.set_blocking(channel.fileno(), True)
        got: list[ipc.Message] = []
        while len(got) < 2:
            got += channel.receive()
        for message in got:
            assert isinstance(message, ipc.Configure)
            channel.send(ipc.Configured(message.number, bytes(message.config).decode()))
        return 0

    home.nursery.spawn("vrrp", work)
    home.nursery.send_config("vrrp", b'"back"', awaited=False)
    home.nursery.send_config("vrrp", b'"new"', awaited=True)

    assert home.run() == [Took("vrrp", '"new"'), Ended("vrrp", 0)]


def test_a_child_that_speaks_nonsense_is_killed() -> None:
    home = Home()

    def work(channel: Channel) -> int:
        channel._socket.send(b"nonsense\n")
        signal.pause()
        return 0

    home.nursery.spawn("vrrp", work)

    assert home.run() == [Ended("vrrp", -9)]


def test_a_process_that_is_no_child_of_ours_is_reaped_and_ignored() -> None:
    home = Home()
    stranger = os.fork()
    if stranger == 0:
        os._exit(0)
    os.waitid(os.P_PID, stranger, os.WEXITED | os.WNOWAIT)
    home.nursery.spawn("vrrp", lambda _: 0)

    assert home.run() == [Ended("vrrp", 0)]
    with pytest.raises(ChildProcessError):
        os.waitpid(stranger, 0)
