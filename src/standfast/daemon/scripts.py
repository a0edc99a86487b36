"""Notify scripts on this host: who they run as, whether they may, and their start (`notify.ScriptPort`)."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress

from standfast.base.errors import Refused
from standfast.base.times import Duration
from standfast.linux.accounts import Account, default_account, find_account
from standfast.linux.script_paths import check_script, insecurity
from standfast.linux.scripts import Outcome, Scripts
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.model.kinds.scripts import Script
from standfast.observe.notify import ScriptEnd, scripts_of

Names = tuple[str, str]  # of a user and a group


class Accounts:
    """The accounts of a configuration's scripts; each is looked up once, because a directory may be slow."""

    def __init__(self) -> None:
        self._known: dict[Names, Account | Refused] = {}

    def of(self, script: Script, defs: GlobalDefs) -> Account:
        """The account that a script runs as (behaviour SE-01).

        Raises:
            Refused: there is none of that name.
        """
        default = defs.script_user
        names = (script.user, script.group) if script.user else (default.user, default.group)
        if names not in self._known:
            self._known[names] = _looked_up(*names)
        found = self._known[names]
        if isinstance(found, Refused):
            raise found
        return found


def _looked_up(user: str, group: str) -> Account | Refused:
    try:
        return find_account(user, group) if user else default_account()
    except Refused as refusal:
        return refusal


def runnable(script: Script, defs: GlobalDefs, accounts: Accounts) -> tuple[str, Account]:
    """The path of a script and the account that it runs as.

    Raises:
        Refused: it is missing, may not be executed, or is not secure (behaviours SE-03 to SE-07).
    """
    account = accounts.of(script, defs)
    path = check_script(script.path, account, keep_links=defs.use_symlink_paths)
    if defs.enable_script_security and account.is_root and (why := insecurity(path)):
        raise Refused(
            "script-insecure", f"{path} would run as root, and {why}", remedy="let it run as another user"
        )
    return path, account


def _all_scripts(config: Config) -> Iterable[Script]:
    """All scripts that instances run, each once."""
    found: dict[Script, None] = {}
    for instance in config.vrrp_instances:
        scripts = scripts_of(instance)
        found |= dict.fromkeys(scripts.of_state.values())
        found |= dict.fromkeys([scripts.of_any] if scripts.of_any else [])
    return found


class HostScripts:
    """Starts the scripts of the configuration that it was told last."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._scripts = Scripts(loop)
        self._accounts = Accounts()
        self._defs = GlobalDefs()

    def configure(self, config: Config) -> None:
        """Use these settings from now on; what is wrong with a script was said when they were read."""
        self._accounts = Accounts()
        self._defs = config.global_defs
        for script in _all_scripts(config):
            with suppress(Refused):  # it is said when the script should run
                self._accounts.of(script, self._defs)  # now, not when a state changes: it may take its time

    def start(self, script: Script, *, limit: Duration, ended: Callable[[ScriptEnd], None]) -> None:
        """Start a script and return at once."""
        try:
            path, account = runnable(script, self._defs, self._accounts)
        except Refused as refusal:
            self._loop.call_soon(ended, ScriptEnd(-1, refusal=str(refusal)))
            return
        words = (path, *script.words[1:])
        self._scripts.start(words, account, limit=limit, ended=lambda outcome: ended(_end(outcome)))

    def close(self) -> None:
        """Ask all scripts that still run to end (behaviour SE-08)."""
        self._scripts.close()


def _end(outcome: Outcome) -> ScriptEnd:
    return ScriptEnd(outcome.status, outcome.timed_out, outcome.refusal, outcome.stderr)
