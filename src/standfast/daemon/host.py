"""The facts of this host that the rules of a configuration ask about."""

import grp
import os
import pwd
import shutil
import socket
import stat
from functools import cached_property
from pathlib import Path
from typing import Final

from standfast.conf.meaning.host import KeyFile, ScriptState
from standfast.daemon.key_files import read_key

_OTHERS_READ: Final = stat.S_IRGRP | stat.S_IROTH
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


class ThisHost:
    """Asks the kernel and the account database."""

    @cached_property
    def _interfaces(self) -> frozenset[str]:
        return frozenset(name for _, name in socket.if_nameindex())

    def has_interface(self, name: str) -> bool:
        """Whether there is an interface of this name."""
        return name in self._interfaces

    def has_user(self, name: str) -> bool:
        """Whether there is an account of this name or number."""
        try:
            pwd.getpwnam(name)
        except KeyError:
            return name.isdecimal()
        return True

    def has_group(self, name: str) -> bool:
        """Whether there is a group of this name or number."""
        try:
            grp.getgrnam(name)
        except KeyError:
            return name.isdecimal()
        return True

    def cpus(self) -> int:
        """How many CPUs there are."""
        return os.cpu_count() or 1

    def key_file(self, path: str) -> KeyFile:
        """Whether this file holds a key, and nobody but its owner can read it."""
        try:
            key, mode = read_key(path)
        except (OSError, ValueError):
            return KeyFile.MISSING
        if key is None:
            return KeyFile.LENGTH
        return KeyFile.OPEN if mode & _OTHERS_READ else KeyFile.FINE

    def script(self, path: str, user: str) -> ScriptState:
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
