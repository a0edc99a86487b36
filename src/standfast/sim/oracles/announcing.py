"""How often a master announces its addresses."""

from collections import Counter, defaultdict

from standfast.base.addresses import IpAddress
from standfast.base.times import Duration, Instant
from standfast.core.vrrp.effects import RouterChanged, TwoMasters
from standfast.core.vrrp.router import Part, Router
from standfast.sim.clock import TURN
from standfast.sim.host import SimHost
from standfast.sim.oracles.oracle import Oracle
from standfast.sim.truth import SLACK, Seat, Truth


class Announced(Oracle):
    """Each address is announced with the takeover, and then as often as its rounds say.

    Behaviours SM-19, GA-03, GA-04: the first round goes with the takeover itself; `repeat` rounds at once, and as
    many again `delay` later. Where nothing interferes (a weaker master, a reload, an address that was taken away)
    the numbers are exact.
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._counts: dict[Seat, Counter[IpAddress]] = defaultdict(Counter)
        self._began: dict[Seat, Instant] = {}  # the mastership, by the host's clock
        self._interfered: set[Seat] = set()

    def announced(self, seat: Seat, part: Part) -> None:
        """Count."""
        self._counts[seat].update(address.address for address in part.addresses)

    def configured(self, host: SimHost, routers: tuple[Router, ...]) -> None:
        """Addresses may come and go; the counts are of no use any more."""
        self._interfered |= {Seat(host.name, router.name) for router in routers}

    def ended(self, host: SimHost) -> None:
        """Its routers will begin anew."""
        for seat in [seat for seat in self._counts if seat.host == host.name]:
            del self._counts[seat]

    def told(self, seat: Seat, fact: object) -> None:
        """A weaker master was heard, an address put back, or a master is left over: there are more of them."""
        if not isinstance(fact, TwoMasters):
            self._interfered.add(seat)

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """A takeover, or the end of one."""
        if fact.old == "master":
            self._judge(seat)
            self._counts.pop(seat, None)
        if fact.new == "master":
            self._interfered.discard(seat)
            self._began[seat] = self.truth.hosts[seat.host].clock.now()
            self._judge_takeover(seat)

    def at_rest(self) -> None:
        """Judge all masters."""
        for seat, state in self.truth.states.items():
            if state == "master" and self.truth.hosts[seat.host].runs:
                self._judge(seat)

    def _judge_takeover(self, seat: Seat) -> None:
        router = self.truth.routers[seat]
        if router.announcements.takeover.repeat:
            self._compare(seat, 1, exactly=True)

    def _judge(self, seat: Seat) -> None:
        """Whether as many went out as must have gone out by now."""
        router = self.truth.routers.get(seat)
        if router is None or seat in self._interfered:
            return
        rounds = router.announcements.takeover
        host = self.truth.hosts[seat.host]
        passed, takes = host.clock.now() - self._began[seat], self._takes(seat)
        if self.truth.now - host.woke_at <= takes:
            return
        if passed > rounds.delay + takes:
            self._compare(seat, rounds.repeat * (2 if rounds.delay else 1), exactly=True)
        elif passed > takes:
            self._compare(seat, rounds.repeat, exactly=passed < rounds.delay)

    def _compare(self, seat: Seat, want: int, *, exactly: bool) -> None:
        counts = self._counts[seat]
        for address in self.truth.routers[seat].held:
            count = counts[address.address]
            if count < want or (exactly and count != want):
                self.complain(f"{seat.host} announced {address.address} {count} times, not {want}")

    def _takes(self, seat: Seat) -> Duration:
        """How long one batch is on its way: a turn of the loop for each part, and each turn may be late."""
        turns = sum(
            len(other.parts) * other.announcements.takeover.repeat + 1
            for place, other in self.truth.routers.items()
            if place.host == seat.host
        )
        late = self.truth.hosts[seat.host].hardware.plan.late
        return Duration(turns * (late + TURN) + SLACK)
