"""The kernel's news of directories (inotify(7)): what was made, written, moved or removed in them."""

import ctypes
import os
from collections.abc import Iterator
from struct import Struct
from typing import Final, NamedTuple

from standfast.base.limits import INOTIFY_CHUNK

CLOSE_WRITE: Final = 0x8
MOVED_FROM: Final = 0x40
MOVED_TO: Final = 0x80
CREATE: Final = 0x100
DELETE: Final = 0x200
OVERFLOW: Final = 0x4000
IGNORED: Final = 0x8000  # the watch is gone, with its directory
_ONLY_DIRECTORIES: Final = 0x0100_0000
_ADD: Final = 0x2000_0000  # to what is watched for already

NAMES: Final = CREATE | DELETE | MOVED_FROM | MOVED_TO

_EVENT: Final = Struct("=iIII")  # watch, mask, cookie, length of the name

_libc = ctypes.CDLL(None, use_errno=True)


class Event(NamedTuple):
    """Something happened in a directory."""

    watch: int
    mask: int
    name: bytes  # of the entry; empty: it is about the directory itself


class Inotify:
    """One queue of news."""

    def __init__(self) -> None:
        """Open it.

        Raises:
            OSError: it cannot be had.
        """
        self._fd = _done(_libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC), "inotify")

    def fileno(self) -> int:
        """The descriptor, to wait for."""
        return self._fd

    def watch(self, directory: str, mask: int) -> int:
        """Tell of these in the directory, too; the number of its watch, which is one for each directory.

        Raises:
            OSError: it cannot be watched.
        """
        wanted = ctypes.c_uint32(mask | _ONLY_DIRECTORIES | _ADD)
        return _done(_libc.inotify_add_watch(self._fd, os.fsencode(directory), wanted), directory)

    def forget(self, watch: int) -> None:
        """Tell of this directory no more; one that is gone is fine."""
        _libc.inotify_rm_watch(self._fd, watch)

    def receive(self) -> Iterator[Event]:
        """A batch of news; none if there are none."""
        try:
            data = os.read(self._fd, INOTIFY_CHUNK)
        except BlockingIOError:
            return
        at = 0
        while at < len(data):
            watch, mask, _, length = _EVENT.unpack_from(data, at)
            at += _EVENT.size + length
            yield Event(watch, mask, data[at - length : at].rstrip(b"\0"))

    def close(self) -> None:
        """Give the descriptor back."""
        os.close(self._fd)


def _done(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), what)
    return result
