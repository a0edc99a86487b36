"""Routes, rules and what is static, at work: held and released in their order, missed, refused, and reloaded."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from vrrp_made import ETH0, ETH1, OWNER, ROUTER, from_peer, kinds, vip

from standfast.base.addresses import Family
from standfast.base.limits import REINSTATE_BURST, REINSTATE_WINDOW
from standfast.base.routes import Hop, HostRoute, HostRule, Network, Routing, RoutingKey
from standfast.base.times import Instant, after
from standfast.core.vrrp.effects import (
    AddressMissing,
    HoldAddresses,
    HoldRouting,
    ReadAddresses,
    ReadRouting,
    ReleaseAddresses,
    ReleaseRouting,
    RouterChanged,
    RoutingMissing,
    RoutingNotHeld,
)
from standfast.core.vrrp.events import (
    AddressGone,
    AddressRefused,
    LinkChanged,
    RoutingGone,
    RoutingRead,
    RoutingRefused,
    Stop,
)
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.static import NOTHING, Static

START = Instant(0)
ROUTE = HostRoute(
    Family.IPV4, Network(ip_address("10.7.0.0"), 16), hops=(Hop(ip_address("10.0.0.9"), "eth0"),)
)
OTHER = replace(ROUTE, destination=Network(ip_address("10.8.0.0"), 16))
RULE = HostRule(Family.IPV4, 500, table=100)
ITEMS = (ROUTE, OTHER, RULE)
ROUTING = replace(OWNER, routing=ITEMS)


def started(*routers: Router, static: Static = NOTHING) -> Node:
    node = Node()
    node.give_host(static)
    node.start(routers, links={"eth0": ETH0}, present={}, now=START)
    return node


def keys(*items: Routing) -> frozenset[RoutingKey]:
    """What a reading finds when these are there."""
    return frozenset(item.key for item in items)


@pytest.mark.behaviour("SM-19")
def test_a_master_speaks_holds_announces_routes_and_then_tells() -> None:
    node = Node()

    effects = node.start([ROUTING], links={"eth0": ETH0}, present={}, now=START)

    order = ["SendAdvert", "HoldAddresses", "Announce", "HoldRouting", "RouterChanged", "ReadRouting"]
    assert [kind for kind in kinds(effects) if kind in order] == order
    assert HoldRouting(ITEMS) in effects


@pytest.mark.behaviour("SM-20")
def test_a_master_that_leaves_lets_rules_go_then_routes_then_addresses() -> None:
    effects = started(ROUTING).handle(Stop(), START)

    assert [e for e in effects if isinstance(e, ReleaseRouting)] == [ReleaseRouting((RULE, OTHER, ROUTE))]
    assert kinds(effects).index("ReleaseRouting") < kinds(effects).index("ReleaseAddresses")


def test_a_master_that_yields_lets_its_routes_go() -> None:
    effects = started(ROUTING).handle(from_peer(ROUTING, 255, at=START), START)

    assert ReleaseRouting((RULE, OTHER, ROUTE)) in effects


def test_a_backup_has_no_routes() -> None:
    effects = Node().start([replace(ROUTER, routing=ITEMS)], links={"eth0": ETH0}, present={}, now=START)

    assert "HoldRouting" not in kinds(effects)


@pytest.mark.behaviour("AD-13")
def test_what_a_killed_process_left_is_removed_as_far_as_it_is_there() -> None:
    node = started(replace(ROUTER, routing=ITEMS))

    assert node.handle(RoutingRead(keys(RULE)), START) == (ReleaseRouting((RULE,)),)
    assert node.handle(RoutingRead(frozenset()), START) == ()


@pytest.mark.behaviour("TR-21")
@pytest.mark.parametrize("item", [pytest.param(ROUTE, id="a route"), pytest.param(RULE, id="a rule")])
def test_what_somebody_removes_is_put_back_at_once(item: HostRoute | HostRule) -> None:
    effects = started(ROUTING).handle(RoutingGone(item.key), START)

    assert effects == (HoldRouting((item,)), RoutingMissing("VI_1", item, "reinstated"))


@pytest.mark.behaviour("TR-21")
def test_with_no_track_it_is_left_away() -> None:
    node = started(replace(ROUTING, untracked_routing=frozenset({ROUTE.key})))

    assert node.handle(RoutingGone(ROUTE.key), START) == (RoutingMissing("VI_1", ROUTE, "left"),)
    assert node.handle(RoutingRead(keys(OTHER, RULE)), START) == ()


def test_somebody_who_removes_it_again_and_again_does_not_keep_us_busy() -> None:
    node = started(ROUTING)

    answers = [node.handle(RoutingGone(ROUTE.key), START)[-1] for _ in range(REINSTATE_BURST + 1)]

    assert [answer.answer for answer in answers if isinstance(answer, RoutingMissing)] == [
        *["reinstated"] * REINSTATE_BURST,
        "later",
    ]
    assert (node.deadline() or 0) <= after(START, REINSTATE_WINDOW)


def test_what_a_reading_misses_is_put_back() -> None:
    effects = started(ROUTING).handle(RoutingRead(keys(OTHER)), START)

    assert effects == (
        HoldRouting((ROUTE, RULE)),
        RoutingMissing("VI_1", ROUTE, "refilled"),
        RoutingMissing("VI_1", RULE, "refilled"),
    )


def test_what_the_kernel_refuses_is_said_once_and_asked_for_again_quietly() -> None:
    node = started(ROUTING)
    there = keys(OTHER, RULE)

    first = node.handle(RoutingRefused(ROUTE.key, "no way"), START)
    again = node.handle(RoutingRead(there), START)
    second = node.handle(RoutingRefused(ROUTE.key, "no way"), START)

    assert first == (RoutingNotHeld("VI_1", ROUTE, "no way"),)
    assert again == (HoldRouting((ROUTE,)), RoutingMissing("VI_1", ROUTE, "retried"), ReadRouting())
    assert second == ()


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(LinkChanged(replace(ETH0, mtu=9000)), id="an interface changes"),
        pytest.param(AddressGone(vip(100).key), id="an address goes"),
    ],
)
def test_the_kernel_may_have_dropped_routes_without_a_word_when(event: LinkChanged | AddressGone) -> None:
    assert ReadRouting() in started(ROUTING).handle(event, START)


def test_a_reload_touches_what_differs_and_adds_first() -> None:
    node = started(ROUTING)
    new = replace(ROUTE, destination=Network(ip_address("10.9.0.0"), 16))

    effects = node.reload([replace(ROUTING, routing=(ROUTE, new, RULE))], START)

    routing = [e for e in effects if isinstance(e, HoldRouting | ReleaseRouting)]
    assert routing == [HoldRouting((new,)), ReleaseRouting((OTHER,))]


def test_a_route_that_moves_between_two_masters_is_not_touched() -> None:
    second = replace(OWNER, name="VI_2", vrid=2, addresses=(vip(101),))
    node = started(ROUTING, second)

    effects = node.reload([OWNER, replace(second, routing=ITEMS)], START)

    assert "HoldRouting" not in kinds(effects)
    assert "ReleaseRouting" not in kinds(effects)


def test_a_route_that_looks_different_is_replaced() -> None:
    node = started(ROUTING)
    other = replace(ROUTE, expires_seconds=9)

    effects = node.reload([replace(ROUTING, routing=(other, OTHER, RULE))], START)

    routing = [e for e in effects if isinstance(e, HoldRouting | ReleaseRouting)]
    assert routing == [ReleaseRouting((ROUTE,)), HoldRouting((other,))]


# ---- static

HOST = Static(addresses=(vip(50),), routing=(ROUTE, RULE))


@pytest.mark.behaviour("AD-10")
def test_what_is_static_is_held_whoever_is_master() -> None:
    node = Node()
    node.give_host(HOST)

    effects = node.start([ROUTER], links={"eth0": ETH0}, present={}, now=START)

    assert [e.part.addresses for e in effects if isinstance(e, HoldAddresses)] == [(vip(50),)]
    assert HoldRouting((ROUTE, RULE)) in effects
    assert ReadAddresses() in effects


@pytest.mark.behaviour("AD-10")
def test_what_is_static_goes_with_the_process() -> None:
    effects = started(ROUTER, static=HOST).handle(Stop(), START)

    assert ReleaseRouting((RULE, ROUTE)) in effects
    assert ReleaseAddresses("", (vip(50),)) in effects


@pytest.mark.behaviour("AD-10")
def test_a_static_address_comes_back_with_its_interface() -> None:
    node = started(ROUTER, static=replace(HOST, addresses=(vip(50, "eth1"),)))

    effects = node.handle(LinkChanged(ETH1), START)

    assert [e.part.addresses for e in effects if isinstance(e, HoldAddresses)] == [(vip(50, "eth1"),)]
    assert ReadRouting() in effects


def test_a_static_address_that_somebody_removes_is_put_back() -> None:
    effects = started(ROUTER, static=HOST).handle(AddressGone(vip(50).key), START)

    assert AddressMissing("", vip(50), "reinstated") in effects
    assert "HoldAddresses" in kinds(effects)


@pytest.mark.behaviour("AD-11")
@pytest.mark.parametrize(
    ("refused", "what"),
    [
        pytest.param(AddressRefused(vip(50).key, "no"), vip(50), id="an address"),
        pytest.param(RoutingRefused(ROUTE.key, "no"), ROUTE, id="a route"),
    ],
)
def test_a_static_item_that_cannot_be_kept_is_a_fault_of_its_track_group(
    refused: AddressRefused | RoutingRefused, what: object
) -> None:
    static = replace(HOST, dependents=((refused.key, ("VI_1",)),))
    node = started(OWNER, static=static)

    effects = node.handle(refused, START)

    (changed,) = [e for e in effects if isinstance(e, RouterChanged)]
    assert (changed.new, changed.reason) == ("fault", "static-lost")
    assert changed.detail == f"the static {what} cannot be kept"


@pytest.mark.behaviour("AD-11")
def test_the_fault_ends_when_the_static_item_is_seen() -> None:
    node = started(OWNER, static=replace(HOST, dependents=((ROUTE.key, ("VI_1",)),)))
    node.handle(RoutingRefused(ROUTE.key, "no"), START)

    effects = node.handle(RoutingRead(keys(ROUTE, RULE)), START)

    assert [e.old for e in effects if isinstance(e, RouterChanged)] == ["fault"]
