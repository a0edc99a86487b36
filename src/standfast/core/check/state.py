"""One check at one moment: what it says, and what is under way. What follows when is `timing`'s."""

from standfast.base.frozen import frozen
from standfast.base.times import Instant
from standfast.core.check.outcome import Outcome
from standfast.core.check.parameters import Check
from standfast.core.track.verdict import GOOD, WAITING, Verdict

# ---- phases


@frozen
class Fresh:
    """It has never tried since it began, or since it was suspended."""

    first: Instant  # when it does


@frozen
class Trying:
    """An attempt is under way."""

    slot: Instant  # its place on the grid
    began: Instant


@frozen
class Resting:
    """The last attempt is over."""

    slot: Instant  # the place that it had on the grid
    ended: Instant
    retrying: bool  # it failed, and that does not count yet


@frozen
class Suspended:
    """It does not try (behaviour HC-26)."""


Phase = Fresh | Trying | Resting | Suspended


@frozen
class CheckState:
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
