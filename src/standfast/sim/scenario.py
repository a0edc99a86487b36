"""A world written down: who is there and what goes wrong, in values; and its course."""

from dataclasses import dataclass, field

from standfast.base.times import Instant, after
from standfast.engine.driver import Driver
from standfast.sim.faults import Fault
from standfast.sim.network import Conditions
from standfast.sim.oracles.oracle import Violation
from standfast.sim.plans import HostPlan
from standfast.sim.process import VrrpDriver
from standfast.sim.world import World


@dataclass(frozen=True, slots=True)
class Scenario:
    """Everything that a world's course depends on."""

    seed: int  # of the dice
    hosts: tuple[HostPlan, ...]
    faults: tuple[Fault, ...] = ()
    conditions: Conditions = field(default_factory=Conditions)


@dataclass(frozen=True, slots=True)
class Course:
    """How a world went."""

    seed: int
    events: int  # things that happened in it
    transitions: int  # of routers, from state to state
    lasted: Instant  # virtual time
    violation: Violation | None = None
    story: tuple[str, ...] = ()  # the last things that happened, if there was a violation


def build(scenario: Scenario, driver: type[VrrpDriver] = Driver) -> World:
    """The world at its beginning: all that will happen stands in its timeline."""
    world = World(scenario.seed, conditions=scenario.conditions, driver=driver)
    for plan in scenario.hosts:
        host = world.add_host(plan)
        world.timeline.at(plan.starts_at, host.start)
    for fault in scenario.faults:
        _plan(world, fault)
    return world


def _plan(world: World, fault: Fault) -> None:
    world.timeline.at(fault.at, lambda: fault.begin(world))
    world.timeline.at(after(fault.at, fault.lasts), lambda: fault.end(world))


def play(scenario: Scenario, driver: type[VrrpDriver] = Driver) -> Course:
    """Let the world run through all its faults, and then until everything must be in order."""
    world = build(scenario, driver)
    violation = None
    try:
        world.run_until(_last_change(scenario))
        world.settle()
    except Violation as found:
        violation = found
    except Exception as error:  # a world that breaks is as bad as one that breaks a rule
        violation = Violation(type(error).__name__, str(error), world.timeline.now)
    return Course(
        seed=scenario.seed,
        events=world.timeline.happened,
        transitions=world.panel.transitions,
        lasted=world.timeline.now,
        violation=violation,
        story=tuple(world.panel.story()) if violation else (),
    )


def _last_change(scenario: Scenario) -> Instant:
    starts = (Instant(plan.starts_at) for plan in scenario.hosts)
    ends = (after(fault.at, fault.lasts) for fault in scenario.faults)
    return max((*starts, *ends), default=Instant(0))
