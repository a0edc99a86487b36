"""The laws of a reload: nothing that stays is ever absent, and nothing happens where nothing changed."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vrrp_drawn import known_links, node_events, pauses, router_lists
from vrrp_made import kinds

from standfast.base.times import Instant, after, seconds
from standfast.core.vrrp.effects import (
    Effects,
    HoldAddresses,
    ReleaseAddresses,
    RouterChanged,
    SendAdvert,
)
from standfast.core.vrrp.events import AddressKey, Due
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.state import Master, name_of

START = Instant(10_000_000)
PACES = (seconds(1), seconds(5))


def lived(data: st.DataObject, routers: tuple[Router, ...]) -> tuple[Node, Instant]:
    """A node that something has happened to, and whose alarms have rung."""
    node, now = Node(), START
    node.start(routers, links=known_links(), present={}, now=now)
    for _ in range(data.draw(st.integers(0, 10))):
        now = after(now, data.draw(pauses))
        node.handle(data.draw(node_events(now, stops=False)), now)
    while (due := node.deadline()) is not None and due <= now:
        node.handle(Due(), now)
    return node, now


def tables(host: set[AddressKey], effects: Effects) -> list[set[AddressKey]]:
    """What the host holds after each effect."""
    found = []
    for effect in effects:
        if isinstance(effect, HoldAddresses):
            host = host | {address.key for address in effect.part.addresses}
        elif isinstance(effect, ReleaseAddresses):
            host = host - {address.key for address in effect.addresses}
        found.append(host)
    return found


@pytest.mark.behaviour("RL-03")
@given(st.data(), router_lists(), router_lists())
def test_an_address_that_is_held_before_and_after_is_never_absent_in_between(
    data: st.DataObject, old: tuple[Router, ...], new: tuple[Router, ...]
) -> None:
    node, now = lived(data, old)
    before = set(node.desired())

    effects = node.reload(new, now)

    between = tables(before, effects)
    assert all(before & node.desired().keys() <= host for host in between)
    assert not between or between[-1] == node.desired().keys()


@pytest.mark.behaviour("RL-02")
@given(st.data(), router_lists())
def test_a_reload_of_the_same_routers_changes_nothing(
    data: st.DataObject, routers: tuple[Router, ...]
) -> None:
    node, now = lived(data, routers)
    before, due = node.snapshot(now), node.deadline()

    effects = node.reload(routers, now)

    assert kinds(effects) == ["Listen"]
    assert (node.snapshot(now), node.deadline()) == (before, due)


@pytest.mark.behaviour("RL-02", "RL-10")
@given(st.data(), router_lists())
def test_a_router_whose_priority_and_pace_change_keeps_its_state(
    data: st.DataObject, routers: tuple[Router, ...]
) -> None:
    node, now = lived(data, routers)
    before = [name_of(r.state) for r in node.snapshot(now).routers]
    changed = tuple(
        replace(router, priority=data.draw(st.integers(1, 255)), interval=data.draw(st.sampled_from(PACES)))
        for router in routers
    )

    node.reload(changed, now)

    assert [name_of(r.state) for r in node.snapshot(now).routers] == before


@pytest.mark.behaviour("RL-04")
@given(st.data(), router_lists())
def test_masters_that_are_removed_say_goodbye_and_all_that_are_removed_are_told(
    data: st.DataObject, routers: tuple[Router, ...]
) -> None:
    node, now = lived(data, routers)
    masters = [r.router.name for r in node.snapshot(now).routers if isinstance(r.state, Master)]

    effects = node.reload((), now)

    assert [e.router for e in effects if isinstance(e, SendAdvert) and e.priority == 0] == masters
    assert {e.router for e in effects if isinstance(e, RouterChanged) and e.reason == "deleted"} == {
        router.name for router in routers
    }
    assert node.desired() == {}
