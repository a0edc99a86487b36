"""A start of the program that only says whether a real one would work: with its own code, on the present files."""

import os
import signal
import subprocess
from collections.abc import Callable
from contextlib import suppress

from standfast.base.limits import TRIAL_PATIENCE, TRIAL_WORDS
from standfast.base.times import after, in_seconds
from standfast.daemon.poll import Alarm, PollLoop
from standfast.daemon.program import Program
from standfast.engine.ports import Clock

READY = "ready to run as "  # the last line of one that would; behind it the pid file

Then = Callable[[str, str], None]


class DryStart:
    """One at a time; the parent goes on meanwhile."""

    def __init__(self, loop: PollLoop, alarm: Alarm, clock: Clock, program: Program) -> None:
        """Make it; nothing is started yet.

        Args:
            loop: that it is waited for on.
            alarm: for one that does not end.
            clock: of this host.
            program: that is tried.
        """
        self._loop = loop
        self._alarm = alarm
        self._clock = clock
        self._program = program
        self._process: subprocess.Popen[bytes] | None = None
        self._said = bytearray()
        self._then: Then = lambda _pid_file, _words: None
        alarm.ring = self._give_up

    @property
    def runs(self) -> bool:
        """Whether one is under way."""
        return self._process is not None

    def begin(self, then: Then) -> None:
        """Start it.

        Args:
            then: gets the pid file of the daemon that it would be, and nothing; or nothing, and why there is none.
        """
        words, environment = self._program.trial(os.environ)
        self._said.clear()
        self._then = then
        try:
            self._process = subprocess.Popen(  # noqa: S603  (the words that started this very process)
                words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                env=environment,
                start_new_session=True,
            )
        except OSError as error:
            self._then("", f"{self._program.path}: {error.strerror}")
            return
        if self._process.stdout is not None:
            os.set_blocking(self._process.stdout.fileno(), False)
            self._loop.watch(self._process.stdout.fileno(), readable=self._hear)
        self._alarm.set(after(self._clock.now(), TRIAL_PATIENCE))

    def leave(self) -> None:
        """In a new child: close what only the parent keeps."""
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()

    def _hear(self) -> None:
        process = self._process
        if process is None or process.stdout is None:
            return
        try:
            data = os.read(process.stdout.fileno(), TRIAL_WORDS)
        except BlockingIOError:
            return
        self._said += data
        del self._said[:-TRIAL_WORDS]
        if not data:
            self._end()
            last = self._said.decode(errors="replace").rstrip().rpartition("\n")[2]
            ready = last.startswith(READY)
            self._then(last.removeprefix(READY) if ready else "", "" if ready else last or "it said nothing")

    def _give_up(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._end()
            self._then("", f"it did not end within {in_seconds(TRIAL_PATIENCE)} s")

    def _end(self) -> None:
        """Its end itself is reaped with that of the children."""
        process, self._process = self._process, None
        self._alarm.set(None)
        if process is not None and process.stdout is not None:
            self._loop.forget(process.stdout.fileno())
            process.stdout.close()
            process.poll()
