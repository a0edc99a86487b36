"""One medium's receive sockets: what can be an advert, and what cannot and is only counted.

The kernel sorts (`filters.adverts`). The others are for the statistics; how many were overlooked it counts, too.
"""

import asyncio
import socket
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
    SENDERS_KEPT,
    UNSOUND_RECEIVE_BUFFER,
)
from standfast.base.times import Instant, WallTime
from standfast.engine.ports import Received, Router, Tell
from standfast.linux import filters
from standfast.linux.bpf import Code, attach
from standfast.linux.mmsg import Inbox
from standfast.linux.netlink import enlarge
from standfast.linux.rawsock import Medium, open_receiver
from standfast.linux.socket_options import SO_MEMINFO
from standfast.linux.sorted_sockets import STAMP, Moment, SortedSockets
from standfast.wire import ah

# First byte, length, TTL, source and destination of a header. The kernel has looked at it (ip_rcv) before it gives
# a packet to a raw socket; to look again, as `wire.ip` does, costs a third of what a datagram costs.
_IPV4: Final = Struct("!BxH4xB3xII")
_HOPS: Final = Struct("@i")
_MEMINFO: Final = Struct("=9I")  # the last of them: packets dropped because the buffer was full

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
        self._inbox = inbox
        self._complain = complain
        sound = open_receiver(medium, self._filter(sound=True), buffer=self._room())
        try:
            unsound = open_receiver(medium, self._filter(sound=False), buffer=UNSOUND_RECEIVE_BUFFER)
        except Exception:
            sound.close()
            raise
        self._sockets = SortedSockets(
            loop, sound, unsound, inbox=inbox, packet=self._packet, tell=tell, complain=self._failed
        )

    @property
    def overlooked(self) -> int:
        """How many packets the kernel dropped because we did not read them in time."""
        return sum(
            _MEMINFO.unpack(sock.getsockopt(socket.SOL_SOCKET, SO_MEMINFO, _MEMINFO.size))[-1]
            for sock in (self._sockets.sound, self._sockets.unsound)
        )

    def narrow(self, wish: Wish) -> None:
        """From now on, hear this and nothing else."""
        if wish != self.wish:
            self.wish = wish
            enlarge(self._sockets.sound, self._room())
            attach(self._sockets.sound, self._filter(sound=True))
            attach(self._sockets.unsound, self._filter(sound=False))

    def drain(self, until: Instant | None = None) -> bool:
        """Tell what has arrived, a batch of it; whether more may wait that came until then."""
        return self._sockets.drain(until)

    def close(self) -> None:
        """Listen no longer, and give the descriptors back."""
        self._sockets.close()

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

    def _failed(self, error: OSError) -> None:
        self._complain(f"{self.medium}: cannot receive adverts: {error}")

    def _packet(self, place: int, moment: Moment) -> Received | None:
        """The datagram, if the kernel tells enough about it."""
        content, ancillary = self._inbox.content(place), self._inbox.ancillary(place)
        at = moment.arrival(ancillary.get(STAMP))
        wall = WallTime(at + moment.ahead)
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
