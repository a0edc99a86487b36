"""Tracked scripts on this host: who they run as, whether they may, and their runs (`track_ports.ScriptPort`)."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Final

from standfast.base.errors import Refused
from standfast.core.track.events import ScriptEnded
from standfast.daemon.script_accounts import Accounts
from standfast.daemon.scripts import runnable
from standfast.engine.track_ports import TrackTell
from standfast.linux.accounts import Account
from standfast.linux.scripts import Outcome, Run, Scripts
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.model.kinds.scripts import Script

_OPENS: Final = "</"
_SHELL: Final = "/bin/sh"


class TrackedScripts:
    """Runs scripts as the settings that it was told last say."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, tell: TrackTell, complain: Callable[[str], None]
    ) -> None:
        self._complain = complain
        self._loop = loop
        self._tell = tell
        self._scripts = Scripts(loop)
        self._accounts = Accounts()
        self._defs = GlobalDefs()
        self._runs: dict[tuple[str, int], Run] = {}

    def configure(self, config: Config, accounts: Accounts) -> None:
        """Use these settings from now on."""
        self._accounts = accounts
        self._defs = config.global_defs

    def run(self, name: str, run: int, script: Script) -> None:
        """Start a run; whether it may run is looked at each time, for files and accounts can change."""

        def ended(outcome: Outcome) -> None:
            self._runs.pop((name, run), None)
            if outcome.lost:
                self._complain(f"the script of {name} cannot be ended: {outcome.stderr}")
            self._tell(ScriptEnded(name, run, outcome.status, outcome.refusal, outcome.stderr))

        try:
            words, account = self._program(script)
        except Refused as refusal:
            self._loop.call_soon(ended, Outcome(-1, refusal=str(refusal)))
            return
        begun = self._scripts.start(words, account, limit=None, ended=ended)
        if begun is not None:
            self._runs[name, run] = begun

    def _program(self, script: Script) -> tuple[Sequence[str], Account]:
        """What is run for a script; `</PATH` is no program, but a file that must open (behaviour SCR-11).

        A process opens it, as the script's user: on a network's file system that can take for ever.

        Raises:
            Refused: it may not run.
        """
        if not script.path.startswith(_OPENS):
            path, account = runnable(script, self._defs, self._accounts)
            return (path, *script.words[1:]), account
        shell = Script((_SHELL,), script.user, script.group)
        path, account = runnable(shell, self._defs, self._accounts)
        return (path, "-c", 'exec < "$0"', script.path.removeprefix("<")), account

    def end(self, name: str, run: int, *, kill: bool) -> None:
        """Ask a run to end, or make it end."""
        if (begun := self._runs.get((name, run))) is not None:
            begun.end(kill=kill)

    def close(self) -> None:
        """Ask all that still run to end (behaviour SE-08)."""
        self._runs.clear()
        self._scripts.close()
