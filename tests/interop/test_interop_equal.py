"""Two masters of equal priority find each other: the one with the lower address yields (RFC 9568, 6.4.3)."""

from typing import NamedTuple

import pytest
from duel import Case, Chapter, Duel, Prepare, all_cases, only, rows

from standfast.base.times import Duration, after

CASES = all_cases()
each_case = pytest.mark.parametrize("case", rows(CASES))


class Story(NamedTuple):
    """`strong` is here the one with the higher address."""

    duel: Duel
    apart: Chapter
    together: Chapter


@pytest.fixture(scope="module")
def story(prepare: Prepare) -> Story:
    """Both start without hearing each other, and then do."""
    duel = prepare(CASES)
    duel.introduce()
    for host in duel.each("weak"):
        host.separate()
    duel.start("weak", priority=120)
    duel.start("strong", priority=120)
    apart = duel.chapter(30.0, leads_to=only("strong", "weak"))
    for host in duel.each("weak"):
        host.rejoin()
    together = duel.chapter(30.0, leads_to=only("strong"))
    duel.chapter(3.2, leads_to=lambda _, holding: holding.any != {"strong"})  # three adverts of version 2
    duel.capture.close()
    return Story(duel, apart, together)


@each_case
def test_both_are_masters_while_they_do_not_hear_each_other(story: Story, case: Case) -> None:
    assert story.apart.holding[case].all == {"strong", "weak"}


@each_case
def test_the_one_with_the_higher_address_stays(story: Story, case: Case) -> None:
    assert story.together.holding[case].all == {"strong"}
    assert story.together.holding[case].any == {"strong"}


@each_case
def test_the_one_with_the_lower_address_yields_at_the_first_advert_that_it_hears(
    story: Story, case: Case
) -> None:
    heard = story.duel.adverts(case, story.together.began)

    # An advert sent just before the switch let the weak host hear it did not hear; and it may stand still.
    yielded = after(story.together.began, Duration(case.interval + 600_000))
    assert {each.sender for each in heard if each.at > yielded} == {"strong"}
