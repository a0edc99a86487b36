"""The processes of the host: who runs, and the kernel's news of them (behaviour TR-12).

The kernel tells of processes on one kind of socket (`wire.process_events`), in its first network namespace, and
only to who is in its first process and user namespaces. From another network namespace the socket is made where
the first process is, if that is permitted; then it belongs there for good. Where there are no news, in most
containers, all processes are read again and again; what is shorter than that is not seen.

News that were lost lead to a new reading of all processes, a slice at a time, after a rest.
"""

import asyncio
import errno
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

from standfast.base.errors import Malformed, Refused
from standfast.base.limits import (
    COMMAND_LINE_MAX,
    PROCESS_NEWS_BUFFER,
    PROCESS_POLL,
    PROCESS_REST,
    TRACK_RETRY,
    TRACK_SLICE,
)
from standfast.base.times import SECOND
from standfast.engine.track_ports import (
    Exited,
    Forked,
    Named,
    Process,
    ProcessChange,
    ProcessesRead,
    ProcessesUnseen,
    ProcessNews,
    TrackTell,
)
from standfast.linux.netlink import NetlinkSocket, Overrun
from standfast.linux.network_namespace import FIRST, visiting
from standfast.linux.news_socket import NewsSocket
from standfast.linux.process_filter import processes
from standfast.wire.netlink import Message
from standfast.wire.process_events import (
    ANSWER,
    EXEC,
    EXIT,
    FORK,
    GROUP,
    RENAME,
    ProcessEvent,
    decode_event,
    encode_listen,
)

_CONNECTOR: Final = 11  # NETLINK_CONNECTOR
_GONE: Final = (errno.ENOENT, errno.ESRCH)
_HIDDEN: Final = (errno.EACCES, errno.EPERM)  # proc(5), hidepid: it is as if it did not run


class Processes:
    """Tells who runs, and what becomes of them (`ports.ProcessPort`)."""

    def __init__(self, loop: asyncio.AbstractEventLoop, tell: TrackTell) -> None:
        """Make it; nothing is asked yet.

        Args:
            loop: that the news are waited for on.
            tell: gets the events.
        """
        self._loop = loop
        self._tell = tell
        self._news = NewsSocket(loop, self._hear)
        self._news.keep_unread(PROCESS_NEWS_BUFFER)
        self._commands = False
        self._polled = ""  # why processes are read again and again
        self._polls = 0  # since the kernel was asked for its news
        self._reading: Iterator[tuple[int, Process]] | None = None
        self._running: dict[int, Process] = {}  # read so far
        self._meanwhile: list[ProcessChange] = []  # since the reading began
        self._later: asyncio.Handle | None = None  # a slice, a rest or another attempt

    def watch(self, *, wanted: bool, commands: bool) -> None:
        """Tell all processes, and then what happens to them; before the loop runs all are read at once."""
        self.close()
        if not wanted:
            return
        self._commands = commands
        self._polls = 0
        try:
            self._news.open(subscribed())
        except (OSError, Refused) as error:
            self._polled = str(error.strerror if isinstance(error, OSError) else error)
        else:
            self._polled = ""
        self._read_all()

    def keep_unread(self, size: int) -> None:
        """Let the socket keep that many bytes of news, but never fewer than is usual."""
        self._news.keep_unread(max(size, PROCESS_NEWS_BUFFER))

    def close(self) -> None:
        """Tell nothing any more, and give the descriptor back."""
        if self._later is not None:
            self._later.cancel()
            self._later = None
        self._news.close()
        self._reading, self._running, self._meanwhile = None, {}, []

    def _poll(self) -> None:
        """Read all again; now and then ask the kernel for its news before."""
        self._polls += 1
        if self._polls * PROCESS_POLL < TRACK_RETRY:
            self._read_all()
        else:
            self.watch(wanted=True, commands=self._commands)

    # ---- a reading

    def _read_all(self) -> None:
        self._later = None
        self._running, self._meanwhile = {}, []
        self._reading = read_all(commands=self._commands)
        self._read_on(TRACK_SLICE if self._loop.is_running() else None)

    def _read_on(self, count: int | None = TRACK_SLICE) -> None:
        """Read so many processes, or all that are left."""
        if self._reading is None:
            return
        try:
            some = dict(islice(self._reading, count))
        except OSError as error:
            self._give_up(error)
            return
        self._running.update(some)
        if count is None or len(some) < count:
            self._conclude()
        else:
            self._later = self._loop.call_soon(self._read_on)

    def _give_up(self, error: OSError) -> None:
        """Nothing is known, and what is not known to run does not; it may be another time."""
        self._reading = None
        self._tell(ProcessesUnseen(f"processes cannot be read: {error.strerror}"))
        self._later = self._loop.call_later(TRACK_RETRY / SECOND, self._read_all)

    def _conclude(self) -> None:
        running, meanwhile = self._running, tuple(self._meanwhile)
        self._later = self._reading = None
        self._running, self._meanwhile = {}, []
        if self._polled:
            self._later = self._loop.call_later(PROCESS_POLL / SECOND, self._poll)
        self._tell(ProcessesRead(running, self._polled))
        if meanwhile:
            self._tell(ProcessNews(meanwhile))

    # ---- news

    def _hear(self) -> None:
        changes: list[ProcessChange] = []
        try:
            for messages in self._news.batch():
                changes += (change for event in _events(messages) for change in self._changes(event))
        except (Overrun, OSError):
            self._rest()
            return
        if self._reading is not None:
            self._meanwhile += changes
        elif changes and self._later is None:  # while we rest, what is told is as good as lost
            self._tell(ProcessNews(tuple(changes)))

    def _rest(self) -> None:
        """Read all anew, but not at once: a host that forks so wildly would have us do nothing else."""
        if self._later is not None:
            self._later.cancel()
        self._reading = None
        self._later = self._loop.call_later(PROCESS_REST / SECOND, self._read_all)

    def _changes(self, event: ProcessEvent) -> Iterator[ProcessChange]:
        if event.thread:
            return
        if event.kind == FORK:
            yield Forked(event.process, event.child)
        elif event.kind == EXIT:
            yield Exited(event.process)
        elif event.kind in {EXEC, RENAME}:
            called = read_one(event.process, commands=self._commands)
            yield Exited(event.process) if called is None else Named(event.process, called)


# ---- the socket


def subscribed() -> NetlinkSocket:
    """A socket that hears of processes.

    Raises:
        Refused: the kernel does not tell us; with what would help.
        OSError: it does not even give a socket.
    """
    try:
        return _subscribed_here()
    except ConnectionRefusedError:
        pass
    try:
        with visiting(FIRST):
            return _subscribed_here()
    except OSError:
        raise Refused(
            "no-process-events",
            "the kernel tells of processes only in its first network namespace",
            remedy=f"run the daemon there, or let it enter {FIRST} (CAP_SYS_ADMIN, CAP_SYS_PTRACE)",
        ) from None


def _subscribed_here() -> NetlinkSocket:
    try:
        news = NetlinkSocket(GROUP, protocol=_CONNECTOR, only=processes())
        try:
            _ask(news)
        except BaseException:
            news.close()
            raise
    except PermissionError:
        remedy = "run the daemon as root, with CAP_NET_ADMIN"
        raise Refused("no-process-events", "the kernel refuses its news of them", remedy=remedy) from None
    except Overrun as lost:
        raise OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS)) from lost
    return news


def _ask(news: NetlinkSocket) -> None:
    """Ask for the news; the kernel answers before `send` returns, or never."""
    number = int.from_bytes(os.urandom(3), "little")  # others may ask, too, and all answers come to all
    news.send(encode_listen(number))
    while (messages := news.receive()) is not None:
        for event in _events(messages):
            if event.kind == ANSWER and event.answers == number:
                if event.process:
                    raise OSError(event.process, os.strerror(event.process))
                return
    remedy = "run the daemon outside of containers"
    words = "the kernel tells of processes only in its first process and user namespaces"
    raise Refused("no-process-events", words, remedy=remedy)


def _events(messages: Iterable[Message]) -> Iterator[ProcessEvent]:
    for message in messages:
        with suppress(Malformed):
            yield decode_event(message.body)


# ---- /proc


def read_all(*, commands: bool) -> Iterator[tuple[int, Process]]:
    """All processes that run, by their numbers."""
    for name in os.listdir("/proc"):  # noqa: PTH208 (names are enough)
        if name.isdecimal():
            number = int(name)
            process = read_one(number, commands=commands)
            if process is not None:
                yield number, process


def read_one(number: int, *, commands: bool) -> Process | None:
    """What a process is called; None if there is none, or only its remains."""
    place = Path("/proc") / str(number)
    try:
        status = (place / "stat").read_bytes()
        command = _beginning(place / "cmdline") if commands else b""
    except OSError as error:
        if error.errno in (*_GONE, *_HIDDEN):
            return None
        raise
    end = status.rindex(b")")
    if status[end + 2 : end + 3] in b"ZX":  # a zombie runs no more
        return None
    return Process(status[status.index(b"(") + 1 : end], command)


def _beginning(path: Path) -> bytes:
    with path.open("rb", buffering=0) as file:
        return file.read(COMMAND_LINE_MAX) or b""
