"""Which packets the firewall keeps from addresses: derived from who is configured (VM-09, VM-10, VM-12)."""

from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from vrrp_made import ETH0, OWNER, ROUTER, ROUTER6, US6, VIP, VIP6, vip

from standfast.base.addresses import Family, HostAddress
from standfast.base.own_links import OwnKind, OwnLink
from standfast.core.vrrp.firewall import Means, RuleSet, Scoped, Vmac, rules_of
from standfast.core.vrrp.router import Link, Router

GLOBAL6 = HostAddress(ip_address("fd00::100"), 128, "eth0")
CLOSED = replace(ROUTER, accept=False)
CLOSED6 = replace(ROUTER6, accept=False, addresses=(VIP6,), excluded=(GLOBAL6,))
LINKS = {"eth0": ETH0}
BY_INDEX = Means(by_index=True)


def rules(*routers: Router, means: Means = Means(), links: dict[str, Link] = LINKS) -> RuleSet:  # noqa: B008
    return rules_of(routers, links, means)


@pytest.mark.parametrize(
    "routers",
    [
        pytest.param((), id="there is no router"),
        pytest.param((ROUTER, ROUTER6), id="all accept"),
        pytest.param((OWNER,), id="it owns the addresses"),
    ],
)
def test_nothing_is_closed_if(routers: tuple[Router, ...]) -> None:
    assert rules(*routers) == RuleSet()
    assert rules(*routers).families == frozenset()


def test_listed_and_excluded_addresses_of_either_family_are_closed() -> None:
    made = rules(CLOSED, CLOSED6)

    assert made.ipv4 == (VIP.address,)
    assert made.ipv6 == (GLOBAL6.address,)
    assert made.link_local == (Scoped(IPv6Address("fe80::100"), "eth0"),)
    assert made.families == {Family.IPV4, Family.IPV6}


def test_equal_rules_are_equal_in_whatever_order_the_routers_stand() -> None:
    other = replace(CLOSED, name="VI_2", vrid=2, addresses=(vip(101), vip(99)))

    assert rules(CLOSED, other) == rules(other, CLOSED)
    assert rules(CLOSED, other).ipv4 == tuple(map(IPv4Address, ("10.0.0.99", "10.0.0.100", "10.0.0.101")))


def test_a_link_local_address_is_told_apart_by_the_index_of_its_interface_where_that_is_wanted() -> None:
    assert rules(CLOSED6, means=BY_INDEX).link_local == (Scoped(IPv6Address("fe80::100"), "eth0", 2),)


def test_without_its_interface_it_has_no_index_and_nobody_can_hold_it() -> None:
    assert rules(CLOSED6, means=BY_INDEX, links={}).link_local == ()


def test_a_vmac_is_silenced_as_long_as_it_and_the_interface_below_are_there() -> None:
    own = OwnLink("vrrp.1", "eth0", speaks_ipv6=True)
    router = replace(ROUTER, own_links=(own,))
    links = {"eth0": ETH0, "vrrp.1": Link("vrrp.1", index=9, up=True)}

    assert rules(router, links=links).vmacs == (Vmac("vrrp.1", "eth0", 2, US6),)
    assert rules(router, links={"eth0": ETH0}).vmacs == ()
    assert rules(router, links={"vrrp.1": links["vrrp.1"]}).vmacs == ()


def test_an_ipvlan_has_the_hardware_address_of_the_interface_below_and_is_not_silenced() -> None:
    router = replace(ROUTER, own_links=(OwnLink("vrrp.1", "eth0", OwnKind.IPVLAN),))

    assert rules(router, links={"eth0": ETH0, "vrrp.1": ETH0}).vmacs == ()
