"""What trackers make of a router: the effective priority, its arithmetic, and faults (behaviours TR-*, SM-28)."""

from dataclasses import replace

import pytest
from vrrp_made import OWNER, ROUTER

from standfast.core.track.verdict import GOOD, WAITING, Tracker, TrackerKey, TrackerKind, Verdict
from standfast.core.vrrp.standing import Standing, arithmetic, standing

BAD = Verdict(up=False, reason="exited with 1")
SCRIPT = TrackerKey(TrackerKind.SCRIPT, "web")
FILE = TrackerKey(TrackerKind.FILE, "load")


def judged(tracker: Tracker, verdict: Verdict, priority: int = 100) -> Standing:
    return standing(replace(ROUTER, priority=priority, trackers=(tracker,)), lambda _: verdict)


def file_of(value: int) -> Verdict:
    return Verdict(up=True, value=value)


@pytest.mark.behaviour("TR-01", "TR-19")
@pytest.mark.parametrize(
    ("weight", "reverse", "verdict", "priority"),
    [
        pytest.param(20, False, GOOD, 120, id="a positive weight is added while it is good"),
        pytest.param(20, False, BAD, 100, id="a positive weight is not there while it is bad"),
        pytest.param(-20, False, GOOD, 100, id="a negative weight is not there while it is good"),
        pytest.param(-20, False, BAD, 80, id="a negative weight subtracts while it is bad"),
        pytest.param(20, True, GOOD, 80, id="reverse, a positive weight subtracts while it is good"),
        pytest.param(-20, True, BAD, 120, id="reverse, a negative weight adds while it is bad"),
    ],
)
def test_a_weight_counts(weight: int, reverse: bool, verdict: Verdict, priority: int) -> None:
    made = judged(Tracker(SCRIPT, weight, reverse=reverse), verdict)

    assert (made.priority, made.faults) == (priority, ())


@pytest.mark.behaviour("TR-01")
@pytest.mark.parametrize(
    ("reverse", "verdict", "faults"),
    [
        pytest.param(False, BAD, ("track-script: web: exited with 1",), id="bad without a weight is a fault"),
        pytest.param(False, GOOD, (), id="good is none"),
        pytest.param(True, BAD, (), id="reverse, bad is none"),
        pytest.param(
            True,
            GOOD,
            ("track-script: web: is good, and reverse makes that a fault",),
            id="reverse, good is one",
        ),
    ],
)
def test_without_a_weight_a_verdict_is_a_fault_or_none(
    reverse: bool, verdict: Verdict, faults: tuple[str, ...]
) -> None:
    made = judged(Tracker(SCRIPT, 0, reverse=reverse), verdict)

    assert (made.priority, made.faults) == (100, faults)


@pytest.mark.behaviour("TR-08")
@pytest.mark.parametrize(
    ("weight", "value", "priority", "fault"),
    [
        pytest.param(1, 7, 107, "", id="its number is added"),
        pytest.param(-2, 7, 86, "", id="its number times the weight is added"),
        pytest.param(2, 500, 254, "", id="more than 253 counts as 253, and the sum ends at 254"),
        pytest.param(1, -253, 1, "", id="a product of -253 only lowers"),
        pytest.param(1, -254, 100, "it holds -254, times weight 1", id="a product of -254 is a fault"),
        pytest.param(0, 0, 100, "", id="without a weight, 0 is good"),
        pytest.param(
            0, 1, 100, "without a weight only 0 is good", id="without a weight, all else is a fault"
        ),
    ],
)
def test_the_number_in_a_file_counts(weight: int, value: int, priority: int, fault: str) -> None:
    made = judged(Tracker(FILE, weight), file_of(value))

    assert made.priority == priority
    assert bool(made.faults) == bool(fault)
    assert fault in "".join(made.faults)


def test_a_file_that_cannot_be_watched_is_a_fault_whatever_its_weight() -> None:
    made = judged(Tracker(FILE, 5), Verdict(up=False, reason="/proc/x is on a pseudo file system"))

    assert made.faults == ("track-file: load: /proc/x is on a pseudo file system",)


@pytest.mark.behaviour("SM-28")
@pytest.mark.parametrize(
    ("base", "weight", "effective"),
    [
        pytest.param(200, 100, 254, id="not above 254: 255 is the owner's"),
        pytest.param(20, -100, 1, id="not below 1: 0 says goodbye"),
    ],
)
def test_the_effective_priority_is_limited(base: int, weight: int, effective: int) -> None:
    verdict = GOOD if weight > 0 else BAD

    assert judged(Tracker(SCRIPT, weight), verdict, base).priority == effective


@pytest.mark.behaviour("SM-28")
def test_an_owner_keeps_255() -> None:
    owner = replace(OWNER, trackers=(Tracker(SCRIPT, -50),))

    assert standing(owner, lambda _: BAD).priority == 255


@pytest.mark.behaviour("TR-04")
def test_without_a_first_result_it_says_what_it_waits_for() -> None:
    made = judged(Tracker(SCRIPT, 0), WAITING)

    assert (made.waits_for, made.faults) == ((SCRIPT,), ())


def test_the_arithmetic_is_told_to_people() -> None:
    trackers = (Tracker(SCRIPT, 20), Tracker(FILE, -5))
    router = replace(ROUTER, trackers=trackers)
    verdicts = {SCRIPT: GOOD, FILE: file_of(30)}

    made = standing(router, verdicts.__getitem__)

    assert arithmetic(router, made) == "100 + 20 (script web) - 150 (file load) = -30, limited to 1"
