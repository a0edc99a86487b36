"""The facts of this host that the rules of a configuration ask about."""

import grp
import os
import pwd
import stat
from functools import cached_property
from typing import Final

from standfast.conf.meaning.host import KeyFile, ScriptState
from standfast.daemon.key_files import read_key

_INTERFACES: Final = "/sys/class/net"
_NAMES: Final = "/proc/thread-self/net/dev"  # of our network namespace; quicker than to import `socket`
_TYPE: Final = "DEVTYPE="
_OTHERS_READ: Final = stat.S_IRGRP | stat.S_IROTH


def _text(path: str) -> str:
    """The text of a file of the kernel's."""
    with open(path, encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123  (pathlib costs a start)
        return file.read()


class ThisHost:
    """Asks the kernel, the account database and, if it may, the name servers."""

    def __init__(self, *, resolves: bool = True) -> None:
        self._resolves = resolves  # False: names are not looked up, for a name server may take long to answer

    @cached_property
    def _interfaces(self) -> frozenset[str]:
        rows = _text(_NAMES).splitlines()[2:]
        return frozenset(row.partition(":")[0].strip() for row in rows)  # no name has a colon

    def has_interface(self, name: str) -> bool:
        """Whether there is an interface of this name."""
        return name in self._interfaces

    def link_kind(self, name: str) -> str | None:
        """What sort of interface it is: `macvlan`, `ipvlan`, empty for hardware; None: nobody can tell."""
        try:
            text = _text(f"{_INTERFACES}/{name}/uevent")
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
        from standfast.daemon.host_scripts import state_of_script  # noqa: PLC0415  (most files have no scripts)

        return state_of_script(path, user)
