"""What routers tell of two masters at once: when it is so, and only then; and that it is over."""

from collections import defaultdict, deque
from dataclasses import dataclass
from itertools import combinations
from typing import Final, NamedTuple

from standfast.base.addresses import IpAddress
from standfast.base.priorities import LEAVING
from standfast.base.times import ZERO, Duration, Instant
from standfast.core.vrrp.effects import OneMaster, RouterChanged, TwoMasters
from standfast.sim.host import SimHost
from standfast.sim.network import Packet
from standfast.sim.oracles.glance import glance
from standfast.sim.oracles.oracle import Oracle
from standfast.sim.truth import SLACK, Group, Seat, Truth, group_of

REMEMBERED: Final = 64  # adverts of each address, and masterships
ENDLESS: Final = Instant(2**62)
Two = tuple[Seat, Seat]
Place = tuple[Group, IpAddress]


class Word(NamedTuple):
    """An advert."""

    at: Instant  # when it was sent
    way: Duration  # the longest that it may have been on its way, in the weather of that moment


@dataclass(slots=True)
class Reign:
    """A mastership."""

    began: Instant
    ended: Instant = ENDLESS


class Rumours(Oracle):
    """A router tells of two masters only if both were master at once and both spoke meanwhile.

    A handover is not that: the old one is master for as long as the new one's first advert takes, and is silent.
    What was on its way when the other began may be heard after it; when the weather is fair again something may
    come that left before. What came before a virtual machine was suspended seems to it to have come just now:
    its clock stood still.
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._spoke: dict[Place, deque[Word]] = defaultdict(_recent)
        self._reigns: dict[Place, deque[Reign]] = defaultdict(_reigns)

    def sent(self, seat: Seat, payload: bytes) -> None:
        """Remember who spoke when."""
        if seat in self.truth.routers and glance(payload).priority != LEAVING:
            slowest = self.truth.network.conditions.slowest
            self._spoke[self._place(seat)].append(Word(self.truth.now, slowest))

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """Remember who was master when."""
        if seat not in self.truth.routers:
            return
        if fact.new == "master":
            self._reigns[self._place(seat)].append(Reign(self.truth.now))
        elif fact.old == "master":
            self._end(seat)

    def ended(self, host: SimHost) -> None:
        """Its masterships are over."""
        for seat in self.truth.seats_of(host.name):
            self._end(seat)

    def told(self, seat: Seat, fact: object) -> None:
        """Judge."""
        if not isinstance(fact, TwoMasters) or seat not in self.truth.routers:
            return
        group = group_of(self.truth.routers[seat])
        one, other = (group, fact.first), (group, fact.second)
        known = {self._place(each) for each in self.truth.routers}
        if {one, other} <= known and not self._both_spoke(one, other, self._stood_still(seat)):
            self.complain(f"{seat.host} tells of two masters of {seat.router} that were not there at once")

    def _place(self, seat: Seat) -> Place:
        return group_of(self.truth.routers[seat]), self.truth.address(seat)

    def _end(self, seat: Seat) -> None:
        reigns = self._reigns[self._place(seat)]
        if reigns and reigns[-1].ended == ENDLESS:
            reigns[-1].ended = self.truth.now

    def _stood_still(self, seat: Seat) -> Duration:
        """How long its host's clock did so within the time that it still compares by."""
        truth, router = self.truth, self.truth.routers[seat]
        clock, slowest = truth.hosts[seat.host].clock, truth.slowest_interval(group_of(router))
        compares = clock.in_world_time(router.down_timer_adverts * slowest)
        return Duration(truth.now - compares - clock.ago(compares))

    def _both_spoke(self, one: Place, other: Place, stood_still: Duration) -> bool:
        slowest = max((word.way for place in (one, other) for word in self._spoke[place]), default=ZERO)
        on_its_way = slowest + stood_still + SLACK
        for first in self._reigns[one]:
            for second in self._reigns[other]:
                began = max(first.began, second.began) - on_its_way
                ended = min(first.ended, second.ended) + on_its_way
                if all(
                    any(began <= word.at <= ended for word in self._spoke[place]) for place in (one, other)
                ):
                    return True
        return False


class Alarm(Oracle):
    """A router that hears two masters says so, and says when it is over.

    Who is master itself and hears another one knows at once; a backup knows when the first has spoken again after
    the second: within two intervals of the slower one, and the packets' way. It is over when one of them has been
    silent for an interval more than a backup waits.
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._open: set[Seat] = set()
        self._strangers: dict[Seat, bool] = {}  # whether one of its two takes no part, and may speak for ever
        self._over_by: dict[Seat, Instant] = {}  # when those who no longer hear two must have said so
        self._under_way = Instant(0)  # until when something comes that left in worse weather
        self._until: dict[tuple[Seat, Two], Instant] = {}  # when who hears these two must have said so
        self._stale = False

    def told(self, seat: Seat, fact: object) -> None:
        """Two masters, or one again."""
        if isinstance(fact, TwoMasters):
            if seat in self._open:
                self.complain(f"{seat.host} tells of two masters of {seat.router} twice")
            self._open.add(seat)
            self._strangers[seat] = self._with_strangers(seat, fact)
        if isinstance(fact, OneMaster):
            if seat not in self._open:
                self.complain(f"{seat.host} tells the end of what it has not told of {seat.router}")
            self._open.discard(seat)
        self._stale = True

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """Count again; a router that ends has nothing to tell any more."""
        if fact.new == "init":
            self._open.discard(seat)
        self._stale = True

    def ended(self, host: SimHost) -> None:
        """Nor has a process."""
        self._open = {seat for seat in self._open if seat.host != host.name}
        self._stale = True

    def stirred(self, host: str, *, harmful: bool) -> None:
        """Start again; the weather is still the one of before."""
        slowest = self.truth.network.conditions.slowest
        self._under_way = max(self._under_way, Instant(self.truth.now + slowest))
        self._until.clear()
        self._over_by.clear()
        self._stale = True

    def lost(self, sender: str, receiver: str, packet: Packet) -> None:
        """It may not have heard one of them this time."""
        for seat, two in self._until:
            if seat.host == receiver and sender in (two[0].host, two[1].host):
                self._until[seat, two] = self._from_now(two)

    def after_event(self) -> None:
        """Whether somebody is silent about two masters for too long."""
        if self._stale:
            self._stale = False
            heard = self._heard()
            self._until = {
                pair: self._until.get(pair) or self._from_now(pair[1])
                for pair in heard
                if pair[0] not in self._open
            }
            quiet = {seat for seat in self._open if not self._strangers[seat]} - {seat for seat, _ in heard}
            self._over_by = {
                seat: self._over_by.get(seat) or self._over(seat)
                for seat in quiet
                if seat in self.truth.routers and self.truth.hosts[seat.host].runs
            }
        for (seat, _), until in self._until.items():
            if self.truth.now > until:
                self.complain(f"{seat.host} does not tell of the two masters of {seat.router} that it hears")

        for seat, until in self._over_by.items():
            if self.truth.now > until:
                self.complain(f"{seat.host} still believes in two masters of {seat.router}")

    def _with_strangers(self, seat: Seat, fact: TwoMasters) -> bool:
        truth, group = self.truth, group_of(self.truth.routers[seat])
        known = {truth.address(one) for one, router in truth.routers.items() if group_of(router) == group}
        return not known.issuperset({fact.first, fact.second})

    def _over(self, seat: Seat) -> Instant:
        """When it must know that one of two masters is silent whom it hears no more."""
        truth = self.truth
        router, clock = truth.routers[seat], truth.hosts[seat.host].clock
        slowest = max(router.interval, truth.slowest_interval(group_of(router)))
        waits = clock.in_world_time((router.down_timer_adverts + 2) * slowest)
        since = max(truth.now, self._under_way)
        return Instant(since + waits + truth.network.conditions.slowest + 2 * truth.host_slack(seat))

    def _heard(self) -> list[tuple[Seat, Two]]:
        """Who hears which two masters; of two that one of them hears the other, itself."""
        truth = self.truth
        return [
            (seat, two)
            for group in truth.groups()
            if len(masters := truth.masters(group)) > 1
            for two in combinations(sorted(masters), 2)
            for seat in truth.members(group)
            if all(one == seat or truth.hears(seat, one) for one in two)
            and (seat in two or truth.states[seat] == "backup")
        ]

    def _from_now(self, two: Two) -> Instant:
        truth = self.truth
        slower = max(
            truth.hosts[one.host].clock.in_world_time(truth.routers[one].interval) + truth.host_slack(one)
            for one in two
        )
        return Instant(truth.now + 2 * slower + truth.network.conditions.slowest + 2 * SLACK)


def _recent() -> deque[Word]:
    return deque(maxlen=REMEMBERED)


def _reigns() -> deque[Reign]:
    return deque(maxlen=REMEMBERED)
