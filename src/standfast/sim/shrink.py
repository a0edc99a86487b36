"""The shortest story of a world that failed: what can be left out of it is left out.

First faults, in halves, quarters and so on (delta debugging), then hosts, routers, and what is special about each.
A smaller world counts if the same oracle complains.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from standfast.base.times import MILLISECOND, ZERO, Duration
from standfast.sim.faults import Fault, Reload
from standfast.sim.network import Conditions
from standfast.sim.plans import HostPlan, RouterPlan
from standfast.sim.scenario import Course, Scenario, play

TRIES: Final = 1500  # worlds played: a minute or two
_SHORT: Final = MILLISECOND
_PLAIN_ROUTER: Final = (
    "count",
    "unicast",
    "password",
    "preempt_delay",
    "preempt",
    "repeat",
    "delay",
    "down_timer_adverts",
    "family",
    "watches",
    "sync_group",
    "others",
    "interface",
    "signed",
    "accept",
    "routes",
)
_PLAIN_HOST: Final = ("rate_ppm", "starts_at", "late", "room", "startup_delay", "verdicts_late")


@dataclass(slots=True)
class Shrinker:
    """Makes one failing scenario smaller."""

    scenario: Scenario
    course: Course
    tries: int = 0
    told: Callable[[str], None] = lambda _: None

    def shrink(self) -> Scenario:
        """Try what can be left out, again and again, until nothing can or there were too many tries."""
        while self.tries < TRIES and self._once():
            self.told(f"{len(self.scenario.faults)} faults, {len(self.scenario.hosts)} hosts")
        return self.scenario

    def _once(self) -> bool:
        """Whether anything became smaller."""
        return any([self._fewer_faults(), self._take(hosts), self._take(routers), self._take(plainer)])

    def _fewer_faults(self) -> bool:
        smaller = False
        size = len(self.scenario.faults)
        while size >= 1:
            at = 0
            while at < len(self.scenario.faults):
                faults = self.scenario.faults
                if self._fails(replace(self.scenario, faults=faults[:at] + faults[at + size :])):
                    smaller = True
                else:
                    at += size
            size //= 2
        return smaller

    def _take(self, simpler: Callable[[Scenario], Iterator[Scenario]]) -> bool:
        """Take the first simpler scenario that fails, and from there the next."""
        smaller = False
        while any(self._fails(scenario) for scenario in simpler(self.scenario)):
            smaller = True
        return smaller

    def _fails(self, scenario: Scenario) -> bool:
        """Whether this one fails in the same way; then it is what we have."""
        if self.tries >= TRIES:
            return False
        self.tries += 1
        course = play(scenario)
        before, now = self.course.violation, course.violation
        if before is None or now is None or now.oracle != before.oracle:
            return False
        self.scenario, self.course = scenario, course
        return True


def hosts(scenario: Scenario) -> Iterator[Scenario]:
    """Without one of the hosts."""
    for host in scenario.hosts:
        yield replace(scenario, hosts=tuple(other for other in scenario.hosts if other is not host))


def routers(scenario: Scenario) -> Iterator[Scenario]:
    """Without one of the routers of one host."""
    for host in scenario.hosts:
        for router in host.routers:
            left = tuple(other for other in host.routers if other is not router)
            yield _with_host(scenario, host, replace(host, routers=left))


def plainer(scenario: Scenario) -> Iterator[Scenario]:
    """With one thing less that is special."""
    if scenario.conditions != Conditions():
        yield replace(scenario, conditions=Conditions())
    for host in scenario.hosts:
        for name in _PLAIN_HOST:
            if (plain := _with_default(host, name)) != host:
                yield _with_host(scenario, host, plain)
        for router in host.routers:
            for name in _PLAIN_ROUTER:
                if (simple := _with_default(router, name)) != router:
                    yield _with_host(scenario, host, _with_router(host, router, simple))
    for at, fault in enumerate(scenario.faults):
        for simple in _simpler(fault):
            yield replace(scenario, faults=(*scenario.faults[:at], simple, *scenario.faults[at + 1 :]))


def _simpler(fault: Fault) -> Iterator[Fault]:
    """A shorter one, and one that does less."""
    if fault.lasts:
        yield replace(fault, lasts=Duration(fault.lasts // 2 if fault.lasts > _SHORT else ZERO))
    if isinstance(fault, Reload):
        for router in fault.routers:
            yield replace(fault, routers=tuple(other for other in fault.routers if other is not router))
            for name in _PLAIN_ROUTER:
                if (simple := _with_default(router, name)) != router:
                    left = tuple(simple if other is router else other for other in fault.routers)
                    yield replace(fault, routers=left)


def _with_default(value: Any, name: str) -> Any:
    """The value with the default in one of its fields."""
    (field,) = (field for field in fields(value) if field.name == name)
    return replace(value, **{name: field.default})


def _with_host(scenario: Scenario, old: HostPlan, new: HostPlan) -> Scenario:
    return replace(scenario, hosts=tuple(new if host is old else host for host in scenario.hosts))


def _with_router(host: HostPlan, old: RouterPlan, new: RouterPlan) -> HostPlan:
    return replace(host, routers=tuple(new if router is old else router for router in host.routers))
