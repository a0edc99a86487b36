"""Visitors of a web service: one comes every few milliseconds, and it is noted who answered, if anybody did."""

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Self

from standfast.base.times import Duration, Instant, after
from standfast.lab.clock import now
from standfast.lab.hosts import Host

_REQUEST: Final = b"GET / HTTP/1.0\r\n\r\n"
_PATIENCE: Final = 0.8  # seconds that a visitor waits: less than the kernel's until it asks a second time
_MOST: Final = 4096
_MICROSECONDS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Visit:
    """One request on a connection of its own."""

    at: Instant
    by: str  # the name in the answer; empty: there was none


class Visitors:
    """They come from now until it is closed; a context manager."""

    def __init__(self, host: Host, address: str, *, every: Duration) -> None:
        self._host = host
        self._address = address
        self._every = every
        self._visits: list[Visit] = []
        self._closing = threading.Event()
        self._under_way: list[threading.Thread] = []
        self._thread = threading.Thread(target=self._come, name="visitors", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nobody comes any more; those who are there are waited for."""
        self._closing.set()
        self._thread.join()
        for visitor in self._under_way:
            visitor.join()

    @property
    def visits(self) -> tuple[Visit, ...]:
        """All that have ended, by their beginning."""
        return tuple(sorted(self._visits, key=lambda visit: visit.at))

    def latest(self, count: int) -> tuple[str, ...]:
        """Who answered the latest so many visitors whose visits have ended."""
        return tuple(visit.by for visit in self._visits[-count:])

    def _come(self) -> None:
        due = now()
        while not self._closing.is_set():
            self._under_way = [one for one in self._under_way if one.is_alive()]
            visitor = threading.Thread(target=self._visit, daemon=True)
            visitor.start()
            self._under_way.append(visitor)
            due = after(due, self._every)
            time.sleep(max(due - now(), 0) / _MICROSECONDS)

    def _visit(self) -> None:
        at, by = now(), ""
        with suppress(OSError), self._host.socket(socket.AF_INET, socket.SOCK_STREAM) as one:
            one.settimeout(_PATIENCE)
            one.connect((self._address, 80))
            one.sendall(_REQUEST)
            by = _body(one.recv)
        self._visits.append(Visit(at, by))


def _body(receive: Callable[[int], bytes]) -> str:
    text = b""
    while piece := receive(_MOST):
        text += piece
    return text.partition(b"\r\n\r\n")[2].decode().strip()
