"""The laws of the node, under any sequence of events: nothing raises, and the host holds what the masters want."""

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from vrrp_drawn import known_links, node_events, packets, pauses, router_lists
from vrrp_made import ROUTER, received

from standfast.base.limits import READ_BACK_INTERVAL, SLICE
from standfast.base.times import Instant, after
from standfast.core.vrrp.effects import (
    AdvertDropped,
    Announce,
    Effects,
    HoldAddresses,
    ReleaseAddresses,
    SendAdvert,
)
from standfast.core.vrrp.events import AddressKey, Due, Stop
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.state import Backup, Init, Master

START = Instant(10_000_000)


def started(routers: Iterable[Router]) -> tuple[Node, Effects]:
    node = Node()
    return node, node.start(routers, links=known_links(), present={}, now=START)


def carried_out(host: set[AddressKey], effects: Effects) -> None:
    for effect in effects:
        if isinstance(effect, HoldAddresses):
            host.update(address.key for address in effect.part.addresses)
        elif isinstance(effect, ReleaseAddresses):
            host.difference_update(address.key for address in effect.addresses)


@given(st.data(), router_lists())
def test_nothing_raises_and_the_host_holds_exactly_what_the_masters_want(
    data: st.DataObject, routers: tuple[Router, ...]
) -> None:
    node, effects = started(routers)
    host: set[AddressKey] = set()
    carried_out(host, effects)
    now = START

    for _ in range(data.draw(st.integers(0, 25))):
        now = after(now, data.draw(pauses))
        effects = node.handle(data.draw(node_events(now)), now)
        carried_out(host, effects)
        masters = [r for r in node.snapshot(now).routers if isinstance(r.state, Master)]
        assert host == node.desired().keys() == {a.key for r in masters for a in r.router.held}


@given(st.data(), router_lists())
def test_the_deadline_is_the_earliest_of_all_and_of_the_next_reading(
    data: st.DataObject, routers: tuple[Router, ...]
) -> None:
    node, _ = started(routers)
    now = START

    for _ in range(data.draw(st.integers(0, 25))):
        now = after(now, data.draw(pauses))
        node.handle(data.draw(node_events(now, stops=False)), now)
        taking_part = [r for r in node.snapshot(now).routers if isinstance(r.state, Backup | Master)]
        first = min((r.deadline for r in taking_part if r.deadline is not None), default=None)
        assert all(r.deadline is not None for r in taking_part)
        assert node.deadline() is not None
        assert first is None or node.deadline() <= first  # type: ignore[operator]
        assert first == node.deadline() or node.deadline() <= now + READ_BACK_INTERVAL  # type: ignore[operator]


@given(st.data(), router_lists())
def test_alarms_at_the_deadline_come_to_an_end_and_each_announces_a_slice_at_most(
    data: st.DataObject, routers: tuple[Router, ...]
) -> None:
    node, _ = started(routers)
    now = START
    for _ in range(data.draw(st.integers(0, 8))):
        now = after(now, data.draw(pauses))
        node.handle(data.draw(node_events(now, stops=False)), now)

    alarms = 0
    while (due := node.deadline()) is not None and due <= now:
        effects = node.handle(Due(), now)
        alarms += 1
        taking_over = any(isinstance(effect, HoldAddresses) for effect in effects)
        frames = sum(len(effect.part.addresses) for effect in effects if isinstance(effect, Announce))
        assert taking_over or frames < 2 * SLICE

    assert alarms < 200


@given(st.data(), router_lists())
def test_a_packet_that_is_dropped_touches_nothing(data: st.DataObject, routers: tuple[Router, ...]) -> None:
    node, _ = started(routers)

    for _ in range(data.draw(st.integers(1, 15))):
        before, due = node.snapshot(START), node.deadline()
        effects = node.handle(data.draw(packets(START)), START)
        if isinstance(effects[0] if effects else None, AdvertDropped):
            assert len(effects) == 1
            assert (node.snapshot(START), node.deadline()) == (before, due)


@given(st.data(), router_lists())
def test_after_the_end_nobody_speaks_or_holds_again(data: st.DataObject, routers: tuple[Router, ...]) -> None:
    node, _ = started(routers)
    node.handle(Stop(), START)
    now = START

    for _ in range(data.draw(st.integers(0, 15))):
        now = after(now, data.draw(pauses))
        effects = node.handle(data.draw(node_events(now)), now)
        assert not any(isinstance(effect, SendAdvert | HoldAddresses) for effect in effects)
        assert all(isinstance(router.state, Init) for router in node.snapshot(now).routers)


@given(st.binary(max_size=80), st.sampled_from((2, 3)))
def test_no_bytes_raise(payload: bytes, version: int) -> None:
    node, _ = started([replace(ROUTER, version=version)])

    assert node.handle(received(payload), START)
