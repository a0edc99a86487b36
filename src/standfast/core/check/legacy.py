"""What checks leave to the process that takes the place of theirs."""

from standfast.base.frozen import frozen
from standfast.base.times import Instant
from standfast.core.check.outcome import Outcome
from standfast.core.check.state import CheckState, Fresh, Phase, Resting, Suspended, Trying
from standfast.core.track.verdict import Verdict


@frozen
class CheckLegacy:
    """One check; of the phases, the one that it was in."""

    key: str
    verdict: Verdict
    judged: bool
    failures: int
    weight: int | None
    last: Outcome | None
    last_at: Instant | None
    fresh: Fresh | None = None
    trying: Trying | None = None
    resting: Resting | None = None

    def as_state(self) -> CheckState:
        """A check that goes on. An attempt that was under way is made again, in its place on the grid."""
        phase: Phase = self.fresh or self.resting or Suspended()
        if self.trying is not None:
            phase = Fresh(self.trying.slot)
        return CheckState(
            phase,
            self.verdict,
            judged=self.judged,
            failures=self.failures,
            weight=self.weight,
            last=self.last,
            last_at=self.last_at,
        )


def legacy_of(key: str, state: CheckState) -> CheckLegacy:
    """What the next process must know of a check."""
    phase = state.phase
    return CheckLegacy(
        key=key,
        verdict=state.verdict,
        judged=state.judged,
        failures=state.failures,
        weight=state.weight,
        last=state.last,
        last_at=state.last_at,
        fresh=phase if isinstance(phase, Fresh) else None,
        trying=phase if isinstance(phase, Trying) else None,
        resting=phase if isinstance(phase, Resting) else None,
    )
