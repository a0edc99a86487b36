"""Which addresses a host holds."""

from standfast.base.limits import REINSTATE_BURST, REINSTATE_WINDOW
from standfast.base.times import Duration, Instant
from standfast.core.vrrp.effects import RouterChanged
from standfast.engine.ports import AddressKey, Router
from standfast.sim.host import NEWS_DELAY, SimHost
from standfast.sim.oracles.oracle import Oracle
from standfast.sim.truth import SLACK, Seat, Truth


class Holding(Oracle):
    """A host holds the addresses of its masters, all of them, and none of its other routers.

    Behaviours SM-19 to SM-21, TR-21, RL-03: after everything that its process did, so also after a restart that
    finds what a killed process has left. An address that was taken away by hand is back as soon as the process has
    heard of it; one that was taken away again and again, or that the kernel refuses, is back after
    `REINSTATE_WINDOW`.
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._due: set[str] = set()
        self._excused: dict[tuple[str, AddressKey], Instant] = {}
        self._taken: dict[str, list[Instant]] = {}

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """Other addresses should be there."""
        self._due.add(seat.host)

    def taken(self, host: SimHost, key: AddressKey) -> None:
        """It may be missing for a moment, or for longer if that happens again and again."""
        now = self.truth.now
        recent = [at for at in self._taken.get(host.name, []) if now - at <= 2 * REINSTATE_WINDOW]
        self._taken[host.name] = [*recent, now]
        often = len(recent) + 1 > REINSTATE_BURST
        later = self._later(host.name, REINSTATE_WINDOW if often else Duration(0))
        self._excused[host.name, key] = max(later, self._excused.get((host.name, key), later))

    def served(self, host: SimHost) -> None:
        """Judge, if anything has changed."""
        if host.kernel.changed or host.name in self._due:
            host.kernel.changed = False
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
        want = set(host.process.node.desired())
        ours = {
            address.key
            for seat, router in self.truth.routers.items()
            if seat.host == host.name
            for address in router.held
        }
        have = set(host.kernel.table)
        if extra := (have & ours) - want:
            self.complain(f"{host.name} still holds {_words(extra)}")
        missing = {key for key in want - have if not self._may_lack(host, key)}
        if missing:
            self.complain(f"{host.name} does not hold {_words(missing)}")
        self._judge_masters(host, want)

    def _judge_masters(self, host: SimHost, want: set[AddressKey]) -> None:
        """What the core wants is what the truth says: all of each master, nothing of the others."""
        should = _of_masters(self.truth, host)
        if want != should:
            self.complain(f"{host.name} wants {_words(want ^ should)} wrongly, or should")

    def _may_lack(self, host: SimHost, key: AddressKey) -> bool:
        if host.kernel.refusing:
            self._excused[host.name, key] = self._later(host.name, REINSTATE_WINDOW)
        until = self._excused.get((host.name, key))
        return until is not None and self.truth.now <= max(until, host.woke_at + NEWS_DELAY)

    def _later(self, host: str, duration: Duration) -> Instant:
        """That much later by the host's clock, and when it has heard of it."""
        world = self.truth.hosts[host].clock.in_world_time(duration)
        late = self.truth.hosts[host].hardware.plan.late
        return Instant(self.truth.now + world + 2 * NEWS_DELAY + late + SLACK)


class NeverAbsent(Oracle):
    """An address that stands in the configurations before and after a reload is there all the time.

    Behaviours RL-03 and RL-11: of a host that is master of it, whichever of its routers has it before and after.
    """

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self._due: dict[str, set[AddressKey]] = {}  # what the masters of each host have had at the last step
        self._stale: set[str] = set()  # hosts where that is something else by now
        self._before: dict[str, tuple[set[AddressKey], int]] = {}  # that; how many were removed by then

    def configured(self, host: SimHost, routers: tuple[Router, ...]) -> None:
        """A reload begins."""
        self._before[host.name] = self._due.get(host.name, set()), len(host.kernel.removals)
        self._stale.add(host.name)

    def changed(self, seat: Seat, fact: RouterChanged) -> None:
        """Somebody is master, or is no longer."""
        self._stale.add(seat.host)

    def ended(self, host: SimHost) -> None:
        """Nobody is master."""
        self._due.pop(host.name, None)

    def stepped(self, host: SimHost) -> None:
        """A reload is done, or anything else."""
        if host.name not in self._stale:
            return
        self._stale.discard(host.name)
        self._due[host.name] = due = _of_masters(self.truth, host)
        had, count = self._before.pop(host.name, (set[AddressKey](), 0))
        if gone := had & due & set(host.kernel.removals[count:] if had else ()):
            self.complain(f"{host.name} was without {_words(gone)} during a reload")


def _of_masters(truth: Truth, host: SimHost) -> set[AddressKey]:
    """The addresses of the routers that are master there."""
    return {
        address.key
        for seat, router in truth.routers.items()
        if seat.host == host.name and truth.states[seat] == "master"
        for address in router.held
    }


def _words(keys: set[AddressKey]) -> str:
    """The addresses, for people: three at most."""
    texts = sorted(str(key[1]) for key in keys)
    return " ".join(texts[:3]) + (f" and {len(texts) - 3} more" if len(texts) > 3 else "")
