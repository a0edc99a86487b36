"""Sync groups: routers of one host that are master together or not at all (behaviours SG-01 to SG-04)."""

from standfast.base.priorities import LEAVING
from standfast.base.times import Instant
from standfast.core.vrrp.router import Router
from standfast.sim.host import SimHost
from standfast.sim.oracles.glance import glance
from standfast.sim.oracles.oracle import Oracle
from standfast.sim.truth import Seat, Truth


class Together(Oracle):
    """After each step of a process all routers of a sync group are master, or none is.

    One that has just joined a group at work listens first, as long as a silence takes. Which routers must be at
    fault is what `Faulty` looks at.
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._joined: dict[Seat, str] = {}  # each seat's group
        self._listens: dict[Seat, Instant] = {}  # until when one that has joined may, at most
        self._stale: set[str] = set()

    def configured(self, host: SimHost, routers: tuple[Router, ...]) -> None:
        """Who is in another group from now on listens first, beside masters."""
        for router in routers:
            seat = Seat(host.name, router.name)
            if router.sync_group != self._joined.get(seat, "") and host.process is not None:
                self._joined[seat] = router.sync_group
                self._listens[seat] = self._until(seat)
            self._joined[seat] = router.sync_group

    def ended(self, host: SimHost) -> None:
        """Its routers will begin anew."""
        for seat in [seat for seat in self._joined if seat.host == host.name]:
            self._joined.pop(seat)
            self._listens.pop(seat, None)

    def stirred(self, host: str, *, harmful: bool) -> None:
        """What holds one up, or makes it listen anew, starts its time again."""
        for seat in self._listens:
            if seat in self.truth.routers:
                self._listens[seat] = self._until(seat)

    def stepped(self, host: SimHost) -> None:
        """Judge each group of the host that has a master."""
        truth = self.truth
        for seat in truth.seats_of(host.name):
            if truth.routers[seat].sync_group and truth.states[seat] == "master":
                for other in truth.companions(seat):
                    if truth.states[other] != "master" and not self._may_listen(other):
                        self.complain(
                            f"{host.name} is master of {seat.router}, and {truth.states[other]} of "
                            f"{other.router} of the same sync group"
                        )

    def _may_listen(self, seat: Seat) -> bool:
        until = self._listens.get(seat)
        return self.truth.states[seat] != "fault" and until is not None and self.truth.now <= until

    def _until(self, seat: Seat) -> Instant:
        router, host = self.truth.routers[seat], self.truth.hosts[seat.host]
        delay = host.clock.in_world_time(router.preempt_delay) + host.hardware.plan.verdicts_late
        slowest = self.truth.network.conditions.slowest
        return Instant(self.truth.now + self.truth.silence(seat) + delay + 2 * slowest)


class Faulty(Oracle):
    """A router is in fault if and only if something keeps it, or another of its sync group, from taking part.

    Behaviours SG-02, SM-29, TR-01, TR-14: after each step of its process, by what that has been told until then;
    one whose trackers have not all had their first word has not begun (TR-04).
    """

    def stepped(self, host: SimHost) -> None:
        """Judge all routers of the host."""
        truth, seats = self.truth, self.truth.seats_of(host.name)
        groups = [truth.routers[seat].sync_group or seat.router for seat in seats]
        waits = {group for seat, group in zip(seats, groups, strict=True) if truth.in_between(seat)}
        faulty = {group for seat, group in zip(seats, groups, strict=True) if truth.has_fault(seat)}
        for seat, group in zip(seats, groups, strict=True):
            state, must = truth.states[seat], group in faulty
            if group in waits:
                continue
            if state != "init" and must != (state == "fault"):
                self.complain(
                    f"{host.name} has {seat.router} in {state}, {'with' if must else 'without'} fault"
                )
            if state == "init" and not truth.waits(seat) and host.process is not None:
                self.complain(f"{host.name} does not begin with {seat.router}")


class NoWordInFault(Oracle):
    """Nothing but a goodbye is sent by a router whose sync group cannot take part at the end of the step.

    No state that only lasts within a step reaches the wire.
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._spoke: set[Seat] = set()

    def sent(self, seat: Seat, payload: bytes) -> None:
        """Remember who spoke in this step."""
        if glance(payload).priority != LEAVING:
            self._spoke.add(seat)

    def stepped(self, host: SimHost) -> None:
        """Judge those who did."""
        spoke, self._spoke = self._spoke, set()
        for seat in spoke:
            if seat not in self.truth.routers:
                continue
            for other in self.truth.companions(seat):
                if self.truth.states[other] == "fault":
                    self.complain(f"{host.name} spoke for {seat.router} with {other.router} in fault")


class Weight(Oracle):
    """An advert carries the priority that the verdicts make, or says goodbye (behaviours TR-01, TR-08, SM-28)."""

    def sent(self, seat: Seat, payload: bytes) -> None:
        """Judge one advert."""
        router, priority = self.truth.routers.get(seat), glance(payload).priority
        if router is not None and priority not in (LEAVING, router.priority):
            self.complain(
                f"{seat.host} spoke for {seat.router} with priority {priority}, not {router.priority}"
            )
