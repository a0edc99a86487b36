"""The master dies without a word; the other one waits exactly as long as the RFC says, and takes over."""

from typing import NamedTuple

import pytest
from duel import Case, Chapter, Duel, Prepare, all_cases, only, rows

from standfast.base.times import SECOND, Instant, between

CASES = all_cases()
each_case = pytest.mark.parametrize("case", rows(CASES))


class Story(NamedTuple):
    duel: Duel
    dead_at: dict[str, Instant]
    taken: Chapter


@pytest.fixture(scope="module")
def story(prepare: Prepare) -> Story:
    """Both start together; the strong host's power is cut."""
    duel = prepare(CASES)
    duel.start("weak")
    duel.start("strong")
    duel.chapter(30.0, leads_to=only("strong"))
    dead_at = {strong: duel.hosts[strong, "strong"].power_off() for strong in ("standfast", "keepalived")}
    # The dead host's kernel keeps its addresses; nobody hears it.
    taken = duel.chapter(30.0, leads_to=lambda case, holding: "weak" in holding.all)
    duel.capture.close()
    return Story(duel, dead_at, taken)


@each_case
def test_the_other_one_takes_over(story: Story, case: Case) -> None:
    assert "weak" in story.taken.holding[case].all


@each_case
def test_nothing_is_heard_of_the_dead(story: Story, case: Case) -> None:
    heard = story.duel.adverts(case, story.dead_at[case.strong], story.taken.ended)

    assert {each.sender for each in heard} == {"weak"}
    assert {each.advert.priority for each in heard} == {100}


@each_case
def test_the_other_one_waited_for_its_master_down_interval(story: Story, case: Case) -> None:
    heard = story.duel.adverts(case, Instant(0), story.taken.ended)

    last = [each.at for each in heard if each.sender == "strong"][-1]
    first = next(each.at for each in heard if each.sender == "weak" and each.at > story.dead_at[case.strong])
    late = between(last, first) - case.rules("weak").master_down
    # Keepalived may look at its timers a little early, and any machine may be busy.
    assert -2_000 < late < SECOND


@each_case
def test_all_addresses_are_announced_after_the_first_advert(story: Story, case: Case) -> None:
    heard = story.duel.adverts(case, story.dead_at[case.strong], story.taken.ended)
    weak = story.duel.hosts[case.strong, "weak"].mac()

    for address in case.addresses:
        announced = story.duel.capture.announcements(address, since=story.dead_at[case.strong])
        assert announced
        assert heard[0].at <= announced[0][0]
        assert {said.mac for _, said in announced} == {weak}
