"""What a check asks for, and what it tells."""

from msgspec import Struct

from standfast.base.times import Duration, Instant
from standfast.core.check.outcome import Outcome
from standfast.core.check.probes import Probe

# ---- commands


class StartAttempt(Struct, frozen=True):
    """Try once; at the deadline the attempt has failed, whatever it is doing."""

    key: str
    number: int
    probe: Probe
    deadline: Instant


class AbandonAttempt(Struct, frozen=True):
    """Nobody waits for this attempt any more; nothing is to be told of it."""

    key: str
    number: int


# ---- facts


class CheckUp(Struct, frozen=True):
    """A check that was failed, or had no result yet, has succeeded."""

    key: str
    server: str
    kind: str
    took: Duration
    first: bool  # it had no result before
    was_up: bool = False  # it counted as good until then


class CheckDown(Struct, frozen=True):
    """A check has failed as often as it takes."""

    key: str
    server: str
    kind: str
    outcome: Outcome
    failures: int  # in a row


class CheckFailed(Struct, frozen=True):
    """One more attempt has failed, and that changes nothing (behaviours HC-21, HC-22)."""

    key: str
    server: str
    kind: str
    outcome: Outcome
    failures: int
    shown: bool  # each failure of this check is to be logged


class CheckWeighed(Struct, frozen=True):
    """A program asks for another weight than before (behaviour HC-16)."""

    key: str
    server: str
    kind: str
    weight: int
    before: int | None  # None: it had asked for none


class CheckStale(Struct, frozen=True):
    """A check has had no result for more than two intervals after it was due."""

    key: str
    server: str
    kind: str
    overdue: Duration


CheckCommand = StartAttempt | AbandonAttempt
CheckFact = CheckUp | CheckDown | CheckFailed | CheckWeighed | CheckStale
CheckEffect = CheckCommand | CheckFact
CheckEffects = tuple[CheckEffect, ...]
