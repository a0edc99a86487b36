"""The log by way of the system: syslog's socket (RFC 3164), or the journal's own, which keeps the data apart."""

import os
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from standfast.base.limits import SYSLOG_AGAIN, SYSLOG_DATAGRAM_MAX
from standfast.base.times import SECOND
from standfast.observe.line import one_line
from standfast.observe.outlet import Record

SYSLOG_SOCKET: Final = "/dev/log"
JOURNAL_SOCKET: Final = "/run/systemd/journal/socket"
DAEMON_FACILITY: Final = 3  # RFC 3164, table 1; behaviour LOG-02

_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class SystemSink:
    """Datagrams to a local socket; a log that is away is looked for again once a second."""

    def __init__(self, path: str, ident: str, facility: int = DAEMON_FACILITY) -> None:
        self._path = path
        self._ident = ident
        self._facility = facility
        self._encode = journal_datagram if path == JOURNAL_SOCKET else syslog_datagram
        self._socket: socket.socket | None = None
        self._tried_at = float("-inf")

    def write(self, record: Record) -> bool:
        """Send one line; False if the log does not take it now."""
        link = self._socket or self._reach()
        if link is None:
            return False
        datagram = self._encode(record, ident=self._ident, pid=os.getpid(), facility=self._facility)
        try:
            link.send(datagram[:SYSLOG_DATAGRAM_MAX])
        except BlockingIOError:
            return False
        except OSError:
            self.close()
            return False
        return True

    def close(self) -> None:
        """Give the socket back; the next line looks for the log again."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _reach(self) -> socket.socket | None:
        now = time.monotonic()
        if now - self._tried_at < SYSLOG_AGAIN / SECOND:
            return None
        self._tried_at = now
        link = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
        try:
            link.connect(self._path)
        except OSError:
            link.close()
            return None
        self._socket = link
        return link


def system_socket() -> str:
    """The journal's socket where the journal answers for syslog, else syslog's."""
    with suppress(OSError):
        if Path(SYSLOG_SOCKET).resolve().is_relative_to("/run/systemd/journal"):
            return JOURNAL_SOCKET
    return SYSLOG_SOCKET


def syslog_datagram(record: Record, *, ident: str, pid: int, facility: int) -> bytes:
    """`<priority>Mmm dd hh:mm:ss ident[pid]: text` (RFC 3164, section 4.1; local sockets carry no host name)."""
    at = time.localtime(record.at)
    date = f"{_MONTHS[at.tm_mon - 1]} {at.tm_mday:2d} {at.tm_hour:02d}:{at.tm_min:02d}:{at.tm_sec:02d}"
    priority = 8 * facility + record.line.level
    return f"<{priority}>{date} {ident}[{pid}]: {record.line}".encode(errors="backslashreplace")


def journal_datagram(record: Record, *, ident: str, pid: int, facility: int) -> bytes:
    """The journal's native form: `NAME=value` lines, our data as fields of their own."""
    fields = {
        "MESSAGE": str(record.line),
        "PRIORITY": int(record.line.level),
        "SYSLOG_IDENTIFIER": ident,
        "SYSLOG_PID": pid,
        "SYSLOG_FACILITY": facility,
    }
    own = {f"STANDFAST_{name.upper()}": one_line(str(value)) for name, value in record.line.data}
    return "".join(f"{name}={value}\n" for name, value in (fields | own).items()).encode(
        errors="backslashreplace"
    )
