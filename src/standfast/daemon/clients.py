"""Who is connected to a listening socket: at most so many, and none for longer than it may be silent.

What they say and get is their own business (`control`, `scrape`).
"""

import socket
from collections.abc import Callable
from contextlib import suppress
from typing import Final, Generic, Protocol, TypeVar

from standfast.base.limits import ACCEPT_AGAIN, CONTROL_CLIENTS
from standfast.base.times import Instant, after
from standfast.daemon.poll import PollLoop
from standfast.engine.ports import Clock
from standfast.observe.facts import HostTrouble

BACKLOG: Final = 16  # connections that wait to be accepted


class Client(Protocol):
    """One connection."""

    socket: socket.socket

    @property
    def until(self) -> Instant:
        """When it has had its time, unless it says something first."""
        ...

    def watch(self) -> None:
        """Wait for what it says, and for it to read."""
        ...

    def turn_away(self) -> None:
        """There are too many already: let it go."""
        ...

    def expire(self) -> None:
        """It has had its time: let it go."""
        ...

    def close(self) -> None:
        """Let it go at once."""
        ...


C = TypeVar("C", bound=Client)


class Clients(Generic[C]):
    """Those of one listening socket."""

    def __init__(
        self,
        loop: PollLoop,
        clock: Clock,
        make: Callable[[socket.socket], C],
        *,
        tell: Callable[[object], None],
    ) -> None:
        """Make it; nobody can connect yet.

        Args:
            loop: that everything is waited for on.
            clock: of this host.
            make: makes a client of a connection.
            tell: gets what is to be said of those who cannot be let in.
        """
        self.loop, self.clock = loop, clock
        self._make, self._tell = make, tell
        self._alarm = loop.alarm(self._tidy)
        self._again = loop.alarm(self._watch)
        self._refused = False  # the last connection could not be accepted
        self._listening: socket.socket | None = None
        self._clients: set[C] = set()

    @property
    def descriptor(self) -> int:
        """That of the listening socket; -1 if there is none."""
        return -1 if self._listening is None else self._listening.fileno()

    def listen(self, listening: socket.socket) -> None:
        """Let whoever connects there in."""
        self._listening = listening
        self._watch()

    def _watch(self) -> None:
        if self._listening is not None:
            self.loop.watch(self._listening.fileno(), readable=self._accept)

    def close(self) -> None:
        """Listen no more, and let all go."""
        if self._listening is not None:
            self.loop.forget(self._listening.fileno())
            self._listening.close()
            self._listening = None
        self._again.set(None)
        for client in tuple(self._clients):
            client.close()

    def leave(self) -> None:
        """In a new child: close what only the parent keeps."""
        if self._listening is not None:
            self._listening.close()
        for client in self._clients:
            client.socket.close()

    def forget(self, client: C) -> None:
        """A client is gone."""
        self.loop.forget(client.socket.fileno())
        client.socket.close()
        self._clients.discard(client)

    def _accept(self) -> None:
        if self._listening is None:
            return
        try:
            connection, _ = self._listening.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return
        except OSError as error:
            self._pause(self._listening, error)
            return
        self._refused = False
        with suppress(OSError):
            connection.setblocking(False)  # noqa: FBT003  (it has no name)
            client = self._make(connection)
            if len(self._clients) >= CONTROL_CLIENTS:
                client.turn_away()
                return
            self._clients.add(client)
            client.watch()
            self._arm()

    def _pause(self, listening: socket.socket, error: OSError) -> None:
        """Look away for a while: who knocks stays at the door, and would wake us again and again."""
        self.loop.forget(listening.fileno())
        self._again.set(after(self.clock.now(), ACCEPT_AGAIN))
        if not self._refused:
            self._refused = True
            where = listening.getsockname()  # a path, or an address and more
            door = where if isinstance(where, str) else f"{where[0]} port {where[1]}"
            self._tell(HostTrouble(f"cannot accept a connection to {door}: {error.strerror or error}"))

    def _tidy(self) -> None:
        now = self.clock.now()
        for client in tuple(self._clients):
            if client.until <= now:
                client.expire()
        self._arm()

    def _arm(self) -> None:
        self._alarm.set(min((client.until for client in self._clients), default=None))
