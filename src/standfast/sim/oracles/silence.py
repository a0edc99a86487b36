"""Nobody takes over from a master that speaks."""

from dataclasses import dataclass, replace

from standfast.base.addresses import Family
from standfast.base.priorities import LEAVING
from standfast.base.times import Duration, Instant
from standfast.core.vrrp.effects import RouterChanged
from standfast.core.vrrp.router import Router
from standfast.sim.host import SimHost
from standfast.sim.network import Packet
from standfast.sim.oracles.glance import accepted, glance
from standfast.sim.oracles.oracle import Oracle
from standfast.sim.truth import SLACK, Seat, Truth, group_of, master_down, skew


@dataclass(frozen=True, slots=True)
class LastHeard:
    """What came to a router's host last that a backup must heed; times by the host's own clock."""

    at: Instant
    interval: Duration  # that the router knows by it
    learnt: bool = True  # from an advert; otherwise it is the router's own
    left: bool = False  # it was a goodbye
    weaker_since: Instant | None = None  # first of the weaker adverts that came since
    certain: bool = True  # False: a reload may have changed what counts before it was read
    exact: bool = True  # False: a reload, or waking up, may have started the silence anew


class Silence(Oracle):
    """A backup becomes master after a silence of exactly its Master_Down_Interval.

    RFC 9568, section 6.4.2: N adverts of the master's interval and the skew, after the last advert that counts;
    one skew after a goodbye; with preempt_delay, the adverts of a weaker master count until it ends (behaviours
    SM-05 to SM-11, SM-24). The silence is measured from when the kernel of the host *had* the last advert, read or
    not: a process that sleeps hears no less, and does not wait longer, unless it slept so long that it must doubt
    what it has heard. A sync group waits for the last of its routers (behaviour SG-01), and who has just started,
    for the end of the startup delay (SM-25).
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._heard: dict[Seat, LastHeard] = {}
        self._seats: dict[tuple[str, int, bool, Family], Seat] = {}

    def configured(self, host: SimHost, routers: tuple[Router, ...]) -> None:
        """What has come and was not read may count for something else now."""
        unread = host.process is not None and host.process.sockets.unread
        self._seats = {key: seat for key, seat in self._seats.items() if seat.host != host.name}
        for router in routers:
            seat = Seat(host.name, router.name)
            self._seats[host.name, router.vrid, router.group is not None, router.family] = seat
            if seat in self._heard:
                last = self._heard[seat]
                self._heard[seat] = replace(last, certain=last.certain and not unread, exact=False)

    def weighed(self, seat: Seat, old: int) -> None:
        """Of what has come and was not read, and of a weaker master that it was about to preempt, likewise."""
        if seat in self._heard:
            last, process = self._heard[seat], self.truth.hosts[seat.host].process
            unread = process is not None and process.sockets.unread
            self._heard[seat] = replace(last, certain=last.certain and not unread, exact=False)

    def arrived(self, host: SimHost, packet: Packet, *, kept: bool) -> None:
        """An advert that a backup must heed starts the silence again."""
        seen = glance(packet.payload)
        seat = self._seats.get((host.name, seen.vrid, packet.everybody, packet.family))
        router = self.truth.routers.get(seat) if seat is not None else None
        if (
            seat is None
            or router is None
            or not kept
            or not accepted(router, seen)
            or not self.truth.credible
        ):
            return
        now = host.clock.now()
        if now < self.truth.hears_from(host.name):
            return
        last = self._heard.get(seat) or LastHeard(Instant(-1), router.interval, learnt=False)
        if seen.priority == LEAVING:
            self._heard[seat] = LastHeard(now, last.interval, last.learnt, left=True)
        elif seen.priority >= router.priority or not router.preempt:
            self._heard[seat] = LastHeard(now, seen.interval)
        else:
            since = last.weaker_since if last.weaker_since is not None else now
            delay_ends = Instant(since + router.preempt_delay)
            counts = router.preempt_delay and last.at < delay_ends
            if counts:
                last = replace(last, at=min(now, delay_ends), interval=seen.interval, learnt=True, left=False)
            # What is read after a sleep starts the delay no earlier than the silence, and that may be moved.
            exact = last.exact and (last.weaker_since is not None or host.runs)
            self._heard[seat] = replace(last, weaker_since=since, exact=exact)

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """Judge a takeover; what was heard before a start, a fault or a long sleep is of no use."""
        router = self.truth.routers.get(seat)
        if router is None:
            return
        if fact.new == "master" and fact.old == "backup":
            self._judge(seat)
        if fact.new == "backup" and fact.reason != "stronger-heard":
            host = self.truth.hosts[seat.host]
            unread = host.process is not None and (
                host.process.sockets.unread or host.process.hearing is not None
            )
            begins = max(host.clock.now(), self.truth.hears_from(seat.host))
            self._heard[seat] = LastHeard(
                begins, router.interval, learnt=False, certain=not unread, exact=not unread
            )

    def _judge(self, seat: Seat) -> None:
        """Whether it was silent for long enough, and for no longer than the last of its group had to wait."""
        host = self.truth.hosts[seat.host]
        now, last = host.clock.now(), self._heard.get(seat)
        if last is None or not last.certain:
            return
        if now - last.at < (must := self._must(seat, last)):
            self.complain(
                f"{seat.host} took {seat.router} over after {now - last.at} us of silence; "
                f"it must wait {must} us"
            )
        every = {one: self._heard.get(one) for one in self.truth.companions(seat)}
        if all(each is not None and self._is_exact(one, each) for one, each in every.items()):
            ends = max(each.at + self._must(one, each) for one, each in every.items() if each is not None)
            if now > ends + host.hardware.plan.late + SLACK:
                self.complain(
                    f"{seat.host} took {seat.router} over {now - ends} us later than it had to wait for"
                )

    def _must(self, seat: Seat, last: LastHeard) -> Duration:
        """How long it has to wait from there."""
        router = self.truth.routers[seat]
        interval = last.interval if router.version == 3 and last.learnt else router.interval
        return skew(router, interval) if last.left else master_down(router, interval)

    def _is_exact(self, seat: Seat, last: LastHeard) -> bool:
        """Whether it must take over as soon as that time is over."""
        router = self.truth.routers[seat]
        interval = last.interval if router.version == 3 and last.learnt else router.interval
        slept = self.truth.hosts[seat.host].woke_by_clock - last.at  # since then until it woke
        return last.exact and slept < min(interval, self._must(seat, last))


class OwnStall(Oracle):
    """A process that did not run never takes over from a master that spoke all the time.

    Design, section 6, *stall-aware*: what the process slept through, and what its receive buffer could not hold,
    is its own fault and not the master's silence. Judged where the way from the master was clean all the time, and
    nothing was done to anybody but the host itself. All the time is a silence by the host's own clock: of the time
    in which that stood still, a suspended machine knows nothing.
    """

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """Judge a takeover."""
        if fact.new != "master" or fact.old != "backup" or seat not in self.truth.routers:
            return
        truth = self.truth
        start = truth.hosts[seat.host].clock.ago(truth.silence(seat))
        if truth.network.conditions.loss or truth.stirred_since(start, but=seat.host):
            return
        if truth.hosts[seat.host].set_at >= start:  # it could not believe what it heard
            return
        for master in truth.masters(group_of(truth.routers[seat])):
            if master.host != seat.host and truth.since[master] < start and self._kept_on(seat, master):
                self.complain(
                    f"{seat.host} took {seat.router} over from {master.host}, which spoke all the time"
                )

    def _kept_on(self, seat: Seat, master: Seat) -> bool:
        """Whether its adverts came often enough that one interval and a skew of listening finds one.

        Who has heard nothing yet does not know how slow the master is, and listens at its own pace.
        """
        truth = self.truth
        ours, theirs = truth.routers[seat], truth.routers[master]
        clock, other = truth.hosts[seat.host].clock, truth.hosts[master.host].clock
        apart = other.in_world_time(theirs.interval) + truth.network.conditions.slowest
        listens = clock.in_world_time(
            min(theirs.interval + skew(ours, theirs.interval), master_down(ours, ours.interval))
        )
        return (
            truth.hears(seat, master)
            and truth.yields_to(seat, master)
            and apart + truth.host_slack(master) < listens
        )
