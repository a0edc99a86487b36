"""A node that goes on where another stopped: nothing happens, and everything happens when it would have."""

from dataclasses import replace
from typing import Any

import pytest
from vrrp_made import ETH0, OWNER, ROUTER, VIP, from_peer, vip

from standfast.base.addresses import OUR_PROTOCOL
from standfast.base.times import SECOND, Duration, Instant, after
from standfast.conf.transport import decode_value, encode_value
from standfast.core.track.verdict import GOOD, Tracker, TrackerKey, TrackerKind, Verdict
from standfast.core.vrrp.effects import (
    AddressMissing,
    Announce,
    Command,
    Effect,
    HoldAddresses,
    Listen,
    Prepare,
    ReleaseAddresses,
    RouterChanged,
    SendAdvert,
)
from standfast.core.vrrp.events import Due, Judged
from standfast.core.vrrp.legacy import NodeLegacy
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.state import Backup, Fault, Master

START = Instant(1_000_000)
LATER = after(START, Duration(5 * SECOND))
HELD = {VIP.key: OUR_PROTOCOL}
SCRIPT = TrackerKey(TrackerKind.SCRIPT, "web")
DEMANDING = replace(ROUTER, trackers=(Tracker(SCRIPT),))


def node_of(*routers: Router) -> Node:
    node = Node()
    node.start(routers, links={"eth0": ETH0}, present={}, now=START)
    return node


def master_of(router: Router = ROUTER) -> Node:
    node = node_of(router)
    due = node.deadline()
    assert due is not None
    node.handle(Due(), due)
    return node


def sent(legacy: NodeLegacy) -> NodeLegacy:
    """The legacy after its way from process to process."""
    return decode_value(NodeLegacy, encode_value(legacy))


def going_on(
    before: Node, *routers: Router, now: Instant = LATER, exact: bool = True, **facts: Any
) -> tuple[Node, tuple[Effect, ...]]:
    after_it = Node()
    after_it.give_legacy(sent(before.bequeath()), facts.pop("verdicts", {}), exact=exact)
    known: dict[str, Any] = {"links": {"eth0": ETH0}, "present": HELD} | facts
    return after_it, tuple(after_it.start(routers, now=now, **known))


def state_of(node: Node, at: int = 0) -> object:
    return node.snapshot(LATER).routers[at].state


def shown(node: Node) -> tuple[object, ...]:
    """What people see of a router."""
    one = node.snapshot(LATER).routers[0]
    return one.state, one.changed_at, one.reason, one.detail, one.deadline, one.faults, one.router.priority


def test_a_master_stays_master_with_its_next_advert_and_says_nothing_now() -> None:
    before = master_of()

    node, effects = going_on(before, ROUTER)

    assert shown(node) == shown(before)
    assert isinstance(state_of(node), Master)
    assert {type(effect) for effect in effects} == {Listen, Prepare}


def test_a_backup_stays_one_and_waits_no_longer_than_it_would_have() -> None:
    before = node_of(ROUTER)
    before.handle(from_peer(ROUTER, 200, at=START + SECOND), Instant(START + SECOND))

    node, effects = going_on(before, ROUTER, present={})

    assert shown(node) == shown(before)
    assert isinstance(state_of(node), Backup)
    assert not any(isinstance(effect, RouterChanged | SendAdvert) for effect in effects)


@pytest.mark.parametrize(
    "router",
    [
        pytest.param(OWNER, id="an owner"),
        pytest.param(replace(ROUTER, version=2), id="a router of version 2"),
    ],
)
def test_whoever_is_master_goes_on_as_one(router: Router) -> None:
    before = master_of(router)

    node, effects = going_on(before, router)

    assert shown(node) == shown(before)
    assert not any(
        isinstance(effect, Command) for effect in effects if not isinstance(effect, Listen | Prepare)
    )


def test_an_address_that_went_meanwhile_is_put_back() -> None:
    node, effects = going_on(master_of(), ROUTER, present={})

    assert [type(e) for e in effects if isinstance(e, HoldAddresses | Announce)] == [HoldAddresses, Announce]
    assert [e.answer for e in effects if isinstance(e, AddressMissing)] == ["refilled"]
    assert isinstance(state_of(node), Master)


def test_what_a_backup_does_not_hold_is_removed_as_at_any_start() -> None:
    _, effects = going_on(node_of(ROUTER), ROUTER)

    assert [e.addresses for e in effects if isinstance(e, ReleaseAddresses)] == [(VIP,)]


def test_a_router_of_another_identity_begins_anew() -> None:
    other = replace(ROUTER, vrid=2)

    node, effects = going_on(master_of(), other)

    assert [(e.old, e.new) for e in effects if isinstance(e, RouterChanged)] == [("init", "backup")]
    assert isinstance(state_of(node), Backup)


def test_a_router_that_the_old_process_did_not_have_begins_beside_one_that_goes_on() -> None:
    other = replace(ROUTER, name="VI_2", vrid=2, addresses=(vip(102),))

    node, effects = going_on(master_of(), ROUTER, other, exact=False)

    assert [e.router for e in effects if isinstance(e, RouterChanged)] == ["VI_2"]
    assert isinstance(state_of(node), Master)


def test_another_priority_in_the_file_counts_under_the_same_state() -> None:
    node, effects = going_on(master_of(), replace(ROUTER, priority=150), exact=False)

    one = node.snapshot(LATER).routers[0]
    assert isinstance(one.state, Master)
    assert one.router.priority == 150
    assert not any(isinstance(effect, RouterChanged) for effect in effects)


def test_another_interval_of_a_backup_starts_what_it_measures_anew() -> None:
    slower = replace(ROUTER, interval=Duration(3 * SECOND))

    node, _ = going_on(node_of(ROUTER), slower, exact=False, present={})

    state = state_of(node)
    assert isinstance(state, Backup)
    assert (state.interval, state.quiet_since) == (3 * SECOND, LATER)


def test_trackers_say_what_they_said_until_they_say_something_else() -> None:
    before = node_of(DEMANDING)
    before.handle(Judged({SCRIPT: Verdict(up=False, reason="exit status 1")}), START)
    assert isinstance(before.snapshot(START).routers[0].state, Fault)

    node, effects = going_on(
        before, DEMANDING, present={}, verdicts={SCRIPT: Verdict(up=False, reason="exit status 1")}
    )
    recovered = node.handle(Judged({SCRIPT: GOOD}), LATER)

    assert shown(node)[1] == LATER
    assert not any(isinstance(effect, RouterChanged) for effect in effects)
    assert [(e.old, e.new) for e in recovered if isinstance(e, RouterChanged)] == [("fault", "backup")]


def spoken(node: Node) -> tuple[int, Instant]:
    """The number of the next advert, and when it leaves."""
    while True:
        due = node.deadline()
        assert due is not None
        for effect in node.handle(Due(), due):
            if isinstance(effect, SendAdvert):
                return effect.sequence, due


def test_numbers_of_authentication_headers_go_on_rising() -> None:
    router = replace(ROUTER, version=2, ah_key=b"secret\0\0")
    before = master_of(router)
    last, at = spoken(before)

    node, _ = going_on(before, router, now=at)

    assert spoken(node)[0] == last + 1


def test_who_was_not_told_can_hear_how_everybody_came_where_it_is() -> None:
    node, _ = going_on(master_of(), ROUTER)

    assert node.recollections() == (
        RouterChanged("VI_1", "init", "master", "nobody-heard", 100, str(shown(node)[3])),
    )
