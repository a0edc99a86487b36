"""Addresses that somebody else takes or puts there, and what the kernel refuses (behaviours TR-21, AD-03)."""

from dataclasses import replace

import pytest
from vrrp_made import ETH0, OWNER, ROUTER, VIP, from_peer, kinds, vip, vips

from standfast.base.addresses import OUR_PROTOCOL, HostAddress
from standfast.base.limits import READ_BACK_INTERVAL, REINSTATE_BURST, REINSTATE_WINDOW, SLICE
from standfast.base.times import SECOND, ZERO, Instant, after
from standfast.core.vrrp.effects import (
    AddressMissing,
    AddressNotHeld,
    Announce,
    HoldAddresses,
    ReadAddresses,
    ReleaseAddresses,
)
from standfast.core.vrrp.events import AddressesRead, AddressGone, AddressKey, AddressRefused, Due, Stop
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import AD_HOC, Announcements, Part, Rounds, Router

START = Instant(0)
MINUTE = READ_BACK_INTERVAL
SLOW = replace(OWNER, interval=MINUTE, announcements=Announcements(Rounds(1, ZERO)))  # only news wake it


def started(*routers: Router) -> Node:
    node = Node()
    node.start(routers, links={"eth0": ETH0}, present={}, now=START)
    return node


def put_back(*addresses: HostAddress, answer: str = "reinstated") -> tuple[object, ...]:
    part = Part("VI_1", AD_HOC, addresses)
    facts = (AddressMissing("VI_1", address, answer) for address in addresses)
    return (HoldAddresses(part), Announce(part), *facts)


@pytest.mark.behaviour("TR-21")
def test_a_master_puts_a_removed_address_back_at_once_and_announces_it() -> None:
    node = started(SLOW)

    assert node.handle(AddressGone(VIP.key), START) == put_back(VIP)


@pytest.mark.parametrize(
    ("router", "address"),
    [
        pytest.param(ROUTER, VIP, id="a backup"),
        pytest.param(SLOW, vip(9), id="an address of nobody"),
        pytest.param(SLOW, vip(100, prefix=24), id="the same address with another prefix length"),
    ],
)
def test_this_removal_is_nobodys_business(router: Router, address: HostAddress) -> None:
    assert started(router).handle(AddressGone(address.key), START) == ()


@pytest.mark.behaviour("TR-21")
def test_with_no_track_a_removed_address_is_left_away() -> None:
    node = started(replace(SLOW, untracked=frozenset({VIP.key})))

    assert node.handle(AddressGone(VIP.key), START) == (AddressMissing("VI_1", VIP, "left"),)
    assert node.handle(AddressesRead({}), START) == ()


def test_the_news_of_our_own_removal_finds_no_master_any_more() -> None:
    node = started(OWNER)
    stronger = from_peer(replace(OWNER, priority=100), 255, at=START)
    assert "ReleaseAddresses" in kinds(node.handle(stronger, START))

    assert node.handle(AddressGone(VIP.key), START) == ()


# ---- who removes it again and again


def test_an_address_is_put_back_a_few_times_and_then_only_when_the_window_is_over() -> None:
    node = started(SLOW)

    answers = [node.handle(AddressGone(VIP.key), Instant(n)) for n in range(REINSTATE_BURST + 1)]

    assert answers == [put_back(VIP)] * REINSTATE_BURST + [(AddressMissing("VI_1", VIP, "later"),)]
    assert node.deadline() == after(Instant(REINSTATE_BURST), REINSTATE_WINDOW)
    assert node.handle(Due(), Instant(11_000_000)) == (ReadAddresses(),)
    assert node.handle(AddressesRead({}), Instant(11_000_001)) == put_back(VIP, answer="refilled")


def test_after_the_window_it_is_put_back_at_once_again() -> None:
    node = started(SLOW)
    for n in range(REINSTATE_BURST):
        node.handle(AddressGone(VIP.key), Instant(n))

    assert node.handle(AddressGone(VIP.key), Instant(REINSTATE_WINDOW)) == put_back(VIP)


def test_a_person_who_flushes_the_interface_gets_all_addresses_back_at_once() -> None:
    addresses = vips(100)
    node = started(replace(SLOW, addresses=addresses))

    answers = [node.handle(AddressGone(address.key), START) for address in addresses]

    assert answers == [put_back(address) for address in addresses]


def test_removals_without_end_do_not_put_the_reading_off() -> None:
    """One address is removed again and again: the others' reading comes when it was promised."""
    node = started(SLOW)
    for n in range(REINSTATE_BURST + 1):
        node.handle(AddressGone(VIP.key), Instant(n))
    promised = node.deadline()

    for n in range(1, 9):
        node.handle(AddressGone(VIP.key), Instant(n * SECOND))

    assert node.deadline() == promised


# ---- the reading


@pytest.mark.behaviour("TR-21")
def test_what_is_missing_at_a_reading_is_put_back_in_slices() -> None:
    addresses = vips(SLICE + 2)
    node = started(replace(SLOW, addresses=addresses))
    present = {addresses[0].key: OUR_PROTOCOL}

    effects = node.handle(AddressesRead(present), START)

    assert kinds(effects) == ["HoldAddresses", "Announce"] * 2 + ["AddressMissing"] * (SLICE + 1)
    assert [len(e.part.addresses) for e in effects if isinstance(e, HoldAddresses)] == [SLICE, 1]


def test_a_reading_that_finds_everything_changes_nothing() -> None:
    node = started(SLOW)

    assert node.handle(AddressesRead({VIP.key: OUR_PROTOCOL, vip(9).key: 4}), START) == ()


@pytest.mark.behaviour("AD-03")
@pytest.mark.parametrize(
    ("protocol", "effects"),
    [
        pytest.param(OUR_PROTOCOL, (ReleaseAddresses("", (VIP,)),), id="with our mark: removed"),
        pytest.param(4, (), id="without it: somebody wants it there"),
    ],
)
def test_an_address_that_a_backup_finds_on_its_host(protocol: int, effects: tuple[object, ...]) -> None:
    assert started(ROUTER).handle(AddressesRead({VIP.key: protocol}), START) == effects


# ---- what the kernel refuses


def test_a_refused_address_is_told_and_looked_for_again_soon() -> None:
    node = started(SLOW)

    told = node.handle(AddressRefused(VIP.key, "no buffer space"), START)

    assert told == (AddressNotHeld("VI_1", VIP, "no buffer space"),)
    assert node.deadline() == after(START, REINSTATE_WINDOW)


def test_an_address_that_was_refused_is_not_said_to_have_been_taken_away() -> None:
    node = started(SLOW)
    node.handle(AddressRefused(VIP.key, "no IPv6 here"), START)

    told = [node.handle(AddressesRead(present), START) for present in ({}, {VIP.key: OUR_PROTOCOL}, {})]

    assert told == [put_back(VIP, answer="retried"), (), put_back(VIP, answer="refilled")]


def test_a_refusal_never_puts_the_reading_off() -> None:
    node = started(SLOW)
    node.handle(AddressRefused(VIP.key, "busy"), START)

    node.handle(AddressRefused(VIP.key, "busy"), Instant(5 * SECOND))

    assert node.deadline() == after(START, REINSTATE_WINDOW)


def test_a_refusal_that_comes_when_we_are_no_master_any_more_is_not_told() -> None:
    assert started(ROUTER).handle(AddressRefused(VIP.key, "busy"), START) == ()


# ---- who holds what beside us


TWIN = replace(SLOW, name="VI_2", vrid=2)


@pytest.mark.behaviour("SM-20")
def test_an_address_of_two_routers_stays_as_long_as_one_of_them_holds_it() -> None:
    node = started(replace(SLOW, addresses=(VIP, vip(101))), TWIN)
    stronger = from_peer(replace(OWNER, priority=100), 255, at=START)

    first = node.handle(stronger, START)
    last = node.handle(Stop(), START)

    assert [e for e in first if isinstance(e, ReleaseAddresses)] == [ReleaseAddresses("VI_1", (vip(101),))]
    assert [e for e in last if isinstance(e, ReleaseAddresses)] == [ReleaseAddresses("VI_2", (VIP,))]


def test_many_addresses_are_let_go_in_slices() -> None:
    node = started(replace(SLOW, addresses=vips(2 * SLICE + 1)))

    effects = node.handle(Stop(), START)

    assert [len(e.addresses) for e in effects if isinstance(e, ReleaseAddresses)] == [SLICE, SLICE, 1]


# ---- the host's own address


def owner_of_its_own(present: dict[AddressKey, int]) -> Node:
    node = Node()
    node.start([SLOW], links={"eth0": ETH0}, present=present, now=START)
    return node


@pytest.mark.behaviour("SM-22")
def test_the_address_that_an_owner_had_by_itself_stays_when_it_stops() -> None:
    node = owner_of_its_own({VIP.key: 4})

    assert "ReleaseAddresses" not in kinds(node.handle(Stop(), START))


@pytest.mark.behaviour("SM-22")
def test_the_address_that_an_owner_had_by_itself_stays_when_a_reload_removes_the_router() -> None:
    node = owner_of_its_own({VIP.key: 4})

    assert "ReleaseAddresses" not in kinds(node.reload([], START))


def test_a_reading_does_not_make_an_owners_address_the_hosts_own() -> None:
    """Not every kernel keeps our mark."""
    node = owner_of_its_own({})
    node.handle(AddressesRead({VIP.key: 0}), START)

    assert "ReleaseAddresses" in kinds(node.handle(Stop(), START))


def test_an_own_address_that_was_removed_and_put_back_is_ours() -> None:
    node = owner_of_its_own({VIP.key: 4})
    node.handle(AddressGone(VIP.key), START)

    assert "ReleaseAddresses" in kinds(node.handle(Stop(), START))
