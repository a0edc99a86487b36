"""A TCP connection of an attempt, plain or with TLS: sends, and receives a chunk at a time."""

import socket
import ssl
from contextlib import suppress
from errno import ECONNRESET

from standfast.base.limits import STREAM_CHUNK, STREAM_TURN
from standfast.engine.check_ports import Way
from standfast.linux.attempts.failure import failed
from standfast.linux.attempts.readiness import READABLE, WRITABLE
from standfast.linux.attempts.sockets import connected
from standfast.linux.attempts.tls import handshaken, tls_failed
from standfast.linux.attempts.trial import Trial

_WAITS = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)


class Stream:
    """One connection."""

    def __init__(self, trial: Trial, sock: socket.socket) -> None:
        self.sock = sock
        self._trial = trial
        secure = isinstance(sock, ssl.SSLSocket)
        # TLS may have to send before it can receive, and it may hold bytes already; else a first look at what has
        # come would be in vain.
        self._answers = READABLE | WRITABLE if secure else READABLE
        self._waits = not secure
        self._since_turn = 0  # bytes received since others had their turn

    async def send(self, data: bytes) -> None:
        """Send all of it.

        Raises:
            Failed: `send`.
        """
        left = memoryview(data)
        while left:
            try:
                left = left[self.sock.send(left) :]
            except _WAITS:
                await self._trial.ready(self.sock, self._answers | WRITABLE)
            except OSError as error:
                raise self._broken(error, "send") from error

    async def receive(self) -> bytes:
        """What has come; nothing: it has been closed.

        Raises:
            Failed: `receive`.
        """
        if self._since_turn >= STREAM_TURN:
            self._since_turn = 0
            await self._trial.pause(0)
        if self._waits:
            self._waits = False
            await self._trial.ready(self.sock, self._answers)
        while True:
            try:
                data = self.sock.recv(STREAM_CHUNK)
            except _WAITS:
                await self._trial.ready(self.sock, self._answers)
            except OSError as error:
                raise self._broken(error, "receive") from error
            else:
                self._since_turn += len(data)
                return data

    def close(self, *, notify: bool = False) -> None:
        """Close it; `notify`: end TLS by the book."""
        if notify and isinstance(self.sock, ssl.SSLSocket):
            with suppress(OSError, ValueError):  # its answer is not waited for
                self.sock.unwrap()
        self._trial.leave(self.sock)

    def _broken(self, error: OSError, phase: str) -> Exception:
        if isinstance(error, ssl.SSLError):
            return tls_failed(error, self._trial.place, phase)
        return failed(error.errno or ECONNRESET, phase, self._trial.place)


async def open_stream(
    trial: Trial, way: Way, *, context: ssl.SSLContext | None = None, name: str = ""
) -> Stream:
    """Connect, and begin TLS if there is a context.

    Args:
        trial: whose connection it is.
        way: where it leads to.
        context: of TLS; None: plain.
        name: of the server, told when TLS begins; empty: not told.

    Raises:
        Failed: `connect`, `tls` or `cannot-run`.
    """
    sock = await connected(trial, way)
    if context is not None:
        sock = await handshaken(trial, sock, context, name)
    return Stream(trial, sock)
