"""Sync groups: master together or not at all (behaviours SG-01 to SG-06)."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from vrrp_made import ABOVE, ETH0, ETH1, OWNER, ROUTER, advert, received, vip

from standfast.base.times import SECOND, Instant, seconds
from standfast.core.track.verdict import GOOD, Tracker, TrackerKey, TrackerKind, Verdict
from standfast.core.vrrp.effects import (
    Effects,
    GroupChanged,
    HoldAddresses,
    Overslept,
    ReleaseAddresses,
    RouterChanged,
    SendAdvert,
)
from standfast.core.vrrp.events import Due, Judged, LinkChanged, Stop
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Router

START = Instant(0)
SCRIPT = TrackerKey(TrackerKind.SCRIPT, "web")
BAD = Verdict(up=False, reason="exit status 1")
A = replace(ROUTER, name="A", sync_group="G", priority=150)
B = replace(
    ROUTER, name="B", sync_group="G", vrid=2, priority=50, interface="eth1", addresses=(vip(101, "eth1"),)
)
LINKS = {"eth0": ETH0, "eth1": ETH1}
THEIRS_ON_ETH1 = ip_address("10.1.0.3")
LONGEST = Instant(3 * SECOND + 206 * SECOND // 256)  # the silence of B, the member that waits longest


def started(*routers: Router) -> Node:
    node = Node()
    node.start(routers or (A, B), links=LINKS, present={}, now=START)
    return node


def masters(*routers: Router) -> Node:
    node = started(*routers)
    node.handle(Due(), LONGEST)
    return node


def states(node: Node) -> list[str]:
    return [type(one.state).__name__ for one in node.snapshot(START).routers]


def hear(node: Node, router: Router, priority: int, at: Instant) -> Effects:
    sender = ABOVE if router.interface == "eth0" else THEIRS_ON_ETH1
    said = advert(router, priority)
    return node.handle(received(said, at=at, interface=router.interface, sender=sender), at)


def told(effects: Effects) -> list[tuple[str, str]]:
    return [
        (e.router, e.new) if isinstance(e, RouterChanged) else (e.group, e.new)
        for e in effects
        if isinstance(e, RouterChanged | GroupChanged)
    ]


@pytest.mark.behaviour("SG-01")
def test_a_group_takes_over_when_the_silence_of_its_last_member_ends() -> None:
    node = started()
    due = node.deadline()

    early = node.handle(Due(), Instant(seconds("3.5")))
    effects = node.handle(Due(), LONGEST)

    assert due == LONGEST
    assert early == ()
    assert states(node) == ["Master", "Master"]
    assert [type(e) for e in effects[:2]] == [SendAdvert, SendAdvert]


@pytest.mark.behaviour("SG-01")
def test_nobody_takes_over_while_one_member_hears_a_stronger_master() -> None:
    node = started()
    for at in range(1, 9):
        hear(node, B, 60, Instant(at * SECOND))
        node.handle(Due(), Instant(at * SECOND + 1))

    assert states(node) == ["Backup", "Backup"]


@pytest.mark.behaviour("SG-02", "SM-18")
def test_a_fault_of_one_is_a_fault_of_all_and_each_says_goodbye() -> None:
    node = masters()

    effects = node.handle(LinkChanged(replace(ETH1, up=False)), LONGEST)

    goodbyes = [e.router for e in effects if isinstance(e, SendAdvert) and e.priority == 0]
    details = {e.router: e.detail for e in effects if isinstance(e, RouterChanged)}
    assert sorted(goodbyes) == ["A", "B"]
    assert details == {"A": "B of the same sync group is in fault", "B": "eth1 is down"}
    assert states(node) == ["Fault", "Fault"]


def tracked_by_all() -> Node:
    """A group of three masters that all listen to one script."""
    third = replace(A, name="C", vrid=3, addresses=(vip(103),))
    routers = [replace(each, trackers=(Tracker(SCRIPT),)) for each in (A, B, third)]
    node = started(*routers)
    node.handle(Judged({SCRIPT: GOOD}), START)
    node.handle(Due(), LONGEST)
    return node


def changes(effects: Effects) -> list[tuple[str, str, str, str]]:
    return [(e.router, e.old, e.new, e.detail) for e in effects if isinstance(e, RouterChanged)]


@pytest.mark.behaviour("SG-02")
def test_a_tracker_that_fails_for_the_whole_group_is_told_of_each_member_once() -> None:
    node = tracked_by_all()

    effects = node.handle(Judged({SCRIPT: BAD}), LONGEST)
    otherwise = node.handle(Judged({SCRIPT: Verdict(up=False, reason="exit status 2")}), LONGEST)
    ended = node.handle(Judged({SCRIPT: GOOD}), LONGEST)

    why = "tracked script web: exit status 1"
    assert changes(effects) == [(name, "master", "fault", why) for name in "ABC"]
    assert changes(otherwise) == []
    assert [(name, old, new) for name, old, new, _ in changes(ended)] == [
        (name, "fault", "backup") for name in "ABC"
    ]


def test_an_interface_that_goes_down_for_several_of_a_group_is_told_of_each_member_once() -> None:
    third = replace(A, name="C", vrid=3, addresses=(vip(103),), interface="eth0")
    node = masters(A, B, third)

    effects = node.handle(LinkChanged(replace(ETH0, up=False)), LONGEST)

    assert changes(effects) == [
        ("A", "master", "fault", "eth0 is down"),
        (
            "B",
            "master",
            "fault",
            "A of the same sync group is in fault, C of the same sync group is in fault",
        ),
        ("C", "master", "fault", "eth0 is down"),
    ]


def test_a_further_fault_in_a_group_is_told_of_the_member_that_it_befalls() -> None:
    node = masters()
    node.handle(LinkChanged(replace(ETH0, up=False)), LONGEST)

    effects = node.handle(LinkChanged(replace(ETH1, up=False)), LONGEST)

    assert changes(effects) == [
        ("B", "fault", "fault", "eth1 is down, A of the same sync group is in fault"),
    ]


@pytest.mark.behaviour("SG-02")
def test_the_fault_ends_when_all_causes_end() -> None:
    node = masters()
    for link in (ETH1, ETH0):
        node.handle(LinkChanged(replace(link, up=False)), LONGEST)

    node.handle(LinkChanged(ETH0), LONGEST)
    between = states(node)
    node.handle(LinkChanged(ETH1), LONGEST)

    assert between == ["Fault", "Fault"]
    assert states(node) == ["Backup", "Backup"]


@pytest.mark.behaviour("SG-03")
def test_when_one_yields_to_a_stronger_master_the_others_follow_in_the_same_step() -> None:
    node = masters()

    effects = hear(node, A, 200, Instant(LONGEST + 1))

    assert states(node) == ["Backup", "Backup"]
    assert [(e.router, e.priority) for e in effects if isinstance(e, SendAdvert)] == [("B", 0)]
    assert {e.router for e in effects if isinstance(e, ReleaseAddresses)} == {"A", "B"}


@pytest.mark.behaviour("SG-03")
def test_each_of_a_large_group_names_the_one_that_it_follows() -> None:
    others = [
        replace(B, name=name, vrid=vrid, interface=f"eth{vrid}", addresses=(vip(100 + vrid, f"eth{vrid}"),))
        for name, vrid in (("C", 3), ("D", 4))
    ]
    node = Node()
    links = {**LINKS, "eth3": replace(ETH1, name="eth3"), "eth4": replace(ETH1, name="eth4")}
    node.start((A, B, *others), links=links, present={}, now=START)
    node.handle(Due(), LONGEST)

    effects = hear(node, A, 200, Instant(LONGEST + 1))

    followers = [e.detail for e in effects if isinstance(e, RouterChanged) and e.router != "A"]
    assert [detail.partition(":")[0] for detail in followers] == ["A", "A", "A"]
    assert all(detail.count("priority 200") == 1 and "B:" not in detail for detail in followers)


@pytest.mark.behaviour("SG-04")
@pytest.mark.parametrize(
    ("routers", "expected"),
    [
        pytest.param(
            (replace(OWNER, name="A", sync_group="G"), replace(B, priority=255, starts_as_master=True)),
            ["Master", "Master"],
            id="owners, all of them, begin as masters",
        ),
        pytest.param((A, B), ["Backup", "Backup"], id="others begin as backups"),
    ],
)
def test_the_first_state_of_a_group(routers: tuple[Router, ...], expected: list[str]) -> None:
    assert states(started(*routers)) == expected


@pytest.mark.behaviour("SG-06")
def test_at_the_start_the_group_is_told_before_its_members_and_later_after_them() -> None:
    node = Node()

    first = node.start((A, B), links=LINKS, present={}, now=START)
    later = node.handle(Due(), LONGEST)

    assert told(first) == [("G", "backup"), ("A", "backup"), ("B", "backup")]
    assert told(later) == [("A", "master"), ("B", "master"), ("G", "master")]


@pytest.mark.behaviour("SG-05")
def test_the_group_stops_after_its_members() -> None:
    node = masters()

    assert told(node.handle(Stop(), LONGEST))[-1] == ("G", "init")


def test_a_member_that_joins_by_a_reload_does_not_take_the_group_out_of_service() -> None:
    node = masters(A, replace(B, sync_group=""))
    at = Instant(LONGEST + SECOND // 2)

    effects = node.reload((A, replace(B, sync_group="G"), replace(A, name="C", vrid=3)), at)
    listening = states(node)
    node.handle(Due(), Instant(LONGEST + SECOND))
    node.handle(Due(), Instant(at + 3 * SECOND + 106 * SECOND // 256))

    assert not [e for e in effects if isinstance(e, ReleaseAddresses)]
    assert listening == ["Master", "Master", "Backup"]
    assert states(node) == ["Master", "Master", "Master"]


@pytest.mark.behaviour("SG-03")
def test_a_member_that_joined_and_hears_a_stronger_master_takes_the_group_along() -> None:
    node = masters(A, replace(B, sync_group=""))
    joined = replace(A, name="C", vrid=3)
    node.reload((A, replace(B, sync_group="G"), joined), LONGEST)

    hear(node, joined, 200, Instant(LONGEST + 1))

    assert states(node) == ["Backup", "Backup", "Backup"]


def test_a_group_that_overslept_the_end_of_the_silence_listens_as_one() -> None:
    node = started()

    effects = node.handle(Due(), Instant(LONGEST + 2 * SECOND))

    assert {e.router for e in effects if isinstance(e, Overslept)} == {"A", "B"}
    assert not [e for e in effects if isinstance(e, HoldAddresses)]
    assert states(node) == ["Backup", "Backup"]


def test_what_is_foreseen_is_the_takeover_of_the_whole_group() -> None:
    node = started()

    foreseen = node.foresee()

    assert {e.router for e in foreseen if isinstance(e, SendAdvert)} == {"A", "B"}
    assert states(node) == ["Backup", "Backup"]


def test_a_group_that_a_reload_forms_of_masters_is_told_as_master_and_one_that_it_ends_is_forgotten() -> None:
    node = masters(replace(A, sync_group=""), replace(B, sync_group=""))

    formed = node.reload((A, B), LONGEST)
    ended = node.reload((replace(A, sync_group=""), B), LONGEST)
    again = node.reload((A, B), LONGEST)

    assert told(formed) == [("G", "master")]
    assert told(ended) == []
    assert told(again) == []
