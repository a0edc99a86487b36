"""Scenarios by chance with sync groups and trackers: the same seed is the same scenario.

A host has the same right to be master in each router of a group, as its configuration should give it: where one is
the stronger in one router and another in the next, they cannot agree, whatever they do. Verdicts change all alike.
"""

from collections.abc import Sequence
from dataclasses import replace
from random import Random
from typing import Final

from standfast.base.addresses import Family
from standfast.base.priorities import OWNER
from standfast.base.times import CENTISECOND, MILLISECOND, SECOND, ZERO, Duration, Instant
from standfast.core.track.verdict import TrackerKind
from standfast.sim.faults import (
    AddressTaken,
    Crash,
    Deaf,
    Fault,
    HostFault,
    Kill,
    Leave,
    LinkFlap,
    OneWayCut,
    Partition,
    Pause,
    Reload,
    Suspend,
    Trouble,
    Weather,
)
from standfast.sim.network import Conditions
from standfast.sim.plans import INTERFACES, HostPlan, RouterPlan, Watch
from standfast.sim.scenario import Scenario

INTERVALS: Final = tuple(Duration(n * CENTISECOND) for n in (5, 25, 100, 100))
WARM_UP: Final = 12  # intervals before the first fault
SOURCES: Final = (TrackerKind.SCRIPT, TrackerKind.FILE, TrackerKind.PROCESS, TrackerKind.BFD)
FAULTS: Final = {  # and how often each comes beside the others
    "trouble": 6,
    "flicker": 2,
    "reload": 4,
    "rolling": 2,
    "flap": 3,
    "oneway": 2,
    "partition": 2,
    "pause": 2,
    "deaf": 1,
    "crash": 1,
    "kill": 1,
    "leave": 1,
    "suspend": 1,
    "taken": 1,
    "weather": 1,
}
OF_A_HOST: Final[dict[str, type[HostFault]]] = {
    "crash": Crash,
    "kill": Kill,
    "leave": Leave,
    "pause": Pause,
    "suspend": Suspend,
}
CHANGES: Final = ("nothing", "priority", "addresses", "move", "watches", "leaves", "joins", "delay", "goes")


def generate_grouped(seed: int) -> Scenario:
    """The scenario of this seed: 2 to 4 hosts, sync groups of up to 8 routers, and up to 8 faults."""
    dice = Random(f"grouped {seed}")  # noqa: S311  (a simulation, no secret)
    interval = dice.choice(INTERVALS)
    interfaces = INTERFACES[: dice.choice((1, 2, 2, 3))]
    shared = _routers(dice, interval, interfaces)
    hosts = tuple(
        _host(dice, number, shared, interfaces) for number in range(1, dice.choice((2, 2, 2, 3, 3, 4)) + 1)
    )
    faults = GroupedFaults(dice, hosts, interval).some(dice.randint(0, 8))
    delay = dice.choice((50, 100, interval // 20))
    conditions = Conditions(delay=Duration(delay), jitter=Duration(dice.choice((10, 100, interval // 20))))
    return Scenario(seed, hosts, faults, conditions)


# ---- who is there


def _routers(dice: Random, interval: Duration, interfaces: Sequence[str]) -> tuple[RouterPlan, ...]:
    """What the routers have in common on all hosts; most of them are in one sync group, or in two."""
    count = dice.choice((2, 2, 3, 4, 8))
    version = dice.choice((2, 3)) if interval >= SECOND else 3
    names = dice.choice((("G",), ("G",), ("G", "H"), ("G", "")))
    return tuple(
        RouterPlan(
            vrid=vrid,
            version=version,
            family=Family.IPV4 if version == 2 or dice.random() < 0.7 else Family.IPV6,
            interval=interval,
            first=1000 * vrid,
            count=dice.choice((1, 1, 2, 70)),
            unicast=dice.random() < 0.2,
            repeat=dice.choice((1, 2)),
            delay=Duration(dice.choice((0, 5)) * interval),
            interface=dice.choice(interfaces),
            sync_group=names[vrid % len(names)],
        )
        for vrid in range(1, count + 1)
    )


def _host(dice: Random, number: int, shared: Sequence[RouterPlan], interfaces: tuple[str, ...]) -> HostPlan:
    owner = number == 1 and dice.random() < 0.1
    preempt = owner or dice.random() < 0.75
    priority = OWNER if owner else _priority(dice)
    watches = _watches(dice, interfaces)
    interval = shared[0].interval
    return HostPlan(
        name="abcd"[number - 1],
        number=number,
        routers=tuple(
            replace(
                router,
                priority=priority,
                preempt=preempt,
                starts_as_master=owner,
                preempt_delay=ZERO,
                watches=watches,
            )
            for router in shared
        ),
        rate_ppm=dice.choice((0, dice.randint(-200, 200), dice.randint(-20_000, 20_000))),
        late=Duration(dice.choice((50, 200, 1000))),
        room=dice.choice((64, 256)),
        starts_at=Duration(dice.choice((0, dice.randrange(3 * SECOND)))),
        interfaces=interfaces,
        startup_delay=Duration(dice.choice((0, 0, 0, 2, 5)) * interval),
        verdicts_late=Duration(dice.choice((0, MILLISECOND, interval, 3 * interval))),
    )


def _priority(dice: Random) -> int:
    return dice.choice((100, 100, 101, 150, 200, 254, 1, dice.randint(1, 254)))


def _watches(dice: Random, interfaces: Sequence[str]) -> tuple[Watch, ...]:
    """Up to four trackers of any kind; a weight, or none: then what is not good is a fault."""
    kinds = [kind for kind in SOURCES if dice.random() < 0.4]
    watches = [Watch(kind, f"{kind}1", _weight(dice), reverse=dice.random() < 0.15) for kind in kinds]
    watches = [replace(one, reverse=one.reverse and bool(one.weight)) for one in watches]
    if dice.random() < 0.4:
        watches.append(Watch(TrackerKind.INTERFACE, dice.choice(interfaces), _weight(dice)))
    return tuple(watches)


def _weight(dice: Random) -> int:
    return dice.choice((0, 0, 1, -1, 10, -10, 60, -60, 253, -253))


# ---- what goes wrong


class GroupedFaults:
    """Makes faults for a set of hosts with sync groups."""

    def __init__(self, dice: Random, hosts: tuple[HostPlan, ...], interval: Duration) -> None:
        self._dice = dice
        self._interval = interval
        self._hosts = {host.name: host for host in hosts}
        self._names = list(self._hosts)
        self._interfaces = hosts[0].interfaces
        first = max(host.starts_at + host.startup_delay + host.verdicts_late for host in hosts)
        self._start = Instant(first + WARM_UP * interval)

    def some(self, count: int) -> tuple[Fault, ...]:
        """That many, in the order in which they begin; a rolling reload is one for each host."""
        span = self._interval * self._dice.choice((3, 8, 20))
        moments = sorted(self._start + self._dice.randrange(span * max(count, 1)) for _ in range(count))
        return tuple(fault for at in moments for fault in self._some(Instant(at)))

    def _some(self, at: Instant) -> tuple[Fault, ...]:
        dice = self._dice
        host, lasts = dice.choice(self._names), self._a_while()
        (kind,) = dice.choices(tuple(FAULTS), tuple(FAULTS.values()))
        interface, family = dice.choice(self._interfaces), dice.choice(tuple(Family))
        match kind:
            case "trouble":
                return (self._trouble(at, host, lasts),)
            case "flicker":
                return self._flicker(at, host)
            case "reload":
                return (self._reload(at, host, dice.choice(CHANGES)),)
            case "rolling":
                return self._rolling(at)
            case "flap":
                return (LinkFlap(at=at, lasts=lasts, host=host, interface=interface),)
            case "deaf":
                return (Deaf(at=at, lasts=lasts, host=host, family=family, interface=interface),)
            case "taken":
                return (self._taken(at, host),)
            case "oneway" | "partition" | "weather":
                return (self._network_fault(kind, at, lasts),)
            case _:
                return (OF_A_HOST[kind](at=at, lasts=lasts, host=host),)

    def _a_while(self) -> Duration:
        most = self._dice.choice((MILLISECOND, self._interval, 5 * self._interval, 15 * self._interval))
        return Duration(1 + int(self._dice.random() * most))

    def _trouble(self, at: Instant, host: str, lasts: Duration) -> Fault:
        kind = self._dice.choice(SOURCES)
        if kind is TrackerKind.FILE and self._dice.random() < 0.8:
            value = self._dice.choice((1, -1, 5, 30, -30, 300, -300))
            return Trouble(at=at, lasts=lasts, host=host, kind=kind, name=f"{kind}1", up=True, value=value)
        return Trouble(at=at, lasts=lasts, host=host, kind=kind, name=f"{kind}1")

    def _flicker(self, at: Instant, host: str) -> tuple[Fault, ...]:
        """A verdict that changes every few milliseconds, or several times within an interval."""
        kind = self._dice.choice((TrackerKind.SCRIPT, TrackerKind.BFD))
        step = self._dice.choice((2 * MILLISECOND, self._interval // 3))
        return tuple(
            Trouble(
                at=Instant(at + 2 * n * step), lasts=Duration(step), host=host, kind=kind, name=f"{kind}1"
            )
            for n in range(self._dice.randint(2, 5))
        )

    def _network_fault(self, kind: str, at: Instant, lasts: Duration) -> Fault:
        dice, names = self._dice, list(self._names)
        segment = dice.choice(("", *self._interfaces))
        if kind == "oneway":
            sender, receiver = dice.sample(names, 2)
            return OneWayCut(at=at, lasts=lasts, sender=sender, receiver=receiver, segment=segment)
        if kind == "partition":
            dice.shuffle(names)
            middle = dice.randint(1, len(names) - 1)
            return Partition(
                at=at, lasts=lasts, parts=(tuple(names[:middle]), tuple(names[middle:])), segment=segment
            )
        loss, slow = dice.choice((0.1, 0.4, 0.7)), dice.choice((0, 100, self._interval // 4))
        return Weather(at=at, lasts=lasts, conditions=Conditions(loss=loss, jitter=Duration(slow)))

    def _taken(self, at: Instant, host: str) -> Fault:
        routers = self._hosts[host].routers or (RouterPlan(),)
        router = self._dice.choice(routers)
        number = self._dice.choice(router.numbers or (router.first,))
        return AddressTaken(at=at, host=host, number=number, family=router.family, interface=router.interface)

    # ---- reloads

    def _rolling(self, at: Instant) -> tuple[Fault, ...]:
        """The same change of the addresses on one host after the other, an interval apart or less."""
        step = self._dice.choice((0, self._interval // 3, self._interval, 3 * self._interval))
        change, luck = self._dice.choice(("addresses", "move")), self._dice.random()
        faults: list[Fault] = []
        for place, host in enumerate(self._dice.sample(self._names, len(self._names))):
            alike, self._dice = self._dice, Random(luck)  # noqa: S311  (a simulation, no secret)
            faults.append(self._reload(Instant(at + place * step), host, change))
            self._dice = alike
        return tuple(faults)

    def _reload(self, at: Instant, host: str, change: str) -> Fault:
        plan = self._hosts[host]
        routers = self._changed(list(plan.routers), change)
        self._hosts[host] = replace(plan, routers=routers)
        return Reload(at=at, host=host, routers=routers)

    def _changed(self, routers: list[RouterPlan], change: str) -> tuple[RouterPlan, ...]:
        dice = self._dice
        if not routers or change == "nothing":
            return tuple(routers)
        place = dice.randrange(len(routers))
        one = routers[place]
        match change:
            case "priority" if one.priority != OWNER:
                priority = _priority(dice)
                return tuple(replace(router, priority=priority) for router in routers)
            case "watches":
                watches = _watches(dice, self._interfaces)
                return tuple(replace(router, watches=watches) for router in routers)
            case "delay" if one.priority != OWNER:
                preempt = not one.preempt
                return tuple(replace(router, preempt=preempt) for router in routers)
            case "move":
                return _moved(dice, routers, place)
            case "goes" if len(routers) > 1:
                del routers[place]
            case "addresses":
                count = max(0, one.count + dice.choice((-1, 1, 3)))
                routers[place] = replace(one, first=one.first + dice.choice((-1, 0, 1)), count=count)
            case "leaves":
                routers[place] = replace(one, sync_group="")
            case "joins":
                routers[place] = replace(one, sync_group=dice.choice(("G", "H")))
        return tuple(routers)


def _moved(dice: Random, routers: list[RouterPlan], place: int) -> tuple[RouterPlan, ...]:
    """One router's last address is another one's from now on, if there is one on the same interface."""
    one = routers[place]
    heirs = [
        number
        for number, other in enumerate(routers)
        if number != place and (other.interface, other.family) == (one.interface, one.family)
    ]
    if heirs and one.numbers:
        heir = dice.choice(heirs)
        gone = one.numbers[-1]
        less = replace(one, others=one.others[:-1]) if one.others else replace(one, count=one.count - 1)
        routers[place] = less
        routers[heir] = replace(routers[heir], others=(*routers[heir].others, gone))
    return tuple(routers)
