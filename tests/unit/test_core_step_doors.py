"""How a router comes into each state and what is done on the way, in order (SM-01 to SM-05, SM-18 to SM-20)."""

from dataclasses import replace

import pytest
from vrrp_made import ABOVE, OWNER, ROUTER, ROUTER2, VIP, vip, vips

from standfast.base.limits import SLICE
from standfast.base.times import SECOND, Instant
from standfast.core.vrrp.announce import Announcing, Cause
from standfast.core.vrrp.effects import (
    Announce,
    Effects,
    HoldAddresses,
    ReleaseAddresses,
    RouterChanged,
    SendAdvert,
)
from standfast.core.vrrp.events import Due, Faulted, Recovered, RouterEvent, Started, Stopped
from standfast.core.vrrp.router import Announcements, Part, Rounds, Router
from standfast.core.vrrp.state import Backup, Fault, Init, Master, State
from standfast.core.vrrp.step import step

NOW = Instant(20_000_000)
WAITING = Backup(NOW, SECOND)
SILENT = Backup(Instant(NOW - 3_609_375), SECOND, ABOVE, 150)
MASTER = Master(Instant(0), Instant(NOW - SECOND), Announcing(Cause.MASTER, Instant(0), done=10))
FAULT = Fault(("interface-down:eth0",))
HOMELESS_IN_WORDS = "its interface has no address to send adverts from"
PART = Part("VI_1", 0, (VIP,))
FRESH = Master(NOW, NOW, Announcing(Cause.MASTER, NOW, done=1))


def changed(old: str, new: str, reason: str, priority: int = 100, detail: str = "") -> RouterChanged:
    return RouterChanged("VI_1", old, new, reason, priority, detail)


@pytest.mark.parametrize(
    ("router", "before", "event", "expected", "effects"),
    [
        pytest.param(
            ROUTER,
            Init(),
            Started(),
            WAITING,
            (changed("init", "backup", "started"),),
            id="a router starts as backup",
            marks=[pytest.mark.behaviour("SM-01"), pytest.mark.rfc(21)],
        ),
        pytest.param(
            replace(ROUTER, starts_as_master=True),
            Init(),
            Started(),
            WAITING,
            (changed("init", "backup", "started"),),
            id="state MASTER without ownership changes nothing",
            marks=pytest.mark.behaviour("SM-03"),
        ),
        pytest.param(
            replace(ROUTER, priority=255),
            Init(),
            Started(),
            WAITING,
            (changed("init", "backup", "started", 255),),
            id="an owner with state BACKUP waits like others",
            marks=pytest.mark.behaviour("SM-05"),
        ),
        pytest.param(
            OWNER,
            Init(),
            Started(),
            FRESH,
            (
                SendAdvert("VI_1", 255),
                HoldAddresses(PART),
                Announce(PART),
                changed("init", "master", "owner", 255),
            ),
            id="an owner with state MASTER speaks, holds, announces, then tells",
            marks=[pytest.mark.behaviour("SM-02"), pytest.mark.rfc(8, 20)],
        ),
        pytest.param(
            ROUTER,
            Init(),
            Faulted(("no-source-address",)),
            Fault(("no-source-address",)),
            (changed("init", "fault", "no-source-address", detail=HOMELESS_IN_WORDS),),
            id="a router that cannot take part starts in fault",
        ),
        pytest.param(
            ROUTER,
            SILENT,
            Due(),
            replace(FRESH, displaced=ABOVE),
            (
                SendAdvert("VI_1", 100),
                HoldAddresses(PART),
                Announce(PART),
                changed("backup", "master", "master-down", detail="10.0.0.3 silent for 3.609375 s"),
            ),
            id="a backup takes over: advert, addresses, announcements, then the news",
            marks=[pytest.mark.behaviour("SM-19"), pytest.mark.rfc(28)],
        ),
        pytest.param(
            ROUTER,
            FAULT,
            Recovered(),
            WAITING,
            (changed("fault", "backup", "recovered"),),
            id="fault ends as backup, with a whole silence to wait",
            marks=pytest.mark.behaviour("SM-29", "TR-15"),
        ),
        pytest.param(
            OWNER,
            FAULT,
            Recovered(),
            FRESH,
            (
                SendAdvert("VI_1", 255),
                HoldAddresses(PART),
                Announce(PART),
                changed("fault", "master", "owner", 255),
            ),
            id="an owner's fault ends as its start does: as master",
            marks=pytest.mark.behaviour("SM-29"),
        ),
        pytest.param(
            ROUTER,
            MASTER,
            Faulted(("interface-down:eth1", "no-source-address")),
            Fault(("interface-down:eth1", "no-source-address")),
            (
                SendAdvert("VI_1", 0),
                ReleaseAddresses("VI_1", (VIP,)),
                changed("master", "fault", "interface-down", detail=f"eth1 is down, {HOMELESS_IN_WORDS}"),
            ),
            id="a master in fault says goodbye once, then lets go",
            marks=pytest.mark.behaviour("SM-18", "SM-20"),
        ),
        pytest.param(
            ROUTER,
            WAITING,
            Faulted(("no-source-address",)),
            Fault(("no-source-address",)),
            (changed("backup", "fault", "no-source-address", detail=HOMELESS_IN_WORDS),),
            id="a backup in fault has nothing to say or to let go",
        ),
        pytest.param(
            ROUTER,
            FAULT,
            Faulted(("interface-missing:eth0",)),
            Fault(("interface-missing:eth0",)),
            (changed("fault", "fault", "interface-missing", detail="there is no interface eth0"),),
            id="other reasons are told",
        ),
        pytest.param(
            ROUTER,
            Fault(("interface-down:eth0", "track-script: web: exit status 1")),
            Faulted(("track-script: web: exit status 1",)),
            Fault(("track-script: web: exit status 1",)),
            (),
            id="that one of several reasons ends is not told",
        ),
        pytest.param(
            ROUTER,
            Fault(("track-script: web: exit status 1",)),
            Faulted(("track-script: web: exit status 2",)),
            Fault(("track-script: web: exit status 2",)),
            (),
            id="a tracker that fails in another way is no further reason: it is told of the tracker",
        ),
        pytest.param(
            ROUTER,
            Fault(("track-script: web: exit status 1",)),
            Faulted(("track-script: mail: exit status 1", "track-script: web: exit status 1")),
            Fault(("track-script: mail: exit status 1", "track-script: web: exit status 1")),
            (
                changed(
                    "fault",
                    "fault",
                    "track-script",
                    detail="tracked script mail: exit status 1, tracked script web: exit status 1",
                ),
            ),
            id="another tracker that fails is a further reason",
        ),
        pytest.param(
            ROUTER,
            FAULT,
            Faulted(("interface-down:eth0", "sync-group: VI_2")),
            Fault(("interface-down:eth0", "sync-group: VI_2")),
            (),
            id="that another of the group is in fault, too, is told of that one",
        ),
        pytest.param(
            ROUTER,
            FAULT,
            Faulted(("interface-down:eth0",)),
            FAULT,
            (),
            id="the same reasons are not told again",
        ),
        pytest.param(
            ROUTER,
            MASTER,
            Stopped(),
            Init(),
            (
                SendAdvert("VI_1", 0),
                ReleaseAddresses("VI_1", (VIP,)),
                changed("master", "init", "stopped"),
            ),
            id="a master that stops says goodbye, then lets go",
            marks=[pytest.mark.behaviour("SM-18", "SM-20"), pytest.mark.rfc(39)],
        ),
        pytest.param(
            ROUTER,
            WAITING,
            Stopped(),
            Init(),
            (changed("backup", "init", "stopped"),),
            id="a backup that stops sends no advert",
            marks=pytest.mark.rfc(27),
        ),
        pytest.param(
            ROUTER,
            FAULT,
            Stopped(),
            Init(),
            (changed("fault", "init", "stopped"),),
            id="a router in fault that stops sends no advert",
        ),
    ],
)
def test_a_door_leads_to_one_state_with_its_effects(
    router: Router, before: State, event: RouterEvent, expected: State, effects: Effects
) -> None:
    after, done = step(router, before, event, NOW)

    assert after == expected
    assert done == effects


@pytest.mark.parametrize(
    ("state", "reason", "detail"),
    [
        pytest.param(
            Backup(Instant(NOW - 3_609_375), SECOND), "nobody-heard", "", id="nobody spoke since the start"
        ),
        pytest.param(SILENT, "master-down", "10.0.0.3 silent for 3.609375 s", id="the master fell silent"),
        pytest.param(
            Backup(Instant(NOW - 609_375), SECOND, ABOVE, 0, master_left=True),
            "master-left",
            "10.0.0.3 said so",
            id="the master left",
        ),
        pytest.param(
            replace(SILENT, weaker_since=Instant(NOW - 3_000_000)),
            "preempts",
            "a weaker master for 3 s",
            id="a weaker router is master since the stronger one fell silent",
        ),
        pytest.param(
            Backup(Instant(NOW - 3_609_375), SECOND, weaker_since=Instant(NOW - 3_500_000)),
            "preempts",
            "a weaker master for 3.5 s",
            id="a weaker router was master when we started",
        ),
    ],
)
def test_a_takeover_says_why(state: Backup, reason: str, detail: str) -> None:
    _, effects = step(ROUTER, state, Due(), NOW)

    assert effects[-1] == changed("backup", "master", reason, detail=detail)


@pytest.mark.behaviour("SM-19", "GA-09", "AD-04")
def test_addresses_are_held_and_announced_in_slices_so_that_the_first_is_reachable_early() -> None:
    router = replace(ROUTER, addresses=vips(SLICE + 1), excluded=(vip(9, "eth1"),))
    first, second = router.parts

    _, effects = step(router, SILENT, Due(), NOW)

    assert effects[:-1] == (
        SendAdvert("VI_1", 100),
        HoldAddresses(first),
        Announce(first),
        HoldAddresses(second),
        Announce(second),
    )
    assert (len(first.addresses), second.addresses[-1]) == (SLICE, vip(9, "eth1"))


@pytest.mark.behaviour("WI-08")
def test_a_router_without_addresses_only_elects() -> None:
    nothing = replace(ROUTER2, addresses=())

    master, effects = step(nothing, SILENT, Due(), NOW)
    _, ending = step(nothing, master, Stopped(), NOW)

    assert [type(effect) for effect in effects] == [SendAdvert, RouterChanged]
    assert [type(effect) for effect in ending] == [SendAdvert, RouterChanged]


def test_a_router_that_announces_nothing_holds_all_the_same() -> None:
    silent = replace(ROUTER, announcements=Announcements(takeover=Rounds(repeat=0)))

    master, effects = step(silent, SILENT, Due(), NOW)

    assert [type(effect) for effect in effects] == [SendAdvert, HoldAddresses, RouterChanged]
    assert isinstance(master, Master)
    assert master.announcing.done == 0
