"""A world: hosts, a network, their clocks, and oracles that watch them."""

from collections.abc import Sequence
from random import Random
from typing import Any, Final

from standfast.base.times import ZERO, Duration, Instant
from standfast.engine.driver import Driver
from standfast.sim.clock import Timeline
from standfast.sim.host import SimHost
from standfast.sim.network import Conditions, Network, Packet, Station, between_parts
from standfast.sim.oracles.oracle import Oracle, Violation
from standfast.sim.oracles.panel import ORACLES, Panel
from standfast.sim.plans import INTERFACE, HostPlan, RouterPlan, interfaces_of
from standfast.sim.process import VrrpDriver
from standfast.sim.truth import NETWORK, Truth

HOST_WORDS: Final = {  # of `add`; all others are a router's
    "rate_ppm",
    "late",
    "room",
    "starts_at",
    "number",
    "interfaces",
    "startup_delay",
    "verdicts_late",
}
EVERYWHERE: Final = ""  # the name of no segment: of a cut on all of them
Cuts = frozenset[tuple[str, str]]  # the second does not get what the first sends
RATE_PPM: Final = 20  # how far off an ordinary clock is at most


class World:
    """Virtual time, and what happens in it.

    Every method that does something does it now; `run` lets time pass. Oracles watch after every event, and at the
    end of each `run` after which everything must be in order.

    Raises:
        Violation: from any method, if a rule does not hold; with the story that led there.
    """

    def __init__(
        self,
        seed: int = 0,
        *,
        conditions: Conditions | None = None,
        driver: type[VrrpDriver] = Driver,
        oracles: tuple[type[Oracle], ...] = ORACLES,
    ) -> None:
        """Make an empty world.

        Args:
            seed: of all its dice.
            conditions: of the network; the default is a good one.
            driver: what drives each node.
            oracles: who watches.
        """
        self.seed = seed
        self.timeline = Timeline()
        self.fair = conditions or Conditions()
        self.network = Network(self.timeline, self._dice(NETWORK), self.fair)
        self.truth = Truth(self.timeline, self.network)
        self.panel = Panel(self.truth, oracles)
        self.network.lost = self.panel.lost
        self._driver = driver
        self._ways: list[tuple[str, Cuts]] = []  # the segment and the cuts of each trouble that lasts
        self._weather: list[Conditions] = []

    # ---- hosts

    def add(self, name: str, *, routers: Sequence[RouterPlan] = (), **words: Any) -> SimHost:
        """A new host, which runs nothing yet.

        Args:
            name: its name.
            routers: what it runs; without them one router, made of those `words` that are a router's.
            words: fields of `HostPlan` and `RouterPlan`; a clock is a little off unless `rate_ppm` says how much.
        """
        number = len(self.truth.hosts) + 1
        rate_ppm = self._dice(f"{name}'s clock").randint(-RATE_PPM, RATE_PPM)
        hosts = {word: value for word, value in words.items() if word in HOST_WORDS}
        plans = tuple(routers) or (
            RouterPlan(**{word: value for word, value in words.items() if word not in HOST_WORDS}),
        )
        given: dict[str, Any] = {"number": number, "rate_ppm": rate_ppm, "interfaces": interfaces_of(plans)}
        return self.add_host(HostPlan(name, **(given | hosts), routers=plans))

    def add_host(self, plan: HostPlan) -> SimHost:
        """A new host as planned."""
        host = SimHost(
            plan,
            timeline=self.timeline,
            network=self.network,
            dice=self._dice(plan.name),
            witness=self.panel,
            roster=lambda: [host.plan for host in self.truth.hosts.values()],
            driver=self._driver,
        )
        self.truth.hosts[plan.name] = host
        return host

    def host(self, name: str) -> SimHost:
        """The host with this name."""
        return self.truth.hosts[name]

    # ---- the network

    def cut(self, sender: str, receiver: str, segment: str = EVERYWHERE) -> None:
        """From now on the second does not get what the first sends."""
        self.begin_cuts(frozenset({(sender, receiver)}), segment)

    def part(self, *parts: Sequence[str], segment: str = EVERYWHERE) -> None:
        """From now on these sets of hosts do not hear one another."""
        self.begin_cuts(between_parts(parts), segment)

    def heal(self) -> None:
        """No cuts, and fair weather."""
        self.panel.stirred(NETWORK, "all is healed", harmful=False)
        self._ways.clear()
        self._weather.clear()
        self._derive()

    def begin_cuts(self, cuts: Cuts, segment: str = EVERYWHERE) -> None:
        """A trouble that cuts ways begins."""
        self.panel.stirred(NETWORK, f"{segment} cut {_words(cuts)}", harmful=True)
        self._ways.append((segment, cuts))
        self._derive()

    def end_cuts(self, cuts: Cuts, segment: str = EVERYWHERE) -> None:
        """It ends."""
        self.panel.stirred(NETWORK, f"{segment} mended {_words(cuts)}", harmful=False)
        self._ways.remove((segment, cuts))
        self._derive()

    def begin_weather(self, weather: Conditions) -> None:
        """The network becomes worse."""
        self.panel.stirred(NETWORK, f"weather {weather}", harmful=True)
        self._weather.append(weather)
        self._derive()

    def end_weather(self, weather: Conditions) -> None:
        """It becomes better again."""
        self.panel.stirred(NETWORK, "fair weather", harmful=False)
        self._weather.remove(weather)
        self._derive()

    def inject(self, packet: Packet) -> None:
        """Somebody on the network who takes no part sends this."""
        outsider = Station("", "", INTERFACE, frozenset(), lambda _: None)
        self.network.send(outsider, packet)

    def _derive(self) -> None:
        """What is so now follows from the troubles that last."""
        self.network.cuts = frozenset[tuple[str, str]]().union(*self._cuts_on(EVERYWHERE))
        segments = {segment for segment, _ in self._ways} - {EVERYWHERE}
        self.network.cuts_on = {
            segment: frozenset[tuple[str, str]]().union(*self._cuts_on(segment)) for segment in segments
        }
        conditions = self.fair
        for weather in self._weather:
            conditions = conditions.worse_of(weather)
        self.network.conditions = conditions

    def _cuts_on(self, segment: str) -> list[Cuts]:
        return [cuts for place, cuts in self._ways if place == segment]

    # ---- time

    def run(self, duration: Duration) -> None:
        """Let this much time pass."""
        self.run_until(Instant(self.timeline.now + duration))

    def run_until(self, end: Instant) -> None:
        """Let time pass until then, and judge what is there then."""
        try:
            while self.timeline.next_before(end):
                self.panel.after_event()
            self.panel.after_event()
            if all(self.truth.settled(group) for group in self.truth.groups()):
                self.panel.at_rest()
        except Violation as violation:
            violation.add_note(f"in the world of seed {self.seed}, where this has happened:")
            violation.add_note("\n".join(self.panel.story()[-60:]))
            raise

    def settle(self) -> None:
        """Let so much time pass that everything must be in order, and judge; not while packets get lost."""
        while (since := self.truth.quiet_since()) is not None:
            settled = since + max(map(self.truth.settling, self.truth.groups()), default=ZERO) + 1
            if self.timeline.now >= settled:
                break
            self.run_until(Instant(settled))

    # ---- what is to be seen

    @property
    def masters(self) -> list[str]:
        """The hosts that are master of something, and run."""
        return self.masters_of()

    def masters_of(self, router: str = "") -> list[str]:
        """The hosts that are master of this router, or of any, and run."""
        states = self.truth.states.items()
        found = {seat.host for seat, state in states if state == "master" and router in {"", seat.router}}
        return sorted(name for name in found if self.host(name).runs)

    @property
    def holders(self) -> list[str]:
        """The hosts that have an address of a router, whatever runs there."""
        return sorted(name for name, host in self.truth.hosts.items() if host.kernel.table)

    def _dice(self, whose: str) -> Random:
        """Dice of their own for each part of the world: what is added to it does not change other's luck."""
        return Random(f"{self.seed} {whose}")  # noqa: S311  (a simulation, no secret)


def _words(cuts: Cuts) -> str:
    return " ".join(sorted(f"{sender}->{receiver}" for sender, receiver in cuts))
