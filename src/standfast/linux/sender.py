"""How adverts leave: the socket of an interface and family, and each router's ready packets for it."""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address
from struct import Struct
from typing import Final, NamedTuple

from standfast.base.addresses import Family, IpAddress
from standfast.base.errors import Broken
from standfast.base.limits import ADVERTS_READY
from standfast.linux.mmsg import Batch, Outbox
from standfast.linux.rawsock import VRRP, open_sender, sockaddr
from standfast.linux.refusals import refused
from standfast.wire import ah
from standfast.wire.ip import CLASS_NETWORK_CONTROL, ipv4_header, ipv6_header

_IDENTIFICATION: Final = Struct("!H")
_IDENTIFICATION_AT: Final = 4  # in an IPv4 header
_IDENTIFICATIONS: Final = 0xFFFF


class Exit(NamedTuple):
    """What one send socket is for."""

    interface: str
    interface_index: int
    family: Family
    source: IpAddress | None = None  # one that the interface does not have (`rawsock.open_sender`)


class Sender:
    """The send socket of an exit, and what waits to leave by it."""

    def __init__(self, way: Exit, complain: Callable[[str], None]) -> None:
        """Open it.

        Raises:
            Refused: it cannot be had.
        """
        self.way = way
        self.unsent = 0
        self._complain = complain
        self._socket = open_sender(way.interface, way.family, source=way.source, index=way.interface_index)
        self._waiting: dict[int, Batch] = {}  # by identity, in order
        self._failing = 0  # the last errno; 0 while all leaves
        self._said = 0  # the errno that was complained about

    def queue(self, batch: Batch) -> None:
        """Let it wait for `flush`."""
        self._waiting[id(batch)] = batch

    def waits(self, batch: Batch) -> bool:
        """Whether this batch is waiting already."""
        return id(batch) in self._waiting

    def flush(self, outbox: Outbox) -> None:
        """Send all that waits, in order; what cannot be sent is lost, as on a cable.

        One failure by itself is not worth a word: a goodbye, on an interface that was just set down. Two are.
        """
        if not self._waiting:
            return
        failures = outbox.send(self._socket.fileno(), tuple(self._waiting.values()))
        self._waiting.clear()
        error = failures[0].error if failures else 0
        self.unsent += len(failures)
        if error and error == self._failing != self._said:
            self._said = error
            place = f"{self.way.interface} IPv{self.way.family:d}"
            self._complain(str(refused(error, "send an advert", place=place, capability="CAP_NET_RAW")))
        self._failing = error
        self._said = error and self._said

    def close(self) -> None:
        """Give the descriptor back."""
        self._socket.close()


class ReadyAdverts:
    """One router's way to speak: its packets, ready to leave by a sender."""

    def __init__(
        self,
        sender: Sender,
        source: IpAddress,
        destinations: Sequence[IpAddress],
        *,
        hop_limit: int = 255,
        protocol: int = VRRP,
        fresh: bool = False,
        sent: int = 0,
    ) -> None:
        """Make ready to send.

        Args:
            sender: that they leave by.
            source: of the packets.
            destinations: one for each datagram of an advert.
            hop_limit: of the packets, or their TTL (behaviours WI-01, WI-10).
            protocol: of the packets.
            fresh: no advert is like the one before: only one is kept, and written over by the next.
            sent: how many IPv4 packets were sent for this router before.
        """
        self.sender = sender
        self.sent = sent
        self._source = source
        self._hop_limit = hop_limit
        self._destinations = tuple(destinations)
        self._protocol = protocol
        self._fresh = fresh
        self._last: Batch | None = None  # of fresh ones
        self._names = [sockaddr(to, sender.way.interface_index) for to in destinations]
        self._ready: dict[tuple[bytes, ...], Batch] = {}

    def batch(self, datagrams: Sequence[bytes]) -> Batch:
        """These adverts as packets, one for each destination; the same ones are packed only once."""
        key = tuple(datagrams)
        if self._fresh:
            return self._written_over(self._packets(key))
        ready = self._ready.get(key)
        if ready is None:
            if len(self._ready) >= ADVERTS_READY:
                self._ready.clear()
            ready = self._ready[key] = Batch(self._packets(key), self._names)
        return ready

    def waits(self, datagrams: Sequence[bytes]) -> bool:
        """Whether what these adverts would be written into still waits to be sent."""
        batch = self._last if self._fresh else self._ready.get(tuple(datagrams))
        return batch is not None and self.sender.waits(batch)

    def _packets(self, datagrams: Sequence[bytes]) -> list[bytes]:
        return [self._header(to, data) + data for to, data in zip(self._destinations, datagrams, strict=True)]

    def _written_over(self, packets: Sequence[bytes]) -> Batch:
        if self._last is None or not self._last.write(packets):
            self._last = Batch(packets, self._names)
        return self._last

    def number(self, batch: Batch) -> None:
        """Give its IPv4 packets the next identifications, counting up from 1 (behaviour WI-02)."""
        if self._source.version != 4 or self._protocol == ah.PROTOCOL:  # AH covers it: it is there already
            return
        for at in batch.offsets:
            self.sent = self.sent % _IDENTIFICATIONS + 1  # with 0, the kernel would choose one
            _IDENTIFICATION.pack_into(batch.memory, at + _IDENTIFICATION_AT, self.sent)

    def _header(self, to: IpAddress, data: bytes) -> bytes:
        """The IP header; of IPv4, the kernel puts the checksum right in what leaves."""
        length, protocol = len(data), self._protocol
        if isinstance(self._source, IPv4Address) and isinstance(to, IPv4Address):
            number = ah.identification_of(ah.sequence_in(data)) if protocol == ah.PROTOCOL else 0
            return ipv4_header(
                self._source,
                to,
                length,
                identification=number,
                ttl=self._hop_limit,
                protocol=protocol,
            )
        if isinstance(self._source, IPv6Address) and isinstance(to, IPv6Address):
            return ipv6_header(
                self._source,
                to,
                length,
                next_header=VRRP,
                hop_limit=self._hop_limit,
                traffic_class=CLASS_NETWORK_CONTROL,
            )
        raise Broken("a router's source and destinations are of one family")
