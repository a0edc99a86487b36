"""Version 2 passwords (PASS): who has the same one is a peer, who has another one is not heard."""

from typing import NamedTuple

import pytest
from duel import PROGRAMS, Case, Chapter, Duel, Prepare

from standfast.base.addresses import Family

SECRET = "authentication {\nauth_type PASS\nauth_pass one4all\n}"
OTHER = "authentication {\nauth_type PASS\nauth_pass another\n}"

_KINDS = {
    "both have the same password": (SECRET, SECRET),
    "each has its own password": (SECRET, OTHER),
    "only the stronger one has a password": (SECRET, ""),
    "only the weaker one has a password": ("", SECRET),
}
CASES = {
    f"{case.id}-{name}": (case, name == "both have the same password")
    for number, (strong, unicast, name) in enumerate(
        ((strong, unicast, name) for strong in PROGRAMS for unicast in (False, True) for name in _KINDS), start=31
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


class Story(NamedTuple):
    duel: Duel
    elected: Chapter


@pytest.fixture(scope="module")
def story(prepare: Prepare) -> Story:
    """Both start together."""
    duel = prepare(case for case, _ in CASES.values())
    peers = {case for case, peers in CASES.values() if peers}
    duel.start("weak")
    duel.start("strong")
    elected = duel.chapter(
        30.0,
        leads_to=lambda case, holding: holding.all == ({"strong"} if case in peers else {"strong", "weak"}),
    )
    duel.capture.close()
    return Story(duel, elected)


@each_case
def test_who_shares_the_password_is_heard_and_nobody_else(story: Story, case: Case, peers: bool) -> None:
    assert story.elected.holding[case].all == ({"strong"} if peers else {"strong", "weak"})


@each_case
def test_the_advert_says_whether_there_is_a_password(story: Story, case: Case, peers: bool) -> None:
    heard = story.duel.adverts(case, story.elected.began)

    told = {each.sender: each.advert.authentication for each in heard}
    assert told["strong"] == bool(case.strong_words)
    assert told.get("weak", bool(case.weak_words)) == bool(case.weak_words)
