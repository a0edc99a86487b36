"""What makes some worlds richer: signatures and clocks that jump, routes, closed doors, hosts of mixed ranks.

Drawn with dice of its own, so that a world without any of it is the same world as ever.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from random import Random
from typing import Final

from standfast.base.priorities import OWNER
from standfast.base.times import SECOND, Duration, Instant
from standfast.sim.faults import ClockStep, Fault, Reload, RoutesRefused, RouteTaken, RulesRefused
from standfast.sim.plans import SIGNATURE, HostPlan, RouterPlan
from standfast.sim.scenario import Scenario

Change = Callable[[RouterPlan], RouterPlan]
_JUMP: Final = 10 * SIGNATURE.window  # of a clock: nobody believes whose clock has made one
_RANKS: Final = (90, 100, 101, 150, 200)


def embellished(scenario: Scenario) -> Scenario:
    """The scenario with some of this, or as it is."""
    dice = Random(f"extras {scenario.seed}")  # noqa: S311  (a simulation, no secret)
    if dice.random() < 0.5:
        return scenario
    changes = {
        _signed: (0.4, _clock_steps),
        _routed: (0.4, _lost_routes),
        _closed: (0.3, _refused_rules),
    }
    more: list[Fault] = []
    for change, (chance, faults) in changes.items():
        if dice.random() < chance:
            scenario = _everywhere(scenario, change)
            more += faults(scenario, dice)
    if dice.random() < 0.3:
        scenario = _ranked(scenario, dice)
    return replace(scenario, faults=tuple(sorted((*scenario.faults, *more), key=lambda fault: fault.at)))


def _everywhere(scenario: Scenario, change: Change) -> Scenario:
    """The same change of each router, now and after each reload."""

    def fault(one: Fault) -> Fault:
        return replace(one, routers=tuple(map(change, one.routers))) if isinstance(one, Reload) else one

    hosts = tuple(replace(host, routers=tuple(map(change, host.routers))) for host in scenario.hosts)
    return replace(scenario, hosts=hosts, faults=tuple(map(fault, scenario.faults)))


def _signed(router: RouterPlan) -> RouterPlan:
    return replace(router, signed=router.version == 3)


def _routed(router: RouterPlan) -> RouterPlan:
    return replace(router, routes=1 + router.vrid % 3)


def _closed(router: RouterPlan) -> RouterPlan:
    return replace(router, accept=router.vrid % 2 == 0)


def _ranked(scenario: Scenario, dice: Random) -> Scenario:
    """Who is the stronger in one router is the weaker in the next."""

    def host(one: HostPlan) -> HostPlan:
        ranks = (
            router if router.priority == OWNER else replace(router, priority=dice.choice(_RANKS))
            for router in one.routers
        )
        return replace(one, routers=tuple(ranks))

    return replace(scenario, hosts=tuple(map(host, scenario.hosts)))


# ---- what goes wrong besides


def _moments(scenario: Scenario, dice: Random) -> Iterator[tuple[Instant, Duration, str]]:
    """When, for how long, and to whom: within the time in which other things happen."""
    first = max(host.starts_at + host.startup_delay for host in scenario.hosts)
    last = max((fault.at for fault in scenario.faults), default=Instant(first + 10 * SECOND))
    for _ in range(dice.choice((0, 1, 1, 2))):
        at = Instant(first + dice.randrange(max(last - first, SECOND)))
        yield at, Duration(1 + dice.randrange(10 * SECOND)), dice.choice(scenario.hosts).name


def _clock_steps(scenario: Scenario, dice: Random) -> list[Fault]:
    return [
        ClockStep(at=at, lasts=lasts, host=host, by=Duration(dice.choice((-_JUMP, _JUMP))))
        for at, lasts, host in _moments(scenario, dice)
    ]


def _lost_routes(scenario: Scenario, dice: Random) -> list[Fault]:
    routers = [router for host in scenario.hosts for router in host.routers]
    faults: list[Fault] = []
    for at, lasts, host in _moments(scenario, dice):
        if routers and dice.random() < 0.6:
            faults.append(RouteTaken(at=at, host=host, router=dice.choice(routers)))
        else:
            faults.append(RoutesRefused(at=at, lasts=lasts, host=host))
    return faults


def _refused_rules(scenario: Scenario, dice: Random) -> list[Fault]:
    return [RulesRefused(at=at, lasts=lasts, host=host) for at, lasts, host in _moments(scenario, dice)]
