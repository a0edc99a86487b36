"""Two sockets that the kernel sorts packets over: what can be for us, and what cannot and is only counted.

The first is read as it comes, all of it. Of a flood on the other a few packets are looked at, then there is a
rest, so that it costs next to nothing.

When a packet came is the kernel's word, in wall time. That clock can be set while the packet waits, so its word
counts only between the last time the socket was seen empty and now.
"""

import asyncio
import socket
import time
from collections.abc import Callable
from struct import Struct
from typing import Final, Generic, NamedTuple, Protocol, TypeVar

from standfast.base.limits import DRAIN_BATCH, INBOX, UNSOUND_AT_ONCE, UNSOUND_REST
from standfast.base.times import SECOND, Instant
from standfast.linux.mmsg import Inbox
from standfast.linux.socket_options import SO_TIMESTAMPNS

STAMP: Final = socket.SOL_SOCKET, SO_TIMESTAMPNS  # what the kernel says about when a packet came
_TIMESPEC: Final = Struct("@ll")


class Arrived(Protocol):
    """A packet with the time at which it came."""

    @property
    def at(self) -> Instant:
        """When the kernel received it."""
        ...


P = TypeVar("P", bound=Arrived)


class Moment(NamedTuple):
    """When a batch was read."""

    now: int  # microseconds of the monotonic clock
    ahead: int  # of the wall clock before it
    empty_at: int  # when the socket was last seen empty

    def arrival(self, stamp: bytes | None) -> Instant:
        """When a packet with this stamp came."""
        if stamp is None:
            return Instant(self.now)
        seconds, nanoseconds = _TIMESPEC.unpack(stamp)
        at = seconds * SECOND + nanoseconds // 1_000 - self.ahead
        return Instant(min(max(at, self.empty_at), self.now))


class SortedSockets(Generic[P]):
    """Reads both; what is told of a packet can lead to their being closed."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        sound: socket.socket,
        unsound: socket.socket,
        *,
        inbox: Inbox,
        packet: Callable[[int, Moment], P | None],
        tell: Callable[[P], None],
        complain: Callable[[OSError], None],
    ) -> None:
        """Listen.

        Args:
            loop: that packets are waited for on.
            sound: gets what can be for us.
            unsound: gets the rest.
            inbox: that datagrams are received into.
            packet: the datagram in a place of the inbox; None: the kernel tells too little about it.
            tell: gets the packets.
            complain: gets errors of a socket.
        """
        self.sound = sound
        self.unsound = unsound
        self._loop = loop
        self._inbox = inbox
        self._packet = packet
        self._tell = tell
        self._complain = complain
        self._rest: asyncio.TimerHandle | None = None
        self._unsound_left = UNSOUND_AT_ONCE
        self._empty_at = _now_us()
        self._newest = Instant(0)  # when the last datagram that was read arrived
        loop.add_reader(sound, self.drain)
        loop.add_reader(unsound, self._hear_unsound)

    def drain(self, until: Instant | None = None) -> bool:
        """Tell what has arrived, at most `DRAIN_BATCH` datagrams; whether more may wait that came until then."""
        for _ in range(DRAIN_BATCH // INBOX):
            before = _now_us()
            count = self._receive(self.sound)
            if count < INBOX:
                self._empty_at = before
                return False
            if until is not None and self._newest > until:
                return False
        return True

    def close(self) -> None:
        """Listen no longer, and give the descriptors back."""
        if self._rest is not None:
            self._rest.cancel()
        for sock in (self.sound, self.unsound):
            self._loop.remove_reader(sock)
            sock.close()

    def _hear_unsound(self) -> None:
        self._unsound_left -= self._receive(self.unsound)
        if self._unsound_left <= 0 and self.unsound.fileno() >= 0:
            self._loop.remove_reader(self.unsound)
            self._rest = self._loop.call_later(UNSOUND_REST / SECOND, self._end_rest)

    def _end_rest(self) -> None:
        self._unsound_left = UNSOUND_AT_ONCE
        self._loop.add_reader(self.unsound, self._hear_unsound)

    def _receive(self, sock: socket.socket) -> int:
        """Tell what one system call brings; how many datagrams it brought."""
        if sock.fileno() < 0:
            return 0
        try:
            count = self._inbox.receive(sock.fileno())
        except OSError as error:
            self._complain(error)
            return 0
        if not count:
            return 0
        now = _now_us()
        moment = Moment(now, time.time_ns() // 1_000 - now, self._empty_at)
        packets = [packet for place in range(count) if (packet := self._packet(place, moment)) is not None]
        for packet in packets:
            self._newest = packet.at
            self._tell(packet)
        return count


def _now_us() -> int:
    return time.monotonic_ns() // 1_000
