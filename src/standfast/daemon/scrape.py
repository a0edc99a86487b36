"""The listener for metrics: as much of HTTP as a scraper needs, off until it is configured.

One request a connection, nothing but `GET /metrics`. It writes no line of the log.
"""

import socket
from collections.abc import Callable
from typing import Final

from standfast.base.errors import Refused
from standfast.base.limits import CONTROL_IDLE, SCRAPE_HEAD
from standfast.base.times import Instant, after
from standfast.daemon.clients import BACKLOG, Clients
from standfast.daemon.poll import PollLoop
from standfast.engine.ports import Clock
from standfast.observe.metrics import CONTENT_TYPE

_END: Final = b"\r\n\r\n"

Give = Callable[[bytes], None]
Ask = Callable[[Give], None]  # gives the text of all metrics, soon


class Scrapes:
    """Listens for scrapers."""

    def __init__(self, loop: PollLoop, clock: Clock, ask: Ask, *, tell: Callable[[object], None]) -> None:
        """Make it; nobody can connect yet."""
        self._where: tuple[str, int] | None = None
        self._clients: Clients[_Scraper] = Clients(
            loop, clock, lambda connection: _Scraper(connection, self._clients, ask), tell=tell
        )

    def listen(self, where: tuple[str, int] | None) -> None:
        """Listen at this address and port, or not at all.

        Raises:
            Refused: it cannot be had.
        """
        if where == self._where:
            return
        self.close()
        if where is None:
            return
        address, port = where
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
        try:
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((address, port))
            listening.listen(BACKLOG)
        except OSError as error:
            listening.close()
            words = f"cannot listen for scrapers at {address} port {port}: {error.strerror or error}"
            raise Refused("metrics-listen", words, remedy="change metrics_listen") from None
        self._where = where
        self._clients.listen(listening)

    def close(self) -> None:
        """Listen no more, and let all scrapers go."""
        self._clients.close()
        self._where = None

    def leave(self) -> None:
        """In a new child: close what only the parent keeps."""
        self._clients.leave()


class _Scraper:
    """One connection; it has a limited time, whatever it does."""

    def __init__(self, connection: socket.socket, clients: "Clients[_Scraper]", ask: Ask) -> None:
        self.socket = connection
        self.until: Instant = after(clients.clock.now(), CONTROL_IDLE)
        self._clients = clients
        self._ask = ask
        self._head = bytearray()
        self._unsent = bytearray()
        self._asked = False
        self._closed = False

    def watch(self) -> None:
        """Wait for its request, then for it to read."""
        writable = self._flush if self._unsent else None
        self._clients.loop.watch(self.socket.fileno(), readable=self._hear, writable=writable)

    def _hear(self) -> None:
        try:
            data = self.socket.recv(SCRAPE_HEAD)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self.close()
            return
        if self._asked:
            return
        self._head += data
        if _END in self._head:
            self._asked = True
            self._serve(bytes(self._head.split(b"\r\n", 1)[0]))
        elif len(self._head) > SCRAPE_HEAD:
            self._asked = True
            self._answer(b"431 Request Header Fields Too Large", b"too long\n")

    def _serve(self, line: bytes) -> None:
        method, _, rest = line.partition(b" ")
        path = rest.split(b" ")[0].split(b"?")[0]
        if method != b"GET":
            self._answer(b"405 Method Not Allowed", b"only GET\n")
        elif path != b"/metrics":
            self._answer(b"404 Not Found", b"only /metrics\n")
        else:
            self._ask(lambda text: self._answer(b"200 OK", text, CONTENT_TYPE.encode()))

    def _answer(self, status: bytes, body: bytes, kind: bytes = b"text/plain") -> None:
        if self._closed:
            return
        head = b"HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\nConnection: close\r\n\r\n"
        self._unsent += head % (status, kind, len(body)) + body
        self._flush()

    def _flush(self) -> None:
        try:
            while self._unsent:
                del self._unsent[: self.socket.send(self._unsent)]
        except BlockingIOError:
            self.watch()
            return
        except OSError:
            pass
        self.close()

    def turn_away(self) -> None:
        """A scraper comes again in any case."""
        self.close()

    def expire(self) -> None:
        """It has had its time."""
        self.close()

    def close(self) -> None:
        """Let it go."""
        if not self._closed:
            self._closed = True
            self._clients.forget(self)
