"""A least time between two announcements on an interface: `vrrp_garp_interval`, `vrrp_gna_interval`, `garp_group`.

Switches that learn slowly lose announcements that come in a burst (behaviour GA-06). What may not leave yet waits
in a queue, and what is let go of meanwhile leaves the queue: a host never announces what it no longer holds.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from standfast.base.addresses import Family, HostAddress, family_of
from standfast.base.frozen import frozen
from standfast.base.limits import PACED_ROUNDS
from standfast.base.times import ZERO, Duration, Instant, after
from standfast.core.vrrp.router import AD_HOC, Part, Router
from standfast.engine.ports import AddressKey, AnnouncePort, Clock, Timer
from standfast.model.config import Config


@frozen
class Pace:
    """What the interfaces of one group share."""

    group: str  # its first interface
    gaps: Mapping[Family, Duration]  # from one packet to the next


@frozen
class Paces:
    """The paces of a configuration."""

    grouped: Mapping[str, Pace]  # by interface
    others: Mapping[Family, Duration]  # of each interface in no group

    def of(self, interface: str) -> Pace:
        """The pace of this interface."""
        return self.grouped.get(interface) or Pace(interface, self.others)


UNPACED: Final = Paces({}, dict.fromkeys(Family, ZERO))


def paces_of(config: Config) -> Paces:
    """The paces that a configuration asks for; a group's own intervals come before the global ones."""
    defaults = config.global_defs
    others = {Family.IPV4: defaults.vrrp_garp_interval, Family.IPV6: defaults.vrrp_gna_interval}
    grouped: dict[str, Pace] = {}
    for group in config.garp_groups:
        names = tuple(filter(None, (group.interface, *group.interfaces)))
        gaps = {
            Family.IPV4: group.garp_interval or others[Family.IPV4],
            Family.IPV6: group.gna_interval or others[Family.IPV6],
        }
        grouped.update((name, Pace(names[0], gaps)) for name in names)
    return Paces(grouped, others)


Entry = tuple[str, HostAddress]  # with the router's name


@dataclass(slots=True)
class _Lane:
    """The announcements of one family and one group of interfaces that wait for their turn."""

    gap: Duration
    free: Instant  # when the next one may leave
    waiting: deque[Entry] = field(default_factory=deque)
    often: Counter[AddressKey] = field(default_factory=Counter)  # how often each address waits

    def add(self, entry: Entry) -> None:
        """Wait at the end; who waits often enough already need not wait once more."""
        key = entry[1].key
        if self.often[key] < PACED_ROUNDS:
            self.often[key] += 1
            self.waiting.append(entry)

    def next(self, now: Instant) -> Entry:
        """Who may leave now; the next one after the gap."""
        entry = self.waiting.popleft()
        self.often[entry[1].key] -= 1
        self.free = after(now, self.gap)
        return entry

    def drop(self, unwanted: Callable[[Entry], bool]) -> None:
        """Let nobody of these wait any longer."""
        self.waiting = deque(entry for entry in self.waiting if not unwanted(entry))
        self.often = Counter(entry[1].key for entry in self.waiting)


class PacedAnnouncer:
    """An announcing port that lets packets out one by one where the configuration asks for it."""

    def __init__(self, port: AnnouncePort, clock: Clock) -> None:
        self._port = port
        self._clock = clock
        self._timer: Timer | None = None
        self._paces = UNPACED
        self._paced = False
        self._lanes: dict[tuple[str, Family], _Lane] = {}

    def arm(self, timer: Timer) -> None:
        """Wait with this timer; it rings `ring`."""
        self._timer = timer

    def configure(self, paces: Paces) -> None:
        """Keep these paces from now on; what waits leaves by them."""
        if paces == self._paces:
            return
        waiting = [entry for lane in self._lanes.values() for entry in lane.waiting]
        every = (paces.others, *(pace.gaps for pace in paces.grouped.values()))
        self._paces, self._paced, self._lanes = paces, any(any(gaps.values()) for gaps in every), {}
        for router, address in waiting:
            self._announce(router, address)
        self._set_timer()

    def prepare(self, parts: Sequence[Part], router: Router) -> None:
        """Make the frames of these parts ready; replaces all that was ready for their router."""
        self._port.prepare(parts, router)

    def announce(self, part: Part) -> None:
        """Send one frame for each address of this part, now or each in its turn."""
        if not self._paced:
            self._port.announce(part)
            return
        for address in part.addresses:
            self._announce(part.router, address)
        self._set_timer()

    def withdraw(self, addresses: Sequence[HostAddress]) -> None:
        """These are no longer held: what waits for them is not sent."""
        if not self._lanes:
            return
        keys = {address.key for address in addresses}
        for lane in self._lanes.values():
            lane.drop(lambda entry: entry[1].key in keys)
        self._set_timer()

    def forget(self, router: str) -> None:
        """Drop what was made ready for this router, and what waits for it."""
        for lane in self._lanes.values():
            lane.drop(lambda entry: entry[0] == router)
        self._port.forget(router)
        self._set_timer()

    def ring(self) -> None:
        """Send what may leave now."""
        now = self._clock.now()
        for lane in self._lanes.values():
            if lane.waiting and lane.free <= now:
                self._send(*lane.next(now))
        self._set_timer()

    def _announce(self, router: str, address: HostAddress) -> None:
        lane = self._lane(address)
        now = self._clock.now()
        if lane.free <= now and not lane.waiting:
            self._send(router, address)
            lane.free = after(now, lane.gap)
        else:
            lane.add((router, address))

    def _lane(self, address: HostAddress) -> _Lane:
        pace = self._paces.of(address.interface)
        family = family_of(address.address)
        lane = self._lanes.get((pace.group, family))
        if lane is None:
            lane = self._lanes[pace.group, family] = _Lane(pace.gaps[family], self._clock.now())
        return lane

    def _send(self, router: str, address: HostAddress) -> None:
        self._port.announce(Part(router, AD_HOC, (address,)))

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.set(min(self._due(), default=None))

    def _due(self) -> Iterator[Instant]:
        return (lane.free for lane in self._lanes.values() if lane.waiting)
