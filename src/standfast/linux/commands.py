"""Programs of the distribution that are run one after the other, each given what it is to do on its input.

A plan is a generator: it yields a command, is given how that ended, and goes on or raises `Refused`. The loop is
never held up (`spawn`).
"""

import asyncio
import os
import signal
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import Final

from standfast.base.errors import Refused
from standfast.base.frozen import frozen
from standfast.base.limits import COMMAND_COMPLAINT, COMMAND_LIMIT
from standfast.base.times import SECOND, in_seconds
from standfast.linux.programs import find_program
from standfast.linux.refusals import refused
from standfast.linux.scripts import environment
from standfast.linux.spawn import Spawner

_LOST: Final = 255


@frozen
class Command:
    """A program and what it reads."""

    words: tuple[str, ...]  # the first is the program's name, looked for where the system's own stand
    text: str = ""
    package: str = ""  # that has it


@frozen
class Ended:
    """How a command ended."""

    status: int
    complaint: str = ""  # the beginning of what it wrote to stderr


Plan = Generator[Command, Ended, None]  # a command that could not be run raises `Refused` there
Done = Callable[[Refused | None], None]


class Commands:
    """Carries out one plan at a time."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._spawner = Spawner()
        self._plan: Plan | None = None
        self._done: Done = _nobody
        self._running: _Running | None = None

    @property
    def busy(self) -> bool:
        """Whether a plan is being carried out."""
        return self._plan is not None

    def start(self, plan: Plan, done: Done) -> None:
        """Carry out a plan and return at once; `done` is called from the loop, later, not after `close`."""
        self._plan, self._done = plan, done
        self._loop.call_soon(self._advance, None)

    def close(self) -> None:
        """Start none any more, and forget the one that runs: it ends by itself."""
        self._plan = None
        self._spawner.close()
        if self._running is not None:
            self._running.close()

    def _advance(self, came: Ended | Refused | None) -> None:
        """Let the plan go on, and start what it asks for next."""
        if self._plan is None:
            return
        try:
            command = self._plan.throw(came) if isinstance(came, Refused) else _next(self._plan, came)
            self._running = _Running(self._loop, command, self._advance)
            self._running.start(self._spawner)
        except StopIteration:
            self._finish(None)
        except Refused as refusal:
            self._finish(refusal)

    def _finish(self, refusal: Refused | None) -> None:
        self._plan = self._running = None
        self._done(refusal)


def _next(plan: Plan, ended: Ended | None) -> Command:
    return next(plan) if ended is None else plan.send(ended)


class _Running:
    """One command."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, command: Command, ended: Callable[[Ended | Refused], None]
    ) -> None:
        """Find its program.

        Raises:
            Refused: there is none, or no descriptor for it.
        """
        self._loop = loop
        self._words = (_program(command), *command.words[1:])
        self._ended = ended
        self._process = 0
        self._pidfd = -1
        self._timer: asyncio.TimerHandle | None = None
        self._late = ""
        self._input = self._complaints = -1
        try:
            self._input = _file(command.text)
            self._complaints = _file("")
        except OSError as error:
            self.close()
            raise self._refused(error.errno or 0) from error

    def start(self, spawner: Spawner) -> None:
        """Start it."""
        spawner.start(
            self._words,
            environment(os.environ),
            stdin=self._input,
            stderr=self._complaints,
            started=self._started_elsewhere,
        )

    def close(self) -> None:
        """Give everything back."""
        if self._timer is not None:
            self._timer.cancel()
        if self._pidfd >= 0:
            self._loop.remove_reader(self._pidfd)
            os.close(self._pidfd)
        for file in (self._input, self._complaints):
            if file >= 0:
                os.close(file)
        self._input = self._complaints = self._pidfd = -1

    def _started_elsewhere(self, process: int, error: int) -> None:
        """On the other thread."""
        self._process = process
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._started, error)

    def _started(self, error: int) -> None:
        if self._input < 0:
            return  # closed meanwhile
        if error:
            self._finish(self._refused(error))
            return
        try:
            self._pidfd = os.pidfd_open(self._process)
        except OSError as failure:  # what cannot be watched must not run
            self._kill()
            self._finish(self._refused(failure.errno or 0))
            return
        self._loop.add_reader(self._pidfd, self._reap)
        self._timer = self._loop.call_later(COMMAND_LIMIT / SECOND, self._kill)

    def _kill(self) -> None:
        self._late = f"it did not end within {in_seconds(COMMAND_LIMIT)} s"
        with suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)

    def _reap(self) -> None:
        try:
            result = os.waitid(os.P_PIDFD, self._pidfd, os.WEXITED)
        except ChildProcessError:  # somebody else has asked for its end
            result = None
        well = result is not None and result.si_code == os.CLD_EXITED
        status = result.si_status if result is not None and well else _LOST
        self._finish(Ended(status, self._late or _read(self._complaints)))

    def _refused(self, error: int) -> Refused:
        return refused(error, f"run {self._words[0]}")

    def _finish(self, came: Ended | Refused) -> None:
        self.close()
        self._ended(came)


def _program(command: Command) -> str:
    name = command.words[0]
    found = find_program(name)
    if found is None:
        remedy = f"install the package {command.package or name}"
        raise Refused("no-program", f"the program {name} is missing", remedy=remedy)
    return found


def _file(text: str) -> int:
    """A file without a name that holds the text, to be read from its beginning."""
    file = os.memfd_create("standfast")
    left = memoryview(text.encode())
    while left:
        left = left[os.write(file, left) :]
    os.lseek(file, 0, os.SEEK_SET)
    return file


def _read(file: int) -> str:
    return os.pread(file, COMMAND_COMPLAINT, 0).decode(errors="backslashreplace").strip()


def _nobody(_: Refused | None) -> None:
    """Nobody waits."""
