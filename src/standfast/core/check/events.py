"""What the outside tells a check."""

from msgspec import Struct

from standfast.core.check.outcome import Outcome


class Attempted(Struct, frozen=True):
    """An attempt is over; told exactly once for each that was started and not abandoned."""

    key: str
    number: int
    outcome: Outcome


class Due(Struct, frozen=True):
    """A deadline has come."""
