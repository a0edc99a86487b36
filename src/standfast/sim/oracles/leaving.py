"""A master that leaves politely hands over in a moment."""

from dataclasses import dataclass

from standfast.base.priorities import LEAVING
from standfast.base.times import Duration, Instant
from standfast.core.vrrp.effects import RouterChanged
from standfast.sim.host import SimHost
from standfast.sim.network import Packet
from standfast.sim.oracles.glance import glance
from standfast.sim.oracles.oracle import Oracle
from standfast.sim.truth import Group, Seat, Truth, group_of, skew


@dataclass(frozen=True, slots=True)
class Promise:
    """Somebody of these is master by then."""

    leaver: Seat
    heirs: tuple[Seat, ...]
    by: Instant


class Leaving(Oracle):
    """After a goodbye (priority 0) the first of those that heard it takes over within its skew.

    RFC 9568, section 6.4.2; behaviour SM-09. The bound is the shortest skew of all heirs, with the longest
    interval that one may have learnt, the packet's way, and how late a host may be. A lost packet, or anything
    that is done to anybody meanwhile, breaks the promise.
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._promises: dict[Group, Promise] = {}
        self._spoke: dict[Seat, Instant] = {}

    def stirred(self, host: str, *, harmful: bool) -> None:
        """No promise holds."""
        self._promises.clear()

    def weighed(self, seat: Seat, old: int) -> None:
        """Who is worth less from now on waits longer."""
        self._promises.clear()

    def lost(self, sender: str, receiver: str, packet: Packet) -> None:
        """Somebody may not have heard it."""
        self._promises.clear()

    def sent(self, seat: Seat, payload: bytes) -> None:
        """A goodbye is a promise, unless its last advert may come after it, or one of its sync group's."""
        truth, now = self.truth, self.truth.now
        if glance(payload).priority != LEAVING:
            self._spoke[seat] = now
            return
        if truth.network.conditions.loss or seat not in truth.routers:
            return
        spoke = max(self._spoke.get(one, Instant(0)) for one in truth.companions(seat))
        if now - spoke <= truth.network.conditions.slowest:
            return
        part = truth.clear_hosts(seat) or []
        if any(truth.of_mixed_ranks(seat, one) for one in part if one != seat):
            return  # two that yield to each other: each still hears the other's last words
        heirs = tuple(one for one in part if one != seat and truth.heeds(one, seat) and self._listens(one))
        if heirs and not any(truth.states[one] == "master" for one in heirs):
            group = group_of(truth.routers[seat])
            first = min(map(self._waits, heirs))
            by = Instant(now + first + truth.network.conditions.slowest)
            self._promises[group] = Promise(seat, heirs, by)

    def stepped(self, host: SimHost) -> None:
        """Who left one router only, and stays master of others of its sync group, lets nobody take it over."""
        for group, promise in list(self._promises.items()):
            if promise.leaver.host == host.name and any(map(self._is_tied, promise.heirs)):
                del self._promises[group]

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """It is kept when one of them is master, or the leaver again, if it is an owner."""
        if fact.new == "master":
            for group, promise in list(self._promises.items()):
                if seat in (*promise.heirs, promise.leaver):
                    del self._promises[group]

    def after_event(self) -> None:
        """Whether a promise is broken."""
        for promise in self._promises.values():
            if self.truth.now > promise.by:
                self.complain(f"{promise.leaver.host} left {promise.leaver.router} and nobody took it over")

    def _waits(self, heir: Seat) -> Duration:
        truth = self.truth
        clock = truth.hosts[heir.host].clock
        members = [truth.routers[one] for one in truth.companions(heir)]
        waits = max(skew(router, truth.slowest_interval(group_of(router))) for router in members)
        return Duration(clock.in_world_time(waits) + truth.host_slack(heir))

    def _is_tied(self, heir: Seat) -> bool:
        """Whether another of its sync group has a master."""
        truth = self.truth
        return any(truth.masters(group_of(truth.routers[one])) for one in truth.companions(heir))

    def _listens(self, heir: Seat) -> bool:
        """Whether its startup delay is over."""
        return self.truth.hosts[heir.host].clock.now() >= self.truth.hears_from(heir.host)


class Goodbye(Oracle):
    """A master that stops, or that cannot go on, says so with priority 0 (RFC 9568, 6.4.3; behaviour SM-18)."""

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._last: dict[Seat, tuple[Instant, int]] = {}  # when it last spoke, and with which priority

    def sent(self, seat: Seat, payload: bytes) -> None:
        """Remember."""
        self._last[seat] = self.truth.now, glance(payload).priority

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """Judge the end of a mastership."""
        ends = fact.old == "master" and fact.new in {"init", "fault"}
        if ends and self._last.get(seat) != (self.truth.now, LEAVING):
            self.complain(f"{seat.host} gave {seat.router} up without a word")
