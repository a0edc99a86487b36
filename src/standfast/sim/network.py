"""Networks that lose, delay, double and reorder packets, and that let some hosts hear only some others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from standfast.base.addresses import Family, IpAddress
from standfast.base.times import MILLISECOND, ZERO, Duration
from standfast.sim.clock import Timeline


@dataclass(frozen=True, slots=True)
class Conditions:
    """How the network treats each packet."""

    loss: float = 0.0  # probability that one receiver of a packet does not get it
    delay: Duration = Duration(MILLISECOND // 10)
    jitter: Duration = Duration(MILLISECOND // 10)  # 0 to this much is added to the delay
    duplicate: float = 0.0  # probability that it comes twice
    reorder: float = 0.0  # probability that it is delayed by `reorder_by` more
    reorder_by: Duration = ZERO

    @property
    def slowest(self) -> Duration:
        """The longest time that a packet is on its way."""
        return Duration(self.delay + self.jitter + (self.reorder_by if self.reorder else 0))

    def worse_of(self, other: "Conditions") -> "Conditions":
        """The worse in each respect: what two troubles at a time amount to."""
        return Conditions(
            loss=max(self.loss, other.loss),
            delay=max(self.delay, other.delay),
            jitter=max(self.jitter, other.jitter),
            duplicate=max(self.duplicate, other.duplicate),
            reorder=max(self.reorder, other.reorder),
            reorder_by=max(self.reorder_by, other.reorder_by),
        )


class Packet(NamedTuple):
    """A datagram of protocol 112 on its way."""

    origin: str  # the name of the host that sent it; empty: somebody who takes no part
    source: IpAddress
    destination: IpAddress
    family: Family
    ttl: int
    payload: bytes
    everybody: bool  # to a group, not to one address
    covering: bytes = b""  # the IP header and the Authentication Header, if it has one


@dataclass(slots=True)
class Station:
    """One network interface of one host, as the network sees it."""

    host: str
    interface: str
    segment: str
    addresses: frozenset[IpAddress]
    receive: Callable[[Packet], None]
    up: bool = True


@dataclass(slots=True)
class Network:
    """All segments of a world."""

    timeline: Timeline
    rng: Random
    conditions: Conditions = Conditions()
    cuts: frozenset[tuple[str, str]] = frozenset()  # the second does not get what the first sends
    cuts_on: Mapping[str, frozenset[tuple[str, str]]] = field(default_factory=dict)  # of one segment only
    lost: Callable[[str, str, Packet], None] = lambda *_: None  # told of each packet that the network ate
    stations: list[Station] = field(default_factory=list)

    def attach(self, station: Station) -> None:
        """Plug an interface in."""
        self.stations.append(station)

    @property
    def in_pieces(self) -> bool:
        """Whether anything is cut anywhere."""
        return bool(self.cuts) or any(self.cuts_on.values())

    def carries(self, sender: Station, receiver: Station) -> bool:
        """Whether a packet of one interface can reach the other."""
        return (
            sender.segment == receiver.segment
            and sender.up
            and receiver.up
            and (sender.host, receiver.host) not in self.cuts
            and (sender.host, receiver.host) not in self.cuts_on.get(sender.segment, ())
        )

    def send(self, sender: Station, packet: Packet) -> None:
        """Put a packet on the segment of this interface; all others get it, or the one it is for."""
        for receiver in self.stations:
            if receiver is sender or receiver.segment != sender.segment:
                continue
            if packet.everybody or packet.destination in receiver.addresses:
                self._carry(sender, receiver, packet)

    def _carry(self, sender: Station, receiver: Station, packet: Packet) -> None:
        conditions, rng = self.conditions, self.rng
        if not self.carries(sender, receiver) or (conditions.loss and rng.random() < conditions.loss):
            self.lost(sender.host, receiver.host, packet)
            return
        copies = 2 if conditions.duplicate and rng.random() < conditions.duplicate else 1
        for _ in range(copies):
            delay = conditions.delay + int(rng.random() * (conditions.jitter + 1))
            if conditions.reorder and rng.random() < conditions.reorder:
                delay += conditions.reorder_by
            self.timeline.in_(delay, lambda: self._arrive(sender, receiver, packet))

    def _arrive(self, sender: Station, receiver: Station, packet: Packet) -> None:
        if receiver.up:
            receiver.receive(packet)
        else:
            self.lost(sender.host, receiver.host, packet)


def between_parts(parts: Sequence[Sequence[str]]) -> frozenset[tuple[str, str]]:
    """The cuts that separate these sets of hosts from one another."""
    return frozenset(
        (sender, receiver)
        for part in parts
        for other in parts
        if part is not other
        for sender in part
        for receiver in other
    )
