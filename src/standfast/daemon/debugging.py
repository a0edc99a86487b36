"""The debugging modes of a process; one that is off costs nothing, and is not even imported."""

from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

from standfast.daemon.flags import Flags

if TYPE_CHECKING:
    from standfast.daemon.memory import MemoryWatch, Tell


def memory_watched(flags: Flags, process: str, tell: "Tell") -> "AbstractContextManager[MemoryWatch | None]":
    """Watch what this process holds until the end of the block, if the command line asks for it."""
    if not flags.debug_memory:
        return nullcontext()
    from standfast.daemon.memory import watched  # noqa: PLC0415  (asked for by few)

    return watched(process, flags.pid_file, tell)
