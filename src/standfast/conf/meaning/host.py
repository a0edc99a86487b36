"""What the rules may ask about this host; offline nothing is asked."""

from enum import StrEnum
from typing import Protocol


class ScriptState(StrEnum):
    """Whether a script can be run."""

    FINE = "fine"
    MISSING = "missing"  # there is none, or it is not executable
    INSECURE = "insecure"  # run as root, and another user could change it (behaviour SE-03)
    LINKED = "linked"  # a directory of its path is a symbolic link (behaviour SE-05)


class KeyFile(StrEnum):
    """Whether a key can be taken from a file."""

    FINE = "fine"
    MISSING = "missing"  # there is none, or it cannot be read
    LENGTH = "length"  # what it holds is no key
    OPEN = "open"  # others than its owner can read it (behaviour AU-09)


class Host(Protocol):
    """The facts of one host."""

    def has_interface(self, name: str) -> bool:
        """Whether there is an interface of this name."""
        ...

    def link_kind(self, name: str) -> str | None:
        """What sort of interface it is: `macvlan`, `ipvlan`, empty for hardware; None: nobody can tell."""
        ...

    def knows_host(self, name: str) -> bool:
        """Whether this is an address, or a name that one is found for."""
        ...

    def has_user(self, name: str) -> bool:
        """Whether there is an account of this name."""
        ...

    def has_group(self, name: str) -> bool:
        """Whether there is a group of this name."""
        ...

    def script(self, path: str, user: str) -> ScriptState:
        """Whether this user can run this program."""
        ...

    def key_file(self, path: str) -> KeyFile:
        """Whether this file holds a key, and keeps it."""
        ...

    def cpus(self) -> int:
        """How many CPUs there are."""
        ...
