"""A program that runs in a lab: its signals, its end, and what it wrote."""

import fcntl
import os
import select
import signal
from collections.abc import Mapping, Sequence
from typing import Final

from standfast.base.errors import Refused
from standfast.base.times import Instant
from standfast.lab.namespaces import Namespaces

STOPS_WITHIN: Final = (
    30.0  # seconds; a stop of Keepalived's takes more than one (PR-07), and a machine may be busy
)
_PIECE: Final = 1 << 20  # bytes read at a time


class Process:
    """One started program with everything that it forks.

    What it writes to its standard output and error goes to memory, so that nothing is left on a disk.
    """

    def __init__(
        self,
        namespaces: Namespaces,
        host: str,
        argv: Sequence[str],
        *,
        text: str = "",
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self._namespaces = namespaces
        self.host = host
        self.argv = tuple(argv)
        self._output = os.memfd_create("output")
        # Its offset is one for all that write, and no lock guards it as a file's on a disk: lines were lost.
        fcntl.fcntl(self._output, fcntl.F_SETFL, os.O_APPEND)
        given = os.memfd_create("input")
        try:
            os.pwrite(given, text.encode(), 0)
            streams = (given, self._output, self._output)
            self.pid, self._pidfd, self.started_at = namespaces.start(
                host, argv, streams=streams, environment=environment
            )
        except BaseException:
            os.close(self._output)
            raise
        finally:
            os.close(given)

    def close(self) -> None:
        """Forget the program; its log is gone."""
        os.close(self._pidfd)
        os.close(self._output)

    def log(self) -> str:
        """All that it wrote so far."""
        pieces, at = [], 0
        while piece := os.pread(self._output, _PIECE, at):
            pieces.append(piece)
            at += len(piece)
        return b"".join(pieces).decode(errors="replace")

    @property
    def alive(self) -> bool:
        """Whether the program itself still runs; its children may, without it."""
        return not self._ends_within(0)

    def wait(self, seconds: float = STOPS_WITHIN) -> int:
        """Exit status once it has ended (negative: the signal).

        Raises:
            TimeoutError: it did not end in that time.
        """
        if not self._ends_within(seconds):
            raise TimeoutError(f"{self.argv[0]} runs on after {seconds} s")
        status = self._namespaces.status(self.pid)
        if status is None:
            raise Refused("no-status", f"the end of {self.argv[0]} was not noticed")
        return status

    def _ends_within(self, seconds: float) -> bool:
        poll = select.poll()
        poll.register(self._pidfd, select.POLLIN)
        return bool(poll.poll(seconds * 1000))

    def tree(self) -> dict[int, str]:
        """The living processes that belong to it, itself among them: pid and command line."""
        return self._namespaces.tree(self.pid)

    def signal(self, number: signal.Signals, *pids: int) -> Instant:
        """Send a signal to it (or to these of its processes); when that was."""
        return self._namespaces.tell(pids or (self.pid,), number)

    def stop(self) -> int:
        """Ask it to end, wait until it has, and give its exit status."""
        self.signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> Instant:
        """Kill all of it at once, so that it cannot say goodbye; when that was."""
        at = self._namespaces.destroy(self.pid)
        self._ends_within(STOPS_WITHIN)
        return at

    def pause(self) -> Instant:
        """Stop all its processes where they are, as a suspended virtual machine does."""
        return self.signal(signal.SIGSTOP, *self.tree())

    def resume(self) -> Instant:
        """Let all its processes run on."""
        return self.signal(signal.SIGCONT, *self.tree())
