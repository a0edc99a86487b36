"""When a check is due: derived from what happened, so that a reload is right at once."""

from typing import Final, assert_never
from zlib import crc32

from standfast.base.limits import CHECK_STALE_AFTER, CHECK_TOGETHER, FIRST_CHECK
from standfast.base.times import Duration, Instant, after, between, times
from standfast.core.check.parameters import Check
from standfast.core.check.state import CheckState, Fresh, Resting, Suspended, Trying

_WHOLE: Final = 1 << 32


def first_attempt(check: Check, dice: int, now: Instant) -> Instant:
    """When a check tries first: some time within its warm-up, so that not all begin at once (HC-02).

    The time is a whole number of `CHECK_TOGETHER`: what costs is the wake-up, and it is shared from then on.

    Args:
        check: that begins.
        dice: thrown once for all checks of a process; each makes its own time of it.
        now: this moment.
    """
    if not check.warmup:
        return after(now, FIRST_CHECK)
    part = crc32(check.key.encode(), dice & (_WHOLE - 1))
    within = check.warmup * part // _WHOLE
    return after(now, Duration(within - within % CHECK_TOGETHER))


def deadline(check: Check, state: CheckState) -> Instant | None:
    """When the check must be told `Due`; None: it waits for nothing."""
    phase = state.phase
    match phase:
        case Resting():
            return next_attempt(check, phase)
        case Trying():  # the edge has its own deadline; this is for an answer that never comes
            return after(after(phase.began, check.patience), _stale_after(check))
        case Fresh():
            return phase.first
        case Suspended():
            return None
        case _:
            assert_never(phase)


def next_attempt(check: Check, phase: Resting) -> Instant:
    """The next place on the grid that is still to come when the last attempt ends; or a retry, before that."""
    if phase.retrying:
        return after(phase.ended, check.delay_before_retry)
    passed = max(0, between(phase.slot, phase.ended) - 1) // check.delay_loop
    return after(phase.slot, times(passed + 1, check.delay_loop))


def overdue(check: Check, due: Instant, now: Instant) -> Duration | None:
    """How late it is, if that is so late that the verdict is stale; None: it is not."""
    late = between(due, now)
    return late if late > _stale_after(check) else None


def _stale_after(check: Check) -> Duration:
    return times(CHECK_STALE_AFTER, check.delay_loop)
