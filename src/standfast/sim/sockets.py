"""The sockets of protocol 112 of a simulated process: bounded receive buffers, and real bytes."""

from collections import deque
from collections.abc import Callable, Sequence
from ipaddress import IPv4Address
from typing import NamedTuple

from standfast.base.addresses import Family, IpAddress
from standfast.base.limits import DRAIN_BATCH
from standfast.base.times import Instant, WallTime
from standfast.engine.adverts import destinations
from standfast.engine.ports import Event, Link, Received, Router, SocketFailed, SocketOpened
from standfast.sim.network import Network, Packet, Station
from standfast.wire.ah import AH_SIZE, PROTOCOL, identification_of, sequence_in
from standfast.wire.ip import ipv4_header

TTL = 255
Medium = tuple[str, Family]


class Arrived(NamedTuple):
    """A datagram in a receive buffer."""

    packet: Packet
    at: Instant  # when the kernel had it, by the host's clock
    wall: WallTime  # and what the host believed the time of day to be


class Sender(NamedTuple):
    """What was made ready to send for one router."""

    station: Station
    source: IpAddress
    family: Family
    destinations: tuple[IpAddress, ...]
    everybody: bool  # they are one group
    headed: bool  # adverts stand behind an Authentication Header


class Sockets:
    """The engine's way to the network (`ports.AdvertPort`)."""

    def __init__(
        self,
        network: Network,
        stations: dict[str, Station],
        *,
        tell: Callable[[Event], None],
        sent: Callable[[str, bytes], None],
        room: int,
    ) -> None:
        """Make a process's sockets; none is open.

        Args:
            network: where packets go.
            stations: the host's interfaces by name.
            tell: gives the machine an event at once.
            sent: told of each advert: its router, and the payload for its first destination.
            room: datagrams that a receive buffer holds; the newest are lost.
        """
        self.unavailable: set[Medium] = set()  # sockets that cannot be had
        self._network = network
        self._stations = stations
        self._tell = tell
        self._sent = sent
        self._room = room
        self._buffers: dict[Medium, deque[Arrived]] = {}
        self._wanted: dict[Medium, set[IpAddress]] = {}  # the groups that were joined
        self._senders: dict[str, Sender] = {}
        self._queue: list[tuple[Sender, Sequence[bytes]]] = []

    # ---- what the engine asks for

    def listen(self, routers: Sequence[tuple[Router, Link]]) -> None:
        """Have sockets for exactly these routers."""
        before = self._wanted
        self._wanted = {}
        for router, _ in routers:
            groups = self._wanted.setdefault((router.interface, router.family), set())
            groups |= {router.group} if router.group is not None else set()
        self._buffers = {medium: self._buffers.get(medium, deque()) for medium in self._wanted}
        for medium in self._wanted.keys() - before.keys():
            if medium in self.unavailable:
                self._tell(SocketFailed(*medium, "no room"))

    def prepare(self, router: Router, link: Link, source: IpAddress) -> None:
        """Make ready to send for this router."""
        station = self._stations[link.name]
        self._senders[router.name] = Sender(
            station,
            source,
            router.family,
            destinations(router),
            router.group is not None,
            router.ah_key is not None,
        )

    def ready(self, router: str, datagrams: Sequence[bytes]) -> None:
        """Nothing takes time here."""

    def send(self, router: str, datagrams: Sequence[bytes]) -> None:
        """Queue one advert of this router."""
        sender = self._senders.get(router)
        if sender is not None:
            self._queue.append((sender, datagrams))
            message = datagrams[0] if datagrams else b""
            self._sent(router, message[AH_SIZE:] if sender.headed else message)

    def flush(self) -> None:
        """Send what is queued, in order."""
        queue, self._queue = self._queue, []
        for sender, datagrams in queue:
            for place, payload in zip(sender.destinations, datagrams, strict=True):
                self._network.send(sender.station, _packet(sender, place, payload))

    def drain(self, until: Instant | None = None) -> bool:  # noqa: ARG002  (no socket here sees a flood)
        """Give the machine what has arrived, at most `DRAIN_BATCH` datagrams of each socket."""
        for (interface, family), buffer in tuple(self._buffers.items()):
            for _ in range(min(DRAIN_BATCH, len(buffer))):
                packet, at, wall = buffer.popleft()
                ends = packet.source, packet.destination
                self._tell(
                    Received(interface, family, *ends, packet.ttl, packet.payload, at, packet.covering, wall)
                )
        return self.unread

    def forget(self, router: str) -> None:
        """Drop what was made ready for this router."""
        self._senders.pop(router, None)

    # ---- what the host does

    def hears(self, interface: str, packet: Packet) -> bool:
        """Whether a packet finds an open socket."""
        medium = (interface, packet.family)
        groups = self._wanted.get(medium)
        if groups is None or medium in self.unavailable:
            return False
        return not packet.everybody or packet.destination in groups

    def take(self, interface: str, packet: Packet, at: Instant, wall: WallTime) -> bool:
        """The kernel puts a packet into the buffer; False if the buffer is full."""
        buffer = self._buffers[interface, packet.family]
        if len(buffer) >= self._room:
            return False
        buffer.append(Arrived(packet, at, wall))
        return True

    @property
    def unread(self) -> bool:
        """Whether anything waits to be read."""
        return any(self._buffers.values())

    def unread_of(self, medium: Medium) -> list[Packet]:
        """What waits to be read from one socket."""
        return [arrived.packet for arrived in self._buffers.get(medium, ())]

    def fail(self, medium: Medium) -> Event:
        """A socket is lost; what it held is gone."""
        self.unavailable.add(medium)
        self._buffers.get(medium, deque()).clear()
        return SocketFailed(*medium, "lost")

    def mend(self, medium: Medium) -> Event:
        """It can be had again."""
        self.unavailable.discard(medium)
        return SocketOpened(*medium)


def _packet(sender: Sender, to: IpAddress, payload: bytes) -> Packet:
    """A datagram on its way; an Authentication Header is known again by the IP header that it covers."""
    covering = b""
    if sender.headed and isinstance(sender.source, IPv4Address) and isinstance(to, IPv4Address):
        number, length = identification_of(sequence_in(payload)), len(payload)
        header = ipv4_header(sender.source, to, length, identification=number, ttl=TTL, protocol=PROTOCOL)
        covering, payload = header + payload[:AH_SIZE], payload[AH_SIZE:]
    return Packet(
        sender.station.host, sender.source, to, sender.family, TTL, payload, sender.everybody, covering
    )
