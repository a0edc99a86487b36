"""Whether a script of a configuration can be run on this host, and who could change it."""

import os
import shutil
import stat
from pathlib import Path
from typing import Final

from standfast.conf.meaning.host import ScriptState

_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def state_of_script(path: str, user: str) -> ScriptState:
    """Whether this user can run this program; for root, whether nobody else can change it (SE-03)."""
    found = path if "/" in path else shutil.which(path)
    if found is None or not Path(found).is_file() or not os.access(found, os.X_OK):
        return ScriptState.MISSING
    if user not in ("root", "0", ""):
        return ScriptState.FINE
    parents = Path(found).absolute().parents
    if any(parent.is_symlink() for parent in parents):
        return ScriptState.LINKED
    checked = (Path(found).resolve(), *parents)
    return ScriptState.FINE if all(map(_only_root_writes, checked)) else ScriptState.INSECURE


def _only_root_writes(path: Path) -> bool:
    status = path.stat()
    sticky = stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX
    return status.st_uid == 0 and (bool(sticky) or not status.st_mode & _OTHERS_WRITE)
