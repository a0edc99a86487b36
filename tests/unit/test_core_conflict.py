"""Two masters at once: who sees it, when it is over, and what the one that is left does."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from vrrp_made import ABOVE, BELOW, ETH0, ROUTER, US, advert, received

from standfast.base.addresses import IpAddress
from standfast.base.times import SECOND, Instant
from standfast.core.vrrp.effects import Announce, Effect, OneMaster, TwoMasters
from standfast.core.vrrp.events import Due
from standfast.core.vrrp.node import Node

THIRD = ip_address("10.0.0.9")
START = Instant(0)
LOW = replace(ROUTER, priority=50)


class Story:
    """A node, and what it is told in tenths of a second."""

    def __init__(self, *, master: bool) -> None:
        self.node = Node()
        router = ROUTER if master else LOW
        self.effects: list[Effect] = [*self.node.start([router], links={"eth0": ETH0}, present={}, now=START)]
        if master:
            self.until(4.0)

    def hear(self, sender: IpAddress, priority: int, at: float) -> None:
        self.until(at)
        now = Instant(int(at * SECOND))
        self.effects += self.node.handle(received(advert(priority=priority), sender=sender, at=now), now)

    def until(self, at: float) -> None:
        end = Instant(int(at * SECOND))
        while (due := self.node.deadline()) is not None and due <= end:
            self.effects += self.node.handle(Due(), due)

    def told(self) -> list[Effect]:
        return [e for e in self.effects if isinstance(e, TwoMasters | OneMaster)]


def test_a_master_that_hears_a_weaker_one_says_so_once() -> None:
    story = Story(master=True)

    for at in (5.0, 6.0, 7.0):
        story.hear(BELOW, 50, at)

    assert story.told() == [TwoMasters("VI_1", US, 100, BELOW, 50)]


def test_it_is_over_when_the_other_has_been_silent_and_the_one_that_is_left_announces_again() -> None:
    story = Story(master=True)
    story.hear(BELOW, 50, 5.0)
    story.hear(BELOW, 50, 30.0)
    story.until(30.9)
    before = len([e for e in story.effects if isinstance(e, Announce)])

    story.until(60)

    assert story.told()[-1] == OneMaster("VI_1", US, 5 * SECOND)
    assert len([e for e in story.effects if isinstance(e, Announce)]) > before


def test_it_is_over_when_the_other_says_goodbye() -> None:
    story = Story(master=True)
    story.hear(BELOW, 50, 5.0)

    story.hear(BELOW, 0, 6.0)

    assert story.told()[-1] == OneMaster("VI_1", US, 1 * SECOND)


def test_it_is_over_when_we_give_way() -> None:
    story = Story(master=True)
    story.hear(BELOW, 50, 5.0)

    story.hear(BELOW, 150, 6.0)

    assert story.told()[-1] == OneMaster("VI_1", BELOW, 1 * SECOND)


@pytest.mark.parametrize(
    ("adverts", "conflicts"),
    [
        pytest.param([(ABOVE, 1.0), (ABOVE, 2.0), (THIRD, 3.0), (THIRD, 4.0)], 0, id="a handover is none"),
        pytest.param([(ABOVE, 1.0), (THIRD, 1.5), (ABOVE, 2.0), (THIRD, 2.5)], 1, id="by turns, it is one"),
        pytest.param([(ABOVE, 1.0), (THIRD, 3.0), (ABOVE, 30.0)], 0, id="a return after a long time is none"),
    ],
)
def test_a_backup_hears_two_masters(adverts: list[tuple[IpAddress, float]], conflicts: int) -> None:
    story = Story(master=False)

    for sender, at in adverts:
        story.hear(sender, 150, at)

    assert len([e for e in story.told() if isinstance(e, TwoMasters)]) == conflicts


def test_a_backup_sees_that_one_of_them_fell_silent() -> None:
    story = Story(master=False)
    for at in range(1, 10):
        story.hear(ABOVE, 150, at)
        if at < 4:
            story.hear(THIRD, 150, at + 0.5)

    assert story.told() == [
        TwoMasters("VI_1", THIRD, 150, ABOVE, 150),
        OneMaster("VI_1", ABOVE, int(7.5 * SECOND)),
    ]


def test_a_handover_in_which_the_old_master_says_one_last_word_is_no_conflict() -> None:
    story = Story(master=False)
    for at in (1.0, 2.0, 3.0):
        story.hear(BELOW, 20, at)  # weaker than we are: we take over from it
    story.until(4.0)

    story.hear(BELOW, 20, 4.1)

    assert story.node.snapshot(START).routers[0].state.__class__.__name__ == "Master"
    assert story.told() == []
