"""One tracked script: its runs, its results."""

import pytest

from standfast.base.frozen import changed
from standfast.base.times import Duration, Instant, seconds
from standfast.core.track.effects import EndScript, RunScript, RunSkipped, TrackEffect
from standfast.core.track.events import Due, ScriptEnded
from standfast.core.track.parameters import ScriptCheck
from standfast.core.track.script import (
    Ending,
    Fresh,
    Killed,
    Resting,
    Running,
    ScriptState,
    deadline,
    first_state,
    step,
)
from standfast.core.track.verdict import GOOD, WAITING, Verdict
from standfast.model.kinds.scripts import Script

SCRIPT = Script(("/bin/check", "-x"))
CHECK = ScriptCheck("chk", SCRIPT, interval=seconds(2), timeout=seconds(1))
ZERO = Instant(0)


def at(amount: float) -> Instant:
    return Instant(seconds(amount))


def running(check: ScriptCheck = CHECK, state: ScriptState | None = None) -> ScriptState:
    return step(check, state or first_state(check, ZERO), Due(), ZERO)[0]


def ended(state: ScriptState, **how: int | str) -> ScriptEnded:
    return ScriptEnded(CHECK.name, state.run, **how)  # type: ignore[arg-type]


def after_results(check: ScriptCheck, *statuses: int) -> ScriptState:
    """The state after runs that ended with these, each at once."""
    state, now = first_state(check, ZERO), ZERO
    for status in statuses:
        now = deadline(check, state)
        state, _ = step(check, state, Due(), now)
        state, _ = step(check, state, ended(state, status=status), now)
    return state


# ---- runs


def test_the_first_run_begins_at_once() -> None:
    state = first_state(CHECK, at(5))

    assert deadline(CHECK, state) == at(5)
    assert step(CHECK, state, Due(), at(5))[1] == (RunScript("chk", 1, SCRIPT),)


@pytest.mark.behaviour("TR-02")
def test_the_next_run_begins_an_interval_after_the_beginning_of_the_last() -> None:
    begun = running()

    rested, effects = step(CHECK, begun, ended(begun), at(0.7))

    assert effects == ()
    assert deadline(CHECK, rested) == at(2)
    assert step(CHECK, rested, Due(), at(2))[1] == (RunScript("chk", 2, SCRIPT),)


def test_a_late_wake_up_keeps_the_grid() -> None:
    begun = running()
    rested, _ = step(CHECK, begun, ended(begun), at(0.1))

    late, effects = step(CHECK, rested, Due(), at(7.5))

    assert effects == (RunScript("chk", 2, SCRIPT),)
    assert late.phase == Running(at(6), at(7.5))


@pytest.mark.behaviour("TR-02")
def test_a_run_longer_than_the_interval_skips_the_next_start() -> None:
    check = changed(CHECK, timeout=seconds(5))
    begun = running(check)

    skipped, effects = step(check, begun, Due(), at(2))

    assert effects == (RunSkipped("chk", seconds(2)),)
    assert skipped.verdict == WAITING
    assert step(check, skipped, ended(skipped), at(2.5))[0].phase == Resting(at(2))


@pytest.mark.behaviour("TR-03")
def test_a_run_that_outlasts_its_timeout_has_failed_and_is_asked_to_end() -> None:
    begun = running()

    late, effects = step(CHECK, begun, Due(), at(1))

    assert deadline(CHECK, begun) == at(1)
    assert effects == (EndScript("chk", 1),)
    assert late.verdict == Verdict(up=False, reason="no end within 1 s")
    assert late.phase == Ending(ZERO, ZERO, at(1))


@pytest.mark.behaviour("TR-03")
def test_who_does_not_end_is_killed_two_seconds_later() -> None:
    late, _ = step(CHECK, running(), Due(), at(1))
    skipped, first = step(CHECK, late, Due(), at(2))

    killed, second = step(CHECK, skipped, Due(), at(3))

    assert first == (RunSkipped("chk", seconds(2)),)
    assert deadline(CHECK, skipped) == at(3)
    assert second == (EndScript("chk", 1, kill=True),)
    assert killed.phase == Killed(at(2), ZERO)


def test_the_timeout_and_the_next_start_come_at_the_same_time_where_none_is_configured() -> None:
    check = changed(CHECK, timeout=CHECK.interval)

    _, effects = step(check, running(check), Due(), at(2))

    assert effects == (EndScript("chk", 1), RunSkipped("chk", seconds(2)))


def test_how_a_run_ends_that_was_asked_to_says_nothing_more() -> None:
    late, _ = step(CHECK, running(), Due(), at(1))

    rested, effects = step(CHECK, late, ended(late, status=0), at(1.1))

    assert effects == ()
    assert rested.verdict.reason == "no end within 1 s"
    assert deadline(CHECK, rested) == at(2)


def test_the_end_of_another_run_is_ignored() -> None:
    begun = running()

    assert step(CHECK, begun, ScriptEnded("chk", begun.run - 1, status=1), at(0.1)) == (begun, ())


# ---- results


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        pytest.param({"status": 0}, "", id="exit status 0 is success"),
        pytest.param({"status": 3}, "exit status 3", id="any other exit status is failure"),
        pytest.param(
            {"status": -9},
            "killed by signal 9",
            id="killed by a signal",
            marks=pytest.mark.behaviour("TR-07"),
        ),
        pytest.param({"refusal": "there is no user x"}, "there is no user x", id="it could not be run"),
    ],
)
def test_a_result_makes_the_verdict(end: dict[str, int | str], reason: str) -> None:
    begun = running()

    state, _ = step(CHECK, begun, ended(begun, **end), at(0.1))

    assert state.verdict == Verdict(up=not reason, reason=reason)
    assert state.last is not None
    assert (state.last.result, state.last.took) == (reason, seconds(0.1))


@pytest.mark.behaviour("TR-04", "TR-05")
@pytest.mark.parametrize(
    ("rise", "fall", "statuses", "up"),
    [
        pytest.param(3, 3, [0], True, id="the first success decides"),
        pytest.param(3, 3, [1], False, id="the first failure decides"),
        pytest.param(1, 2, [0, 1], True, id="one failure of two changes nothing"),
        pytest.param(1, 2, [0, 1, 1], False, id="the second in a row does"),
        pytest.param(1, 2, [0, 1, 0, 1], True, id="a success in between begins the count anew"),
        pytest.param(2, 1, [1, 0], False, id="one success of two changes nothing"),
        pytest.param(2, 1, [1, 0, 1, 0], False, id="a failure in between begins the count anew"),
        pytest.param(2, 1, [1, 0, 0], True, id="two in a row do"),
    ],
)
def test_results_in_a_row(rise: int, fall: int, statuses: list[int], up: bool) -> None:
    check = changed(CHECK, rise=rise, fall=fall)

    assert after_results(check, *statuses).verdict.up is up


@pytest.mark.behaviour("TR-06")
@pytest.mark.parametrize(
    ("statuses", "up"),
    [
        pytest.param([], False, id="bad before any result"),
        pytest.param([0], False, id="the first success does not decide"),
        pytest.param([0, 0], True, id="rise successes in a row do"),
    ],
)
def test_with_init_fail_a_script_is(statuses: list[int], up: bool) -> None:
    check = changed(CHECK, rise=2, init_fail=True)

    assert after_results(check, *statuses).verdict.up is up


def test_the_reason_of_a_bad_script_is_that_of_its_last_failure() -> None:
    state = after_results(CHECK, 1, 2)

    assert state.verdict.reason == "exit status 2"


def test_a_script_that_takes_the_place_of_another_keeps_its_word_until_the_first_result() -> None:
    former = after_results(CHECK, 0)
    check = changed(CHECK, script=Script(("/bin/other",)), fall=5)

    fresh = first_state(check, at(9), run=former.run, former=former)
    begun, effects = step(check, fresh, Due(), at(9))
    failed, _ = step(check, begun, ended(begun, status=1), at(9))

    assert fresh.phase == Fresh(at(9))
    assert fresh.verdict == GOOD
    assert effects == (RunScript("chk", 2, check.script),)
    assert not failed.verdict.up


def skips(effects: tuple[TrackEffect, ...]) -> list[Duration]:
    return [effect.since for effect in effects if isinstance(effect, RunSkipped)]


def test_a_run_that_cannot_even_be_killed_is_told_of_each_interval() -> None:
    state = running()
    told: list[Duration] = []
    for second in (1, 2, 3, 4, 6):
        state, effects = step(CHECK, state, Due(), at(second))
        told += skips(effects)

    assert told == [seconds(2), seconds(4), seconds(6)]
    assert deadline(CHECK, state) == at(8)
