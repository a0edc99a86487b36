"""What a simulated host consists of apart from the process: it outlives each process."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from standfast.base.times import Duration, Instant
from standfast.sim.clock import HostClock, HostTimeOfDay, Timeline
from standfast.sim.firewall import KernelRules
from standfast.sim.kernel import KernelAddresses, KernelRouting
from standfast.sim.network import Network, Station
from standfast.sim.plans import HostPlan


@dataclass(frozen=True, slots=True)
class Hardware:
    """The machine, its kernel, and the cables in it."""

    plan: HostPlan
    timeline: Timeline
    network: Network
    clock: HostClock
    time_of_day: HostTimeOfDay
    kernel: KernelAddresses
    routing: KernelRouting
    rules: KernelRules
    stations: dict[str, Station]  # by interface
    dice: Random  # its own: what happens to others does not change its luck

    def lateness(self) -> int:
        """How late the next alarm rings, in microseconds."""
        return int(self.dice.random() * (self.plan.late + 1))


@dataclass(slots=True)
class Mailbag:
    """Brings things a little later, each not before the one that was sent before it."""

    timeline: Timeline
    dice: Random
    within: Duration
    last: Instant = field(default=Instant(0))

    def send(self, act: Callable[[], None]) -> None:
        """Let this happen soon."""
        at = Instant(self.timeline.now + int(self.dice.random() * (self.within + 1)))
        self.last = max(at, self.last)
        self.timeline.at(self.last, act)
