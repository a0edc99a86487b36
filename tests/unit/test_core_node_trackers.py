"""Verdicts reach the routers that listen: priority, faults, and the wait for a first result."""

from dataclasses import replace

import pytest
from vrrp_made import ABOVE, ETH0, ETH1, ROUTER, advert, kinds, received

from standfast.base.times import SECOND, Instant, seconds
from standfast.core.track.verdict import GOOD, Tracker, TrackerKey, TrackerKind, Verdict
from standfast.core.vrrp.effects import PrepareAdvert, PriorityChanged, RouterChanged, SendAdvert
from standfast.core.vrrp.events import Due, Judged, LinkChanged, Stop
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.snapshot import RouterSnapshot

START = Instant(0)
BAD = Verdict(up=False, reason="exited with 1")
SCRIPT = TrackerKey(TrackerKind.SCRIPT, "web")
TRACKED = replace(ROUTER, trackers=(Tracker(SCRIPT),))
WEIGHED = replace(ROUTER, trackers=(Tracker(SCRIPT, 50),))


def started(router: Router, *verdicts: Verdict) -> Node:
    node = Node()
    node.start([router], links={"eth0": ETH0, "eth1": ETH1}, present={}, now=START)
    for verdict in verdicts:
        node.handle(Judged({SCRIPT: verdict}), START)
    return node


def only(node: Node) -> RouterSnapshot:
    (router,) = node.snapshot(START).routers
    return router


def state(node: Node) -> str:
    return type(only(node).state).__name__


@pytest.mark.behaviour("TR-04")
def test_it_does_not_begin_before_its_trackers_have_said_a_first_word() -> None:
    node = started(TRACKED)
    waiting = state(node), node.handle(Due(), Instant(seconds("9")))

    effects = node.handle(Judged({SCRIPT: GOOD}), Instant(seconds("9")))

    assert waiting[0] == "Init"
    assert not [e for e in waiting[1] if isinstance(e, SendAdvert | RouterChanged)]
    assert [e.new for e in effects if isinstance(e, RouterChanged)] == ["backup"]


def test_a_tracker_that_begins_bad_begins_with_a_fault() -> None:
    node = started(TRACKED)

    effects = node.handle(Judged({SCRIPT: BAD}), START)

    assert [e.detail for e in effects if isinstance(e, RouterChanged)] == [
        "tracked script web: exited with 1"
    ]


def test_who_was_stopped_does_not_begin_any_more() -> None:
    node = started(TRACKED)
    node.handle(Stop(), START)

    assert node.handle(Judged({SCRIPT: GOOD}), START) == ()
    assert state(node) == "Init"


@pytest.mark.behaviour("TR-01")
def test_a_master_whose_tracker_fails_says_goodbye_and_lets_go() -> None:
    node = started(TRACKED, GOOD)
    node.handle(Due(), Instant(seconds("4")))

    effects = node.handle(Judged({SCRIPT: BAD}), Instant(seconds("4.1")))

    assert kinds(effects)[:2] == ["SendAdvert", "ReleaseAddresses"]
    assert state(node) == "Fault"


def test_when_the_tracker_is_good_again_it_listens_a_whole_interval() -> None:
    node = started(TRACKED, GOOD, BAD)

    node.handle(Judged({SCRIPT: GOOD}), Instant(seconds("5")))

    assert state(node) == "Backup"
    assert node.deadline() == Instant(seconds("5") + 3 * SECOND + 156 * SECOND // 256)


@pytest.mark.behaviour("SM-08")
def test_the_waiting_time_follows_the_effective_priority_at_once() -> None:
    node = started(WEIGHED, BAD)
    before = node.deadline()

    effects = node.handle(Judged({SCRIPT: GOOD}), START)

    assert before == Instant(3 * SECOND + 156 * SECOND // 256)
    assert node.deadline() == Instant(3 * SECOND + 106 * SECOND // 256)
    assert PriorityChanged("VI_1", 100, 150, "100 + 50 (script web) = 150") in effects
    assert PrepareAdvert("VI_1", 150) in effects


def test_a_masters_next_advert_has_the_new_priority() -> None:
    node = started(WEIGHED, GOOD)
    node.handle(Due(), Instant(seconds("4")))
    node.handle(Judged({SCRIPT: BAD}), Instant(seconds("4.1")))

    sent = [e for e in node.handle(Due(), Instant(seconds("5"))) if isinstance(e, SendAdvert)]

    assert [advert.priority for advert in sent] == [100]


def test_who_loses_the_right_to_preempt_listens_to_the_master_first() -> None:
    node = started(WEIGHED, GOOD)
    for at in (1, 2, 3):
        node.handle(received(advert(priority=120), at=at * SECOND, sender=ABOVE), Instant(at * SECOND))

    node.handle(Judged({SCRIPT: BAD}), Instant(seconds("3.3")))
    effects = node.handle(Due(), Instant(seconds("3.5")))

    assert not [e for e in effects if isinstance(e, SendAdvert)]


@pytest.mark.behaviour("TR-15")
def test_a_tracked_interface_is_judged_by_its_link() -> None:
    key = TrackerKey(TrackerKind.INTERFACE, "eth1")
    node = started(replace(ROUTER, trackers=(Tracker(key, -30),)))

    down = node.handle(LinkChanged(replace(ETH1, up=False)), START)
    back = node.handle(LinkChanged(ETH1), START)

    assert [e.new for e in (*down, *back) if isinstance(e, PriorityChanged)] == [70, 100]


def test_a_reload_judges_by_the_verdicts_that_are_known() -> None:
    node = started(WEIGHED, GOOD)

    node.reload([replace(WEIGHED, trackers=(Tracker(SCRIPT, 20),))], START)

    assert (only(node).router.priority, only(node).arithmetic) == (120, "100 + 20 (script web) = 120")


@pytest.mark.behaviour("TR-14")
def test_with_dont_track_primary_its_own_interface_may_be_down() -> None:
    node = started(replace(ROUTER, tracks_own=False))

    node.handle(LinkChanged(replace(ETH0, up=False)), START)

    assert state(node) == "Backup"
