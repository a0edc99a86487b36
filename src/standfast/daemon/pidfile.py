"""Pid files, held with a lock for as long as their process lives (behaviours FILE-01, PR-09).

The lock belongs to the open file, not to the process (F_OFD_SETLK, fcntl(2)): it survives the fork into the
background and ends with the last holder, however that dies. So a file that a killed daemon left behind stops
nobody, and a child that should not keep it must close it.
"""

import fcntl
import os
import struct
from contextlib import suppress
from pathlib import Path

from standfast.daemon.exits import EndWith, Exit

_WHOLE_FILE = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, 0, 0, 0)  # struct flock
_MODE = 0o644


class AlreadyHeld(Exception):
    """Another process holds the pid file."""

    def __init__(self, path: str, pid: str) -> None:
        super().__init__(f"{path} is held by process {pid or 'unknown'}")
        self.pid = pid


class Unwritable(EndWith):
    """There can be no pid file: its disk is full, closed, or the directory is missing."""


class PidFile:
    """A pid file that is ours."""

    def __init__(self, path: str, descriptor: int) -> None:
        self.path = path
        self._fd = descriptor

    def fileno(self) -> int:
        """The descriptor that holds the lock."""
        return self._fd

    def write(self) -> None:
        """Write the pid of this process into it.

        Raises:
            Unwritable: the disk does not take it.
        """
        try:
            os.ftruncate(self._fd, 0)
            os.pwrite(self._fd, b"%d\n" % os.getpid(), 0)
        except OSError as error:
            words = f"cannot write the pid file {self.path}: {error.strerror}; make room there"
            raise Unwritable(Exit.FATAL, words) from None

    def remove(self) -> None:
        """Remove the file, then let go of it."""
        with suppress(OSError):
            Path(self.path).unlink()
        self.close()

    def close(self) -> None:
        """Let go of this process's hold; the lock ends with the last one."""
        os.close(self._fd)


def hold(path: str) -> PidFile:
    """Take the pid file, whether it is new or a dead process left it.

    Raises:
        AlreadyHeld: a living process has it.
        Unwritable: the file cannot be made.
    """
    while True:
        descriptor = _opened(path)
        if not _locked(descriptor):
            pid = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
            os.close(descriptor)
            raise AlreadyHeld(path, pid)
        if _is_at(path, descriptor):
            return PidFile(path, descriptor)
        os.close(descriptor)  # its last holder removed it between our opening and our locking


def _opened(path: str) -> int:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, _MODE)
    except OSError as error:
        forbidden = isinstance(error, PermissionError)
        status = Exit.PERMISSION if forbidden else Exit.FATAL
        remedy = (
            "run it as root, or name another with -p or -r" if forbidden else "name another with -p or -r"
        )
        words = f"cannot make the pid file {path}: {error.strerror}; {remedy}"
        raise Unwritable(status, words) from None
    with suppress(OSError):
        os.fchmod(descriptor, _MODE)  # the umask of our other files is narrower (behaviour PR-17)
    return descriptor


def _locked(descriptor: int) -> bool:
    try:
        fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, _WHOLE_FILE)
    except (BlockingIOError, PermissionError):  # EAGAIN or EACCES, fcntl(2)
        return False
    return True


def _is_at(path: str, descriptor: int) -> bool:
    try:
        there = Path(path).stat()
    except FileNotFoundError:
        return False
    ours = os.fstat(descriptor)
    return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)
