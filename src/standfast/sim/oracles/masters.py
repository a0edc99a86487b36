"""How many masters there may be, and for how long."""

from standfast.base.times import Instant
from standfast.core.vrrp.effects import RouterChanged
from standfast.sim.host import SimHost
from standfast.sim.network import Packet
from standfast.sim.oracles.oracle import Oracle
from standfast.sim.truth import Group, Seat, Truth, group_of

Pair = tuple[Seat, Seat]  # a stronger master, and a weaker one that hears it


class TwoMasters(Oracle):
    """Two masters, of which the weaker hears the stronger, last for one advert interval at most.

    The stronger one speaks at least once in each of its intervals, and the weaker yields to the first advert that
    it gets (RFC 9568, section 6.4.3). So from the moment when both are master and the way is open, it lasts

        the stronger one's interval, by its own clock
        + the slowest packet's way
        + how late an alarm rings and a process works, on both hosts.

    The network eating that advert starts the count again, and so does whatever is done to anything.
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._until: dict[Pair, Instant] = {}  # when it must be over
        self._stale = False

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """Count again which pairs there are."""
        self._stale = True

    def ended(self, host: SimHost) -> None:
        """Count again."""
        self._stale = True

    def stirred(self, host: str, *, harmful: bool) -> None:
        """Start again."""
        self._until.clear()
        self._stale = True

    def weighed(self, seat: Seat, old: int) -> None:
        """Another one may be the stronger."""
        self._stale = True

    def lost(self, sender: str, receiver: str, packet: Packet) -> None:
        """The stronger one was not heard this time."""
        for strong, weak in self._until:
            if strong.host == sender and weak.host == receiver:
                self._until[strong, weak] = self._from_now(strong, weak)

    def after_event(self) -> None:
        """Whether a pair lasts too long."""
        if self._stale:
            self._stale = False
            self._until = {pair: self._until.get(pair) or self._from_now(*pair) for pair in self._pairs()}
        for (strong, weak), until in self._until.items():
            if self.truth.now > until:
                self.complain(f"{weak.host} stays master of {weak.router} beside the stronger {strong.host}")

    def _pairs(self) -> list[Pair]:
        truth = self.truth
        found = []
        for group in truth.groups():
            masters = truth.masters(group)
            if len(masters) > 1:
                found += [
                    (strong, weak)
                    for strong in masters
                    for weak in masters
                    if truth.rank(strong) > truth.rank(weak) and truth.hears(weak, strong)
                ]
        return found

    def _from_now(self, strong: Seat, weak: Seat) -> Instant:
        truth = self.truth
        interval = truth.routers[strong].interval
        return Instant(
            truth.now
            + truth.hosts[strong.host].clock.in_world_time(interval)
            + truth.network.conditions.slowest
            + truth.host_slack(strong)
            + truth.host_slack(weak)
        )


class NoMaster(Oracle):
    """Routers that all hear each other, and nobody else, have a master within the slowest one's silence.

    Master_Down_Interval (RFC 9568, section 6.1) of the one that waits longest, with the longest interval that it
    may have learnt, counted from when the last master was lost or from when something was last done to anything.
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._until: dict[tuple[Seat, ...], Instant] = {}  # when each clear part must have one again
        self._stale = False

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """Count again which parts have no master."""
        self._stale = True

    def ended(self, host: SimHost) -> None:
        """Count again."""
        self._stale = True

    def stirred(self, host: str, *, harmful: bool) -> None:
        """Start again."""
        self._until.clear()
        self._stale = True

    def weighed(self, seat: Seat, old: int) -> None:
        """Who is worth less from now on waits longer."""
        self._until = {part: until for part, until in self._until.items() if seat not in part}
        self._stale = True

    def after_event(self) -> None:
        """Whether a part has been without one too long."""
        if self._stale:
            self._stale = False
            now = self.truth.now
            self._until = {
                part: self._until.get(part) or Instant(now + self.truth.election(part))
                for part in self._without()
            }
        for part, until in self._until.items():
            if self.truth.now > until:
                names = " ".join(seat.host for seat in part)
                self.complain(f"nobody of {names} has become master of {part[0].router}")

    def _without(self) -> set[tuple[Seat, ...]]:
        truth = self.truth
        return {
            tuple(part)
            for group in truth.groups()
            for seat in truth.members(group)
            if (part := truth.clear_hosts(seat)) and not self._has_master(part)
        }

    def _has_master(self, part: list[Seat]) -> bool:
        """Whether one of them is master, or another of a sync group of theirs: then that one must go first."""
        truth = self.truth
        return any(truth.states[one] == "master" for seat in part for one in truth.companions(seat))


class HealingTakesNothing(Oracle):
    """A host that comes back, or a network that heals, never leaves routers without the master that they had.

    Of two masters that meet one yields. If each of them lay down because of the other, nobody would answer for the
    addresses during a whole silence, though nothing bad happened.
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._master_until: dict[Seat, Instant] = {}
        self._fell: list[Seat] = []

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """Somebody is master no longer."""
        if fact.old == "master" and fact.reason != "overslept":  # who slept was nobody's master
            self._master_until[seat] = self.truth.now
        if fact.old == "master" and fact.new == "backup":
            self._fell.append(seat)

    def after_event(self) -> None:
        """Whether those that it hears had another master since the last harm, and have none now."""
        if not self._fell:
            return
        fell, self._fell = self._fell, []
        for seat in fell:
            self._judge(seat)

    def _judge(self, seat: Seat) -> None:
        truth = self.truth
        part = truth.clear_hosts(seat) if seat in truth.routers else None
        if not part or any(truth.states[one] == "master" for one in part):
            return
        echo = truth.network.conditions.slowest + truth.host_slack(seat)  # the last word of who was harmed
        for other in part:
            # Hosts of mixed ranks must each yield in one router: both lie down, whoever else is there.
            mixed = any(truth.of_mixed_ranks(one, other) for one in part if one != other)
            until = self._master_until.get(other, Instant(0))
            awake = truth.hosts[other.host].woke_at <= truth.harmed_at  # else it may have read old news
            if other != seat and awake and until > truth.harmed_at + echo and not mixed:
                self.complain(
                    f"{seat.host} and {other.host} have both yielded {seat.router}, and nobody has it"
                )


class OneMaster(Oracle):
    """When all is calm, each router is master if and only if it hears nobody whom it should let be master.

    A router of a sync group is not, either, if another of its group hears somebody whom that one should let be
    (behaviour SG-01).

    Where all hear each other this says: exactly one master, and it is the strongest, unless nopreempt, or a
    priority equal to its own, let another be (RFC 9568, sections 6.4.2 and 6.4.3; behaviours SM-10, SM-14, SM-23,
    SM-24). Where some hear only some, it is the only stable state that the same rules have.
    """

    def at_rest(self) -> None:
        """Judge each group."""
        for group in self.truth.groups():
            if self.truth.settled(group):
                self._judge(group)

    def _judge(self, group: Group) -> None:
        truth = self.truth
        for seat in truth.members(group):
            heard = self._heard(seat)
            if truth.states[seat] == "master":
                if stronger := [one for one in heard if truth.rank(one) > truth.rank(seat)]:
                    self.complain(f"{seat.host} is master of {seat.router} beside {stronger[0].host}")
            elif not any(self._has_to_wait(one) for one in truth.companions(seat)):
                self.complain(f"{seat.host} should be master of {seat.router} and is not")

    def _heard(self, seat: Seat) -> list[Seat]:
        truth = self.truth
        masters = truth.masters(group_of(truth.routers[seat]))
        return [one for one in masters if one != seat and truth.hears(seat, one)]

    def _has_to_wait(self, seat: Seat) -> bool:
        """Whether it hears a master whom it lets be, or cannot take part yet."""
        truth = self.truth
        return truth.states[seat] == "init" or any(truth.yields_to(seat, one) for one in self._heard(seat))


class Calm(Oracle):
    """Where nothing was done to anything for long enough, nothing changes (preemption is over as well)."""

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """Whether this may happen now."""
        router = self.truth.routers.get(seat)
        if router is not None and self.truth.settled(group_of(router)):
            self.complain(f"{seat.host} went from {fact.old} to {fact.new} ({fact.reason}) for no reason")
