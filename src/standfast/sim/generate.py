"""Scenarios by chance: the same seed is the same scenario."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from random import Random
from typing import Final

from standfast.base.addresses import Family
from standfast.base.priorities import OWNER
from standfast.base.times import CENTISECOND, MILLISECOND, SECOND, ZERO, Duration, Instant
from standfast.sim.extras import embellished
from standfast.sim.faults import (
    AddressesRefused,
    AddressTaken,
    Crash,
    Deaf,
    Fault,
    Kill,
    Leave,
    LinkFlap,
    OneWayCut,
    Partition,
    Pause,
    Reload,
    Suspend,
    Weather,
)
from standfast.sim.grouped import generate_grouped
from standfast.sim.network import Conditions
from standfast.sim.plans import HostPlan, RouterPlan
from standfast.sim.scenario import Scenario

INTERVALS: Final = tuple(Duration(n * CENTISECOND) for n in (1, 2, 5, 10, 25, 100, 100, 100, 200))
WARM_UP: Final = 8  # intervals before the first fault: somebody is master then
KINDS: Final = {  # of faults, and how often each comes beside the others
    "pause": 3,
    "reload": 4,
    "partition": 2,
    "weather": 2,
    "crash": 1,
    "kill": 1,
    "leave": 1,
    "suspend": 1,
    "flap": 1,
    "deaf": 1,
    "deaf6": 1,
    "taken": 1,
    "refused": 1,
    "oneway": 1,
}
HOST_KINDS: Final[dict[str, Callable[..., Fault]]] = {
    "crash": Crash,
    "kill": Kill,
    "leave": Leave,
    "pause": Pause,
    "suspend": Suspend,
    "flap": LinkFlap,
    "deaf": partial(Deaf, family=Family.IPV4),
    "deaf6": partial(Deaf, family=Family.IPV6),
    "refused": AddressesRefused,
}


def generate(seed: int) -> Scenario:
    """The scenario of this seed: with sync groups and trackers if it is even."""
    return embellished(generate_grouped(seed) if seed % 2 == 0 else generate_plain(seed))


def generate_plain(seed: int) -> Scenario:
    """Without: 2 to 5 hosts with 1 to 3 routers each, and up to 10 faults."""
    dice = Random(f"scenario {seed}")  # noqa: S311  (a simulation, no secret)
    interval = dice.choice(INTERVALS)
    groups = [_group(dice, vrid, interval) for vrid in range(1, dice.choice((1, 1, 1, 2, 3)) + 1)]
    hosts = tuple(_host(dice, number, groups) for number in range(1, dice.choice((2, 2, 3, 3, 4, 5)) + 1))
    faults = Faults(dice, hosts, interval).some(dice.randint(0, 10))
    return Scenario(seed, hosts, faults, conditions=_fair(dice, interval))


# ---- who is there


def _group(dice: Random, vrid: int, interval: Duration) -> RouterPlan:
    """What the routers of a group have in common."""
    version = dice.choice((2, 3)) if interval >= SECOND else 3  # version 2 knows whole seconds
    family = Family.IPV4 if version == 2 or dice.random() < 0.6 else Family.IPV6
    return RouterPlan(
        vrid=vrid,
        version=version,
        family=family,
        interval=interval,
        first=1000 * vrid,
        count=dice.choice((1, 1, 2, 3, 10, 70, 200)),
        unicast=dice.random() < 0.25,
        password=dice.choice(("", "", "secret")) if version == 2 else "",
        down_timer_adverts=dice.choice((3, 3, 3, 2, 5)),
        repeat=dice.choice((5, 5, 1, 2)),
        delay=Duration(dice.choice((0, 5, 5)) * interval),
    )


def _host(dice: Random, number: int, groups: Sequence[RouterPlan]) -> HostPlan:
    return HostPlan(
        name="abcde"[number - 1],
        number=number,
        routers=tuple(_router(dice, group, number) for group in groups if dice.random() < 0.95),
        rate_ppm=dice.choice(
            (0, dice.randint(-200, 200), dice.randint(-200, 200), dice.randint(-20_000, 20_000))
        ),
        late=Duration(dice.choice((50, 100, 200, 1000))),
        room=dice.choice((16, 64, 256)),
        starts_at=Duration(dice.choice((0, dice.randrange(3 * SECOND)))),
    )


def _router(dice: Random, group: RouterPlan, number: int) -> RouterPlan:
    """What one host makes of its group's router."""
    owner = number == 1 and dice.random() < 0.1
    interval = group.interval
    if group.version == 3 and dice.random() < 0.2:
        interval = Duration(dice.choice((1, 2, 3)) * interval)
    return replace(
        group,
        priority=OWNER if owner else _priority(dice),
        starts_as_master=owner and dice.random() < 0.7,
        preempt=owner or dice.random() < 0.75,
        preempt_delay=Duration(dice.choice((2, 7, 20)) * interval) if dice.random() < 0.15 else ZERO,
        interval=interval,
    )


def _priority(dice: Random) -> int:
    """Often the same as another's, or its neighbour."""
    return dice.choice((100, 100, 101, 99, 150, 200, 254, 1, dice.randint(1, 254)))


def _fair(dice: Random, interval: Duration) -> Conditions:
    """An ordinary network: packets take up to a tenth of an interval, and mostly much less."""
    slow = Duration(interval // 20)
    delay = dice.choice((Duration(50), Duration(100), Duration(500), slow))
    jitter = dice.choice((Duration(10), Duration(100), slow))
    return Conditions(delay=delay, jitter=jitter)


# ---- what goes wrong


class Faults:
    """Makes faults for a set of hosts."""

    def __init__(self, dice: Random, hosts: tuple[HostPlan, ...], interval: Duration) -> None:
        """Make a maker.

        Args:
            dice: its luck.
            hosts: to whom it happens.
            interval: the shortest interval of theirs; times are meant in the longest.
        """
        self._dice = dice
        self._names = [host.name for host in hosts]
        self._routers = {host.name: host.routers for host in hosts}
        self._shortest = interval
        self._interval = max((router.interval for host in hosts for router in host.routers), default=interval)
        self._start = max(host.starts_at for host in hosts) + WARM_UP * self._interval

    def some(self, count: int) -> tuple[Fault, ...]:
        """That many, in the order in which they begin."""
        span = self._interval * self._dice.choice((3, 10, 10, 40))
        moments = sorted(self._start + self._dice.randrange(span * max(count, 1)) for _ in range(count))
        return tuple(self._one(Instant(at)) for at in moments)

    def _one(self, at: Instant) -> Fault:
        host, lasts = self._dice.choice(self._names), self._a_while()
        (kind,) = self._dice.choices(tuple(KINDS), tuple(KINDS.values()))
        if kind in HOST_KINDS:
            return HOST_KINDS[kind](at=at, lasts=lasts, host=host)
        if kind in {"reload", "taken"}:
            return self._reload(at, host) if kind == "reload" else self._taken(at, host)
        return self._network_fault(kind, at, lasts)

    def _network_fault(self, kind: str, at: Instant, lasts: Duration) -> Fault:
        if kind == "oneway":
            sender, receiver = self._dice.sample(self._names, 2)
            return OneWayCut(at=at, lasts=lasts, sender=sender, receiver=receiver)
        if kind == "partition":
            return Partition(at=at, lasts=lasts, parts=self._parts())
        return Weather(at=at, lasts=lasts, conditions=self._weather())

    def _a_while(self) -> Duration:
        """From a stall of a millisecond to twenty intervals; around a silence and around a buffer's worth, too."""
        dice, interval = self._dice, self._interval
        most = dice.choice((MILLISECOND, interval, 2 * interval, 5 * interval, 20 * interval))
        return Duration(1 + int(dice.random() * most))

    def _taken(self, at: Instant, host: str) -> Fault:
        """Somebody removes one of its addresses."""
        routers = self._routers[host] or (RouterPlan(),)
        router = self._dice.choice(routers)
        number = router.first + self._dice.randrange(max(router.count, 1))
        return AddressTaken(at=at, host=host, number=number, family=router.family)

    def _parts(self) -> tuple[tuple[str, ...], ...]:
        names = list(self._names)
        self._dice.shuffle(names)
        at = self._dice.randint(1, max(len(names) - 1, 1))
        return tuple(names[:at]), tuple(names[at:])

    def _weather(self) -> Conditions:
        dice, interval = self._dice, self._interval
        return Conditions(
            loss=dice.choice((0.0, 0.02, 0.1, 0.3, 0.7)),
            delay=Duration(dice.choice((0, 100, 1000, interval // 10, interval // 3))),
            jitter=Duration(dice.choice((0, 100, 1000, interval // 10, interval // 3))),
            duplicate=dice.choice((0.0, 0.1, 0.5)),
            reorder=dice.choice((0.0, 0.1, 0.5)),
            reorder_by=Duration(dice.choice((500, interval // 10, interval // 3))),
        )

    def _reload(self, at: Instant, host: str) -> Fault:
        routers = tuple(self._changed(router) for router in self._routers[host])
        if self._dice.random() < 0.1 and len(routers) > 1:
            routers = routers[1:]
        if self._dice.random() < 0.2:
            routers = tuple(reversed(routers))
        self._routers[host] = routers
        return Reload(at=at, host=host, routers=routers)

    def _changed(self, router: RouterPlan) -> RouterPlan:
        dice = self._dice
        match dice.choice(
            ("nothing", "priority", "interval", "addresses", "addresses", "preempt", "delay", "identity")
        ):
            case "priority" if router.priority != OWNER:
                return replace(router, priority=_priority(dice))
            case "interval" if router.version == 3:
                return replace(router, interval=Duration(dice.choice((1, 1, 2, 3)) * self._shortest))
            case "addresses":
                first = router.first + dice.choice((-1, 0, 0, 1))
                return replace(router, first=first, count=max(0, router.count + dice.choice((-1, 0, 1, 3))))
            case "preempt" if router.priority != OWNER:
                return replace(router, preempt=not router.preempt)
            case "identity" if router.priority != OWNER:
                return replace(router, unicast=not router.unicast)
            case "delay":
                return replace(router, preempt_delay=Duration(dice.choice((0, 3)) * router.interval))
            case _:
                return router
