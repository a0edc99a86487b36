"""Two routers that say they own the same addresses: a mistake in somebody's configuration (behaviour SM-26).

The rule for equals decides first (RFC 9568, section 6.4.3). If the other side does not follow it, ours falls to
254 after a while and lets the other be, for two masters are worse than the wrong one; it is an owner again as soon
as it becomes master, since the other has fallen silent by then.
"""

from typing import Final

from standfast.base.frozen import frozen
from standfast.base.limits import RIVAL_PATIENCE
from standfast.base.priorities import MOST
from standfast.base.times import Duration, Instant, between

FALLEN: Final = MOST


@frozen
class Rival:
    """Another owner, as long as it speaks."""

    since: Instant
    last: Instant


def met(rival: Rival | None, now: Instant, *, forgotten_after: Duration) -> Rival:
    """Another owner was heard; one that was silent for so long begins anew."""
    if rival is None or between(rival.last, now) > forgotten_after:
        return Rival(now, now)
    return Rival(rival.since, now)


def outlasts(rival: Rival) -> bool:
    """Whether the other has had the time to give way, and did not."""
    return between(rival.since, rival.last) >= RIVAL_PATIENCE
