"""When a check tries, and what its results make of it (behaviours HC-02, HC-04, HC-05, HC-21, HC-22, HC-26)."""

from collections.abc import Sequence

import pytest

from standfast.base.addresses import parse_address
from standfast.base.frozen import changed
from standfast.base.limits import CHECK_TOGETHER, CHECKS_A_TURN
from standfast.base.times import SECOND, ZERO, Instant, between, seconds
from standfast.core.check.effects import (
    AbandonAttempt,
    CheckDown,
    CheckEffect,
    CheckFailed,
    CheckStale,
    CheckUp,
    CheckWeighed,
    StartAttempt,
)
from standfast.core.check.events import Attempted, Due
from standfast.core.check.node import Checks
from standfast.core.check.outcome import Outcome
from standfast.core.check.parameters import Check
from standfast.core.check.probes import TcpProbe, Way
from standfast.core.check.timing import first_attempt
from standfast.core.track.verdict import GOOD, WAITING

PROBE = TcpProbe(Way(parse_address("10.0.0.2"), 80))
CHECK = Check(
    "web one TCP_CHECK 1", "one", "TCP_CHECK", PROBE,
    delay_loop=seconds(10), warmup=ZERO, retry=2, delay_before_retry=seconds(1), patience=seconds(5),
)  # fmt: skip
KEY = CHECK.key
WELL = Outcome(ok=True)
ILL = Outcome(ok=False, phase="connect", detail="refused")


def at(amount: float) -> Instant:
    return Instant(seconds(amount))


def checks(check: Check = CHECK, *, lenient: bool = False) -> Checks:
    made = Checks()
    made.add([check], at(0), lenient=lenient)
    return made


def go_on(made: Checks, results: Sequence[Outcome], took: float = 0) -> list[CheckEffect]:
    """Let the next attempts end so; all effects."""
    effects: list[CheckEffect] = []
    for result in results:
        due = made.deadline()
        assert due is not None
        effects += made.handle(Due(), due)
        number = made.state(KEY).number
        effects += made.handle(Attempted(KEY, number, result), Instant(due + seconds(took)))
    return effects


def told(effects: Sequence[CheckEffect]) -> list[type]:
    return [type(effect) for effect in effects if not isinstance(effect, StartAttempt | AbandonAttempt)]


# ---- when


@pytest.mark.behaviour("HC-02")
def test_without_a_warm_up_the_first_attempt_comes_after_a_second() -> None:
    assert checks().deadline() == at(1)


@pytest.mark.behaviour("HC-02")
def test_first_attempts_are_spread_over_the_warm_up() -> None:
    many = [changed(CHECK, key=f"check {n}", warmup=seconds(10)) for n in range(200)]

    firsts = [first_attempt(check, 7, at(3)) for check in many]

    assert all(at(3) <= first < at(13) for first in firsts)
    for tenth in range(10):
        assert any(at(3 + tenth) <= first < at(4 + tenth) for first in firsts)
    assert firsts != [first_attempt(check, 8, at(3)) for check in many]


def test_first_attempts_share_their_wake_ups() -> None:
    many = [changed(CHECK, key=f"check {n}", warmup=seconds(1)) for n in range(1000)]

    firsts = {first_attempt(check, 7, at(3)) for check in many}

    assert len(firsts) <= SECOND // CHECK_TOGETHER
    assert all(between(at(3), first) % CHECK_TOGETHER == 0 for first in firsts)


@pytest.mark.parametrize(
    ("results", "took", "due"),
    [
        pytest.param([WELL], 0, 11, id="after a success: an interval from where it began"),
        pytest.param([WELL], 3, 11, id="a slow answer moves nothing: the grid is fixed"),
        pytest.param([WELL], 25, 31, id="an answer slower than the interval leaves places out"),
        pytest.param(
            [WELL, ILL], 0.5, 12.5, id="after a failure that passes: the retry's delay from its end"
        ),
        pytest.param([ILL], 0.5, 11, id="after a failure that counts: an interval"),
        pytest.param([WELL, ILL, ILL, ILL], 0, 23, id="after the last retry: an interval again"),
    ],
)
def test_the_next_attempt_is_due(results: Sequence[Outcome], took: float, due: float) -> None:
    made = checks()

    go_on(made, results, took)

    assert made.deadline() == at(due)


def test_an_attempt_is_given_its_patience() -> None:
    made = checks()

    (start,) = made.handle(Due(), at(1))

    assert start == StartAttempt(KEY, 1, PROBE, at(6))


def test_who_was_asleep_makes_up_for_nothing_and_says_so() -> None:
    made = checks()
    go_on(made, [WELL])

    effects = made.handle(Due(), at(100))

    assert [type(effect) for effect in effects] == [StartAttempt, CheckStale]
    made.handle(Attempted(KEY, 2, WELL), at(100))
    assert made.deadline() == at(110)


def test_an_attempt_that_never_ends_is_given_up_and_has_failed() -> None:
    made = checks()
    go_on(made, [WELL])
    made.handle(Due(), at(11))

    effects = made.handle(Due(), at(11 + 5 + 20))

    assert [type(effect) for effect in effects] == [AbandonAttempt, CheckStale, CheckFailed]
    assert made.state(KEY).failures == 1


def test_many_that_are_due_at_once_begin_some_at_a_time() -> None:
    made = Checks()
    made.add([changed(CHECK, key=f"{n}") for n in range(CHECKS_A_TURN + 1)], at(0), lenient=False)

    turns = [len(made.handle(Due(), at(1))) for _ in range(3)]

    assert turns == [CHECKS_A_TURN, 1, 0]


# ---- what follows


@pytest.mark.behaviour("HC-04", "HC-05", "HC-22")
@pytest.mark.parametrize(
    ("lenient", "results", "up", "facts"),
    [
        pytest.param(False, [], True, [], id="it begins as good"),
        pytest.param(False, [ILL], False, [CheckDown], id="the very first failure counts"),
        pytest.param(False, [WELL, ILL, ILL], True, [CheckUp, CheckFailed, CheckFailed], id="two may pass"),
        pytest.param(
            False, [WELL, ILL, ILL, ILL], False, [CheckUp, CheckFailed, CheckFailed, CheckDown],
            id="the third in a row counts",
        ),
        pytest.param(
            False, [WELL, ILL, ILL, WELL, ILL, ILL], True, [CheckUp, *[CheckFailed] * 4],
            id="a success between them begins the count anew",
        ),
        pytest.param(False, [ILL, ILL], False, [CheckDown, CheckFailed], id="what is down is told once"),
        pytest.param(False, [ILL, WELL], True, [CheckDown, CheckUp], id="one success is enough to come back"),
        pytest.param(
            True, [ILL, ILL], True, [CheckFailed, CheckFailed], id="of a server that a reload brings some pass",
            marks=pytest.mark.behaviour("RL-05"),
        ),
    ],
)  # fmt: skip
def test_results_make_of_a_check(
    lenient: bool, results: Sequence[Outcome], up: bool, facts: list[type]
) -> None:
    made = checks(lenient=lenient)

    effects = go_on(made, results)

    assert made.state(KEY).up is up
    assert told(effects) == facts


@pytest.mark.behaviour("HC-05")
def test_with_alpha_it_begins_as_failed_and_must_succeed_once() -> None:
    made = checks(changed(CHECK, alpha=True))
    before = made.state(KEY).verdict

    effects = go_on(made, [ILL, WELL])

    assert before == WAITING
    assert made.state(KEY).verdict == GOOD
    assert told(effects) == [CheckDown, CheckUp]


@pytest.mark.behaviour("HC-21")
@pytest.mark.parametrize("shown", [True, False])
def test_each_failure_is_told_as_one_to_be_shown_only_if_that_is_configured(shown: bool) -> None:
    made = checks(changed(CHECK, log_all_failures=shown))

    effects = go_on(made, [WELL, ILL])

    assert effects[-1] == CheckFailed(KEY, "one", "TCP_CHECK", ILL, 1, shown)


def test_a_failure_says_its_phase_and_its_detail() -> None:
    made = checks()

    go_on(made, [ILL])

    assert made.state(KEY).verdict.reason == "connect: refused"


@pytest.mark.behaviour("HC-16")
def test_a_weight_that_is_asked_for_is_told_once_and_stays() -> None:
    made = checks()

    effects = go_on(made, [Outcome(ok=True, value=5), Outcome(ok=True, value=5), WELL, ILL])

    assert [one for one in effects if isinstance(one, CheckWeighed)] == [
        CheckWeighed(KEY, "one", "TCP_CHECK", 5, None)
    ]
    assert made.state(KEY).weight == 5


# ---- changes from outside


def test_an_answer_to_an_earlier_attempt_says_nothing() -> None:
    made = checks()
    go_on(made, [WELL])
    made.handle(Due(), at(11))

    assert made.handle(Attempted(KEY, 1, ILL), at(12)) == ()
    assert made.state(KEY).failures == 0


@pytest.mark.behaviour("HC-26")
def test_a_suspended_check_does_not_try_and_keeps_its_word() -> None:
    made = checks()
    go_on(made, [ILL])
    made.handle(Due(), at(11))

    effects = made.suspend([KEY])

    assert effects == (AbandonAttempt(KEY, 2),)
    assert made.deadline() is None
    assert not made.state(KEY).up


@pytest.mark.behaviour("HC-26")
def test_a_check_that_is_resumed_tries_as_at_a_start() -> None:
    made = checks()
    made.suspend([KEY])

    made.resume([KEY], at(50))

    assert made.deadline() == at(51)


@pytest.mark.behaviour("HC-26")
def test_a_check_that_is_removed_is_abandoned() -> None:
    made = checks()
    made.handle(Due(), at(1))

    assert made.remove([KEY]) == (AbandonAttempt(KEY, 1),)
    assert made.deadline() is None
    assert made.handle(Attempted(KEY, 1, WELL), at(2)) == ()


@pytest.mark.behaviour("RL-05")
def test_a_check_that_is_edited_keeps_its_state_and_has_the_new_times_at_once() -> None:
    made = checks()
    go_on(made, [ILL])

    made.add([changed(CHECK, delay_loop=seconds(3))], at(2), lenient=True)

    assert not made.state(KEY).up
    assert made.deadline() == at(4)
