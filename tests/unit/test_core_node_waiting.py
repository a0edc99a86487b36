"""Who does not take part at once, or heeds nobody: vrrp_startup_delay and owner_ignore_adverts (SM-25, SM-26)."""

from dataclasses import replace

import pytest
from vrrp_made import BELOW, ETH0, OWNER, ROUTER, advert, received

from standfast.base.times import SECOND, Instant, seconds
from standfast.core.vrrp.effects import AdvertDropped, PriorityChanged, RouterChanged, SendAdvert
from standfast.core.vrrp.events import Due, LinkChanged
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Router

START = Instant(100 * SECOND)
DELAY_ENDS = Instant(103 * SECOND)


def started(router: Router) -> Node:
    node = Node()
    node.start([router], links={"eth0": ETH0}, present={}, now=START, not_before=DELAY_ENDS)
    return node


def state(node: Node) -> str:
    return type(node.snapshot(START).routers[0].state).__name__


@pytest.mark.behaviour("SM-25")
def test_after_the_delay_a_whole_interval_of_silence_follows() -> None:
    """Behaviour SM-25: three seconds, priority 150, version 2: master after 6.41 s."""
    node = started(replace(ROUTER, version=2, priority=150))

    assert node.deadline() == Instant(START + 6 * SECOND + 106 * SECOND // 256)


@pytest.mark.behaviour("SM-25")
def test_adverts_are_not_heeded_before_the_delay_ends() -> None:
    node = started(ROUTER)
    before = node.deadline()

    early = node.handle(received(advert(priority=200), at=START), Instant(START + SECOND))
    ignored = node.deadline()
    node.handle(received(advert(priority=200), at=DELAY_ENDS + SECOND), Instant(DELAY_ENDS + SECOND))
    after = node.deadline()

    assert [e.reason for e in early if isinstance(e, AdvertDropped)] == ["startup-delay"]
    assert before == ignored
    assert after == Instant(DELAY_ENDS + 4 * SECOND + 156 * SECOND // 256)


@pytest.mark.behaviour("SM-25")
def test_an_owner_waits_too() -> None:
    node = started(OWNER)

    assert state(node) == "Backup"
    assert node.deadline() == Instant(DELAY_ENDS + 3 * SECOND + SECOND // 256)


@pytest.mark.behaviour("SM-25")
def test_a_fault_that_ends_within_the_delay_does_not_shorten_it() -> None:
    node = started(OWNER)
    node.handle(LinkChanged(replace(ETH0, up=False)), START)

    node.handle(LinkChanged(ETH0), Instant(START + SECOND))

    assert node.deadline() == Instant(DELAY_ENDS + 3 * SECOND + SECOND // 256)


@pytest.mark.behaviour("RL-12")
def test_the_delay_survives_a_reload() -> None:
    node = started(ROUTER)

    node.reload([replace(ROUTER, vrid=9)], Instant(START + SECOND))

    assert node.deadline() == Instant(DELAY_ENDS + 3 * SECOND + 156 * SECOND // 256)


@pytest.mark.behaviour("SM-26")
def test_an_owner_that_ignores_adverts_stays_master_whoever_speaks() -> None:
    node = Node()
    node.start([replace(OWNER, ignores_adverts=True)], links={"eth0": ETH0}, present={}, now=START)

    effects = node.handle(received(advert(OWNER, 255), at=START), Instant(START + seconds("0.5")))
    beats = node.handle(Due(), Instant(START + SECOND))

    assert [e.reason for e in effects if isinstance(e, AdvertDropped)] == ["owner-ignores"]
    assert state(node) == "Master"
    assert [e for e in beats if isinstance(e, SendAdvert)]


def contested(seconds_long: int) -> Node:
    """An owner at the higher address, and another that speaks every second and does not give way."""
    node = Node()
    node.start([OWNER], links={"eth0": ETH0}, present={}, now=START)
    for second in range(seconds_long + 1):
        hear_rival(node, second)
    return node


def hear_rival(node: Node, second: int) -> list[object]:
    at = Instant(START + second * SECOND + SECOND // 2)
    node.handle(Due(), Instant(START + second * SECOND))
    return list(node.handle(received(advert(OWNER, 255), sender=BELOW, at=at), at))


@pytest.mark.behaviour("SM-26")
def test_an_owner_in_its_right_gives_way_after_a_while_to_one_that_does_not() -> None:
    patient = contested(9)
    before = state(patient)

    fallen = hear_rival(patient, 10)
    yields = hear_rival(patient, 11)

    assert before == "Master"
    assert [(e.old, e.new) for e in fallen if isinstance(e, PriorityChanged)] == [(255, 254)]
    assert [e.new for e in yields if isinstance(e, RouterChanged)] == ["backup"]
    assert "owns the addresses, too" in patient.snapshot(START).routers[0].arithmetic


@pytest.mark.behaviour("SM-26")
def test_when_the_other_owner_falls_silent_ours_is_one_again() -> None:
    node = contested(11)
    due = node.deadline()
    assert due is not None

    effects = node.handle(Due(), due)

    assert state(node) == "Master"
    assert [(e.old, e.new) for e in effects if isinstance(e, PriorityChanged)] == [(254, 255)]


def test_a_rival_that_comes_only_now_and_then_does_not_add_up() -> None:
    node = contested(0)

    for second in (5, 10, 15):
        hear_rival(node, second)

    assert node.snapshot(START).routers[0].router.priority == 255
