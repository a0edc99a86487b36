"""Two hosts with a BFD session between them, a network, and troubles that are drawn from a seed."""

from dataclasses import dataclass
from random import Random
from typing import Final

from standfast.base.addresses import parse_address
from standfast.base.frozen import changed
from standfast.base.times import MILLISECOND, SECOND, Duration, Instant
from standfast.core.bfd.session import Session
from standfast.engine.driver import Driver
from standfast.sim.bfd_host import BfdDriver, BfdHost
from standfast.sim.bfd_oracle import BfdOracle, BfdViolation
from standfast.sim.clock import Timeline
from standfast.sim.network import Conditions, Network

LEFT, RIGHT = parse_address("192.0.2.1"), parse_address("192.0.2.2")
RATE_PPM: Final = 500  # how far off a clock is at most: ten times a bad one
TROUBLES: Final = 6  # of each sort, at most
LASTS: Final = Duration(12 * SECOND)  # how long there are troubles
# Then everything must come up again: four packets a second apart, and some.
CALM: Final = Duration(9 * SECOND)


class BfdWorld:
    """Virtual time with two hosts, `a` and `b`."""

    def __init__(self, seed: int = 0, *, driver: type[BfdDriver] = Driver) -> None:
        """Make a world whose hosts run nothing yet.

        Args:
            seed: of all its dice.
            driver: what drives each node.
        """
        self.seed = seed
        self.timeline = Timeline()
        self.dice = Random(f"{seed} troubles")  # noqa: S311  (a simulation, no secret)
        self.network = Network(self.timeline, Random(f"{seed} network"))  # noqa: S311
        self.oracle = BfdOracle()
        self.hosts = [self._host("a", LEFT, driver), self._host("b", RIGHT, driver)]

    def _host(self, name: str, address: object, driver: type[BfdDriver]) -> BfdHost:
        dice = Random(f"{self.seed} {name}")  # noqa: S311
        return BfdHost(
            name,
            parse_address(str(address)),
            timeline=self.timeline,
            network=self.network,
            rate_ppm=dice.randint(-RATE_PPM, RATE_PPM),
            dice=dice,
            driver=driver,
            watch=self.oracle,
        )

    def configure(self, host: BfdHost, session: Session, *, begin: bool = True) -> None:
        """Give a host its session; the process starts, or reloads."""
        neighbor = RIGHT if host.address == LEFT else LEFT
        made = changed(session, neighbor=neighbor)
        self.oracle.of(host).rx.append(made.min_rx)
        if host.process is not None:
            host.reload([made])
        elif begin:
            host.start([made])
        else:
            host.sessions = (made,)

    def cut(self, *ways: tuple[str, str]) -> None:
        """From now on the second of each does not get what the first sends; without ways all is whole again."""
        self.network.cuts = frozenset(ways)

    def run(self, duration: Duration) -> None:
        """Let this much time pass.

        Raises:
            BfdViolation: a rule does not hold.
        """
        end = Instant(self.timeline.now + duration)
        try:
            while self.timeline.next_before(end):
                for host in self.hosts:
                    self.oracle.look(host)
        except BfdViolation as violation:
            violation.add_note(f"in the world of seed {self.seed}")
            raise

    def state(self, name: str) -> str:
        """The state of a host's session."""
        host = next(host for host in self.hosts if host.name == name)
        if host.process is None:
            return ""
        (one,) = host.process.node.snapshot(host.clock.now()).sessions
        return one.phase


# ---- troubles from a seed


@dataclass(frozen=True, slots=True)
class Course:
    """What came of a world."""

    seed: int
    events: int
    ups: int
    expired: int


def play(seed: int, *, driver: type[BfdDriver] = Driver) -> Course:
    """The world of this seed, with its troubles, to its end.

    Raises:
        BfdViolation: a rule does not hold.
    """
    world = BfdWorld(seed, driver=driver)
    dice = world.dice
    session = _session(dice)
    passive = dice.random() < 0.2
    world.configure(world.hosts[0], changed(session, passive=passive))
    world.configure(world.hosts[1], _session(dice))
    _plan(world)
    world.run(LASTS)
    _end_of_troubles(world)
    world.run(CALM)
    world.oracle.at_rest(world.hosts)
    return Course(seed, world.timeline.happened, world.oracle.ups, world.oracle.expired)


def _session(dice: Random) -> Session:
    return Session(
        "wan",
        RIGHT,
        min_tx=Duration(dice.choice((10, 20, 50, 100, 300)) * MILLISECOND),
        min_rx=Duration(dice.choice((10, 20, 50, 100, 300)) * MILLISECOND),
        multiplier=dice.choice((2, 3, 3, 5)),
    )


def _plan(world: BfdWorld) -> None:
    """Draw what goes wrong, and when."""
    dice = world.dice
    sorts = (_worse_weather, _lost_way, _stall, _restart, _other_pace)
    for trouble in sorts:
        for _ in range(dice.randrange(TROUBLES)):
            at = dice.randrange(SECOND, LASTS)
            world.timeline.at(at, lambda trouble=trouble: trouble(world))  # type: ignore[misc]


def _lasts(world: BfdWorld, most: int = 2 * SECOND) -> Duration:
    left = LASTS - world.timeline.now
    return Duration(min(world.dice.randrange(10 * MILLISECOND, most), max(left, 1)))


def _worse_weather(world: BfdWorld) -> None:
    """Packets get lost, late, doubled, or overtake one another."""
    dice = world.dice
    world.network.conditions = Conditions(
        loss=dice.choice((0.0, 0.05, 0.3, 0.7)),
        delay=Duration(dice.choice((0, 1, 20, 200)) * MILLISECOND),
        jitter=Duration(dice.choice((0, 5, 50)) * MILLISECOND),
        duplicate=dice.choice((0.0, 0.2)),
        reorder=dice.choice((0.0, 0.2)),
        reorder_by=Duration(60 * MILLISECOND),
    )
    world.timeline.in_(_lasts(world), lambda: _fair(world))


def _fair(world: BfdWorld) -> None:
    world.network.conditions = Conditions()


def _lost_way(world: BfdWorld) -> None:
    """One way, or both, carries nothing."""
    ways = world.dice.choice(([("a", "b")], [("b", "a")], [("a", "b"), ("b", "a")]))
    world.cut(*ways)
    world.timeline.in_(_lasts(world), world.cut)


def _stall(world: BfdWorld) -> None:
    """A process does not run for a while."""
    world.dice.choice(world.hosts).stall(_lasts(world, SECOND))


def _restart(world: BfdWorld) -> None:
    """A process ends, and begins anew."""
    host = world.dice.choice(world.hosts)
    host.end(politely=world.dice.random() < 0.5)
    world.timeline.in_(_lasts(world), host.start)


def _other_pace(world: BfdWorld) -> None:
    """A reload changes the intervals."""
    host = world.dice.choice(world.hosts)
    if host.runs:
        (before,) = host.sessions
        world.configure(host, changed(_session(world.dice), passive=before.passive))


def _end_of_troubles(world: BfdWorld) -> None:
    _fair(world)
    world.cut()
    for host in world.hosts:
        host.start()
