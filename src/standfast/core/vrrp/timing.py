"""What is due when: RFC 9568, section 6.1 and 6.4; RFC 3768, section 6.1; behaviours SM-05 to SM-11.

Deadlines are computed from the parameters and from what happened, never stored. Change a priority while a
backup waits, and the waiting time is right at once.
"""

from typing import assert_never

from standfast.base.times import SECOND, Duration, Instant, after, between, times
from standfast.core.vrrp.announce import announcement_due, elsewhere_due
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.state import Backup, Fault, Init, Master, State


def skew(router: Router, interval: Duration) -> Duration:
    """Delay that lets the router with the highest priority speak first.

    Args:
        router: its effective priority counts; 255 waits least, 1 waits longest.
        interval: the master's advert interval; version 2 does not use it.

    Returns:
        Microseconds, rounded down. Version 3: ((256 - priority) * interval) / 256. Version 2:
        (256 - priority) / 256 seconds. Whole seconds or centiseconds would let neighbours in rank
        speak together.
    """
    unit = SECOND if router.version == 2 else interval
    return Duration((256 - router.priority) * unit // 256)


def master_down(router: Router, interval: Duration) -> Duration:
    """How long a master may be silent before a backup takes its place."""
    return Duration(times(router.down_timer_adverts, interval) + skew(router, interval))


def silence_ends(router: Router, state: Backup) -> Instant:
    """When a backup takes over unless it hears an advert that counts."""
    if state.master_left:
        return after(state.quiet_since, skew(router, state.interval))
    return after(state.quiet_since, master_down(router, state.interval))


def advert_due(router: Router, state: Master) -> Instant:
    """When a master speaks next: a fixed grid, so that lateness does not add up."""
    return after(state.beat, router.interval)


def overslept(router: Router, state: Master, now: Instant) -> bool:
    """Whether a master was silent so long that another may be master by right."""
    asleep = between(state.beat, now)
    if asleep <= router.down_timer_adverts * router.interval:  # nearly always: spares the skew
        return False
    return asleep >= master_down(router, router.interval)


def deadline(router: Router, state: State) -> Instant | None:
    """When this state must be told `Due`; None: it waits for something else."""
    match state:
        case Backup():
            return silence_ends(router, state)
        case Master():
            announce = announcement_due(router, state.announcing)
            elsewhere = elsewhere_due(router, state.elsewhere)
            speak = advert_due(router, state)
            return min(due for due in (speak, announce, elsewhere) if due is not None)
        case Init() | Fault():
            return None
        case _:
            assert_never(state)
