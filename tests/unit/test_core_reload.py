"""What a new list of routers means for those at work (behaviours RL-02 to RL-04, RL-10, GA-08)."""

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

import pytest
from vrrp_made import ABOVE, BELOW, ETH0, OWNER, ROUTER, ROUTER2, VIP, from_peer, kinds, vip

from standfast.base.limits import SLICE
from standfast.base.times import SECOND, Instant, seconds
from standfast.core.vrrp.effects import (
    Announce,
    Effects,
    Forget,
    HoldAddresses,
    Listen,
    Overslept,
    Prepare,
    ReleaseAddresses,
    RouterChanged,
    SendAdvert,
)
from standfast.core.vrrp.events import Due, LinkChanged
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import AD_HOC, Part, Router
from standfast.core.vrrp.state import Backup, Fault, Master, State

NOW = Instant(100_400_000)
OTHER = replace(ROUTER, name="VI_2", vrid=2, addresses=(vip(102),))


def node_with(*routers: Router, masters: Sequence[str] = (), now: int = NOW) -> Node:
    """A node whose routers are masters (their last advert on the second before `now`) or backups."""
    node = Node()
    early = [replace(r, priority=255, starts_as_master=r.name in masters) for r in routers]
    begun = Instant(now - 400_000)
    node.start(early, links={"eth0": ETH0}, present={}, now=begun)
    node.reload(routers, begun)
    return node


def state_of(node: Node, name: str = "VI_1") -> State:
    return next(r.state for r in node.snapshot(NOW).routers if r.router.name == name)


def only(kind: type, effects: Effects) -> list[object]:
    return [effect for effect in effects if isinstance(effect, kind)]


@pytest.mark.behaviour("RL-02")
def test_reloading_the_same_routers_does_nothing_but_listen_as_before() -> None:
    node = node_with(ROUTER, OTHER, masters=["VI_1"])
    before = node.snapshot(NOW)

    effects = node.reload((ROUTER, OTHER), NOW)

    assert effects == (Listen(((ROUTER, ETH0), (OTHER, ETH0))),)
    assert node.snapshot(NOW) == before


@pytest.mark.behaviour("RL-10", "RL-03")
def test_a_master_with_a_new_priority_stays_master_and_says_so_at_once() -> None:
    node = node_with(ROUTER, masters=["VI_1"])
    changed = replace(ROUTER, priority=50)

    effects = node.reload((changed,), NOW)

    assert kinds(effects) == ["Listen", "Prepare", "SendAdvert"]
    assert effects[-1] == SendAdvert("VI_1", 50)
    state = state_of(node)
    assert isinstance(state, Master)
    assert state.beat == NOW


def test_a_backup_with_a_new_priority_takes_over_at_the_time_that_follows_from_it() -> None:
    node = node_with(ROUTER)
    node.handle(from_peer(ROUTER, 150, at=NOW), NOW)

    node.reload((replace(ROUTER, priority=200),), Instant(NOW + 1_000_000))

    assert node.deadline() == NOW + 3_218_750


@pytest.mark.behaviour("RL-03", "GA-08")
def test_a_master_takes_on_new_addresses_before_it_lets_old_ones_go_and_announces_all() -> None:
    node = node_with(replace(ROUTER, addresses=(VIP, vip(101))), masters=["VI_1"])
    changed = replace(ROUTER, addresses=(VIP, vip(102)))

    effects = node.reload((changed,), NOW)

    assert effects[2:] == (
        SendAdvert("VI_1", 100),
        HoldAddresses(Part("VI_1", AD_HOC, (vip(102),))),
        ReleaseAddresses("", (vip(101),)),
    )
    announced = node.handle(Due(), NOW)
    assert announced == (Announce(Part("VI_1", 0, (VIP, vip(102)))),)


@pytest.mark.behaviour("RL-03")
def test_an_address_whose_lifetime_differs_is_put_there_anew_and_never_removed() -> None:
    node = node_with(ROUTER, masters=["VI_1"])
    ageing = replace(VIP, preferred_seconds=0)

    effects = node.reload((replace(ROUTER, addresses=(ageing,)),), NOW)

    assert only(HoldAddresses, effects) == [HoldAddresses(Part("VI_1", AD_HOC, (ageing,)))]
    assert only(ReleaseAddresses, effects) == []


@pytest.mark.parametrize(
    "differs",
    [
        pytest.param({"label": "eth0:vip"}, id="its label"),
        pytest.param({"broadcast": ip_address("10.0.0.255")}, id="its broadcast address"),
        pytest.param({"scope": 253}, id="its scope"),
        pytest.param({"peer": ip_address("10.0.0.7")}, id="its peer"),
    ],
)
def test_what_the_kernel_cannot_change_of_an_address_takes_it_away_for_a_moment(
    differs: dict[str, Any],
) -> None:
    node = node_with(ROUTER, masters=["VI_1"])
    other = replace(VIP, **differs)

    effects = node.reload((replace(ROUTER, addresses=(other, vip(102))),), NOW)

    part = Part("VI_1", AD_HOC, (other, vip(102)))
    moving = [effect for effect in effects if isinstance(effect, HoldAddresses | ReleaseAddresses)]
    assert moving == [ReleaseAddresses("VI_1", (VIP,)), HoldAddresses(part)]


def test_many_new_addresses_come_in_slices() -> None:
    node = node_with(replace(ROUTER, addresses=()), masters=["VI_1"])
    many = tuple(vip(n) for n in range(SLICE + 2))

    effects = node.reload((replace(ROUTER, addresses=many),), NOW)

    held = [len(effect.part.addresses) for effect in effects if isinstance(effect, HoldAddresses)]
    assert held == [SLICE, 2]


@pytest.mark.behaviour("RL-03")
def test_an_address_that_moves_between_routers_is_never_absent() -> None:
    """It stood at VI_2, which goes; now it stands at VI_1. Both are masters."""
    node = node_with(ROUTER, OTHER, masters=["VI_1", "VI_2"])

    effects = node.reload((replace(ROUTER, addresses=(VIP, vip(102))),), NOW)

    assert only(ReleaseAddresses, effects) == []
    assert node.desired().keys() == {VIP.key, vip(102).key}


@pytest.mark.behaviour("RL-04")
def test_a_master_that_is_removed_says_goodbye_first_and_is_told_last() -> None:
    node = node_with(ROUTER, OTHER, masters=["VI_1", "VI_2"])

    effects = node.reload((OTHER,), NOW)

    assert effects == (
        SendAdvert("VI_1", 0),
        Listen(((OTHER, ETH0),)),
        Forget("VI_1"),
        ReleaseAddresses("", (VIP,)),
        RouterChanged("VI_1", "master", "init", "deleted", 100),
    )


@pytest.mark.behaviour("RL-04")
def test_a_backup_that_is_removed_sends_nothing() -> None:
    node = node_with(ROUTER)

    effects = node.reload((), NOW)

    assert effects == (
        Listen(()),
        Forget("VI_1"),
        RouterChanged("VI_1", "backup", "init", "deleted", 100),
    )
    assert node.deadline() == NOW - 400_000 + 60_000_000  # the addresses are read back, nothing else


def test_a_router_that_is_new_starts_as_any_other() -> None:
    node = node_with(ROUTER)

    effects = node.reload((ROUTER, OTHER), NOW)

    assert kinds(effects) == ["Listen", "Prepare", "RouterChanged"]
    assert effects[-1] == RouterChanged("VI_2", "init", "backup", "started", 100)


def test_a_router_with_the_same_name_and_another_vrid_is_another_router() -> None:
    """The old one says goodbye with its own adverts, before the new one's are made ready under its name."""
    node = node_with(ROUTER, masters=["VI_1"])

    effects = node.reload((replace(ROUTER, vrid=9),), NOW)

    assert kinds(effects) == [
        "SendAdvert",
        "Listen",
        "Prepare",
        "ReleaseAddresses",
        "RouterChanged",
        "RouterChanged",
    ]
    told = [(e.old, e.new, e.reason) for e in effects if isinstance(e, RouterChanged)]
    assert told == [("master", "init", "deleted"), ("init", "backup", "started")]
    assert isinstance(state_of(node), Backup)
    assert node.deadline() == NOW + 3_609_375


def test_a_router_that_is_renamed_stays_master_and_what_was_ready_under_its_old_name_goes() -> None:
    node = node_with(ROUTER, masters=["VI_1"])

    effects = node.reload((replace(ROUTER, name="new"),), NOW)

    assert kinds(effects) == ["Listen", "Forget", "Prepare", "SendAdvert"]
    assert isinstance(state_of(node, "new"), Master)
    assert node.handle(Due(), Instant(NOW + SECOND)) == (SendAdvert("new", 100),)


def test_two_routers_that_swap_their_names_keep_their_states() -> None:
    node = node_with(ROUTER, OTHER, masters=["VI_1"])

    node.reload((replace(ROUTER, name="VI_2"), replace(OTHER, name="VI_1")), NOW)

    assert isinstance(state_of(node, "VI_2"), Master)
    assert isinstance(state_of(node, "VI_1"), Backup)


UNICAST = replace(ROUTER, group=None, peers=(ABOVE,))
UNICAST_TOO = replace(UNICAST, name="VI_2", peers=(BELOW,), addresses=(vip(102),))


@pytest.mark.behaviour("WI-18", "RL-02")
def test_unicast_routers_with_one_vrid_and_other_peers_are_told_apart_by_their_names() -> None:
    node = node_with(UNICAST, UNICAST_TOO, masters=["VI_2"])
    more_peers = replace(UNICAST_TOO, peers=(BELOW, ip_address("10.0.0.9")))

    effects = node.reload((more_peers, UNICAST), NOW)

    assert only(RouterChanged, effects) == []
    assert isinstance(state_of(node, "VI_2"), Master)
    assert isinstance(state_of(node, "VI_1"), Backup)


@pytest.mark.behaviour("WI-18", "RL-04")
def test_of_unicast_routers_with_one_vrid_the_one_that_is_removed_lets_its_addresses_go() -> None:
    node = node_with(UNICAST, UNICAST_TOO, masters=["VI_1", "VI_2"])

    effects = node.reload((UNICAST,), NOW)

    assert effects[0] == SendAdvert("VI_2", 0)
    assert ReleaseAddresses("", (vip(102),)) in effects


@pytest.mark.behaviour("RL-02")
def test_another_multicast_group_makes_another_router() -> None:
    node = node_with(ROUTER, masters=["VI_1"])

    effects = node.reload((replace(ROUTER, group=ip_address("224.0.0.118")),), NOW)

    assert effects[0] == SendAdvert("VI_1", 0)
    assert isinstance(state_of(node), Backup)


# ---- time that has passed is measured by the new interval only from now on


def test_a_master_with_a_shorter_interval_did_not_oversleep() -> None:
    slow = replace(ROUTER, interval=seconds(40))
    node = node_with(slow, masters=["VI_1"])
    later = Instant(NOW + seconds(30))

    node.reload((ROUTER,), later)
    effects = node.handle(Due(), Instant(later + SECOND))

    assert effects == (SendAdvert("VI_1", 100),)


@pytest.mark.parametrize("router", [ROUTER, ROUTER2], ids=["version 3, nobody heard", "version 2"])
def test_a_backup_with_a_shorter_interval_did_not_oversleep_either(router: Router) -> None:
    node = node_with(replace(router, interval=seconds(40)))
    later = Instant(NOW + seconds(30))

    node.reload((router,), later)
    deadline = node.deadline()
    effects = node.handle(Due(), Instant(later + 3_609_375))

    assert deadline == later + 3_609_375
    assert only(Overslept, effects) == []
    assert isinstance(state_of(node), Master)


def test_a_backup_of_version_3_keeps_the_interval_that_it_has_learnt() -> None:
    node = node_with(ROUTER)
    node.handle(from_peer(ROUTER, 150, at=NOW, interval_cs=30), NOW)

    node.reload((replace(ROUTER, interval=seconds(5)),), NOW)

    assert node.deadline() == NOW + 1_082_812


# ---- with faults


def test_a_master_whose_new_address_needs_a_missing_interface_goes_to_fault() -> None:
    node = node_with(ROUTER, masters=["VI_1"])
    changed = replace(ROUTER, excluded=(vip(101, "eth9"),))

    effects = node.reload((changed,), NOW)

    assert kinds(effects) == [
        "Listen",
        "Prepare",
        "SendAdvert",
        "ReleaseAddresses",
        "ReleaseAddresses",
        "RouterChanged",
    ]
    assert effects[2] == SendAdvert("VI_1", 0)
    assert effects[-2] == ReleaseAddresses("", (VIP,))
    assert isinstance(state_of(node), Fault)


def test_an_owner_whose_fault_a_reload_ends_speaks_and_holds_once() -> None:
    node = node_with(replace(OWNER, excluded=(vip(101, "eth9"),)))

    effects = node.reload((OWNER,), NOW)

    assert kinds(effects).count("SendAdvert") == 1
    assert [e.part.addresses for e in effects if isinstance(e, HoldAddresses)] == [(VIP,)]


def test_a_router_in_fault_takes_its_new_parameters_with_it() -> None:
    node = node_with(ROUTER)
    down = replace(ETH0, up=False)
    node.handle(LinkChanged(down), NOW)

    effects = node.reload((replace(ROUTER, priority=200),), NOW)
    node.handle(LinkChanged(ETH0), NOW)

    assert kinds(effects) == ["Listen", "Prepare"]
    assert node.deadline() == NOW + 3_218_750


def test_what_passed_the_checks_of_the_old_parameters_is_checked_anew() -> None:
    node = node_with(ROUTER2)
    said = from_peer(ROUTER2, 150, at=NOW)
    assert kinds(node.handle(said, NOW)) == ["AdvertHeard"]

    node.reload((replace(ROUTER2, password=b"secret\0\0"),), NOW)

    assert kinds(node.handle(said, NOW)) == ["AdvertDropped"]


def test_prepared_again_is_only_what_has_changed() -> None:
    node = node_with(ROUTER, OTHER)
    changed = replace(OTHER, priority=7)

    effects = node.reload((ROUTER, changed), NOW)

    assert only(Prepare, effects) == [Prepare(changed, ETH0, ETH0.ipv4)]  # type: ignore[arg-type]
