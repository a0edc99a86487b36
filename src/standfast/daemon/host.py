"""The facts of this host that the rules of a configuration ask about."""

import grp
import os
import pwd
import stat
from functools import cached_property
from pathlib import Path
from typing import Final

from standfast.conf.meaning.host import KeyFile, ScriptState
from standfast.daemon.key_files import read_key

_INTERFACES: Final = Path("/sys/class/net")
_NAMES: Final = Path("/proc/thread-self/net/dev")  # of our network namespace; quicker than to import `socket`
_TYPE: Final = "DEVTYPE="
_OTHERS_READ: Final = stat.S_IRGRP | stat.S_IROTH
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


class ThisHost:
    """Asks the kernel, the account database and, if it may, the name servers."""

    def __init__(self, *, resolves: bool = True) -> None:
        self._resolves = resolves  # False: names are not looked up, for a name server may take long to answer

    @cached_property
    def _interfaces(self) -> frozenset[str]:
        rows = _NAMES.read_text(encoding="utf-8", errors="surrogateescape").splitlines()[2:]
        return frozenset(row.partition(":")[0].strip() for row in rows)  # no name has a colon

    def has_interface(self, name: str) -> bool:
        """Whether there is an interface of this name."""
        return name in self._interfaces

    def link_kind(self, name: str) -> str | None:
        """What sort of interface it is: `macvlan`, `ipvlan`, empty for hardware; None: nobody can tell."""
        try:
            text = (_INTERFACES / name / "uevent").read_text(encoding="ascii")
        except (OSError, ValueError):
            return None
        return next((line[len(_TYPE) :] for line in text.splitlines() if line.startswith(_TYPE)), "")

    def knows_host(self, name: str) -> bool:
        """Whether this is an address, or a name that one is found for; not asked for: yes."""
        if not self._resolves:
            return True
        import socket  # noqa: PLC0415  (few files have names, and it costs a start)

        try:
            return bool(name) and bool(socket.getaddrinfo(name, None, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            return False

    def has_user(self, name: str) -> bool:
        """Whether there is an account of this name."""
        try:
            pwd.getpwnam(name)
        except KeyError:
            return False
        return True

    def has_group(self, name: str) -> bool:
        """Whether there is a group of this name."""
        try:
            grp.getgrnam(name)
        except KeyError:
            return False
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
        found = path if "/" in path else _which(path)
        if found is None or not Path(found).is_file() or not os.access(found, os.X_OK):
            return ScriptState.MISSING
        if user not in ("root", "0", ""):
            return ScriptState.FINE
        parents = Path(found).absolute().parents
        if any(parent.is_symlink() for parent in parents):
            return ScriptState.LINKED
        checked = (Path(found).resolve(), *parents)
        return ScriptState.FINE if all(map(_only_root_writes, checked)) else ScriptState.INSECURE


def _which(program: str) -> str | None:
    import shutil  # noqa: PLC0415  (it costs a start)

    return shutil.which(program)


def _only_root_writes(path: Path) -> bool:
    status = path.stat()
    sticky = stat.S_ISDIR(status.st_mode) and status.st_mode & stat.S_ISVTX
    return status.st_uid == 0 and (bool(sticky) or not status.st_mode & _OTHERS_WRITE)
