"""Interfaces whose changes must last, or whose drivers are asked."""

import pytest

from standfast.base.times import ZERO, Instant, seconds
from standfast.core.track.events import Due
from standfast.core.track.interface import (
    LinkEvent,
    LinkLost,
    LinkParameters,
    LinkSeen,
    LinkSettled,
    LinkSettler,
    LinksPolled,
    PollLinks,
)
from standfast.core.track.settling import Delays

DELAYED = LinkParameters({"eth0": Delays(up=seconds(2), down=seconds(1))}, {})
POLLED = LinkParameters({}, {"eth0": "MII"})


def at(amount: float) -> Instant:
    return Instant(seconds(amount))


def settler(parameters: LinkParameters, *, up: bool = True) -> LinkSettler:
    made = LinkSettler()
    made.reload(parameters, {"eth0": up, "eth1": up}, at(0))
    return made


@pytest.mark.behaviour("TR-16")
@pytest.mark.parametrize(
    ("up", "waits"),
    [pytest.param(False, 1, id="down"), pytest.param(True, 2, id="up")],
)
def test_a_change_counts_when_it_has_lasted(up: bool, waits: int) -> None:
    links = settler(DELAYED, up=not up)

    first = links.handle(LinkSeen("eth0", up), at(5))
    before = links.up("eth0")
    then = links.handle(Due(), at(5 + waits))

    assert (first, before) == ((), not up)
    assert then == (LinkSettled("eth0", up),)
    assert links.up("eth0") is up


def test_a_link_that_flaps_within_its_delay_has_not_changed() -> None:
    links = settler(DELAYED)
    links.handle(LinkSeen("eth0", up=False), at(1))

    back = links.handle(LinkSeen("eth0", up=True), at(1.9))

    assert back == ()
    assert links.deadline() is None


def test_a_flap_within_the_delay_begins_it_anew() -> None:
    links = settler(DELAYED)
    for moment, up in ((1, False), (1.5, True), (1.8, False)):
        links.handle(LinkSeen("eth0", up), at(moment))

    assert links.deadline() == at(2.8)


def test_an_interface_without_a_delay_changes_at_once() -> None:
    assert settler(DELAYED).handle(LinkSeen("eth1", up=False), at(1)) == (LinkSettled("eth1", up=False),)


def test_an_interface_that_is_new_counts_as_it_is() -> None:
    links = settler(DELAYED)
    links.handle(LinkLost("eth0"), at(1))

    effects = links.handle(LinkSeen("eth0", up=False), at(2))

    assert effects == ()
    assert not links.up("eth0")


def test_a_delay_that_a_reload_takes_away_is_over() -> None:
    links = settler(DELAYED)
    links.handle(LinkSeen("eth0", up=False), at(1))

    effects = links.reload(LinkParameters({}, {}), {"eth0": False, "eth1": True}, at(1.5))

    assert effects == (LinkSettled("eth0", up=False),)


def test_a_reload_that_changes_nothing_leaves_a_doubt_as_it_is() -> None:
    links = settler(DELAYED)
    links.handle(LinkSeen("eth0", up=False), at(1))

    effects = links.reload(DELAYED, {"eth0": False, "eth1": True}, at(1.5))

    assert effects == ()
    assert list(links.doubted()) == [("eth0", True, at(2))]


@pytest.mark.behaviour("TR-17")
def test_the_drivers_of_polled_links_are_asked_each_second() -> None:
    links = settler(POLLED)

    asked = [links.handle(Due(), at(moment)) for moment in (0, 1)]

    assert asked == [(PollLinks({"eth0": "MII"}),)] * 2
    assert links.deadline() == at(2)


@pytest.mark.behaviour("TR-17")
def test_a_polled_link_is_up_if_kernel_and_driver_say_so() -> None:
    links = settler(POLLED)

    news: list[LinkEvent] = [
        LinksPolled({"eth0": False}),
        LinkSeen("eth0", up=False),
        LinksPolled({"eth0": True}),
        LinkSeen("eth0", up=True),
    ]

    said = [links.handle(event, at(moment)) for moment, event in enumerate(news)]

    assert said == [(LinkSettled("eth0", up=False),), (), (), (LinkSettled("eth0", up=True),)]


def test_who_cannot_be_asked_any_more_is_believed_to_be_as_the_kernel_says() -> None:
    links = settler(POLLED)
    links.handle(LinksPolled({"eth0": False}), at(0))

    assert links.handle(LinksPolled({}), at(1)) == (LinkSettled("eth0", up=True),)


def test_without_delays_nothing_is_ever_due() -> None:
    links = settler(LinkParameters({"eth0": Delays(up=ZERO, down=ZERO)}, {}))
    links.handle(LinkSeen("eth0", up=False), at(0))

    assert links.deadline() is None
