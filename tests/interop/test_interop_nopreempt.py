"""With `nopreempt` a stronger one that comes later lets the weaker master be, until that one leaves."""

from typing import NamedTuple

import pytest
from duel import Case, Chapter, Duel, Prepare, all_cases, only, rows

from standfast.base.times import SECOND, between

CASES = all_cases()
each_case = pytest.mark.parametrize("case", rows(CASES))


class Story(NamedTuple):
    duel: Duel
    first: Chapter
    both: Chapter
    left: Chapter


@pytest.fixture(scope="module")
def story(prepare: Prepare) -> Story:
    """The weak one is master when the strong one comes; then it leaves."""
    duel = prepare(CASES)
    duel.start("weak")
    first = duel.chapter(30.0, leads_to=only("weak"))
    duel.start("strong", words="nopreempt")
    # Longer than any Master_Down_Interval of the strong one (3.41 s), and its start.
    both = duel.chapter(4.5, leads_to=lambda _, holding: holding.any != {"weak"})
    duel.stop("weak")
    left = duel.chapter(30.0, leads_to=only("strong"))
    duel.capture.close()
    return Story(duel, first, both, left)


@each_case
def test_the_weaker_one_is_master_while_it_is_alone(story: Story, case: Case) -> None:
    assert story.first.holding[case].all == {"weak"}


@each_case
def test_the_stronger_one_lets_it_be(story: Story, case: Case) -> None:
    heard = story.duel.adverts(case, story.both.began, story.both.ended)

    assert {each.sender for each in heard} == {"weak"}
    assert story.both.holding[case].any == {"weak"}


@each_case
def test_the_stronger_one_takes_over_after_its_skew_when_the_other_leaves(story: Story, case: Case) -> None:
    heard = story.duel.adverts(case, story.both.ended, story.left.ended)

    goodbye = next(each.at for each in heard if each.advert.priority == 0)
    takeover = next(each.at for each in heard if each.sender == "strong")
    late = between(goodbye, takeover) - case.rules("strong").skew
    assert -2_000 < late < SECOND
    assert story.left.holding[case].all == {"strong"}
    assert story.left.holding[case].any == {"strong"}
