"""The kernel's news of processes."""

import asyncio
import errno
import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager

import pytest
from linux_namespace import descriptors, inside, lacking, turn

from standfast.base.errors import Refused
from standfast.base.times import SECOND
from standfast.core.track.events import Process, ProcessesRead, ProcessesUnseen, ProcessNews, TrackEvent
from standfast.core.track.parameters import Match, ProcessCheck
from standfast.core.track.process import Population
from standfast.linux import process_events
from standfast.linux.loop import new_loop
from standfast.linux.netlink import NetlinkSocket
from standfast.linux.news_socket import NewsSocket
from standfast.linux.process_events import Processes, read_one, subscribed

MARK = f"53.{os.getpid()}"  # an argument that no other process has
CHECK = ProcessCheck("nap", ("sleep", MARK), Match.COMMAND)


class Seen:
    """Counts the naps of this test."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.population = Population([CHECK])
        self.readings = 0
        self.unseen = self.polled = ""
        self.processes = Processes(loop, self._tell)

    def _tell(self, event: TrackEvent) -> None:
        match event:
            case ProcessesRead(running, polled):
                self.readings += 1
                self.polled = polled
                self.population.read(running)
            case ProcessNews(changes):
                assert self.readings, "news before the first reading"
                for change in changes:
                    self.population.apply(change)
            case ProcessesUnseen(words):
                self.unseen = words

    def naps(self, count: int) -> bool:
        return turn(self.loop, lambda: self.population.count("nap") == count)


@pytest.fixture
def seen() -> Iterator[Seen]:
    if words := lacking():
        pytest.skip(words)
    try:
        subscribed().close()
    except Refused as refusal:
        pytest.skip(str(refusal))
    before = descriptors()
    with closing(new_loop()) as loop:
        made = Seen(loop)
        yield made
        made.processes.close()
    assert descriptors() <= before


@contextmanager
def nap(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process that does nothing, gone in any case."""
    with subprocess.Popen(words or ("sleep", MARK), start_new_session=True) as process:
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None


@pytest.mark.behaviour("TR-12")
def test_processes_of_before_and_after_are_seen_until_they_end(seen: Seen) -> None:
    with nap() as first:
        seen.processes.watch(wanted=True, commands=True)
        before = seen.naps(1)
        with nap():
            both = seen.naps(2)
            first.kill()
            one = seen.naps(1)

    assert (before, both, one) == (True, True, True)
    assert seen.naps(0)


def test_a_child_that_begins_another_program_is_seen_as_that(seen: Seen) -> None:
    seen.processes.watch(wanted=True, commands=True)

    with nap("sh", "-c", f"sleep 0.1; exec sleep {MARK}"):
        begun = seen.naps(1)

    assert begun
    assert seen.naps(0)


def test_lost_news_lead_to_a_new_reading(seen: Seen) -> None:
    seen.processes.watch(wanted=True, commands=True)
    make_narrow(seen.processes._news)

    with nap():
        for _ in range(20):
            subprocess.run(["true"], check=True)
        found = seen.naps(1)

    assert found
    assert seen.readings >= 2


def make_narrow(news: NewsSocket) -> None:
    """Let its socket keep next to nothing unread."""
    assert news._socket is not None
    with socket.socket(fileno=os.dup(news._socket.fileno())) as same:
        same.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)


def test_in_another_network_namespace_it_is_said_what_to_do(seen: Seen) -> None:
    with inside(), closing(new_loop()) as loop:
        elsewhere = Seen(loop)
        elsewhere.processes.watch(wanted=True, commands=False)
        elsewhere.processes.close()

    assert not elsewhere.polled or "in its first network namespace; run the daemon there" in elsewhere.polled


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> Iterator[Seen]:
    """Who looks for processes where the kernel does not tell of them."""

    def refuses() -> NetlinkSocket:
        raise Refused("no-process-events", "the kernel does not tell")

    monkeypatch.setattr(process_events, "subscribed", refuses)
    before = descriptors()
    with closing(new_loop()) as loop:
        made = Seen(loop)
        yield made
        made.processes.close()
    assert descriptors() <= before


def test_without_news_processes_are_read_again_and_again(deaf: Seen) -> None:
    deaf.processes.watch(wanted=True, commands=True)
    at_once = deaf.readings

    with nap():
        found = deaf.naps(1)

    assert (at_once, found, deaf.polled) == (1, True, "the kernel does not tell")
    assert deaf.naps(0)


def test_when_the_kernel_tells_at_last_nothing_is_read_again(
    deaf: Seen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process_events, "TRACK_RETRY", SECOND)
    deaf.processes.watch(wanted=True, commands=False)
    monkeypatch.setattr(process_events, "subscribed", NetlinkSocket)

    told = turn(deaf.loop, lambda: deaf.readings >= 2 and deaf.polled == "")

    assert told


def test_where_nothing_can_be_read_nothing_is_known(deaf: Seen, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuses(*, commands: bool) -> Iterator[tuple[int, Process]]:
        """As a generator does, it fails when it is asked for the first."""
        if not commands:
            raise PermissionError(errno.EACCES, "Permission denied")
        yield 1, Process(b"init")

    monkeypatch.setattr(process_events, "read_all", refuses)

    deaf.processes.watch(wanted=True, commands=False)

    assert deaf.unseen == "processes cannot be read: Permission denied"


def test_a_process_is_read_by_its_number() -> None:
    with nap() as process:
        assert turn_until_named(process.pid)
        found = read_one(process.pid, commands=True)
        process.kill()
        process_ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        remains = read_one(process.pid, commands=True)

    assert process_ended is not None
    assert found == (b"sleep", f"sleep\0{MARK}\0".encode())
    assert remains is None, "a zombie runs no more"
    assert read_one(process.pid, commands=False) is None


def turn_until_named(number: int) -> bool:
    """A program that has just begun has its name before its command line."""

    def begun() -> bool:
        one = read_one(number, commands=True)
        return one is not None and MARK.encode() in one.command

    with closing(new_loop()) as loop:
        return turn(loop, begun)
