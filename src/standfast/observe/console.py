"""The log on standard error: `locale date: text` (behaviour CLI-06)."""

import os
import socket
import stat
import time
from typing import Final

from standfast.observe.outlet import Record

_WHOLE: Final = 4096  # PIPE_BUF: a line up to here goes into a pipe whole or not at all
STDERR: Final = 2


class ConsoleSink:
    """Writes to a descriptor that somebody else gave us, and never waits for its reader.

    The descriptor's own non-blocking flag is left alone: it belongs to an open file that the shell shares. A
    terminal or pipe is opened anew instead, so that the flag is ours; a socket is asked call by call; a regular
    file never makes one wait.
    """

    def __init__(self, descriptor: int = STDERR) -> None:
        self._own = _opened_anew(descriptor)
        self._fd = self._own if self._own is not None else descriptor
        self._is_socket = stat.S_ISSOCK(os.fstat(descriptor).st_mode)  # as a service manager gives it

    def write(self, record: Record) -> bool:
        """Write one line; True also if there is nobody to write to any more."""
        try:
            self._send(console_line(record))
        except BlockingIOError:
            return False
        except OSError:
            return True  # The reader is gone; waiting for it would only fill the queue.
        return True

    def close(self) -> None:
        """Give back what was opened anew."""
        if self._own is not None:
            os.close(self._own)

    def _send(self, data: bytes) -> None:
        if not self._is_socket:
            os.write(self._fd, data)
            return
        with socket.socket(fileno=os.dup(self._fd)) as connection:
            connection.send(data, socket.MSG_DONTWAIT)


def console_line(record: Record) -> bytes:
    """The bytes of a line, short enough to be written whole."""
    date = time.strftime("%c", time.localtime(record.at))
    text = f"{date}: {record.line}".encode(errors="backslashreplace")
    return text[: _WHOLE - 1] + b"\n"


def _opened_anew(descriptor: int) -> int | None:
    mode = os.fstat(descriptor).st_mode
    if not (stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)):
        return None
    flags = os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    try:
        return os.open(f"/proc/self/fd/{descriptor}", flags)
    except OSError:  # It belongs to another user, or /proc is missing: then we may have to wait.
        return None
