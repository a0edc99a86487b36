"""Adverts of many routers: which router a packet is for, what is told about it, and who speaks first."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from vrrp_made import (
    ABOVE,
    BELOW,
    ETH0,
    ETH1,
    OWNER,
    ROUTER,
    ROUTER2,
    ROUTER6,
    US,
    VIP,
    advert,
    altered,
    from_peer,
    kinds,
    received,
    vips,
)

from standfast.base.limits import SLICE
from standfast.base.times import SECOND, ZERO, Instant, times
from standfast.core.vrrp.effects import (
    AdvertDropped,
    AdvertHeard,
    Announce,
    Effects,
    PeerDiffers,
    RouterChanged,
    SendAdvert,
)
from standfast.core.vrrp.events import Due, LinkChanged, Received
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.roster import Roster
from standfast.core.vrrp.router import Announcements, Rounds, Router
from standfast.core.vrrp.state import Backup

START = Instant(0)
LINKS = {"eth0": ETH0, "eth1": ETH1}


def started(*routers: Router) -> Node:
    node = Node()
    node.start(routers, links=LINKS, present={}, now=START)
    return node


def many(count: int, **changes: object) -> list[Router]:
    return [
        replace(OWNER, name=f"VI_{n}", vrid=n % 255 + 1, addresses=(address,), **changes)  # type: ignore[arg-type]
        for n, address in enumerate(vips(count))
    ]


def sender_of_last(node: Node, name: str) -> object:
    state = next(r.state for r in node.snapshot(START).routers if r.router.name == name)
    return state.master if isinstance(state, Backup) else None


# ---- whose packet it is


@pytest.mark.rfc(49)
@pytest.mark.parametrize(
    ("packet", "name"),
    [
        pytest.param(from_peer(ROUTER, 150), "v4", id="IPv4 on eth0"),
        pytest.param(
            altered(from_peer(ROUTER, 150), interface="eth1"),
            "other-link",
            id="the same VRID on eth1",
        ),
        pytest.param(
            from_peer(ROUTER6, 150, sender=ip_address("fe80::9")), "v6", id="the same VRID over IPv6"
        ),
        pytest.param(received(advert(ROUTER, 150), destination=US), "unicast", id="the same VRID by unicast"),
        pytest.param(
            received(advert(ROUTER, 150), destination=ip_address("224.0.0.118")),
            "other-group",
            id="the same VRID in another group",
            marks=pytest.mark.behaviour("WI-18"),
        ),
        pytest.param(
            received(advert(ROUTER, 150), sender=BELOW, destination=US),
            "unicast-too",
            id="the same VRID by unicast from other peers",
            marks=pytest.mark.behaviour("WI-18"),
        ),
        pytest.param(received(advert(replace(ROUTER, vrid=2), 150)), "second", id="another VRID"),
    ],
)
def test_a_packet_is_for(packet: Received, name: str) -> None:
    routers = (
        replace(ROUTER, name="v4"),
        replace(ROUTER, name="other-link", interface="eth1"),
        replace(ROUTER6, name="v6"),
        replace(ROUTER, name="unicast", group=None, peers=(ABOVE,)),
        replace(ROUTER, name="unicast-too", group=None, peers=(BELOW,)),
        replace(ROUTER, name="other-group", group=ip_address("224.0.0.118")),
        replace(ROUTER, name="second", vrid=2),
    )
    node = started(*routers)

    effects = node.handle(packet, START)

    assert effects[0] == AdvertHeard(name, leaving=False)
    assert [r.name for r in routers if sender_of_last(node, r.name) == packet.sender] == [name]


@pytest.mark.behaviour("WI-16")
@pytest.mark.rfc(49, 54)
@pytest.mark.parametrize(
    ("packet", "reason"),
    [
        pytest.param(from_peer(replace(ROUTER, vrid=9), 150), "vrid", id="an unknown VRID"),
        pytest.param(
            altered(from_peer(ROUTER, 150), interface="eth1"), "vrid", id="an interface without routers"
        ),
        pytest.param(received(advert(ROUTER, 150), destination=US), "vrid", id="by unicast, not multicast"),
        pytest.param(received(b""), "short", id="nothing at all"),
        pytest.param(received(b"\x31"), "short", id="one byte"),
    ],
)
def test_a_packet_for_nobody_is_told_without_a_router(packet: Received, reason: str) -> None:
    (told,) = started(ROUTER).handle(packet, START)

    assert isinstance(told, AdvertDropped)
    assert (told.router, told.interface, told.sender, told.reason) == ("", packet.interface, ABOVE, reason)


def test_a_packet_between_unicast_routers_with_one_vrid_from_a_stranger_is_for_nobody() -> None:
    node = started(
        replace(ROUTER, name="A", group=None, peers=(ABOVE,)),
        replace(ROUTER, name="B", group=None, peers=(BELOW,)),
    )

    (told,) = node.handle(received(advert(ROUTER), sender=ip_address("10.0.0.9"), destination=US), START)

    assert isinstance(told, AdvertDropped)
    assert told.reason == "vrid"


# ---- what is dropped touches nothing


@pytest.mark.rfc(54)
def test_a_bad_packet_moves_no_timer() -> None:
    node = started(ROUTER)
    before = node.snapshot(START)

    effects = node.handle(altered(from_peer(ROUTER, 255), ttl=64), Instant(3_000_000))

    assert effects == (AdvertDropped("VI_1", "eth0", ABOVE, "ttl", 64, 255),)
    assert node.snapshot(START) == before
    assert node.deadline() == 3_609_375


@pytest.mark.rfc(54)
def test_one_bad_packet_an_interval_does_not_silence_a_master() -> None:
    node = started(replace(OWNER, announcements=Announcements(Rounds(1, ZERO))))
    beats = []

    for tenth in range(1, 100):
        now = Instant(tenth * 100_000)
        if node.deadline() == now:
            beats += [now for effect in node.handle(Due(), now) if isinstance(effect, SendAdvert)]
        node.handle(altered(from_peer(ROUTER, 255), ttl=1), now)

    assert beats == [Instant(n * SECOND) for n in range(1, 10)]


def test_a_packet_counts_from_its_arrival_but_never_from_the_future() -> None:
    node = started(ROUTER)

    node.handle(from_peer(ROUTER, 150, at=900_000), Instant(1_000_000))
    early = node.deadline()
    node.handle(from_peer(ROUTER, 150, at=9_000_000), Instant(1_000_000))

    assert early == 900_000 + 3_609_375
    assert node.deadline() == 1_000_000 + 3_609_375


# ---- what is told


@pytest.mark.behaviour("SM-11", "WI-12")
@pytest.mark.rfc(55, 56)
def test_what_is_odd_is_told_once_as_long_as_the_advert_stays_the_same() -> None:
    node = started(ROUTER)
    odd = from_peer(ROUTER, 150, interval_cs=30)
    told = PeerDiffers("VI_1", ABOVE, "interval", "1", "0.3")

    first = node.handle(odd, START)
    again = node.handle(altered(odd, at=Instant(300_000)), Instant(300_000))
    changed = node.handle(from_peer(ROUTER, 151, interval_cs=30), Instant(600_000))

    assert first == (AdvertHeard("VI_1", leaving=False), told)
    assert again == (AdvertHeard("VI_1", leaving=False),)
    assert changed == (AdvertHeard("VI_1", leaving=False), told)


@pytest.mark.behaviour("WI-13")
@pytest.mark.parametrize(
    ("skips", "sender", "told"),
    [
        pytest.param(True, ABOVE, [], id="true: the same sender is not compared again"),
        pytest.param(True, BELOW, ["addresses"], id="true: another sender is"),
        pytest.param(False, ABOVE, ["addresses"], id="false means false"),
    ],
)
def test_skip_check_adv_addr(*, skips: bool, sender: object, told: list[str]) -> None:
    node = started(replace(ROUTER, skip_same_sender_check=skips))
    node.handle(from_peer(ROUTER, 150), START)
    other = from_peer(ROUTER, 150, sender=sender, addresses=(ip_address("10.0.0.101"),))  # type: ignore[arg-type]

    effects = node.handle(other, START)

    assert [effect.what for effect in effects if isinstance(effect, PeerDiffers)] == told


def test_a_goodbye_is_told_as_one() -> None:
    (told,) = started(ROUTER).handle(from_peer(ROUTER, 0), START)

    assert told == AdvertHeard("VI_1", leaving=True)


def test_an_advert_that_was_good_before_is_our_own_once_we_have_its_senders_address() -> None:
    node = started(ROUTER)
    said = from_peer(ROUTER, 150)
    assert kinds(node.handle(said, START)) == ["AdvertHeard"]

    node.handle(LinkChanged(replace(ETH0, ipv4=ABOVE)), START)
    (told,) = node.handle(said, START)

    assert isinstance(told, AdvertDropped)
    assert told.reason == "own-address"


# ---- who speaks first


def test_the_adverts_of_250_masters_go_before_every_announcement() -> None:
    node = started(*many(250, announcements=Announcements(Rounds(2, ZERO))))

    effects = node.handle(Due(), Instant(SECOND))
    then = node.handle(Due(), Instant(SECOND))

    assert kinds(effects) == ["SendAdvert"] * 250
    assert kinds(then) == ["Announce"] * SLICE


@pytest.mark.behaviour("SM-19")
def test_250_backups_that_take_over_speak_before_the_first_holds_and_tell_when_the_last_has_announced() -> (
    None
):
    node = started(*(replace(router, starts_as_master=False, priority=100) for router in many(250)))

    effects = node.handle(Due(), Instant(3_609_375))

    assert (
        kinds(effects) == ["SendAdvert"] * 250 + ["HoldAddresses", "Announce"] * 250 + ["RouterChanged"] * 250
    )


def test_announcements_of_many_routers_come_in_slices_until_all_are_out() -> None:
    """250 routers with one address each; four rounds of the first batch are left."""
    node = started(*many(250))
    frames = []

    while node.deadline() == START:
        effects = node.handle(Due(), START)
        frames.append(_frames(effects))

    assert max(frames) == SLICE
    assert sum(frames) == 4 * 250


def test_a_slice_may_be_exceeded_by_less_than_one_part() -> None:
    """Two routers: 63 addresses, then 64 in one part."""
    routers = [
        replace(OWNER, name="A", addresses=vips(63)),
        replace(OWNER, name="B", vrid=2, addresses=vips(127)[63:]),
    ]
    node = started(*routers)

    assert _frames(node.handle(Due(), START)) == 127


def _frames(effects: Effects) -> int:
    return sum(len(effect.part.addresses) for effect in effects if isinstance(effect, Announce))


def test_an_alarm_without_anything_due_does_nothing() -> None:
    assert started(ROUTER).handle(Due(), Instant(1)) == ()


# ---- an election, start to end


@pytest.mark.behaviour("SM-03", "SM-10", "SM-19")
@pytest.mark.rfc(28, 40, 42)
def test_a_router_takes_over_yields_and_takes_over_again() -> None:
    """Nobody is there; we take over, speak each second; a stronger one comes; it dies; we take over again."""
    node = started(replace(ROUTER2, announcements=Announcements(Rounds(1, ZERO)), starts_as_master=True))

    took_over = node.handle(Due(), Instant(3_609_375))
    beat = node.handle(Due(), Instant(4_609_375))
    yielded = node.handle(from_peer(ROUTER2, 150, at=5_000_000), Instant(5_000_100))
    waiting = node.deadline()
    again = node.handle(Due(), Instant(8_609_375))

    assert kinds(took_over) == ["SendAdvert", "HoldAddresses", "Announce", "RouterChanged"]
    assert beat == (SendAdvert("VI_1", 100),)
    assert kinds(yielded) == ["AdvertHeard", "ReleaseAddresses", "RouterChanged"]
    assert waiting == 8_609_375
    assert again[-1] == RouterChanged(
        "VI_1", "backup", "master", "master-down", 100, "10.0.0.3 silent for 3.609375 s"
    )
    assert node.desired() == {VIP.key: VIP}


# ---- in the midst of long work


def test_adverts_that_came_due_meanwhile_are_sent_and_nothing_else_is_done() -> None:
    """VI_0 is due, VI_1 a moment later; the second round of announcements of both waits."""
    slow = replace(OWNER, name="slow", vrid=9, interval=times(2, SECOND), addresses=())
    node = started(OWNER, slow, replace(ROUTER, name="backup", vrid=8))

    early = node.speak(Instant(SECOND - 1))
    meanwhile = node.speak(Instant(SECOND + 1))
    again = node.speak(Instant(SECOND + 2))

    assert (early, meanwhile, again) == ((), (SendAdvert("VI_1", 255),), ())
    assert kinds(node.handle(Due(), Instant(SECOND + 3))) == ["Announce"]


def test_the_grid_of_adverts_stands_after_long_work() -> None:
    node = started(replace(OWNER, announcements=Announcements(Rounds(1, ZERO))))

    node.speak(Instant(SECOND + 300_000))

    assert node.deadline() == 2 * SECOND


def test_a_master_that_overslept_does_not_speak_in_between_and_lies_down_after() -> None:
    node = started(OWNER)

    assert node.speak(Instant(60 * SECOND)) == ()

    node.handle(Due(), Instant(60 * SECOND))
    assert isinstance(node.snapshot(START).routers[0].state, Backup)


def test_a_reading_that_is_due_waits_for_the_end_of_long_work() -> None:
    node = started(replace(ROUTER, interface="eth9"))

    node.speak(Instant(61 * SECOND))

    assert kinds(node.handle(Due(), Instant(61 * SECOND))) == ["ReadAddresses"]


def test_backups_that_wait_for_the_end_of_long_work_cost_nothing_meanwhile(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A thousand that took over at once, asked after each of a thousand slices, took eight seconds."""
    node = started(*(replace(router, priority=100) for router in many(50)))
    due = node.deadline()
    assert due is not None

    def touched(*_: object) -> None:
        raise AssertionError("a backup was looked at")

    monkeypatch.setattr(Roster, "schedule", touched)
    meanwhile = node.speak(Instant(due + SECOND))

    assert meanwhile == ()
    assert node.deadline() == due
