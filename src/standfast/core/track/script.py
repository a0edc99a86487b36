"""One tracked script: when it runs, when a run has lasted too long, and what its results make of it.

A run begins every interval, on a fixed grid, one at a time: a beginning that comes while a run goes on is skipped
(behaviour TR-02). A run that outlasts its timeout has failed at that moment, is asked to end (TERM), and made to
(KILL) two seconds later (TR-03); how it ends after that says nothing more. The first result decides (TR-04);
from then on it takes `rise` or `fall` results in a row against the present verdict to turn it (TR-05). A script
that cannot be run has failed like one that was run and failed, with that reason.

States: `Fresh` (never run), `Resting`, `Running`, `Ending` (TERM is sent), `Killed`. Events: `Due`, `ScriptEnded`.
"""

from typing import assert_never

from standfast.base.frozen import changed, frozen
from standfast.base.limits import SCRIPT_KILL_AFTER
from standfast.base.times import Duration, Instant, after, between, in_seconds, times
from standfast.core.track.effects import EndScript, RunScript, RunSkipped, TrackEffect
from standfast.core.track.events import Due, ScriptEnded
from standfast.core.track.parameters import ScriptCheck
from standfast.core.track.verdict import GOOD, WAITING, Verdict

# ---- states


@frozen
class Fresh:
    """It has never run since it is what it is."""

    since: Instant


@frozen
class Resting:
    """No run is under way."""

    slot: Instant  # the place on the grid that the last run had


@frozen
class Running:
    """A run is under way."""

    slot: Instant
    began: Instant


@frozen
class Ending:
    """The run lasted too long and was asked to end."""

    slot: Instant
    began: Instant
    asked: Instant


@frozen
class Killed:
    """The run did not end when it was asked to."""

    slot: Instant
    began: Instant


Phase = Fresh | Resting | Running | Ending | Killed
Busy = Running | Ending | Killed


@frozen
class LastRun:
    """The last run that has a result."""

    began: Instant
    took: Duration
    result: str  # why it failed; empty: it succeeded
    said: str = ""


@frozen
class ScriptState:
    """One script at one moment."""

    phase: Phase
    verdict: Verdict = WAITING
    decided: bool = False  # a result, or init_fail, has decided
    against: int = 0  # results in a row that speak against the verdict
    run: int = 0  # number of the last run
    last: LastRun | None = None


Step = tuple[ScriptState, tuple[TrackEffect, ...]]


def first_state(
    check: ScriptCheck, now: Instant, *, run: int = 0, former: ScriptState | None = None
) -> ScriptState:
    """A script that begins.

    Args:
        check: what it is.
        now: this moment.
        run: the number of the last run under this name that may still go on.
        former: the script of the same name that it takes the place of. What that one said stands until the first
            result, which decides: to edit a check on a master is no reason to leave.
    """
    fresh = ScriptState(Fresh(now), run=run)
    if former is not None:
        return changed(fresh, verdict=former.verdict)
    if check.init_fail:
        return changed(fresh, verdict=Verdict(up=False, reason="init_fail"), decided=True)
    return fresh


def deadline(check: ScriptCheck, state: ScriptState) -> Instant:
    """When the script must be told `Due`."""
    phase = state.phase
    match phase:
        case Fresh(since):
            return since
        case Resting(slot) | Killed(slot, _):
            return after(slot, check.interval)
        case Running(slot, began):
            return min(after(began, check.timeout), after(slot, check.interval))
        case Ending(slot, _, asked):
            return min(after(asked, SCRIPT_KILL_AFTER), after(slot, check.interval))
        case _:
            assert_never(phase)


def next_run(check: ScriptCheck, state: ScriptState) -> Instant:
    """When it is due to begin next, if the present run has ended by then."""
    phase = state.phase
    return phase.since if isinstance(phase, Fresh) else after(phase.slot, check.interval)


def step(check: ScriptCheck, state: ScriptState, event: Due | ScriptEnded, now: Instant) -> Step:
    """What follows from the event."""
    match event:
        case ScriptEnded():
            return _ended(check, state, event, now)
        case Due():
            return _due(check, state, now)
        case _:
            assert_never(event)


# ---- time


def _due(check: ScriptCheck, state: ScriptState, now: Instant) -> Step:
    phase = state.phase
    match phase:
        case Fresh(since):
            return _begin(check, state, since if since > now else now, now)
        case Resting(slot):
            return _begin(check, state, _on_grid(check, slot, now), now)
        case Running(slot, began) if now >= after(began, check.timeout):
            late = _judged(check, state, Ending(slot, began, now), f"no end within {_limit(check)} s", now)
            return _behind(EndScript(check.name, state.run), _skip(check, late, now))
        case Ending(slot, began, asked) if now >= after(asked, SCRIPT_KILL_AFTER):
            killed = changed(state, phase=Killed(slot, began))
            return _behind(EndScript(check.name, state.run, kill=True), _skip(check, killed, now))
        case Running() | Ending() | Killed():
            return _skip(check, state, now)
        case _:
            assert_never(phase)


def _begin(check: ScriptCheck, state: ScriptState, slot: Instant, now: Instant) -> Step:
    run = state.run + 1
    begun = changed(state, phase=Running(slot, now), run=run)
    return begun, (RunScript(check.name, run, check.script),)


def _skip(check: ScriptCheck, state: ScriptState, now: Instant) -> Step:
    """Leave out the beginnings that have come, because the last run still goes on."""
    phase = state.phase
    if isinstance(phase, Fresh | Resting) or now < after(phase.slot, check.interval):
        return state, ()
    left_out: Phase = changed(phase, slot=_on_grid(check, phase.slot, now))
    return changed(state, phase=left_out), (RunSkipped(check.name, between(phase.began, now)),)


def _on_grid(check: ScriptCheck, slot: Instant, now: Instant) -> Instant:
    """The last place of the grid that has come: a process that was asleep makes up for nothing."""
    return after(slot, times(max(1, between(slot, now) // check.interval), check.interval))


def _behind(effect: TrackEffect, rest: Step) -> Step:
    state, effects = rest
    return state, (effect, *effects)


# ---- results


def _ended(check: ScriptCheck, state: ScriptState, event: ScriptEnded, now: Instant) -> Step:
    phase = state.phase
    if event.run != state.run or isinstance(phase, Fresh | Resting):
        return state, ()
    resting = Resting(phase.slot)
    if isinstance(phase, Ending | Killed):  # its result was that it lasted too long
        return changed(state, phase=resting), ()
    return _judged(check, state, resting, _why(event), now, said=event.said), ()


def _judged(
    check: ScriptCheck, state: ScriptState, phase: Phase, why: str, now: Instant, *, said: str = ""
) -> ScriptState:
    """The state after one more result; `why` is empty if the run succeeded."""
    began = state.phase.began if isinstance(state.phase, Running) else now
    last = LastRun(began, between(began, now), why, said)
    verdict, against = weigh(check, state, why)
    return changed(state, phase=phase, verdict=verdict, decided=True, against=against, last=last)


def weigh(check: ScriptCheck, state: ScriptState, why: str) -> tuple[Verdict, int]:
    """The verdict after a result, and how many results in a row speak against it."""
    up = not why
    result = Verdict(up, why) if why else GOOD
    if state.decided and up != state.verdict.up:
        against = state.against + 1
        if against < (check.rise if up else check.fall):
            return state.verdict, against
    return result, 0


def _why(event: ScriptEnded) -> str:
    if event.refusal:
        return event.refusal
    if event.status < 0:
        return f"killed by signal {-event.status}"  # behaviour TR-07
    return f"exit status {event.status}" if event.status else ""


def _limit(check: ScriptCheck) -> str:
    return in_seconds(check.timeout)
