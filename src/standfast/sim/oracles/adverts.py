"""When a master speaks."""

from collections import Counter
from dataclasses import dataclass

from standfast.base.limits import ANSWERS_PER_INTERVAL
from standfast.base.priorities import LEAVING
from standfast.base.times import Instant
from standfast.core.vrrp.effects import RouterChanged
from standfast.core.vrrp.router import Router
from standfast.sim.clock import TURN
from standfast.sim.host import SimHost
from standfast.sim.network import Packet
from standfast.sim.oracles.glance import Glance, accepted, glance
from standfast.sim.oracles.oracle import Oracle
from standfast.sim.truth import SLACK, Group, Seat, Truth, group_of, master_down


@dataclass(slots=True)
class Grid:
    """When a master's adverts are due, by its host's clock."""

    beat: Instant  # when the last one was due
    spoke: Instant  # when it last sent one of any kind
    router: Router  # as it was then
    answers: int = 0  # sent out of turn since then


class OnTime(Oracle):
    """A master's adverts stand on a grid: the takeover, and every interval from there.

    RFC 9568, section 6.4.3, and the design, section 6: none is early, one that is late does not move the next, and
    none is left out but by a process that did not run. An answer to a goodbye starts the grid anew, and so does
    a reload that speaks; an answer to a weaker master stands beside it (behaviours SM-15, SM-16, RL-03), and there
    are only so many answers.
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._grids: dict[Seat, Grid] = {}
        # Whose next advert may be late: the interval has just become shorter.
        self._excused: set[Seat] = set()

    def configured(self, host: SimHost, routers: tuple[Router, ...]) -> None:
        """A shorter interval may be over already."""
        self._excused |= {Seat(host.name, router.name) for router in routers}

    def ended(self, host: SimHost) -> None:
        """No master any more."""
        self._grids = {seat: grid for seat, grid in self._grids.items() if seat.host != host.name}

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """A master begins, or ends."""
        if fact.new == "master":
            now = self.truth.hosts[seat.host].clock.now()
            self._grids[seat] = Grid(now, now, self.truth.routers[seat])
        else:
            self._grids.pop(seat, None)

    def sent(self, seat: Seat, payload: bytes) -> None:
        """Judge one advert."""
        grid = self._grids.get(seat)
        host = self.truth.hosts[seat.host]
        router = self.truth.routers.get(seat)
        if grid is None or router is None or host.process is None or glance(payload).priority == LEAVING:
            return
        now = host.clock.now()
        self._judge_sleep(seat, grid, now - grid.spoke)
        grid.spoke, grid.router = now, router
        hearing = host.process.hearing
        if hearing is not None:
            self._judge_answer(seat, grid, left=hearing.payload[2] == LEAVING, now=now)
        elif host.process.ringing:
            self._judge_beat(seat, router, grid, now)
        else:
            grid.beat = now

    def _judge_beat(self, seat: Seat, router: Router, grid: Grid, now: Instant) -> None:
        late = now - grid.beat - router.interval
        if late < 0:
            self.complain(f"{seat.host} sent an advert of {seat.router} {-late} us early")
        host = self.truth.hosts[seat.host]
        slept = self.truth.now - host.woke_at <= late
        allowed = host.hardware.plan.late + TURN + SLACK
        if late > allowed and not slept:
            self.complain(f"{seat.host} sent an advert of {seat.router} {late} us late")
        grid.beat = Instant(grid.beat + (now - grid.beat) // router.interval * router.interval)
        grid.answers = 0

    def _judge_answer(self, seat: Seat, grid: Grid, *, left: bool, now: Instant) -> None:
        grid.answers += 1
        if grid.answers > ANSWERS_PER_INTERVAL:
            self.complain(f"{seat.host} answered {grid.answers} times within an interval of {seat.router}")
        if left:
            grid.beat = now

    def _judge_sleep(self, seat: Seat, grid: Grid, quiet: int) -> None:
        """A master that overslept the silence of the others listens before it speaks (design, section 6)."""
        if quiet >= master_down(grid.router, grid.router.interval):
            self.complain(f"{seat.host} spoke for {seat.router} after {quiet} us, without listening first")


class Answers(Oracle):
    """A master answers a weaker one, and one that leaves, at once (RFC 9568, 6.4.3; behaviours SM-15, SM-16).

    Only so often within an interval, and not if it overslept: then it is master no longer when it has heard. What
    a host loses with its socket, before the process reads it, asks for nothing.
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._asked: dict[Seat, list[Packet]] = {}
        self._sent: Counter[Seat] = Counter()  # adverts sent out of turn since the last beat

    def arrived(self, host: SimHost, packet: Packet, *, kept: bool) -> None:
        """Whether this one wants an answer."""
        seen = glance(packet.payload)
        for seat, router in self.truth.routers.items():
            if (
                kept
                and self.truth.states[seat] == "master"
                and seat.host == host.name
                and group_of(router) == Group(seen.vrid, packet.family, unicast=not packet.everybody)
                and accepted(router, seen)
                and self.truth.credible
                and self._weaker(seat, router, seen, packet)
            ):
                self._asked.setdefault(seat, []).append(packet)

    def lost(self, sender: str, receiver: str, packet: Packet) -> None:
        """It may be one that had arrived."""
        for seat in [seat for seat in self._asked if seat.host == receiver]:
            self._asked[seat] = [one for one in self._asked[seat] if one is not packet]

    def sent(self, seat: Seat, payload: bytes) -> None:
        """An answer, or a beat of the grid."""
        process = self.truth.hosts[seat.host].process
        self._asked.pop(seat, None)
        if process is not None and process.hearing is not None:
            self._sent[seat] += 1
        elif process is not None and process.ringing:
            self._sent[seat] = 0

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """Only a master answers."""
        self._asked.pop(seat, None)
        self._sent[seat] = 0

    def served(self, host: SimHost) -> None:
        """Whether all has been answered."""
        for seat in [seat for seat in self._asked if seat.host == host.name]:
            asked = self._asked.pop(seat)
            if asked and self._sent[seat] < ANSWERS_PER_INTERVAL and seat in self.truth.routers:
                self.complain(f"{seat.host} did not answer a weaker router of {seat.router}")

    def _weaker(self, seat: Seat, router: Router, seen: Glance, packet: Packet) -> bool:
        theirs = seen.priority, int(packet.source)
        return seen.priority == LEAVING or theirs < self.truth.rank(seat)
