"""What happens to one child: the rules of behaviours PR-04 to PR-06, one a row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.base.limits import (
    CHILD_LATE,
    CHILD_WAIT,
    HELLO_INTERVAL,
    HELLO_MISSES,
    LIFE_LONG_ENOUGH,
    RESPAWN_DELAY_MAX,
    STACK_PATIENCE,
)
from standfast.base.times import SECOND, ZERO, Duration, Instant, after, seconds
from standfast.core.supervise.effects import (
    Abort,
    ChildEnded,
    ChildLate,
    ChildLingers,
    ChildNotStarted,
    ChildReady,
    ChildSilent,
    ChildStarted,
    Effects,
    Kill,
    SendHello,
    Spawn,
    Terminate,
)
from standfast.core.supervise.events import (
    Answered,
    ChildEvent,
    Dismissed,
    Due,
    Ended,
    Ready,
    Spawned,
    SpawnFailed,
    Wanted,
)
from standfast.core.supervise.state import Absent, Child, Leaving, Running, Silent, Starting, Waiting
from standfast.core.supervise.step import step
from standfast.core.supervise.timing import deadline, respawn_delay, wait_after_death
from standfast.core.supervise.watch import Watch

WATCH = Watch(needed=frozenset({"vrrp"}))
START = Instant(0)
HELLO_AT = after(START, HELLO_INTERVAL)
FRESH = Running(since=START, restarts=0, asked_at=START)


@pytest.mark.parametrize(
    ("before", "event", "at", "expected", "effects"),
    [
        pytest.param(
            Absent(), Wanted(), START, Starting(0), (Spawn("vrrp"),), id="a child that is needed is made"
        ),
        pytest.param(
            Starting(2),
            Spawned("vrrp", 77),
            START,
            Running(START, 2, START),
            (ChildStarted("vrrp", 77, 2),),
            id="a child that was made lives",
        ),
        pytest.param(
            Starting(0),
            SpawnFailed("vrrp", "no memory"),
            START,
            Waiting(START, ZERO, 1),
            (ChildNotStarted("vrrp", "no memory", ZERO),),
            id="a child that could not be made is tried again like one that died",
        ),
        pytest.param(
            FRESH,
            Ready("vrrp"),
            START,
            Running(START, 0, START, ready=True),
            (ChildReady("vrrp"),),
            id="a child says that it does its work",
        ),
        pytest.param(
            FRESH,
            Due(),
            HELLO_AT,
            Running(START, 0, HELLO_AT, unanswered=1),
            (SendHello("vrrp"),),
            id="after the hello interval the child is asked for a sign of life",
        ),
        pytest.param(FRESH, Due(), Instant(HELLO_AT - 1), FRESH, (), id="not a microsecond before"),
        pytest.param(
            Running(START, 0, HELLO_AT, unanswered=2),
            Answered("vrrp", 500),
            HELLO_AT,
            Running(START, 0, HELLO_AT, unanswered=0),
            (),
            id="one answer makes up for all silence",
        ),
        pytest.param(
            FRESH,
            Answered("vrrp", CHILD_LATE),
            START,
            FRESH,
            (ChildLate("vrrp", CHILD_LATE),),
            id="a loop that ran late is told",
        ),
        pytest.param(
            Running(START, 1, START, unanswered=HELLO_MISSES),
            Due(),
            HELLO_AT,
            Silent(START, 1, HELLO_AT),
            (ChildSilent("vrrp", HELLO_MISSES), Abort("vrrp")),
            id="a child that stays silent has to say where it stands, and end",
        ),
        pytest.param(
            Silent(START, 1, HELLO_AT),
            Due(),
            after(HELLO_AT, STACK_PATIENCE),
            Silent(START, 1, HELLO_AT, killed=True),
            (Kill("vrrp"),),
            id="one that does not even do that is killed",
        ),
        pytest.param(
            Silent(START, 1, HELLO_AT, killed=True),
            Due(),
            after(HELLO_AT, HELLO_INTERVAL),
            Silent(START, 1, HELLO_AT, killed=True),
            (),
            id="and killed once",
        ),
        pytest.param(
            Silent(START, 0, HELLO_AT),
            Ended("vrrp", -9),
            Instant(1),
            Waiting(Instant(1), ZERO, 1),
            (ChildEnded("vrrp", -9, "respawn"),),
            id="and replaced when it is gone",
        ),
        pytest.param(
            FRESH,
            Ended("vrrp", 0),
            Instant(1),
            Waiting(Instant(1), ZERO, 1),
            (ChildEnded("vrrp", 0, "respawn"),),
            id="a child that somebody else stopped is restarted at once (SIG-12)",
        ),
        pytest.param(
            Running(START, 3, START),
            Ended("vrrp", -11),
            Instant(1),
            Waiting(Instant(1), seconds(4), 4),
            (ChildEnded("vrrp", -11, "respawn", seconds(4)),),
            id="after three short lives the fourth restart waits four seconds",
        ),
        pytest.param(
            Running(START, 9, START),
            Ended("vrrp", -11),
            after(START, LIFE_LONG_ENOUGH),
            Waiting(after(START, LIFE_LONG_ENOUGH), ZERO, 1),
            (ChildEnded("vrrp", -11, "respawn"),),
            id="a life of a minute begins a new series",
        ),
        pytest.param(
            Waiting(START, SECOND, 2),
            Due(),
            after(START, SECOND),
            Starting(2),
            (Spawn("vrrp"),),
            id="when the delay is over a new one is made",
        ),
        pytest.param(
            Waiting(START, SECOND, 2), Wanted(), START, Waiting(START, SECOND, 2), (), id="and not before"
        ),
        pytest.param(
            FRESH,
            Dismissed(),
            START,
            Leaving(START),
            (Terminate("vrrp"),),
            id="a child that is to end is asked",
        ),
        pytest.param(
            Leaving(START),
            Due(),
            after(START, CHILD_WAIT),
            Leaving(START, killed=True),
            (ChildLingers("vrrp", CHILD_WAIT), Kill("vrrp")),
            id="one that does not end in time is killed (PR-06)",
        ),
        pytest.param(
            Leaving(START),
            Ended("vrrp", 2),
            START,
            Absent(),
            (ChildEnded("vrrp", 2, "asked"),),
            id="an end that was asked for is no death",
        ),
        pytest.param(
            Waiting(START, SECOND, 2), Dismissed(), START, Absent(), (), id="a dead one needs no asking"
        ),
        pytest.param(
            Silent(START, 0, HELLO_AT),
            Dismissed(),
            START,
            Leaving(START, killed=True),
            (Kill("vrrp"),),
            id="one that is silent need not be asked first",
        ),
    ],
)
def test_a_child_goes_on(
    before: Child, event: ChildEvent, at: Instant, expected: Child, effects: Effects
) -> None:
    result = step(WATCH, "vrrp", before, event, at)

    assert result == (expected, effects)


@pytest.mark.parametrize("status", [1, 2, 4])
def test_an_exit_that_would_only_happen_again_ends_the_daemon(status: int) -> None:
    child, effects = step(WATCH, "vrrp", FRESH, Ended("vrrp", status), START)

    assert child == Absent()
    assert effects == (ChildEnded("vrrp", status, "ends-daemon"),)


@pytest.mark.parametrize("status", [0, 3, 70, -9])
def test_without_respawn_any_death_ends_the_daemon(status: int) -> None:
    child, effects = step(Watch(respawn=False), "vrrp", FRESH, Ended("vrrp", status), START)

    assert child == Absent()
    assert effects == (ChildEnded("vrrp", status, "ends-daemon"),)


def test_the_delays_are_those_of_pr_04() -> None:
    delays = [respawn_delay(restarts) for restarts in range(10)]

    assert delays == [seconds(s) for s in (0, 1, 2, 4, 8, 16, 32, 60, 60, 60)]


@given(st.integers(0, 10**9))
def test_a_delay_never_exceeds_its_bound_nor_shrinks(restarts: int) -> None:
    assert ZERO <= respawn_delay(restarts) <= respawn_delay(restarts + 1) <= RESPAWN_DELAY_MAX


@given(st.lists(st.integers(0, 2 * LIFE_LONG_ENOUGH), max_size=30))
def test_each_death_waits_for_the_short_lives_since_the_last_long_one(lives: list[int]) -> None:
    now, restarts, short = START, 0, 0
    for life in lives:
        since, now = now, after(now, Duration(life))

        waiting = wait_after_death(since, restarts, now)

        short = 0 if life >= LIFE_LONG_ENOUGH else short
        assert waiting.delay == respawn_delay(short)
        assert deadline(WATCH, waiting) == after(now, waiting.delay)
        short += 1
        now, restarts = after(now, waiting.delay), waiting.restarts
