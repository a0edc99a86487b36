"""AH beside a live Keepalived: each hears the other as backup and as master, and follows its numbers (AU-02)."""

from itertools import pairwise
from typing import NamedTuple

import pytest
from duel import PROGRAMS, Case, Chapter, Duel, Prepare, only

from standfast.base.addresses import Family

SECRET = "authentication {\nauth_type AH\nauth_pass one4all\n}"
OTHER = "authentication {\nauth_type AH\nauth_pass another\n}"
PASSWORD = "authentication {\nauth_type PASS\nauth_pass one4all\n}"

_KINDS = {
    "both have the same key": (SECRET, SECRET),
    "each has its own key": (SECRET, OTHER),
    "one has the key as a password": (SECRET, PASSWORD),
    "one has nothing": (SECRET, ""),
}
CASES = {
    f"{case.id}-{name}": (case, name == "both have the same key")
    for number, (strong, unicast, name) in enumerate(
        ((strong, unicast, name) for strong in PROGRAMS for unicast in (False, True) for name in _KINDS), start=61
    )
    for case in [
        Case(
            strong, version=2, family=Family.IPV4, unicast=unicast, vrid=number,
            strong_words=_KINDS[name][0], weak_words=_KINDS[name][1],
        )
    ]
}  # fmt: skip
each_case = pytest.mark.parametrize(
    ("case", "peers"), [pytest.param(*found, id=name) for name, found in CASES.items()]
)
peers_only = pytest.mark.parametrize(
    "case", [pytest.param(case, id=name) for name, (case, peers) in CASES.items() if peers]
)


class Story(NamedTuple):
    duel: Duel
    weak_alone: Chapter
    strong_came: Chapter
    strong_left: Chapter
    strong_again: Chapter


@pytest.fixture(scope="module")
def story(prepare: Prepare) -> Story:
    """The weak one is master first; the strong one comes, goes with a goodbye, and comes again."""
    duel = prepare(case for case, _ in CASES.values())
    peers = {case for case, peers in CASES.values() if peers}
    duel.start("weak")
    weak_alone = duel.chapter(30.0, leads_to=only("weak"))
    duel.start("strong")
    strong_came = duel.chapter(
        30.0,
        leads_to=lambda case, holding: holding.all == ({"strong"} if case in peers else {"strong", "weak"}),
    )
    duel.stop("strong")
    strong_left = duel.chapter(30.0, leads_to=only("weak"))
    duel.start("strong")
    strong_again = duel.chapter(
        30.0,
        leads_to=lambda case, holding: holding.all == ({"strong"} if case in peers else {"strong", "weak"}),
    )
    duel.capture.close()
    return Story(duel, weak_alone, strong_came, strong_left, strong_again)


@each_case
def test_who_has_the_key_is_heard_and_nobody_else(story: Story, case: Case, peers: bool) -> None:
    assert story.weak_alone.holding[case].all == {"weak"}
    assert story.strong_came.holding[case].all == ({"strong"} if peers else {"strong", "weak"})


@pytest.mark.behaviour("AU-02")
@peers_only
def test_a_goodbye_is_heard_and_a_daemon_that_starts_again_is_too(story: Story, case: Case) -> None:
    assert story.strong_left.holding[case].all == {"weak"}
    assert story.strong_again.holding[case].all == {"strong"}


@peers_only
def test_the_numbers_of_both_make_one_row(story: Story, case: Case) -> None:
    """Whoever speaks says a higher number than anybody before (as seen at the switch)."""
    numbers = [
        int.from_bytes(packet.frame[14 + 20 + 8 : 14 + 20 + 12], "big")
        for packet in story.duel.capture
        if getattr(packet.content, "vrid", 0) == case.vrid and packet.frame[14 + 9] == 51
    ]

    # Both may say the same number once: when the strong one answers what the weak one has just said.
    assert len(numbers) > 10
    assert all(later >= earlier for earlier, later in pairwise(numbers))


@each_case
def test_every_advert_of_a_router_with_a_key_is_behind_a_header(
    story: Story, case: Case, peers: bool
) -> None:
    heard = story.duel.adverts(case, story.strong_came.began)

    assert {each.advert.authentication for each in heard if each.sender == "strong"} == {2}
