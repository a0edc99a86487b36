"""A named pipe that is written to without ever waiting, whoever reads it (behaviours FIFO-11 to FIFO-13).

It is opened for reading and writing, so that it is there without a reader, never breaks when the reader ends, and
keeps what is written (64 KiB) for the next one. Who removes the file, or puts another pipe in its place, gets the
lines that follow in the new one.
"""

import os
import stat
from contextlib import suppress
from fcntl import ioctl
from struct import Struct
from termios import FIONREAD
from typing import Final

from standfast.base.errors import Refused

_MODE: Final = 0o644  # less the umask
_OPEN: Final = os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW
_CLOSED: Final = -1
_COUNT: Final = Struct("i")

Identity = tuple[int, int]  # device and inode of a pipe


class NamedPipe:
    """One pipe: made if it is missing, and then removed in the end."""

    def __init__(self, path: str, *, uid: int, gid: int, former: Identity | None = None) -> None:
        """Make it; nothing is opened yet.

        Args:
            path: where it is.
            uid: who it belongs to.
            gid: the group that it belongs to.
            former: the pipe that an earlier process of ours made there.
        """
        self.path = path
        self.uid = uid
        self.gid = gid
        self._former = former
        self._fd = _CLOSED
        self._made = False

    def fileno(self) -> int:
        """The descriptor, for a selector; -1: it is not open."""
        return self._fd

    @property
    def is_open(self) -> bool:
        """Whether it can be written to."""
        return self._fd != _CLOSED

    @property
    def made(self) -> Identity | None:
        """The pipe that is open, if it is of our making."""
        return _identity(os.fstat(self._fd)) if self._made and self.is_open else None

    def is_in_place(self) -> bool:
        """Whether the file at the path is the pipe that is open."""
        try:
            there = os.lstat(self.path)
        except OSError:
            return False
        return self.is_open and _identity(there) == _identity(os.fstat(self._fd))

    def open(self) -> None:
        """Open it, making it if it is missing.

        Raises:
            Refused: `fifo`: it cannot be made or opened, is none, or belongs to somebody else.
        """
        self._shut()
        try:
            self._make()
            fd = os.open(self.path, _OPEN)
        except OSError as error:
            raise Refused(
                "fifo", f"{self.path}: {error.strerror}", remedy="correct the path or its rights"
            ) from error
        try:
            self._check(os.fstat(fd))
            if self._made:
                os.fchown(fd, self.uid, self.gid)
        except OSError as error:
            os.close(fd)
            raise Refused("fifo", f"{self.path}: {error.strerror}") from error
        except Refused:
            os.close(fd)
            raise
        self._fd = fd

    def write(self, line: bytes) -> bool:
        """Write one line, shorter than 4,096 bytes: it stays whole; False: the pipe is full."""
        try:
            return os.write(self._fd, line) == len(line)
        except BlockingIOError:
            return False

    @property
    def unread(self) -> int:
        """Bytes that nobody has read yet."""
        if not self.is_open:
            return 0
        (count,) = _COUNT.unpack(ioctl(self._fd, FIONREAD, _COUNT.pack(0)))
        return int(count)

    def leave(self) -> None:
        """Whoever goes on with it removes it in the end."""
        self._made = False

    def close(self) -> None:
        """Close it, and remove the file if we made it and it is still there."""
        if self._made and self.is_in_place():
            with suppress(OSError):
                os.unlink(self.path)  # noqa: PTH108 (a string)
        self._made = False
        self._shut()

    def _make(self) -> None:
        try:
            os.mkfifo(self.path, _MODE)
        except FileExistsError:
            self._made = _identity(os.lstat(self.path)) == self._former
        else:
            self._made = True

    def _check(self, status: os.stat_result) -> None:
        """What is there already is used only if it cannot be somebody's trap (behaviour FIFO-12)."""
        if not stat.S_ISFIFO(status.st_mode):
            raise Refused("fifo", f"{self.path} is no named pipe", remedy="remove it, or name another path")
        if status.st_uid not in {os.geteuid(), self.uid}:
            words = f"{self.path} belongs to user {status.st_uid}"
            raise Refused("fifo", words, remedy="remove it, or give it to the user that is configured")

    def _shut(self) -> None:
        if self.is_open:
            os.close(self._fd)
            self._fd = _CLOSED


def _identity(status: os.stat_result) -> Identity:
    return status.st_dev, status.st_ino
