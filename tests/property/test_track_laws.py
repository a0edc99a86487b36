"""Laws of the trackers."""

from hypothesis import given
from hypothesis import strategies as st

from standfast.base.times import Instant, seconds
from standfast.core.track.events import Due, FileContent, ScriptEnded
from standfast.core.track.file import MOST, number_in, verdict_of
from standfast.core.track.parameters import ScriptCheck
from standfast.core.track.script import deadline, first_state, step
from standfast.core.track.settling import Delays, Settling, observed, settled
from standfast.core.track.settling import deadline as settles_at
from standfast.model.kinds.scripts import Script

COUNTS = st.integers(1, 4)


def model(results: list[bool], *, rise: int, fall: int, init_fail: bool) -> bool:
    """What a simple reader of the manual makes of these results."""
    up = False if init_fail else results[0]
    for at in range(len(results)):
        for good, need in ((True, rise), (False, fall)):
            last = results[max(0, at + 1 - need) : at + 1]
            if len(last) == need and all(result is good for result in last):
                up = good
    return up


@given(st.lists(st.booleans(), min_size=1, max_size=30), COUNTS, COUNTS, st.booleans())
def test_any_results_give_the_verdict_of_a_simple_model(
    results: list[bool], rise: int, fall: int, init_fail: bool
) -> None:
    check = ScriptCheck("chk", Script(("/bin/check",)), rise=rise, fall=fall, init_fail=init_fail)
    state = first_state(check, Instant(0))

    for good in results:
        now = deadline(check, state)
        state, _ = step(check, state, Due(), now)
        state, _ = step(check, state, ScriptEnded("chk", state.run, status=0 if good else 1), now)

    assert state.verdict.up is model(results, rise=rise, fall=fall, init_fail=init_fail)


@given(st.lists(st.tuples(st.integers(0, 5_000_000), st.booleans()), max_size=40))
def test_a_script_is_never_due_in_the_past_and_runs_once_at_a_time(what: list[tuple[int, bool]]) -> None:
    check = ScriptCheck("chk", Script(("/bin/check",)), interval=seconds(1), timeout=seconds("0.7"))
    state, now, under_way = first_state(check, Instant(0)), Instant(0), 0

    for wait, ends in what:
        now = Instant(max(now, deadline(check, state)) if not ends else now + wait)
        event = ScriptEnded("chk", state.run) if ends else Due()
        under_way -= ends and under_way
        state, effects = step(check, state, event, now)
        under_way += sum(type(effect).__name__ == "RunScript" for effect in effects)

        assert under_way <= 1
        assert ends or deadline(check, state) > now


@given(st.integers(-MOST, MOST), st.sampled_from(["{}", "{}\n", " \t{}", "{:#x}", "{} # words"]))
def test_every_number_is_read_as_it_was_written(number: int, form: str) -> None:
    assert number_in(form.format(number).encode()) == number


@given(st.binary(max_size=200))
def test_no_content_of_a_file_is_without_a_verdict(content: bytes) -> None:
    verdict = verdict_of(FileContent(content))

    assert verdict.up is (verdict.reason == "")
    assert -MOST <= verdict.value <= MOST


@given(
    st.lists(st.tuples(st.integers(1, 50), st.booleans()), max_size=30),
    st.integers(0, 60),
    st.integers(0, 60),
)
def test_what_counts_has_lasted(changes: list[tuple[int, bool]], up: int, down: int) -> None:
    """However often time is looked at in between, a change counts exactly when it has lasted."""
    delays = Delays(up=seconds(up / SCALE), down=seconds(down / SCALE))
    asked = seldom = Settling(up=True)
    now = Instant(0)

    for wait, facts in changes:
        now = Instant(now + seconds(wait / SCALE))
        due = settles_at(asked, delays)
        if due is not None and due <= now:
            asked = settled(asked, delays, due)
        asked = observed(asked, up=facts, delays=delays, now=now)
        seldom = observed(seldom, up=facts, delays=delays, now=now)

        assert asked.up == seldom.up
        assert asked.facts == facts


SCALE = 10
