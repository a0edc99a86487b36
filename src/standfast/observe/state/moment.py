"""One moment by both clocks: what happened by ours is told by the time of day."""

from standfast.base.frozen import frozen
from standfast.base.times import SECOND, Duration, Instant, between


@frozen
class Moment:
    """This moment."""

    now: Instant
    wall: float  # time of day, seconds since 1970

    def at(self, instant: Instant) -> float:
        """The time of day of an instant."""
        return round(self.wall - between(instant, self.now) / SECOND, 3)

    def until(self, instant: Instant | None) -> float | None:
        """Seconds from now to an instant; not below 0."""
        return None if instant is None else seconds_of(Duration(max(0, between(self.now, instant))))

    def since(self, instant: Instant) -> float:
        """Seconds from an instant to now."""
        return seconds_of(between(instant, self.now))


def seconds_of(duration: Duration) -> float:
    """A duration in seconds."""
    return duration / SECOND
