"""The script that reads a notification pipe: started with the pipe's path, and again when it ends (FIFO-14)."""

import asyncio
from collections.abc import Callable

from standfast.base.errors import Refused
from standfast.base.limits import FIFO_SCRIPT_DELAY_MAX, LIFE_LONG_ENOUGH, SCRIPT_KILL_AFTER
from standfast.base.times import SECOND, Duration, times
from standfast.linux.accounts import Account
from standfast.linux.scripts import Outcome, Run, Scripts
from standfast.model.kinds.scripts import Script
from standfast.observe.facts import FifoScriptEnded

Runnable = Callable[[Script], tuple[str, Account]]


class FifoScript:
    """One reader."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        scripts: Scripts,
        *,
        script: Script,
        path: str,
        runnable: Runnable,
        tell: Callable[[object], None],
    ) -> None:
        """Make it; it does not run yet.

        Args:
            loop: has the time of the next try.
            scripts: starts it.
            script: what is run.
            path: of the pipe: its last argument.
            runnable: says which file is run and as whom; asked anew for each start, because files change.
            tell: is told how it ended.
        """
        self._loop = loop
        self._scripts = scripts
        self._script = script
        self._path = path
        self._runnable = runnable
        self._tell = tell
        self._run: Run | None = None
        self._since = 0.0
        self._deaths = 0  # in the present series of short lives
        self._wake: asyncio.TimerHandle | None = None
        self._over = False

    @property
    def runs(self) -> bool:
        """Whether it lives."""
        return self._run is not None

    def start(self) -> None:
        """Start it."""
        self._wake = None
        self._since = self._loop.time()
        try:
            program, account = self._runnable(self._script)
        except Refused as refusal:
            self._ended(Outcome(-1, refusal=str(refusal)))
            return
        words = (program, *self._script.words[1:], self._path)
        self._run = self._scripts.start(words, account, limit=None, ended=self._ended)

    def end(self) -> None:
        """Ask it to end, make it end if it does not, and start it no more."""
        self._over = True
        if self._wake is not None:
            self._wake.cancel()
        if self._run is not None:
            run = self._run
            run.end(kill=False)
            self._wake = self._loop.call_later(SCRIPT_KILL_AFTER / SECOND, lambda: run.end(kill=True))

    def _ended(self, outcome: Outcome) -> None:
        self._run = None
        if self._over:
            if self._wake is not None:
                self._wake.cancel()
            return
        if self._loop.time() - self._since >= LIFE_LONG_ENOUGH / SECOND:
            self._deaths = 0
        delay = again_in(self._deaths)
        self._deaths += 1
        said = outcome.refusal or outcome.stderr
        self._tell(FifoScriptEnded(self._path, str(self._script), outcome.status, delay, said))
        self._wake = self._loop.call_later(delay / SECOND, self.start)


def again_in(deaths: int) -> Duration:
    """How long after a death it is started again: 1, 2, 4 … seconds after one short life and another."""
    return min(times(1 << min(deaths, 16), SECOND), FIFO_SCRIPT_DELAY_MAX)
