"""What happens to one check.

    fresh ──> trying ──> resting ──> trying ...          suspended ──> fresh

An attempt asks once; whether one failure counts is decided here, the same for every kind (HC-03 to HC-05).
"""

from typing import assert_never

from msgspec.structs import replace

from standfast.base.times import Instant, after, between
from standfast.core.check.effects import (
    AbandonAttempt,
    CheckDown,
    CheckEffect,
    CheckEffects,
    CheckFailed,
    CheckStale,
    CheckUp,
    CheckWeighed,
    StartAttempt,
)
from standfast.core.check.events import Attempted, Due
from standfast.core.check.outcome import Outcome
from standfast.core.check.parameters import Check
from standfast.core.check.state import CheckState, Fresh, Resting, Suspended, Trying
from standfast.core.check.timing import deadline, overdue
from standfast.core.track.verdict import GOOD, Verdict

Step = tuple[CheckState, CheckEffects]


def step(check: Check, state: CheckState, event: Attempted | Due, now: Instant) -> Step:
    """The check after the event, and what follows from it."""
    match event:
        case Attempted():
            return _attempted(check, state, event, now)
        case Due():
            return _due(check, state, now)
        case _:
            assert_never(event)


def suspend(check: Check, state: CheckState) -> Step:
    """Try no more; what it said last stands."""
    phase = state.phase
    suspended = replace(state, phase=Suspended(), failures=0)
    if isinstance(phase, Trying):
        return suspended, (AbandonAttempt(check.key, state.number),)
    return suspended, ()


def resume(state: CheckState, first: Instant) -> CheckState:
    """Try again, from that time on."""
    return replace(state, phase=Fresh(first)) if isinstance(state.phase, Suspended) else state


# ---- time


def _due(check: Check, state: CheckState, now: Instant) -> Step:
    phase = state.phase
    due = deadline(check, state)
    if due is None or now < due:
        return state, ()
    match phase:
        case Fresh() | Resting():
            return _begin(check, state, due, now)
        case Trying(slot, began):
            return _unanswered(check, state, Trying(slot, began), now)
        case Suspended():
            return state, ()
        case _:
            assert_never(phase)


def _begin(check: Check, state: CheckState, due: Instant, now: Instant) -> Step:
    late = overdue(check, due, now)
    stale = () if late is None else (CheckStale(check.key, check.server, check.kind, late),)
    slot = due if late is None else now  # who was asleep makes up for nothing
    number = state.number + 1
    begun = replace(state, phase=Trying(slot, now), number=number)
    start = StartAttempt(check.key, number, check.probe, after(now, check.patience))
    return begun, (start, *stale)


def _unanswered(check: Check, state: CheckState, phase: Trying, now: Instant) -> Step:
    """Nothing was told of an attempt long after its deadline: it has failed, whoever's fault that is."""
    took = between(phase.began, now)
    outcome = Outcome(ok=False, phase="timeout", detail="the attempt did not end at its deadline", took=took)
    judged, effects = _judged(check, state, phase, outcome, now)
    abandoned = AbandonAttempt(check.key, state.number)
    return judged, (abandoned, CheckStale(check.key, check.server, check.kind, took), *effects)


# ---- results


def _attempted(check: Check, state: CheckState, event: Attempted, now: Instant) -> Step:
    phase = state.phase
    if event.number != state.number or not isinstance(phase, Trying):
        return state, ()
    return _judged(check, state, phase, event.outcome, now)


def _judged(check: Check, state: CheckState, phase: Trying, outcome: Outcome, now: Instant) -> Step:
    if outcome.ok:
        return _succeeded(check, state, Resting(phase.slot, now, retrying=False), outcome, now)
    return _failed(check, state, phase, outcome, now)


def _succeeded(check: Check, state: CheckState, phase: Resting, outcome: Outcome, now: Instant) -> Step:
    weight = state.weight if outcome.value is None else outcome.value
    effects: list[CheckEffect] = []
    if not state.up or not state.judged:
        first = not state.judged
        effects.append(CheckUp(check.key, check.server, check.kind, outcome.took, first, state.up))
    if weight is not None and weight != state.weight:
        effects.append(CheckWeighed(check.key, check.server, check.kind, weight, state.weight))
    good = replace(
        state, phase=phase, verdict=GOOD, judged=True, failures=0, weight=weight, last=outcome, last_at=now
    )
    return good, tuple(effects)


def _failed(check: Check, state: CheckState, phase: Trying, outcome: Outcome, now: Instant) -> Step:
    failures = state.failures + 1
    passes = state.up and state.judged and failures <= check.retry
    down = (state.up or not state.judged) and not passes
    failed = replace(
        state,
        phase=Resting(phase.slot, now, retrying=passes),
        verdict=state.verdict if passes else Verdict(up=False, reason=outcome.words),
        judged=True,
        failures=failures,
        last=outcome,
        last_at=now,
    )
    if down:
        return failed, (CheckDown(check.key, check.server, check.kind, outcome, failures),)
    shown = check.log_all_failures
    return failed, (CheckFailed(check.key, check.server, check.kind, outcome, failures, shown),)
