"""Running scripts without ever waiting for them.

`setpriv` changes the user and asks for a signal when we end (behaviour SCR-09); to do that between fork and exec
would need a copy of this process, which takes 16 ms. `spawn` starts the process.
"""

import asyncio
import errno
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from standfast.base.frozen import frozen
from standfast.base.limits import SCRIPT_KILL_AFTER, SCRIPT_STDERR
from standfast.base.times import SECOND, Duration
from standfast.linux.accounts import Account
from standfast.linux.programs import find_program
from standfast.linux.spawn import Spawner

# Behaviour SCR-06 names IFS, LD_PRELOAD and LD_LIBRARY_PATH; here goes all that changes which code a shell or the
# linker runs, and what the service manager told us alone.
_REMOVED: Final = frozenset({"IFS", "BASH_ENV", "ENV", "SHELLOPTS", "BASHOPTS", "CDPATH", "GLOBIGNORE"})
_REMOVED_PREFIXES: Final = ("LD_", "BASH_FUNC_", "NOTIFY_SOCKET", "WATCHDOG_", "LISTEN_", "GLIBC_TUNABLES")
_FIRST_OTHER_DESCRIPTOR: Final = 3
_NOT_STARTED: Final = 127  # as a shell says it
_LOST: Final = 255
_CANNOT_END: Final = "it runs as another user and goes on: to end it takes CAP_KILL"


@frozen
class Outcome:
    """How a script ended."""

    status: int  # exit status; negative: the signal that ended it
    timed_out: bool = False
    refusal: str = ""  # why it was not started at all
    stderr: str = ""  # the beginning of what it complained about
    lost: bool = False  # it should end, and goes on: we are not permitted to end it


Ended = Callable[[Outcome], None]


class Scripts:
    """Starts scripts and tells how they ended."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Make it; descriptors that this process was started with are kept from scripts (behaviour SCR-07)."""
        self._loop = loop
        self._setpriv = _find_setpriv()
        self._spawner = Spawner()
        self._running: set[Run] = set()
        _keep_descriptors()

    @property
    def running(self) -> int:
        """How many scripts have not ended yet."""
        return len(self._running)

    def start(
        self,
        words: Sequence[str],
        account: Account,
        *,
        limit: Duration | None,
        ended: Ended,
        variables: Mapping[str, str] = {},
    ) -> "Run | None":
        """Start a script and return at once.

        Args:
            words: the path of the script, as `check_script` found it, and its arguments.
            account: that it runs as.
            limit: how long it may run before its process group gets TERM, and later KILL; None: for ever.
            ended: called from the loop, later, exactly once; not after `close`.
            variables: of its environment, besides those of ours that scripts get.

        Returns:
            The run, to be ended; None if it could not begin.
        """
        try:
            command = self._command(words, account)
            run = Run(self._loop, words[0], limit=limit, ended=ended, over=self._running.discard)
            run.start(self._spawner, command, account, {**environment(os.environ), **variables})
            self._running.add(run)
        except OSError as error:
            self._loop.call_soon(
                ended, Outcome(_NOT_STARTED, refusal=f"cannot run {words[0]}: {error.strerror}")
            )
            return None
        return run

    def close(self) -> None:
        """Ask all scripts that still run to end (behaviour SE-08), and wait for none."""
        self._spawner.close()
        for run in tuple(self._running):
            run.abandon()
        self._running.clear()

    def _command(self, words: Sequence[str], account: Account) -> Sequence[str]:
        """The words behind what sets user and death signal."""
        if self._setpriv is None:
            if account.is_ours:
                return words
            missing = "the program setpriv (package util-linux) is missing, so the user cannot be changed"
            raise OSError(errno.ENOENT, missing)
        user: tuple[str, ...] = ()
        if not account.is_ours:
            groups = ",".join(map(str, account.groups))
            chosen = f"--groups={groups}" if groups else "--clear-groups"
            user = (f"--reuid={account.uid}", f"--regid={account.gid}", chosen)
        return (self._setpriv, *user, "--pdeathsig=TERM", "--", *words)


class Run:
    """One script: it is being started, runs, or has ended."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        path: str,
        *,
        limit: Duration | None,
        ended: Ended,
        over: Callable[["Run"], None],
    ) -> None:
        self._loop = loop
        self._path = path
        self._limit = limit
        self._ended = ended
        self._over = over
        self._process = 0  # its number, and that of its group, once it runs
        self._pidfd = -1
        self._stderr = -1
        self._timer: asyncio.TimerHandle | None = None
        self._timed_out = False
        self._asked: signal.Signals | None = None  # to end, by somebody else than our own limit

    def start(
        self, spawner: Spawner, words: Sequence[str], account: Account, variables: Mapping[str, str]
    ) -> None:
        """Start it.

        Raises:
            OSError: there is no pipe for its complaints.
        """
        self._stderr = _complaints_of(account)
        spawner.start(words, variables, stderr=self._stderr, started=self._started_elsewhere)

    def end(self, *, kill: bool) -> None:
        """Ask it and all that it started to end (TERM), or make it end (KILL)."""
        self._asked = signal.SIGKILL if kill else signal.SIGTERM
        if not self._signal(self._asked):
            self._loop.call_soon(self._give_up)

    def abandon(self) -> None:
        """Ask it to end, and forget it."""
        self._signal(signal.SIGTERM)
        self._close()

    def _started_elsewhere(self, process: int, error: int) -> None:
        """On the other thread."""
        self._process = process
        with suppress(RuntimeError):  # the loop has ended
            self._loop.call_soon_threadsafe(self._started, error)

    def _started(self, error: int) -> None:
        if self._stderr < 0:
            return  # abandoned meanwhile
        if error:
            refusal = f"cannot run {self._path}: {os.strerror(error)}"
            self._finish(Outcome(_NOT_STARTED, refusal=refusal))
            return
        try:
            self._pidfd = os.pidfd_open(self._process)
        except OSError as failure:  # no descriptor is left: what cannot be watched must not run
            self._signal(signal.SIGKILL)
            self._finish(Outcome(_LOST, refusal=f"cannot watch {self._path}: {failure.strerror}"))
            return
        self._loop.add_reader(self._pidfd, self._end)
        if self._limit is not None:
            self._timer = self._loop.call_later(self._limit / SECOND, self._time_out)
        if self._asked is not None:  # before it had begun
            self._signal(self._asked)

    def _time_out(self) -> None:
        self._timed_out = True
        if self._signal(signal.SIGTERM):
            self._timer = self._loop.call_later(SCRIPT_KILL_AFTER / SECOND, self._signal, signal.SIGKILL)
        else:  # nobody else must wait for what cannot be ended
            self._give_up()

    def _give_up(self) -> None:
        """It cannot be ended: it goes on, and is ours no more."""
        if self._stderr >= 0:
            self._finish(Outcome(_LOST, timed_out=self._timed_out, stderr=_CANNOT_END, lost=True))

    def _end(self) -> None:
        if self._timed_out or self._asked is not None:
            self._signal(signal.SIGKILL)  # the rest of its group, while the number is still its own
        status = _status(self._pidfd)
        self._process = 0
        self._finish(Outcome(status, timed_out=self._timed_out, stderr=_read(self._stderr)))

    def _finish(self, outcome: Outcome) -> None:
        self._close()
        self._over(self)
        self._ended(outcome)

    def _signal(self, number: signal.Signals) -> bool:
        """Send a signal to the script and all that it started and did not set apart; False: we may not."""
        try:
            if self._process:
                os.killpg(self._process, number)
        except ProcessLookupError:
            return True
        except PermissionError:
            return False
        return True

    def _close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        if self._pidfd >= 0:
            self._loop.remove_reader(self._pidfd)
            os.close(self._pidfd)
        os.close(self._stderr)
        self._pidfd = self._stderr = -1


def _status(pidfd: int) -> int:
    try:
        result = os.waitid(os.P_PIDFD, pidfd, os.WEXITED)
    except ChildProcessError:  # somebody else has asked for its end
        return _LOST
    if result is None:
        return _LOST
    return result.si_status if result.si_code == os.CLD_EXITED else -result.si_status


def environment(inherited: Mapping[str, str]) -> dict[str, str]:
    """What a script finds in its environment: all but what could change which code it runs (SCR-06)."""
    return {
        name: value
        for name, value in inherited.items()
        if name not in _REMOVED and not name.startswith(_REMOVED_PREFIXES)
    }


def _find_setpriv() -> str | None:
    """The program of util-linux; that of busybox cannot change the user."""
    found = find_program("setpriv")
    return found if found is not None and Path(found).resolve().name == "setpriv" else None


def _complaints_of(account: Account) -> int:
    """A pipe for a script's stderr, both ends in one descriptor.

    Who writes to it is its reader, too, so that it never breaks: what the script leaves running may write there
    long after us. It takes 64 KiB, then no more; nobody waits for anybody. Like `/dev/stderr` it can be opened,
    by the account that the script runs as.
    """
    reading, writing = os.pipe()
    try:
        both = os.open(f"/proc/self/fd/{reading}", os.O_RDWR | os.O_NONBLOCK)
    finally:
        os.close(reading)
        os.close(writing)
    with suppress(PermissionError):
        os.fchown(both, account.uid, account.gid)
    return both


def _read(stderr: int) -> str:
    try:
        return os.read(stderr, SCRIPT_STDERR).decode(errors="backslashreplace").strip()
    except BlockingIOError:
        return ""


def _keep_descriptors() -> None:
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208 (names are enough)
        if int(name) >= _FIRST_OTHER_DESCRIPTOR and Path(f"/proc/self/fd/{name}").is_symlink():
            with suppress(OSError):  # the listing's own
                os.set_inheritable(int(name), False)  # noqa: FBT003 (os has no name for it)
