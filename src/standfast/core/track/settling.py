"""A yes or no that counts only after it has lasted: delays of links and of the quorum of processes."""

from standfast.base.frozen import frozen
from standfast.base.times import Duration, Instant, after


@frozen
class Settling:
    """What counts, and since when the facts say otherwise."""

    up: bool
    doubted_since: Instant | None = None  # None: the facts agree

    @property
    def facts(self) -> bool:
        """What the facts say at present."""
        return self.up == (self.doubted_since is None)


@frozen
class Delays:
    """How long a change must last before it counts; 0: it counts at once."""

    up: Duration
    down: Duration


def observed(state: Settling, *, up: bool, delays: Delays, now: Instant) -> Settling:
    """The state when the facts say this."""
    before = settled(state, delays, now)  # time may have passed that nobody has told us of yet
    if up == before.up:
        return Settling(up)
    since = now if before.doubted_since is None else before.doubted_since
    return settled(Settling(before.up, since), delays, now)


def settled(state: Settling, delays: Delays, now: Instant) -> Settling:
    """The state when time has passed."""
    due = deadline(state, delays)
    return state if due is None or now < due else Settling(not state.up)


def deadline(state: Settling, delays: Delays) -> Instant | None:
    """When what the facts say will count; None: it does."""
    if state.doubted_since is None:
        return None
    return after(state.doubted_since, delays.down if state.up else delays.up)
