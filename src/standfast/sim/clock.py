"""The world's time, and the clocks and alarms of its hosts.

The world's own time is what a perfect observer would see; no host can read it. A host's clock has an origin and a
rate of its own, and stands still while the host is a suspended virtual machine.
"""

from collections.abc import Callable
from heapq import heappop, heappush
from typing import Final

from standfast.base.times import SECOND, Duration, Instant, WallTime

_MILLION: Final = 1_000_000
_BEGINNING: Final = 1_800_000_000 * SECOND  # the time of day when a world begins, in 2027
# What one turn of a process's loop takes at least: an alarm never rings twice at once.
TURN: Final = Duration(10)


class Timeline:
    """What will happen, in order; what is due at the same microsecond happens in the order it was asked for."""

    def __init__(self) -> None:
        self.now = Instant(0)
        self.happened = 0
        self._queue: list[tuple[Instant, int, Callable[[], None]]] = []
        self._count = 0

    def at(self, instant: int, act: Callable[[], None]) -> None:
        """Let this happen then; at once if the instant has passed."""
        self._count += 1
        heappush(self._queue, (Instant(max(instant, self.now)), self._count, act))

    def in_(self, duration: int, act: Callable[[], None]) -> None:
        """Let this happen that much later."""
        self.at(self.now + duration, act)

    def next_before(self, end: Instant) -> bool:
        """Let the next thing happen, unless it lies behind `end`; False, and `end` is now, if there is none."""
        if not self._queue or self._queue[0][0] > end:
            self.now = end
            return False
        self.now, _, act = heappop(self._queue)
        self.happened += 1
        act()
        return True


class HostTimeOfDay:
    """What a host believes the time of day to be (`ports.WallClock`): right, but for an error that a test sets."""

    def __init__(self, timeline: Timeline) -> None:
        self.error = Duration(0)
        self._timeline = timeline

    def now(self) -> WallTime:
        """Since 1970."""
        return WallTime(_BEGINNING + self._timeline.now + self.error)


class HostClock:
    """A host's monotonic clock (`ports.Clock`), which runs a little fast or slow."""

    def __init__(self, timeline: Timeline, *, rate_ppm: int = 0, origin: Instant = Instant(0)) -> None:
        """Make a clock that shows `origin` now.

        Args:
            timeline: the world's time.
            rate_ppm: parts per million that it runs fast; negative: slow.
            origin: what it shows at this moment.
        """
        self.rate_ppm = rate_ppm
        self._timeline = timeline
        self._rate = _MILLION + rate_ppm
        self._world = timeline.now
        self._shown = origin
        self._frozen = False
        self._froze_at = timeline.now
        self._stood: list[tuple[Instant, Duration]] = []  # the end of each standstill, and how long it was

    def now(self) -> Instant:
        """What the clock shows."""
        if self._frozen:
            return self._shown
        return Instant(self._shown + (self._timeline.now - self._world) * self._rate // _MILLION)

    def when(self, shown: Instant) -> Instant | None:
        """The world's time at which the clock shows this, never earlier; None while it stands still."""
        if self._frozen:
            return None
        return Instant(self._world - (self._shown - shown) * _MILLION // self._rate)

    def freeze(self) -> None:
        """Stand still: the virtual machine is suspended."""
        if not self._frozen:
            self._froze_at = self._timeline.now
        self._shown = self.now()
        self._frozen = True

    def thaw(self) -> None:
        """Go on from where it stood."""
        self._world = self._timeline.now
        self._stood.append((self._world, Duration(self._world - self._froze_at)))
        self._frozen = False

    def ago(self, duration: Duration) -> Instant:
        """The world's time when something began that has lasted this long for the host: no standstill counts."""
        began = self._timeline.now - duration
        for ended, lasted in reversed(self._stood):
            if ended <= began:
                break
            began -= lasted
        return Instant(began)

    def in_world_time(self, duration: int) -> Duration:
        """How long it really takes until this much has passed on the clock, rounded up."""
        return Duration(-(-duration * _MILLION // self._rate))


class HostTimer:
    """One alarm of a process (`ports.Timer`): never early by its host's clock, and a little late.

    An alarm that is moved away keeps its place in the timeline and is put right when it comes up.
    """

    def __init__(
        self,
        timeline: Timeline,
        clock: HostClock,
        *,
        ring: Callable[[], None],
        lateness: Callable[[], int],
    ) -> None:
        """Make an alarm that is not set.

        Args:
            timeline: the world's time.
            clock: the clock that `due` is meant by.
            ring: what to call.
            lateness: how late the next ring is, in microseconds.
        """
        self._timeline = timeline
        self._clock = clock
        self._ring = ring
        self._lateness = lateness
        self._due: Instant | None = None
        self._wakes_at: Instant | None = None
        self._wake_count = 0

    def set(self, due: Instant | None) -> None:
        """Ring at `due`, never earlier; None: not at all."""
        self._due = due
        if due is None or (at := self._clock.when(due)) is None:
            return
        if self._wakes_at is None or at < self._wakes_at:
            self._wake_at(Instant(max(at, self._timeline.now + TURN) + self._lateness()))

    def refresh(self) -> None:
        """The clock was set going again."""
        self._wakes_at = None
        self.set(self._due)

    def _wake_at(self, at: Instant) -> None:
        self._wakes_at = at
        self._wake_count += 1
        count = self._wake_count
        self._timeline.at(at, lambda: self._wake(count))

    def _wake(self, count: int) -> None:
        if count != self._wake_count:
            return  # another one was set for an earlier moment
        self._wakes_at = None
        due = self._due
        if due is None:
            return
        if self._clock.now() < due:
            self.set(due)  # it was moved away meanwhile, or the clock stood still
            return
        self._due = None
        self._ring()
