"""The notification pipes on this host: opened, written without waiting, and read by their scripts."""

import asyncio
import os
from collections.abc import Callable

from standfast.base.errors import Refused
from standfast.base.limits import FIFO_RETRY
from standfast.base.times import SECOND
from standfast.daemon.fifo_record import FifoRecord
from standfast.daemon.fifo_script import FifoScript
from standfast.linux.accounts import find_account
from standfast.linux.fifo import Identity, NamedPipe
from standfast.model.config import Config
from standfast.model.kinds.composed import Fifo
from standfast.observe.facts import FifoLinesLost, FifoUnusable
from standfast.observe.fifo import Backlog, Pipe, fifo_line, pipes_of
from standfast.observe.notice import Notice

Tell = Callable[[object], None]
MakeScript = Callable[[Pipe], FifoScript]


class Fifos:
    """All pipes of a configuration."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, tell: Tell, make_script: MakeScript, record: FifoRecord
    ) -> None:
        """Make it without any pipe.

        Args:
            loop: says when a full pipe takes more.
            tell: is told what was lost, and which pipe cannot be used.
            make_script: makes, and does not start, the reader of a pipe.
            record: where it is written down which pipes we made.
        """
        self._record = record
        self._former = record.read()
        self._loop = loop
        self._tell = tell
        self._make_script = make_script
        self._open: dict[str, _Open] = {}
        self._left = False

    def configure(self, config: Config) -> None:
        """Have exactly these pipes; those that stay as they are stay open, and so does their reader."""
        wanted = pipes_of(config.global_defs)
        for path, one in tuple(self._open.items()):
            if wanted.get(path) != one.pipe:
                one.close()
                del self._open[path]
        for path, pipe in wanted.items():
            if path not in self._open:
                script = self._make_script(pipe) if pipe.script else None
                self._open[path] = _Open(self._loop, self._tell, pipe, script)
                self._open[path].start(self._former.pop(path, None))
        self._write_down()

    def put(self, notice: Notice) -> None:
        """Write a notice to the pipes that take it."""
        line = fifo_line(notice).encode(errors="surrogateescape")
        for one in self._open.values():
            if notice.subject in one.pipe.takes:
                one.put(line)

    @property
    def unread(self) -> bool:
        """Whether a reader of ours has not read all yet."""
        return any(one.unread for one in self._open.values())

    def leave(self) -> None:
        """Another process goes on with the pipes: they, and the record of them, stay when this one closes them."""
        for one in self._open.values():
            one.leave()
        self._left = True

    def close(self) -> None:
        """End the readers, and remove the pipes that we made."""
        for one in self._open.values():
            one.close()
        self._open.clear()
        if not self._left:
            self._write_down()

    def _write_down(self) -> None:
        self._record.write({path: made for path, one in self._open.items() if (made := one.made) is not None})


class _Open:
    """One pipe, what waits for its reader, and the reader."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, tell: Tell, pipe: Pipe, script: FifoScript | None
    ) -> None:
        self.pipe = pipe
        self._loop = loop
        self._tell = tell
        self._script = script
        self._file: NamedPipe | None = None
        self._backlog = Backlog()
        self._waits = -1  # the descriptor that the loop watches, because the pipe is full
        self._retry: asyncio.TimerHandle | None = None
        self._former: Identity | None = None

    def leave(self) -> None:
        """Another process goes on with it."""
        if self._file is not None:
            self._file.leave()

    @property
    def made(self) -> Identity | None:
        """The pipe, if it is of our making."""
        return None if self._file is None else self._file.made

    @property
    def unread(self) -> bool:
        """Whether its script has something to read."""
        alive = self._script is not None and self._script.runs
        return alive and self._file is not None and (bool(self._backlog) or self._file.unread > 0)

    def start(self, former: Identity | None) -> None:
        """Open it, and start its reader; `former` is the pipe that an earlier process of ours made there."""
        self._former = former
        self._have_open()
        if self._script is not None:
            self._script.start()

    def put(self, line: bytes) -> None:
        """Write a line, or keep it until the pipe takes it."""
        self._backlog.add(line)
        self._flush()

    def close(self) -> None:
        """End the reader and let go of the pipe."""
        self._rest()
        if self._retry is not None:
            self._retry.cancel()
        if self._script is not None:
            self._script.end()
        if self._file is not None:
            self._file.close()
        if lost := self._backlog.take_lost() + len(self._backlog):
            self._tell(FifoLinesLost(self.pipe.path, lost))

    def _flush(self) -> None:
        self._rest()
        if not self._have_open():
            return
        file = self._file
        while file is not None and (line := self._backlog.first) is not None:
            if not file.write(line):
                self._waits = file.fileno()
                self._loop.add_writer(self._waits, self._flush)
                return
            self._backlog.done()
        if lost := self._backlog.take_lost():
            self._tell(FifoLinesLost(self.pipe.path, lost))

    def _rest(self) -> None:
        if self._waits >= 0:
            self._loop.remove_writer(self._waits)
            self._waits = -1

    def _have_open(self) -> bool:
        """Whether the pipe that is at the path is open now."""
        if self._file is not None and self._file.is_in_place():
            return True
        try:
            if self._file is None:
                uid, gid = _owner(self.pipe.fifo)
                self._file = NamedPipe(self.pipe.path, uid=uid, gid=gid, former=self._former)
            self._file.open()
        except Refused as refusal:
            self._tell(FifoUnusable(self.pipe.path, str(refusal)))
            if self._retry is None:
                self._retry = self._loop.call_later(FIFO_RETRY / SECOND, self._try_again)
            return False
        return True

    def _try_again(self) -> None:
        self._retry = None
        self._flush()


def _owner(fifo: Fifo) -> tuple[int, int]:
    """User and group of a pipe that is made."""
    if not fifo.user:
        return os.geteuid(), os.getegid()
    account = find_account(fifo.user, fifo.group)
    return account.uid, account.gid
