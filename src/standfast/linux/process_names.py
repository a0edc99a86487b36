"""What this process is called by those who list processes."""

import ctypes
from contextlib import suppress
from pathlib import Path
from typing import Final

_ARG_START, _ARG_END = 48, 49  # fields of /proc/PID/stat, counted from 1 (proc(5))
_FIRST_AFTER_NAME: Final = 3


def set_command_line(text: str) -> None:
    """Have `ps -f` show this, as much of it as the words need that the process was started with.

    They are overwritten where they are, and their last end mark stays: the kernel shows no more than before.
    """
    with suppress(OSError, ValueError, IndexError):
        start, end = _place()
        room = end - start
        if room > 1:
            ctypes.memmove(start, text.encode()[: room - 1].ljust(room, b"\0"), room)


def _place() -> tuple[int, int]:
    """Where the words stand in our memory; the name of the process, which can hold anything, is passed over."""
    fields = Path("/proc/self/stat").read_bytes().rpartition(b")")[2].split()
    return int(fields[_ARG_START - _FIRST_AFTER_NAME]), int(fields[_ARG_END - _FIRST_AFTER_NAME])
