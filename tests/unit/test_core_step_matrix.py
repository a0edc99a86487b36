"""Every cell of the state machine: which state follows from which event (RFC 9568, section 6.4)."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

import pytest
from vrrp_made import ABOVE, BELOW, OWNER, ROUTER, heard

from standfast.base.times import SECOND, Instant, seconds
from standfast.core.vrrp.announce import Announcing, Cause
from standfast.core.vrrp.effects import RouterChanged
from standfast.core.vrrp.events import Due, Faulted, GroupYields, Recovered, RouterEvent, Started, Stopped
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.state import Backup, Fault, Init, Master, State, name_of
from standfast.core.vrrp.step import EDGES, step

NOW: Final = Instant(10_000_000)
QUIET: Final = Instant(NOW - seconds("3.7"))

STATES: Final[Mapping[str, State]] = {
    "init": Init(),
    "backup": Backup(QUIET, SECOND, ABOVE, 100),
    "master": Master(Instant(0), Instant(NOW - SECOND), Announcing(Cause.MASTER, Instant(0), done=10)),
    "fault": Fault(("interface-down:eth0",)),
}
EVENTS: Final[Mapping[str, RouterEvent]] = {
    "started": Started(),
    "due": Due(),
    "leaves": heard(0, at=NOW),
    "weaker": heard(99, at=NOW),
    "below": heard(100, sender=BELOW, at=NOW),  # equal priority, lower address
    "above": heard(100, sender=ABOVE, at=NOW),
    "stronger": heard(101, at=NOW),
    "faulted": Faulted(("no-source-address",)),
    "recovered": Recovered(),
    "stopped": Stopped(),
    "yields": GroupYields("VI_2", "10.0.0.3 has priority 150, ours is 100"),
}
MATRIX: Final = """
         started  due     leaves  weaker  below   above   stronger  faulted  recovered  stopped  yields
init     backup   .       .       .       .       .       .         fault    .          .        .
backup   .        master  .       .       .       .       .         fault    .          init     .
master   .        .       .       .       .       backup  backup    fault    .          init     backup
fault    .        .       .       .       .       .       .         fault    backup     init     .
"""
HEAD, *LINES = (line.split() for line in MATRIX.strip().splitlines())
CELLS: Final = [
    pytest.param(old, event, new if new != "." else old, id=f"{old}, {event}: {new}")
    for old, *news in LINES
    for event, new in zip(HEAD, news, strict=True)
]


@pytest.mark.behaviour("SM-01")
@pytest.mark.rfc(21, 27, 28, 29, 30, 31, 39, 40, 41, 42, 43)
@pytest.mark.parametrize(("old", "event", "new"), CELLS)
def test_a_cell_of_the_matrix_holds(old: str, event: str, new: str) -> None:
    after, _ = step(ROUTER, STATES[old], EVENTS[event], NOW)

    assert name_of(after) == new


def test_the_matrix_has_every_event_and_every_state() -> None:
    assert set(HEAD) == set(EVENTS)
    assert [old for old, *_ in LINES] == list(STATES)
    assert {type(event) for event in EVENTS.values()} == set(RouterEvent.__args__)
    assert {type(state) for state in STATES.values()} == set(State.__args__)


def test_every_way_between_states_is_reached_and_no_other() -> None:
    """Three kinds of router: an ordinary one, one that lets weaker masters be, and an owner."""
    routers = (ROUTER, replace(ROUTER, preempt=False), OWNER)

    assert {edge for router in routers for edge in _edges(router)} == EDGES


def _edges(router: Router) -> set[tuple[str, str]]:
    """The ways that a router takes from each state at each event, as it tells them itself."""
    return {
        (effect.old, effect.new)
        for state in STATES.values()
        for event in EVENTS.values()
        for effect in step(router, state, event, NOW)[1]
        if isinstance(effect, RouterChanged)
    }


@pytest.mark.parametrize("old", STATES)
@pytest.mark.parametrize("event", EVENTS)
def test_a_change_of_state_is_told_once_and_nothing_else_is(old: str, event: str) -> None:
    before = STATES[old]

    after, effects = step(ROUTER, before, EVENTS[event], NOW)

    told = [(e.old, e.new) for e in effects if isinstance(e, RouterChanged)]
    changed = name_of(after) != old or (isinstance(after, Fault) and after != before)
    assert told == ([(old, name_of(after))] if changed else [])
