"""Instants and durations, both in whole microseconds.

A time in the core is always one of the two. `Instant` counts from an unnamed origin (the edge uses the
kernel's monotonic clock, the simulator its own zero), so instants can be compared and subtracted, nothing
more. `WallTime` counts from 1970 (UTC) as the host believes it to be: it can jump, and only signatures that
several hosts compare need it. Other units live at the edges and wear a suffix (`interval_cs`).
"""

from typing import TYPE_CHECKING, Final, NewType

if TYPE_CHECKING:
    from decimal import Decimal

Instant = NewType("Instant", int)
Duration = NewType("Duration", int)
WallTime = NewType("WallTime", int)

MICROSECOND = Duration(1)
MILLISECOND = Duration(1_000)
CENTISECOND = Duration(10_000)
SECOND = Duration(1_000_000)
ZERO = Duration(0)

_PLACES: Final = 6  # of seconds in microseconds


def after(instant: Instant, duration: Duration) -> Instant:
    """The instant that lies `duration` later (earlier if it is negative)."""
    return Instant(instant + duration)


def between(earlier: Instant, later: Instant) -> Duration:
    """How long from `earlier` to `later`; negative if they are the other way round."""
    return Duration(later - earlier)


def times(count: int, duration: Duration) -> Duration:
    """`count` durations in a row."""
    return Duration(count * duration)


def seconds(amount: "float | str | Decimal") -> Duration:
    """That many seconds, rounded to the nearest microsecond; a string is read exactly."""
    text = str(amount)
    whole, _, part = text.partition(".")
    if len(part) <= _PLACES and (whole + part).isdecimal():  # as nearly all are
        return Duration(int(whole or 0) * SECOND + int(part.ljust(_PLACES, "0")))
    from decimal import Decimal  # noqa: PLC0415  (a start can do without)

    return Duration(int((Decimal(text) * SECOND).to_integral_value()))


def in_seconds(duration: Duration) -> str:
    """A duration for people: `3.609375`, `1`, `0.01`; no unit, no trailing zeros."""
    whole, part = divmod(abs(duration), SECOND)
    sign = "-" if duration < 0 else ""
    return f"{sign}{whole}.{part:06d}".rstrip("0").rstrip(".")
