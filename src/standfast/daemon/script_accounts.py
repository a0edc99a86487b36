"""The accounts of a configuration's scripts: looked up by the parent, handed to the child that starts them.

A directory of accounts may take its time, or never answer. Adverts cannot wait for it; the parent can.
"""

from collections.abc import Iterable

from standfast.base.errors import Refused
from standfast.core.check.configured import program_of
from standfast.core.track.configured import tracked_of
from standfast.linux.accounts import Account, default_account, find_account
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.model.kinds.scripts import Script
from standfast.observe.fifo import pipes_of
from standfast.observe.notify import all_scripts
from standfast.wire.ipc import ScriptAccount

Names = tuple[str, str]  # of a user and a group


def look_up(config: Config) -> tuple[ScriptAccount, ...]:
    """The account of every script that is run or tracked, each once; may wait for the account database."""
    asked = dict.fromkeys(_names(script, config.global_defs) for script in _all_scripts(config))
    return tuple(_looked_up(names) for names in asked)


class Accounts:
    """What was looked up."""

    def __init__(self, found: Iterable[ScriptAccount] = ()) -> None:
        self.found = {account.asked: account for account in found}

    def over(self, before: "Accounts") -> "Accounts":
        """These, and those of before that are not among them: a router that was removed has its last word."""
        return Accounts((before.found | self.found).values())

    def of(self, script: Script, defs: GlobalDefs) -> Account:
        """The account that a script runs as (behaviour SE-01).

        Raises:
            Refused: there is none of that name.
        """
        names = _names(script, defs)
        found = self.found.get(names) or _looked_up(names)
        if found.refusal is not None:
            reason, words, remedy = found.refusal
            raise Refused(reason, words, remedy=remedy)
        return Account(found.name, found.uid, found.gid, found.groups)

    def numbers(self, script: Script, defs: GlobalDefs) -> str:
        """Whom a script runs as, in numbers; one that runs as nobody is told of elsewhere."""
        try:
            account = self.of(script, defs)
        except Refused:
            return "none"
        return f"{account.uid}:{account.gid}"


def _names(script: Script, defs: GlobalDefs) -> Names:
    default = defs.script_user
    return (script.user, script.group) if script.user else (default.user, default.group)


def _looked_up(names: Names) -> ScriptAccount:
    user, group = names
    try:
        account = find_account(user, group) if user else default_account()
    except Refused as refusal:
        return ScriptAccount(names, refusal=(refusal.reason, refusal.words, refusal.remedy))
    return ScriptAccount(names, account.name, account.uid, account.gid, account.groups)


def _all_scripts(config: Config) -> Iterable[Script]:
    """All scripts that somebody runs, tracks, checks with, or has reading a pipe."""
    for scripts in all_scripts(config).values():
        yield from scripts.of_state.values()
        if scripts.of_any:
            yield scripts.of_any
    yield from (pipe.script for pipe in pipes_of(config.global_defs).values() if pipe.script)
    yield from (check.script for check in tracked_of(config).scripts)
    for virtual in config.virtual_servers:
        for server in virtual.real_servers:
            yield from (program_of(one) for one in server.misc_check)
