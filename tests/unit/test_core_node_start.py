"""How the routers of a process come and go together (behaviours SM-01, SM-02, SM-18, SM-21, SM-22)."""

from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest
from vrrp_made import ETH0, ETH1, OWNER, ROUTER, US, VIP, from_peer, kinds, vip

from standfast.base.addresses import OUR_PROTOCOL, Family
from standfast.base.limits import READ_BACK_INTERVAL
from standfast.base.routes import HostRoute, Network
from standfast.base.times import SECOND, Instant
from standfast.core.vrrp.effects import (
    Announce,
    Command,
    HoldAddresses,
    Listen,
    Prepare,
    ReadAddresses,
    ReleaseAddresses,
    RouterChanged,
    SendAdvert,
)
from standfast.core.vrrp.events import Due, LinkChanged, LinkGone, SocketFailed, Stop
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Link, Part, Router
from standfast.core.vrrp.state import Fault, Init

START = Instant(1_000_000)
OTHER = replace(ROUTER, name="VI_2", vrid=2, addresses=(vip(102),))


def started(*routers: Router, **facts: Any) -> tuple[Node, tuple[object, ...]]:
    node = Node()
    known: dict[str, Any] = {"links": {"eth0": ETH0}, "present": {}, "now": START} | facts
    return node, node.start(routers, **known)


@pytest.mark.behaviour("SM-01")
def test_sockets_come_first_then_each_router_is_made_ready_and_starts() -> None:
    node, effects = started(ROUTER, OTHER)

    assert effects == (
        Listen(((ROUTER, ETH0), (OTHER, ETH0))),
        Prepare(ROUTER, ETH0, US),
        RouterChanged("VI_1", "init", "backup", "started", 100),
        Prepare(OTHER, ETH0, US),
        RouterChanged("VI_2", "init", "backup", "started", 100),
    )
    assert node.deadline() == START + 3_609_375


@pytest.mark.behaviour("SM-02", "SM-19")
@pytest.mark.rfc(20)
def test_an_owner_is_made_ready_before_it_speaks() -> None:
    part = Part("VI_1", 0, (VIP,))

    _, effects = started(OWNER)

    assert effects[1:] == (
        Prepare(OWNER, ETH0, US),
        SendAdvert("VI_1", 255),
        HoldAddresses(part),
        Announce(part),
        RouterChanged("VI_1", "init", "master", "owner", 255),
    )


@pytest.mark.behaviour("SM-21", "PR-18")
def test_addresses_that_a_killed_daemon_left_go_before_anything_else() -> None:
    present = {VIP.key: OUR_PROTOCOL, vip(102).key: 0, vip(9).key: OUR_PROTOCOL}

    _, effects = started(ROUTER, OTHER, present=present)

    assert effects[0] == ReleaseAddresses("", (VIP, vip(102)))
    assert kinds(effects)[1] == "Listen"  # type: ignore[arg-type]


@pytest.mark.behaviour("SM-22")
def test_the_own_address_of_an_owner_stays() -> None:
    _, effects = started(OWNER, present={VIP.key: 4})

    assert not any(isinstance(effect, ReleaseAddresses) for effect in effects)


@pytest.mark.parametrize(
    ("links", "reason"),
    [
        pytest.param({}, "interface-missing", id="no interface"),
        pytest.param({"eth0": replace(ETH0, up=False)}, "interface-down", id="no carrier"),
        pytest.param({"eth0": replace(ETH0, ipv4=None)}, "no-source-address", id="no address"),
    ],
)
def test_a_router_that_cannot_take_part_starts_in_fault_and_nothing_is_due(
    links: dict[str, Link], reason: str
) -> None:
    node, effects = started(ROUTER, links=links)

    assert isinstance(effects[-1], RouterChanged)
    assert (effects[-1].new, effects[-1].reason) == ("fault", reason)
    assert node.deadline() == START + READ_BACK_INTERVAL


def test_a_router_without_its_interface_has_no_sockets_and_nothing_ready() -> None:
    _, effects = started(ROUTER, links={"eth1": ETH1})

    assert effects[0] == Listen(())
    assert not any(isinstance(effect, Prepare) for effect in effects)


def test_addresses_are_read_back_once_a_minute() -> None:
    node, _ = started(replace(ROUTER, interface="eth9"))

    first = node.handle(Due(), Instant(START + READ_BACK_INTERVAL))

    assert first == (ReadAddresses(),)
    assert node.deadline() == START + 2 * READ_BACK_INTERVAL


# ---- the end


@pytest.mark.behaviour("SM-18", "SM-20")
@pytest.mark.rfc(27, 39)
def test_at_the_end_all_goodbyes_go_first_then_the_addresses_then_the_news() -> None:
    third = replace(ROUTER, name="VI_3", vrid=3, addresses=(vip(103),))
    node, _ = started(OWNER, replace(OTHER, priority=255, starts_as_master=True), third)

    effects = node.handle(Stop(), Instant(START + SECOND))

    assert effects == (
        SendAdvert("VI_1", 0),
        SendAdvert("VI_2", 0),
        ReleaseAddresses("VI_1", (VIP,)),
        ReleaseAddresses("VI_2", (vip(102),)),
        RouterChanged("VI_1", "master", "init", "stopped", 255),
        RouterChanged("VI_2", "master", "init", "stopped", 255),
        RouterChanged("VI_3", "backup", "init", "stopped", 100),
    )
    assert node.deadline() is None
    assert node.desired() == {}


def test_after_the_end_nothing_brings_a_router_back() -> None:
    node, _ = started(ROUTER)
    node.handle(Stop(), START)

    effects = [
        effect
        for event in (
            LinkChanged(replace(ETH0, up=False)),
            LinkChanged(ETH0),
            LinkGone("eth0"),
            LinkChanged(ETH0),
            SocketFailed("eth0", ROUTER.family, "gone"),
            from_peer(ROUTER, 1, at=START),
            Due(),
        )
        for effect in node.handle(event, START)
    ]

    assert not any(isinstance(effect, RouterChanged | SendAdvert | HoldAddresses) for effect in effects)
    assert all(isinstance(router.state, Init) for router in node.snapshot(START).routers)


# ---- the snapshot


def test_a_snapshot_says_what_each_router_is_and_why() -> None:
    node, _ = started(OWNER, replace(OTHER, interface="eth9"))

    owner, broken = node.snapshot(Instant(START + 5)).routers

    assert (owner.reason, owner.changed_at, owner.held, owner.faults) == ("owner", START, (VIP,), ())
    assert owner.deadline == START  # the second round of announcements
    assert (broken.reason, broken.detail, broken.held) == (
        "interface-missing",
        "there is no interface eth9",
        (),
    )
    assert broken.faults == ("interface-missing:eth9",)


def test_a_snapshot_tells_the_present_reason_of_a_fault_and_when_it_began() -> None:
    node, _ = started(ROUTER, links={})

    node.handle(LinkChanged(replace(ETH0, up=False)), Instant(START + 9))

    (router,) = node.snapshot(Instant(START + 10)).routers
    assert isinstance(router.state, Fault)
    assert (router.reason, router.changed_at) == ("interface-down", START)


@pytest.mark.behaviour("AD-14")
def test_at_a_stop_that_leaves_all_nothing_is_said_to_others_and_nothing_let_go() -> None:
    route = HostRoute(Family.IPV4, Network(ip_address("10.7.0.0"), 16))
    node, _ = started(replace(OWNER, routing=(route,)), OTHER)

    effects = node.handle(Stop(leaves_all=True), Instant(START + SECOND))

    assert not [effect for effect in effects if isinstance(effect, Command)]
    assert {effect.router for effect in effects if isinstance(effect, RouterChanged)} == {"VI_1", "VI_2"}
    assert node.deadline() is None
