"""The facts of a failover, computed from what was noted, and how they are told."""

from xml.etree import ElementTree as ET

import pytest

from standfast.base.errors import Refused
from standfast.base.times import MILLISECOND, SECOND, Duration, Instant, seconds
from standfast.lab.demo import table
from standfast.lab.figure import HEIGHT, WIDTH, Cast, figure
from standfast.lab.probe import Question
from standfast.lab.timeline import Observed, Rules, timeline_of

RULES = Rules(version=3, interval=seconds("0.1"), priority=100)
CAST = Cast(old="a", new="b", address="10.99.0.100", announcement="gratuitous ARP")


def at(milliseconds: float) -> Instant:
    """A moment that many milliseconds after the kill."""
    return Instant(10 * SECOND + round(milliseconds * MILLISECOND))


def asked(milliseconds: float, *, answered: bool) -> Question:
    return Question(at(milliseconds), at(milliseconds + 0.1) if answered else None)


def observed(**changes: object) -> Observed:
    """Killed 40 ms after an advert; the other one speaks in time, and answers 1 ms later."""
    noted: dict[str, object] = {
        "killed_at": at(0),
        "old_adverts": [at(-140), at(-40)],
        "new_adverts": [at(321), at(421)],
        "held": [at(321.3)],
        "announced": [at(321.4), at(321.5)],
        "questions": [asked(now, answered=now < 0 or now > 321) for now in range(-100, 400, 2)],
    }
    return Observed(**(noted | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rules", "master_down_us"),
    [
        pytest.param(Rules(2, SECOND, 100), 3_609_375, id="version 2, as everybody has it"),
        pytest.param(Rules(2, Duration(3 * SECOND), 100), 9_609_375, id="version 2: the skew is of a second"),
        pytest.param(Rules(3, seconds("0.1"), 150), 341_406, id="version 3: the skew is of the interval"),
        pytest.param(Rules(3, SECOND, 1), 3_996_093, id="version 3: the weakest waits longest"),
    ],
)
def test_the_patience_of_a_backup(rules: Rules, master_down_us: int) -> None:
    assert rules.master_down == master_down_us


def test_each_fact_is_the_first_or_last_of_its_kind() -> None:
    found = timeline_of(observed(), RULES)

    assert found.last_advert == at(-40)
    assert found.down_ends == at(-40) + RULES.master_down
    assert (found.first_advert, found.address_up, found.first_announcement) == (at(321), at(321.3), at(321.4))
    assert (found.last_answer, found.first_answer) == (at(-1.9), at(322.1))
    assert (found.asked, found.lost) == (250, 161)
    assert found.silence == 324_000


def test_a_question_still_on_its_way_at_the_end_is_not_lost() -> None:
    questions = [*observed().questions, asked(400, answered=False)]

    found = timeline_of(observed(questions=questions), RULES)

    assert (found.asked, found.lost) == (251, 161)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        pytest.param({"old_adverts": []}, "sent no advert", id="the master was none"),
        pytest.param({"new_adverts": [at(-500)]}, "sent no advert", id="the backup kept silent"),
        pytest.param({"held": []}, "never held", id="the address was not put up"),
        pytest.param({"announced": []}, "announced nothing", id="nobody was told"),
        pytest.param({"questions": []}, "no answers", id="the client never had an answer"),
    ],
)
def test_what_did_not_happen_is_said(changes: dict[str, object], words: str) -> None:
    with pytest.raises(Refused, match=words):
        timeline_of(observed(**changes), RULES)


def test_the_table_tells_the_facts_in_order() -> None:
    lines = list(table(CAST, RULES, timeline_of(observed(), RULES)))

    moments = [line for line in lines if " ms   " in line]
    assert [line.split(" ms")[0].strip() for line in moments] == [
        "-40.00", "+0.00", "+320.94", "+321.00", "+321.30", "+321.40", "+322.10",
    ]  # fmt: skip
    assert "RFC 9568" in lines[0]
    assert "3 \N{MULTIPLICATION SIGN} 0.1 s + 0.060937 s = 0.360937 s" in moments[2]
    assert "Nobody answered for 0.324 s: 161 of 250 questions were lost." in lines


def test_the_figure_is_well_formed_and_nothing_lies_outside_it() -> None:
    text = figure(CAST, RULES, observed(), timeline_of(observed(), RULES))

    root = ET.fromstring(text)
    xs = [
        float(value) for each in root.iter() for name in ("x", "x1", "x2", "cx") if (value := each.get(name))
    ]
    ys = [
        float(value) for each in root.iter() for name in ("y", "y1", "y2", "cy") if (value := each.get(name))
    ]
    assert 0 <= min(xs) <= max(xs) <= WIDTH
    assert 0 <= min(ys) <= max(ys) <= HEIGHT


def test_the_figure_says_what_the_timeline_says() -> None:
    text = figure(CAST, RULES, observed(), timeline_of(observed(), RULES))

    words = [each.text for each in ET.fromstring(text).iter() if each.text]
    assert "no answer: 161 questions lost" in words
    assert "Master_Down_Interval: 3 \N{MULTIPLICATION SIGN} 0.1 s + 0.060937 s = 0.360937 s" in words
    assert {"+0.00 ms", "+0.06 ms", "+0.36 ms", "+0.46 ms", "+1.16 ms"} <= set(words)
