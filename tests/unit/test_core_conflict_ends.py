"""Who is left of two masters, and what is no conflict though two speak by turns; each found by the simulator."""

from dataclasses import replace
from ipaddress import ip_address

from vrrp_made import ABOVE, BELOW, ETH0, ROUTER, US, advert, received

from standfast.base.addresses import IpAddress
from standfast.base.times import SECOND, Instant
from standfast.core.vrrp.effects import Effect, OneMaster, SendAdvert, TwoMasters
from standfast.core.vrrp.events import Due, LinkChanged
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Router

THIRD = ip_address("10.0.0.9")
LOW = replace(ROUTER, priority=50)
OTHER = replace(LOW, name="VI_2", vrid=ROUTER.vrid + 1)


class Story:
    """A node, and what it is told at seconds after its start."""

    def __init__(self, *routers: Router) -> None:
        self.node = Node()
        self.effects = [*self.node.start(routers, links={"eth0": ETH0}, present={}, now=Instant(0))]

    def hear(self, sender: IpAddress, priority: int, at: float, *, came: float | None = None) -> None:
        self.until(at)
        now, then = Instant(int(at * SECOND)), int((at if came is None else came) * SECOND)
        self.effects += self.node.handle(received(advert(priority=priority), sender=sender, at=then), now)

    def until(self, at: float) -> None:
        end = Instant(int(at * SECOND))
        while (due := self.node.deadline()) is not None and due <= end:
            self.effects += self.node.handle(Due(), due)

    def told(self) -> list[Effect]:
        return [e for e in self.effects if isinstance(e, TwoMasters | OneMaster)]


def test_a_master_that_died_and_takes_its_place_back_was_not_there_meanwhile() -> None:
    """Its last advert, 3.6 s later another master, and soon itself again: it started anew (sim seed 20)."""
    story = Story(LOW)

    story.hear(ABOVE, 200, 1.0)
    story.hear(THIRD, 100, 4.6)
    story.hear(ABOVE, 200, 4.8)

    assert story.told() == []


def test_a_backup_of_a_sync_group_says_when_two_masters_are_one_again() -> None:
    """It is due for that, though its group is due for nothing (sim seed 2)."""
    story = Story(replace(LOW, sync_group="G"), replace(OTHER, sync_group="G"))
    for at in (1.0, 2.0, 3.0):
        story.hear(ABOVE, 200, at)
        story.hear(THIRD, 200, at + 0.5)
    for at in range(4, 12):
        story.hear(ABOVE, 200, at)

    assert story.told()[-1] == OneMaster("VI_1", ABOVE, int(7.5 * SECOND))


def test_a_third_that_took_over_from_both_is_the_one_that_is_left() -> None:
    """Two weaker ones were master by turns; then we are."""
    story = Story(ROUTER)
    for at in (1.0, 2.0):
        story.hear(BELOW, 50, at)
        story.hear(THIRD, 40, at + 0.5)

    story.until(20)

    one, *_, last = story.told()
    assert isinstance(one, TwoMasters)
    assert isinstance(last, OneMaster)
    assert last.survivor == US


def test_a_master_that_yields_to_a_third_says_that_this_one_is_left() -> None:
    """The weaker one that it heard before yields as well (sim seed 32)."""
    story = Story(ROUTER)
    story.hear(BELOW, 50, 5.0)

    story.hear(THIRD, 200, 5.3)

    assert story.told() == [
        TwoMasters("VI_1", US, 100, BELOW, 50),
        OneMaster("VI_1", THIRD, int(0.3 * SECOND)),
    ]


def test_a_master_that_overslept_has_no_last_word_for_whom_it_once_displaced() -> None:
    """The other one took over by right, while it slept for 4 s (sim seed 167)."""
    story = Story(ROUTER)
    story.hear(ABOVE, 200, 1.0)
    story.until(10)
    story.effects.clear()

    now = Instant(14 * SECOND)
    story.effects += story.node.handle(received(advert(priority=200), sender=ABOVE, at=now), now)

    assert not [effect for effect in story.effects if isinstance(effect, SendAdvert)]


def test_a_master_that_yields_to_one_of_two_others_says_that_this_one_is_left() -> None:
    """It heard both, then neither, and became master; the advert that it yields to counts (sim seed 507)."""
    story = Story(ROUTER)
    for at in (1.0, 2.0):
        story.hear(ABOVE, 150, at)
        story.hear(THIRD, 150, at + 0.5)

    story.hear(ABOVE, 150, 6.5)
    story.until(20)

    assert story.told() == [
        TwoMasters("VI_1", THIRD, 150, ABOVE, 150),
        OneMaster("VI_1", ABOVE, int(6.5 * SECOND)),
    ]


def test_a_master_whose_old_advert_is_read_late_was_not_there_meanwhile() -> None:
    """We slept: what we read of it at 4.8 s came at 1 s, and another was master between (sim seed 1811)."""
    story = Story(LOW)

    story.hear(ABOVE, 200, 4.8, came=1.0)
    story.hear(THIRD, 100, 4.8, came=4.6)
    story.hear(ABOVE, 200, 5.0)

    assert story.told() == []


def test_two_that_were_read_late_are_not_silent_for_as_long_as_we_slept() -> None:
    """A receive buffer keeps the beginning of a long sleep: what they said later had no room."""
    story = Story(LOW)
    for at in (1.0, 2.0):
        story.hear(ABOVE, 200, 12.0, came=at)
        story.hear(THIRD, 200, 12.0, came=at + 0.5)

    story.until(20)

    assert story.told() == [
        TwoMasters("VI_1", THIRD, 200, ABOVE, 200),
        OneMaster("VI_1", US, 16 * SECOND),  # 5 s behind our waking, and we are master meanwhile
    ]


def test_a_master_that_can_take_part_no_longer_says_that_the_other_is_left() -> None:
    """Its interface is down: it hears nobody any more, and is no master itself."""
    story = Story(ROUTER)
    story.until(4)
    story.hear(BELOW, 50, 5.0)

    story.effects += story.node.handle(LinkChanged(replace(ETH0, up=False)), Instant(6 * SECOND))
    story.until(20)

    assert story.told()[1:] == [OneMaster("VI_1", BELOW, SECOND)]


def test_a_master_that_reloads_while_two_others_fall_silent_says_that_it_is_left_itself() -> None:
    """What it knew of packets is of no use to its new parameters; its own address is (sim seed 7299)."""
    story = Story(ROUTER)
    for at in (1.0, 2.0):
        story.hear(BELOW, 50, at)
        story.hear(THIRD, 40, at + 0.5)
    story.until(4)

    story.effects += story.node.reload([replace(ROUTER, priority=120)], Instant(4 * SECOND))
    story.until(20)

    assert story.told()[1:] == [OneMaster("VI_1", US, 6 * SECOND)]


def test_a_master_that_follows_its_sync_group_says_that_the_other_is_left() -> None:
    """Somebody stronger speaks for another router of the group."""
    story = Story(replace(ROUTER, sync_group="G"), replace(OTHER, sync_group="G"))
    story.until(4)
    story.hear(BELOW, 50, 5.0)

    now = Instant(6 * SECOND)
    story.effects += story.node.handle(received(advert(OTHER, 200), sender=ABOVE, at=now), now)

    assert story.told()[1:] == [OneMaster("VI_1", BELOW, SECOND)]
