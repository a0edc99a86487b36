"""Interfaces and sockets that come and go (behaviours SM-18, SM-29, TR-14, TR-15, TR-20)."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from vrrp_made import ETH0, ETH1, OWNER, ROUTER, ROUTER6, US, US6, VIP, kinds, vip

from standfast.base.addresses import Family
from standfast.base.times import SECOND, ZERO, Instant
from standfast.core.vrrp.effects import (
    Effects,
    Listen,
    Overslept,
    Prepare,
    ReleaseAddresses,
    RouterChanged,
    SendAdvert,
)
from standfast.core.vrrp.events import (
    AddressesRead,
    AddressGone,
    AnnouncementAsked,
    Due,
    Event,
    LinkChanged,
    LinkGone,
    SocketFailed,
    SocketOpened,
)
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Announcements, Link, Rounds, Router
from standfast.core.vrrp.state import Backup, Fault, Master, State

START = Instant(0)
LATER = Instant(SECOND)
DOWN = replace(ETH0, up=False)
HOMELESS = replace(ETH0, ipv4=None)


def started(*routers: Router, links: tuple[Link, ...] = (ETH0, ETH1)) -> Node:
    node = Node()
    node.start(routers, links={link.name: link for link in links}, present={}, now=START)
    return node


def state_of(node: Node) -> State:
    return node.snapshot(LATER).routers[0].state


@pytest.mark.behaviour("SM-18", "SM-20", "TR-15")
@pytest.mark.rfc(39)
@pytest.mark.parametrize(
    ("event", "listens", "reason"),
    [
        pytest.param(LinkChanged(DOWN), True, "interface-down", id="its interface goes down"),
        pytest.param(LinkChanged(HOMELESS), False, "no-source-address", id="its interface loses its address"),
        pytest.param(
            SocketFailed("eth0", Family.IPV4, "too many open files"),
            False,
            "no-socket",
            id="it has no socket",
        ),
    ],
)
def test_a_master_goes_to_fault_with_one_goodbye(*, event: Event, listens: bool, reason: str) -> None:
    node = started(OWNER)

    effects = node.handle(event, LATER)

    after_listening = [effect for effect in effects if not isinstance(effect, Listen | Prepare)]
    assert isinstance(state_of(node), Fault)
    assert any(isinstance(effect, Listen) for effect in effects) is listens
    assert after_listening[:2] == [SendAdvert("VI_1", 0), ReleaseAddresses("VI_1", (VIP,))]
    assert isinstance(after_listening[2], RouterChanged)
    assert (after_listening[2].new, after_listening[2].reason) == ("fault", reason)


@pytest.mark.behaviour("TR-20")
def test_a_master_whose_interface_is_gone_goes_to_fault_and_then_listens_no_longer() -> None:
    node = started(OWNER)

    effects = node.handle(LinkGone("eth0"), LATER)

    assert kinds(effects) == ["SendAdvert", "ReleaseAddresses", "RouterChanged", "Listen"]
    assert effects[-1] == Listen(())


@pytest.mark.behaviour("SM-29", "TR-15")
@pytest.mark.parametrize(
    ("bad", "good"),
    [
        pytest.param(LinkChanged(DOWN), LinkChanged(ETH0), id="its interface comes up again"),
        pytest.param(LinkGone("eth0"), LinkChanged(ETH0), id="its interface appears again"),
        pytest.param(LinkChanged(HOMELESS), LinkChanged(ETH0), id="its interface has an address again"),
        pytest.param(
            SocketFailed("eth0", Family.IPV4, "no"), SocketOpened("eth0", Family.IPV4), id="it has its socket"
        ),
    ],
)
def test_fault_ends_as_backup_with_a_whole_silence_to_wait(bad: Event, good: Event) -> None:
    node = started(ROUTER)
    node.handle(bad, Instant(3_000_000))
    assert isinstance(state_of(node), Fault)

    effects = node.handle(good, Instant(10_000_000))

    assert state_of(node) == Backup(Instant(10_000_000), SECOND)
    assert node.deadline() == 13_609_375
    assert effects[-1] == RouterChanged("VI_1", "fault", "backup", "recovered", 100)


def test_an_owner_recovers_as_it_starts() -> None:
    node = started(OWNER)
    node.handle(LinkChanged(DOWN), LATER)

    effects = node.handle(LinkChanged(ETH0), LATER)

    assert isinstance(state_of(node), Master)
    assert effects[-1] == RouterChanged("VI_1", "fault", "master", "owner", 255)


def test_a_router_that_never_had_its_interface_is_made_ready_when_it_appears() -> None:
    node = started(ROUTER, links=())

    effects = node.handle(LinkChanged(ETH0), LATER)

    assert effects == (
        Listen(((ROUTER, ETH0),)),
        Prepare(ROUTER, ETH0, US),
        RouterChanged("VI_1", "fault", "backup", "recovered", 100),
    )


@pytest.mark.behaviour("TR-14")
def test_the_interface_of_an_address_counts_as_the_own_one_does() -> None:
    node = started(replace(OWNER, excluded=(vip(101, "eth1"),)))

    effects = node.handle(LinkChanged(replace(ETH1, up=False)), LATER)

    assert isinstance(state_of(node), Fault)
    assert SendAdvert("VI_1", 0) in effects


def test_other_interfaces_are_nobodys_business() -> None:
    node = started(OWNER)

    assert node.handle(LinkChanged(replace(ETH1, up=False)), LATER) == ()
    assert kinds(node.handle(LinkGone("eth1"), LATER)) == ["Listen"]


def test_a_link_that_looks_the_same_changes_nothing() -> None:
    assert started(OWNER).handle(LinkChanged(ETH0), LATER) == ()


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        pytest.param(
            replace(ETH0, mac=bytes(range(6))), ["Prepare"], id="another hardware address: other frames"
        ),
        pytest.param(replace(ETH0, ipv4=ip_address("10.0.0.7")), ["Prepare"], id="another source"),
    ],
)
def test_a_link_with_other_looks_makes_everything_ready_anew(link: Link, expected: list[str]) -> None:
    node = started(OWNER)

    effects = node.handle(LinkChanged(link), LATER)

    assert kinds(effects) == expected
    assert effects[-1] == Prepare(OWNER, link, link.ipv4)  # type: ignore[arg-type]


@pytest.mark.behaviour("TR-20")
def test_another_interface_of_the_same_name_has_none_of_our_addresses() -> None:
    """It was removed and made again between two readings of the news: what we held went with the old one."""
    node = started(replace(OWNER, starts_as_master=False))
    node.handle(Due(), Instant(10_000_000))
    other = replace(ETH0, index=77)

    effects = node.handle(LinkChanged(other), Instant(10_000_000))

    changes = [(e.new, e.reason) for e in effects if isinstance(e, RouterChanged)]
    assert changes == [("fault", "interface-missing"), ("backup", "recovered")]
    assert kinds(effects)[-3:] == ["Listen", "Prepare", "RouterChanged"]
    assert Listen(((replace(OWNER, starts_as_master=False), other),)) in effects


def test_a_master_with_another_hardware_address_announces_anew() -> None:
    node = started(replace(OWNER, announcements=Announcements(Rounds(1, ZERO))))
    mac, soon = bytes.fromhex("020000000099"), Instant(SECOND // 2)

    node.handle(LinkChanged(replace(ETH0, mac=mac)), soon)

    assert kinds(node.handle(Due(), soon)) == ["Announce"]


@pytest.mark.parametrize(
    ("router", "name", "announces"),
    [
        pytest.param(OWNER, "VI_1", True, id="a master"),
        pytest.param(ROUTER, "VI_1", False, id="a backup"),
        pytest.param(OWNER, "VI_9", False, id="nobody of that name"),
    ],
)
def test_an_announcement_that_is_asked_for(router: Router, name: str, announces: bool) -> None:
    node = started(replace(router, announcements=Announcements(Rounds(1, ZERO))))
    soon = Instant(SECOND // 2)

    node.handle(AnnouncementAsked(name), soon)

    assert ("Announce" in kinds(node.handle(Due(), soon))) is announces


def test_a_backup_with_another_hardware_address_has_nothing_to_announce() -> None:
    node = started(ROUTER)

    node.handle(LinkChanged(replace(ETH0, mac=bytes(range(6)))), LATER)

    assert node.handle(Due(), LATER) == ()


def test_what_was_ready_for_the_old_looks_says_the_goodbye() -> None:
    """The address is gone, so nothing new can be made ready; the advert of before still can be tried."""
    effects = started(OWNER).handle(LinkChanged(HOMELESS), LATER)

    assert kinds(effects) == ["SendAdvert", "ReleaseAddresses", "RouterChanged"]


def test_of_several_faults_a_further_one_is_told_and_the_end_of_all() -> None:
    homeless = "its interface has no address to send adverts from"
    node = started(ROUTER)
    told: list[Effects] = []
    stands: list[tuple[str, str]] = []
    for event in (
        LinkChanged(replace(DOWN, ipv4=None)),
        LinkChanged(HOMELESS),
        SocketFailed("eth0", Family.IPV4, "no memory"),
        LinkChanged(ETH0),
        SocketOpened("eth0", Family.IPV4),
    ):
        told.append(node.handle(event, LATER))
        (one,) = node.snapshot(LATER).routers
        stands.append((one.reason, one.detail))

    news = [effect for effects in told for effect in effects if isinstance(effect, RouterChanged)]
    assert [(e.old, e.new, e.detail) for e in news] == [
        ("backup", "fault", f"eth0 is down, {homeless}"),
        ("fault", "fault", f"{homeless}, no memory"),
        ("fault", "backup", ""),
    ]
    assert stands == [
        ("interface-down", f"eth0 is down, {homeless}"),
        ("no-source-address", homeless),
        ("no-source-address", f"{homeless}, no memory"),
        ("no-socket", "no memory"),
        ("recovered", ""),
    ]


def test_a_socket_of_one_family_does_not_matter_to_the_other() -> None:
    node = started(ROUTER6)

    assert node.handle(SocketFailed("eth0", Family.IPV4, "no"), LATER) == ()
    assert isinstance(state_of(node), Backup)


def test_a_router_in_fault_hears_nobody_and_is_never_due() -> None:
    node = started(OWNER)
    node.handle(LinkChanged(DOWN), LATER)

    assert node.handle(Due(), Instant(30_000_000)) == ()
    assert isinstance(state_of(node), Fault)


def test_ipv6_adverts_come_from_the_link_local_address() -> None:
    node = Node()

    effects = node.start((ROUTER6,), links={"eth0": ETH0}, present={}, now=START)

    assert Prepare(ROUTER6, ETH0, US6) in effects


@pytest.mark.parametrize(
    "event",
    [
        pytest.param(LinkChanged(replace(ETH0, mac=bytes(6))), id="news of a link"),
        pytest.param(AddressGone(VIP.key), id="news of an address"),
        pytest.param(AddressesRead({}), id="a reading"),
    ],
)
def test_a_master_that_overslept_lies_down_before_news_make_it_announce(event: Event) -> None:
    """Another may hold the address by right."""
    node = started(OWNER)

    effects = node.handle(event, Instant(60_000_000))

    assert isinstance(effects[0], Overslept)
    assert isinstance(state_of(node), Backup)
    assert not {"SendAdvert", "HoldAddresses", "Announce"} & set(kinds(effects))
