"""What the rules of a configuration ask about a script; who could change it is judged by `linux.script_paths`."""

from pathlib import Path
from typing import Final

from standfast.base.errors import Refused
from standfast.conf.meaning.host import ScriptState
from standfast.linux.accounts import Account
from standfast.linux.script_paths import check_script, find_script, insecurity

_ROOT: Final = Account("root", 0, 0, ())
_NAMES_OF_ROOT: Final = ("root", "0", "")


def state_of_script(path: str, user: str) -> ScriptState:
    """Whether this program can be run; for root, whether nobody else can change it (SE-03).

    That its own account may not execute it is seen when it is to run.
    """
    try:
        found = find_script(path)
        check_script(found, _ROOT)
    except Refused:
        return ScriptState.MISSING
    if user not in _NAMES_OF_ROOT:
        return ScriptState.FINE
    if insecurity(found):
        return ScriptState.INSECURE
    linked = any(parent.is_symlink() for parent in Path(found).absolute().parents)
    return ScriptState.LINKED if linked else ScriptState.FINE
