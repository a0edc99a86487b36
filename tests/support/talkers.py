"""Connections that talk all the time, and notice if one of them is reset or falls silent."""

import socket
import threading
from collections.abc import Sequence
from typing import Final, Self

_PAUSE: Final = 0.005  # seconds between two rounds


class Talkers:
    """Says something on each connection, again and again, in a thread; a context manager."""

    def __init__(self, connections: Sequence[socket.socket], *, pause: float = _PAUSE) -> None:
        self.answers: list[set[bytes]] = [set() for _ in connections]  # who answered each
        self.rounds = 0
        self.broken: list[str] = []
        self._connections = connections
        self._pause = pause
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._talk, name="talkers", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._thread.join()
        for one in self._connections:
            one.close()

    def _talk(self) -> None:
        while not self._closing.wait(self._pause) and not self.broken:
            for number, one in enumerate(self._connections):
                try:
                    one.sendall(b"who")
                    self.answers[number].add(one.recv(100) or b"closed")
                except OSError as error:
                    self.broken.append(f"connection {number} in round {self.rounds + 1}: {error!r}")
                    break  # the others would keep us for as long
            self.rounds += 1
