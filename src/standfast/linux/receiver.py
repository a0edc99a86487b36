"""One medium's receive sockets: what can be an advert, and what cannot and is only counted.

The kernel sorts (`filters.adverts`). Sound packets are all read, as they come. The others are for the statistics:
of a flood of them a few are looked at, then there is a rest, so that they cost next to nothing; how many were
overlooked the kernel counts.

When a packet came is the kernel's word, in wall time. That clock can be set while the packet waits, so its word
counts only between the last time the socket was seen empty and now.
"""

import asyncio
import socket
import time
from collections.abc import Callable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address
from struct import Struct
from typing import Final

from standfast.base.addresses import Family
from standfast.base.frozen import frozen
from standfast.base.limits import (
    ADVERTS_RECEIVE_BUFFER,
    ADVERTS_RECEIVE_BUFFER_EACH,
    DRAIN_BATCH,
    INBOX,
    SENDERS_KEPT,
    UNSOUND_AT_ONCE,
    UNSOUND_RECEIVE_BUFFER,
    UNSOUND_REST,
)
from standfast.base.times import SECOND, Instant, WallTime
from standfast.engine.ports import Received, Router, Tell
from standfast.linux import filters
from standfast.linux.bpf import Code, attach
from standfast.linux.mmsg import Inbox
from standfast.linux.netlink import enlarge
from standfast.linux.rawsock import Medium, open_receiver
from standfast.linux.socket_options import SO_MEMINFO, SO_TIMESTAMPNS
from standfast.wire import ah

# First byte, length, TTL, source and destination of a header. The kernel has looked at it (ip_rcv) before it gives
# a packet to a raw socket; to look again, as `wire.ip` does, costs a third of what a datagram costs.
_IPV4: Final = Struct("!BxH4xB3xII")
_TIMESPEC: Final = Struct("@ll")
_HOPS: Final = Struct("@i")
_MEMINFO: Final = Struct("=9I")  # the last of them: packets dropped because the buffer was full

_STAMP: Final = socket.SOL_SOCKET, SO_TIMESTAMPNS
_DESTINATION: Final = socket.IPPROTO_IPV6, socket.IPV6_PKTINFO
_HOP_LIMIT: Final = socket.IPPROTO_IPV6, socket.IPV6_HOPLIMIT
_SENDER: Final = slice(8, 24)  # in a `struct sockaddr_in6`

_ipv4 = lru_cache(SENDERS_KEPT)(IPv4Address)
_ipv6 = lru_cache(SENDERS_KEPT)(IPv6Address)


@frozen
class Wish:
    """What is to be heard on one medium."""

    vrids: frozenset[int]
    strangers: bool  # also what is for other VRIDs, to tell of it
    buffer: int  # bytes that the routers ask for

    def and_for(self, router: Router) -> "Wish":
        """This router wants to hear, too."""
        strangers = self.strangers or router.hears_strangers
        return Wish(self.vrids | {router.vrid}, strangers, self.buffer + router.receive_buffer)


NO_WISH: Final = Wish(frozenset(), strangers=False, buffer=0)


class Receiver:
    """The sockets of one medium."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        medium: Medium,
        wish: Wish,
        *,
        inbox: Inbox,
        tell: Tell,
        complain: Callable[[str], None],
    ) -> None:
        """Open them and listen.

        Raises:
            Refused: they cannot be had.
        """
        self.medium = medium
        self.wish = wish
        self._behind = ah.AH_SIZE if medium.protocol == ah.PROTOCOL else 0
        self._loop = loop
        self._inbox = inbox
        self._tell = tell
        self._complain = complain
        self._rest: asyncio.TimerHandle | None = None
        self._unsound_left = UNSOUND_AT_ONCE
        self._sound = open_receiver(medium, self._filter(sound=True), buffer=self._room())
        try:
            code = self._filter(sound=False)
            self._unsound = open_receiver(medium, code, buffer=UNSOUND_RECEIVE_BUFFER)
        except Exception:
            self._sound.close()
            raise
        self._empty_at = _now_us()
        self._newest = Instant(0)  # when the last datagram that was read arrived
        loop.add_reader(self._sound, self.drain)
        loop.add_reader(self._unsound, self._hear_unsound)

    @property
    def overlooked(self) -> int:
        """How many packets the kernel dropped because we did not read them in time."""
        return sum(
            _MEMINFO.unpack(sock.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, _MEMINFO.size))[-1]
            for sock in (self._sound, self._unsound)
        )

    def narrow(self, wish: Wish) -> None:
        """From now on, hear this and nothing else."""
        if wish != self.wish:
            self.wish = wish
            enlarge(self._sound, self._room())
            attach(self._sound, self._filter(sound=True))
            attach(self._unsound, self._filter(sound=False))

    def drain(self, until: Instant | None = None) -> bool:
        """Tell what has arrived, at most `DRAIN_BATCH` datagrams; whether more may wait that came until then."""
        for _ in range(DRAIN_BATCH // INBOX):
            before = _now_us()
            count = self._receive(self._sound)
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
        for sock in (self._sound, self._unsound):
            self._loop.remove_reader(sock)
            sock.close()

    def _filter(self, *, sound: bool) -> Code:
        multicast = self.medium.group is not None
        family, wish = self.medium.family, self.wish
        return filters.adverts(
            family,
            wish.vrids,
            multicast=multicast,
            sound=sound,
            strangers=wish.strangers,
            behind=self._behind,
        )

    def _room(self) -> int:
        """Never less than is usual: a long sleep needs it (`vrrp_rx_bufs_policy` can only ask for more).

        Nor much more: all that waits is heard before a deadline is acted on, also when it is a flood.
        """
        usual = min(ADVERTS_RECEIVE_BUFFER, len(self.wish.vrids) * ADVERTS_RECEIVE_BUFFER_EACH)
        return max(usual, self.wish.buffer)

    def _hear_unsound(self) -> None:
        self._unsound_left -= self._receive(self._unsound)
        if self._unsound_left <= 0 and self._unsound.fileno() >= 0:
            self._loop.remove_reader(self._unsound)
            self._rest = self._loop.call_later(UNSOUND_REST / SECOND, self._end_rest)

    def _end_rest(self) -> None:
        self._unsound_left = UNSOUND_AT_ONCE
        self._loop.add_reader(self._unsound, self._hear_unsound)

    def _receive(self, sock: socket.socket) -> int:
        """Tell what one system call brings; how many datagrams it brought.

        What is told can lead to our being closed.
        """
        if sock.fileno() < 0:
            return 0
        try:
            count = self._inbox.receive(sock.fileno())
        except OSError as error:
            self._complain(f"{self.medium}: cannot receive adverts: {error}")
            return 0
        if not count:
            return 0
        now = _now_us()
        ahead = time.time_ns() // 1_000 - now  # of the wall clock before the monotonic one
        packets = [
            packet for place in range(count) if (packet := self._packet(place, ahead, now)) is not None
        ]
        for packet in packets:
            self._newest = packet.at
            self._tell(packet)
        return count

    def _packet(self, place: int, ahead: int, now: int) -> Received | None:
        """The datagram, if the kernel tells enough about it."""
        content, ancillary = self._inbox.content(place), self._inbox.ancillary(place)
        at = self._arrival(ancillary.get(_STAMP), ahead, now)
        wall = WallTime(at + ahead)
        interface, family = self.medium.interface, self.medium.family
        if family is Family.IPV4:
            if len(content) < _IPV4.size:
                return None
            first, length, ttl, source, target = _IPV4.unpack_from(content)
            begin = (first & 0x0F) * 4 + self._behind
            covering = content[:begin] if self._behind else b""
            payload = content[begin:length]
            ends = _ipv4(source), _ipv4(target)
            return Received(interface, family, *ends, ttl, payload, at, covering, wall)
        if _DESTINATION not in ancillary or _HOP_LIMIT not in ancillary:
            return None
        sender = _ipv6(self._inbox.sender(place)[_SENDER])
        destination = _ipv6(ancillary[_DESTINATION][:16])
        (hops,) = _HOPS.unpack(ancillary[_HOP_LIMIT])
        return Received(interface, family, sender, destination, hops, content, at, b"", wall)

    def _arrival(self, stamp: bytes | None, ahead: int, now: int) -> Instant:
        if stamp is None:
            return Instant(now)
        seconds, nanoseconds = _TIMESPEC.unpack(stamp)
        at = seconds * SECOND + nanoseconds // 1_000 - ahead
        return Instant(min(max(at, self._empty_at), now))


def _now_us() -> int:
    return time.monotonic_ns() // 1_000
