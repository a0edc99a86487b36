"""Notify scripts on this host: who they run as, whether they may, and their start (`notify.ScriptPort`)."""

import asyncio
from collections.abc import Callable, Mapping

from standfast.base.errors import Refused
from standfast.base.times import Duration
from standfast.daemon.script_accounts import Accounts
from standfast.linux.accounts import Account
from standfast.linux.script_paths import check_script, find_script, insecurity
from standfast.linux.scripts import Outcome, Scripts
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.model.kinds.scripts import Script
from standfast.observe.notify import ScriptEnd


def runnable(script: Script, defs: GlobalDefs, accounts: Accounts) -> tuple[str, Account]:
    """The path of a script and the account that it runs as.

    Raises:
        Refused: it is missing, may not be executed, or is not secure (behaviours SE-03 to SE-07).
    """
    account = accounts.of(script, defs)
    path = check_script(script.path, account, keep_links=defs.use_symlink_paths)
    # The way to it as it was written: who could change a link on it decides what is run.
    if defs.enable_script_security and account.is_root and (why := insecurity(find_script(script.path))):
        raise Refused(
            "script-insecure", f"{path} would run as root, and {why}", remedy="let it run as another user"
        )
    return path, account


class HostScripts:
    """Starts the scripts of the configuration that it was told last."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._scripts = Scripts(loop)
        self._accounts = Accounts()
        self._defs = GlobalDefs()

    def configure(self, config: Config, accounts: Accounts) -> None:
        """Use these settings from now on; what is wrong with a script was said when they were read."""
        self._accounts = accounts.over(self._accounts)
        self._defs = config.global_defs

    def start(
        self,
        script: Script,
        *,
        limit: Duration,
        ended: Callable[[ScriptEnd], None],
        variables: Mapping[str, str] = {},
    ) -> None:
        """Start a script and return at once (`notify.ScriptPort`)."""
        try:
            path, account = runnable(script, self._defs, self._accounts)
        except Refused as refusal:
            self._loop.call_soon(ended, ScriptEnd(-1, refusal=str(refusal)))
            return
        words = (path, *script.words[1:])
        self._scripts.start(
            words, account, limit=limit, ended=lambda outcome: ended(_end(outcome)), variables=variables
        )

    def close(self) -> None:
        """Ask all scripts that still run to end (behaviour SE-08)."""
        self._scripts.close()


def _end(outcome: Outcome) -> ScriptEnd:
    return ScriptEnd(outcome.status, outcome.timed_out, outcome.refusal, outcome.stderr)
