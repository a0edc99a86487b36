"""The way of notices from the children that make them to the messenger, which carries them out of the host.

The parent makes it once, before any child, and keeps both ends: a child that dies and its successor use the same,
and what was sent in between is not lost. Each message is one packet; nobody ever waits.
"""

import asyncio
import socket
import time
from collections import deque
from collections.abc import Callable, Iterator

import msgspec

from standfast.base.limits import NOTICES_WAITING
from standfast.base.times import Instant
from standfast.model.config import Config
from standfast.observe.facts import NoticesLost
from standfast.observe.reporter import Reporter, Told, has_messages

_PACKET_MAX = 64 * 1024  # a notice has some hundred bytes; its detail is made of names and numbers


class Stamped(msgspec.Struct, frozen=True):
    """What is sent: a notice, and when it was true."""

    told: Told
    at: float  # seconds since 1970


class NoticePipe:
    """Both ends."""

    def __init__(self) -> None:
        self.near, self.far = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        for end in (self.near, self.far):
            end.settimeout(0)
        self._decoder = msgspec.json.Decoder(Stamped)

    def fileno(self) -> int:
        """What the messenger's selector watches."""
        return self.far.fileno()

    def receive(self) -> Iterator[Stamped]:
        """All that has come."""
        while True:
            try:
                packet = self.far.recv(_PACKET_MAX)
            except BlockingIOError:
                return
            yield self._decoder.decode(packet)

    def close(self) -> None:
        """Close both ends."""
        self.near.close()
        self.far.close()


class NoticeSender:
    """The end of a child that makes notices; what cannot be sent now waits, and of too much the oldest goes."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, pipe: NoticePipe, tell: Callable[[object], None]
    ) -> None:
        self._loop = loop
        self._socket = pipe.near
        self._tell = tell
        self._encoder = msgspec.json.Encoder()
        self._waiting: deque[bytes] = deque()
        self._lost = 0
        self.on = False  # whether there is a messenger

    def put(self, told: Told) -> None:
        """Send a notice, or keep it until it can be sent."""
        if not self.on:
            return
        if len(self._waiting) >= NOTICES_WAITING:
            self._waiting.popleft()
            self._lost += 1
        self._waiting.append(self._encoder.encode(Stamped(told, time.time())))
        if len(self._waiting) == 1:
            self._flush()

    def _flush(self) -> None:
        try:
            while self._waiting:
                self._socket.send(self._waiting[0])
                self._waiting.popleft()
        except BlockingIOError:
            self._loop.add_writer(self._socket, self._flush)
            return
        self._loop.remove_writer(self._socket)
        if self._lost:
            self._tell(NoticesLost(self._lost))
            self._lost = 0


class Outgoing:
    """A listener: what it hears goes to the messenger as notices, if a configuration has one."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, pipe: NoticePipe, tell: Callable[[object], None]
    ) -> None:
        self._sender = NoticeSender(loop, pipe, tell)
        self._reporter = Reporter(self._sender.put)

    def configure(self, config: Config) -> None:
        """Go by this configuration."""
        self._sender.on = has_messages(config.global_defs)
        self._reporter.configure(config)

    def recall(self, fact: object) -> None:
        """Know of a change that was told in another life."""
        self._reporter.recall(fact)

    def wants(self, kind: type) -> bool:
        """What may be worth a notice."""
        return self._reporter.wants(kind)

    def tell(self, fact: object, now: Instant) -> None:
        """Send the notice of a fact."""
        self._reporter.tell(fact, now)
