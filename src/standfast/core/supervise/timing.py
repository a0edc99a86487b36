"""What is due when: hellos, restarts and the end of patience; computed, never stored."""

from typing import assert_never

from standfast.base.limits import HELLO_INTERVAL, LIFE_LONG_ENOUGH, RESPAWN_DELAY_MAX, STACK_PATIENCE
from standfast.base.times import SECOND, ZERO, Duration, Instant, after, between, times
from standfast.core.supervise.state import Absent, Child, Leaving, Running, Silent, Starting, Waiting
from standfast.core.supervise.watch import Watch


def respawn_delay(restarts: int) -> Duration:
    """How long after a death the next one starts (behaviour PR-04).

    Args:
        restarts: how many there were in this series of short lives before this one.

    Returns:
        0 for the first, then 1, 2, 4 … seconds, at most RESPAWN_DELAY_MAX.
    """
    if restarts == 0:
        return ZERO
    doublings = min(restarts - 1, RESPAWN_DELAY_MAX.bit_length())  # more would be cut anyway
    return min(times(1 << doublings, SECOND), RESPAWN_DELAY_MAX)


def restarts_after(life: Duration, restarts: int) -> int:
    """How many restarts count when a life of this length has ended: a long one begins a new series."""
    return 0 if life >= LIFE_LONG_ENOUGH else restarts


def wait_after_death(since: Instant, restarts: int, now: Instant) -> Waiting:
    """The pause that follows a life which began at `since` as the given restart of its series."""
    counted = restarts_after(between(since, now), restarts)
    return Waiting(died_at=now, delay=respawn_delay(counted), restarts=counted + 1)


def deadline(watch: Watch, child: Child) -> Instant | None:
    """When this child must be told `Due`; None: it waits for something else."""
    match child:
        case Running():
            return after(child.asked_at, HELLO_INTERVAL)
        case Waiting():
            return after(child.died_at, child.delay)
        case Leaving(killed=False):
            return after(child.asked_at, watch.child_wait)
        case Silent(killed=False):
            return after(child.aborted_at, STACK_PATIENCE)
        case Absent() | Starting() | Silent() | Leaving():
            return None
        case _:
            assert_never(child)
