"""Which routes a host has."""

from standfast.base.limits import REINSTATE_WINDOW
from standfast.base.routes import RoutingKey
from standfast.base.times import Instant
from standfast.core.vrrp.effects import RouterChanged
from standfast.sim.host import NEWS_DELAY, SimHost
from standfast.sim.oracles.oracle import Oracle
from standfast.sim.truth import SLACK, Seat, Truth


class Routed(Oracle):
    """A host has the routes of its masters, all of them, and no others of ours (behaviours SM-19, SM-20, TR-21).

    One that somebody removed, or that the kernel refused, is there again after `REINSTATE_WINDOW` at the latest.
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._lacking: dict[tuple[str, RoutingKey], Instant] = {}  # since when
        self._left: dict[str, set[RoutingKey]] = {}  # by a process that was killed
        self._judged: dict[str, Instant] = {}  # when its successor was judged first
        self._due: set[str] = set()

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """Other routes should be there."""
        self._due.add(seat.host)

    def ended(self, host: SimHost) -> None:
        """What it leaves, its successor finds when it first reads the table."""
        self._left[host.name] = set(host.routing.table)
        self._judged.pop(host.name, None)

    def stirred(self, host: str, *, harmful: bool) -> None:
        """Whatever lacks has its time from now on."""
        now = self.truth.now
        self._lacking = {what: now if what[0] == host else at for what, at in self._lacking.items()}

    def served(self, host: SimHost) -> None:
        """Judge, if anything has changed."""
        if host.routing.changed or host.name in self._due:
            host.routing.changed = False
            self._due.discard(host.name)
            self._judge(host)

    def at_rest(self) -> None:
        """Judge all that run."""
        for host in self.truth.hosts.values():
            if host.runs:
                self._judge(host)

    def _judge(self, host: SimHost) -> None:
        if host.process is None:
            return
        should = {
            item.key
            for seat in self.truth.seats_of(host.name)
            if self.truth.states[seat] == "master"
            for item in self.truth.routers[seat].routing
        }
        have = host.routing.table.keys()
        extra = have - should - self._may_stay(host)
        if extra:
            self.complain(f"{host.name} still has {len(extra)} routes")
        missing = should - have
        if missing - host.routing.hurt:
            self.complain(f"{host.name} lacks {len(missing)} routes")
        self._lacking = {
            (name, key): at
            for (name, key), at in self._lacking.items()
            if name != host.name or key in missing
        }
        for key in missing:
            since = self._lacking.setdefault((host.name, key), self.truth.now)
            if self.truth.now > since + self._patience(host) and not host.routing.refusing:
                self.complain(f"{host.name} has not put a route back")

    def _may_stay(self, host: SimHost) -> set[RoutingKey]:
        first = self._judged.setdefault(host.name, self.truth.now)
        if max(first, host.woke_at) + 2 * NEWS_DELAY + SLACK < self.truth.now:
            self._left.pop(host.name, None)
        return self._left.get(host.name, set())

    def _patience(self, host: SimHost) -> int:
        waits = host.clock.in_world_time(2 * REINSTATE_WINDOW)
        return waits + 2 * NEWS_DELAY + host.hardware.plan.late + SLACK
