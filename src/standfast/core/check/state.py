"""One check at one moment: what it says, and what is under way. What follows when is `timing`'s.

These values are made anew with each attempt, thousands of times a second. So they are structs, and the collector
of garbage does not look at them: none can lead back to itself.
"""

from msgspec import Struct

from standfast.base.times import Instant
from standfast.core.check.outcome import Outcome
from standfast.core.check.parameters import Check
from standfast.core.track.verdict import GOOD, WAITING, Verdict

# ---- phases


class Fresh(Struct, frozen=True, gc=False):
    """It has never tried since it began, or since it was suspended."""

    first: Instant  # when it does


class Trying(Struct, frozen=True, gc=False):
    """An attempt is under way."""

    slot: Instant  # its place on the grid
    began: Instant


class Resting(Struct, frozen=True, gc=False):
    """The last attempt is over."""

    slot: Instant  # the place that it had on the grid
    ended: Instant
    retrying: bool  # it failed, and that does not count yet


class Suspended(Struct, frozen=True, gc=False):
    """It does not try (behaviour HC-26)."""


Phase = Fresh | Trying | Resting | Suspended


class CheckState(Struct, frozen=True, gc=False):
    """One check."""

    phase: Phase
    verdict: Verdict
    judged: bool = False  # a result has decided: from then on failures may be let pass (HC-05)
    failures: int = 0  # in a row
    number: int = 0  # of the last attempt
    weight: int | None = None  # that a program asked for last (HC-16); it outlives reloads (LV-22)
    last: Outcome | None = None
    last_at: Instant | None = None  # when that came

    @property
    def up(self) -> bool:
        """Whether it says that its server is good."""
        return self.verdict.up


def first_state(check: Check, first: Instant, *, lenient: bool) -> CheckState:
    """A check that begins.

    Args:
        check: what it is.
        first: when it tries first.
        lenient: the first failures may be let pass, as for a server that a reload brings (RL-05).
    """
    verdict = WAITING if check.alpha else GOOD
    return CheckState(Fresh(first), verdict, judged=lenient and not check.alpha)
