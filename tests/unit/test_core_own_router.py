"""A router on an interface of its own: where its adverts go and come from, and what it is in fault for."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from written import config_of, instance_text

from standfast.base.addresses import IpAddress
from standfast.core.vrrp.configured import routers_of
from standfast.core.vrrp.router import Link, Router, faults_of, source_of

OURS = ip_address("10.0.0.1")
OURS6 = ip_address("fe80::1")
ETH0 = Link("eth0", 2, up=True, mac=b"\2" * 6, ipv4=OURS, ipv6=OURS6)
VMAC = Link("vrrp.51", 9, up=True, mac=bytes.fromhex("00005e000133"), kind="macvlan", parent=2)
IPVLAN = Link("i0", 9, up=True, mac=b"\2" * 6, kind="ipvlan", parent=2, ipv4=ip_address("10.0.0.7"))


def router(words: str, vip: str = "10.0.0.100") -> Router:
    (made,) = routers_of(config_of(instance_text(f"{words}\nvirtual_ipaddress {{\n{vip}\n}}")))
    return made


def faults(made: Router, *links: Link) -> tuple[str, ...]:
    return faults_of(made, {link.name: link for link in links})


@pytest.mark.rfc(58)
@pytest.mark.behaviour("VM-06")
@pytest.mark.parametrize(
    ("words", "runs_on", "base"),
    [
        pytest.param("", "eth0", "eth0", id="none: the configured one"),
        pytest.param("use_vmac", "vrrp.51", "eth0", id="a VMAC: it"),
        pytest.param("use_vmac\nvmac_xmit_base", "eth0", "eth0", id="with vmac_xmit_base the one below"),
        pytest.param(
            "use_vmac\nunicast_peer {\n10.0.0.2\n}",
            "eth0",
            "eth0",
            id="unicast always leaves by the one below",
        ),
        pytest.param("use_ipvlan i0 10.0.0.7/24", "i0", "eth0", id="an ipvlan: it"),
        pytest.param("use_vmac_addr", "eth0", "eth0", id="VMACs of addresses only: the configured one"),
    ],
)
def test_adverts_go_by(words: str, runs_on: str, base: str) -> None:
    made = router(words)

    assert (made.interface, made.base) == (runs_on, base)


@pytest.mark.behaviour("VM-06")
@pytest.mark.parametrize("words", ["use_vmac", "use_vmac\nvmac_xmit_base"])
def test_addresses_are_held_on_the_vmac_whatever_the_adverts_go_by(words: str) -> None:
    assert [address.interface for address in router(words).held] == ["vrrp.51"]


@pytest.mark.rfc(59)
@pytest.mark.behaviour("VM-05")
@pytest.mark.parametrize(
    ("made", "source"),
    [
        pytest.param(router("use_vmac"), OURS, id="of a VMAC: the address of the interface below"),
        pytest.param(router("use_vmac", "fe80::100"), OURS6, id="IPv6: its link-local address"),
        pytest.param(router("use_vmac\nmcast_src_ip 10.0.0.9"), ip_address("10.0.0.9"), id="as configured"),
        pytest.param(router("use_ipvlan i0 10.0.0.7/24"), IPVLAN.ipv4, id="of an ipvlan: its own"),
    ],
)
def test_adverts_come_from(made: Router, source: IpAddress) -> None:
    there = {link.name: link for link in (ETH0, VMAC, IPVLAN)}

    assert source_of(made, there) == source


@pytest.mark.behaviour("VM-01", "TR-14", "TR-20")
@pytest.mark.parametrize(
    ("words", "links", "wanted"),
    [
        pytest.param("use_vmac", (ETH0, VMAC), (), id="nothing"),
        pytest.param("use_vmac", (ETH0,), ("interface-missing:vrrp.51",), id="no VMAC yet"),
        pytest.param("use_vmac", (VMAC,), ("interface-missing:eth0",), id="nothing below it"),
        pytest.param(
            "use_vmac", (replace(ETH0, up=False), VMAC), ("interface-down:eth0",), id="no carrier below it"
        ),
        pytest.param(
            "use_vmac", (ETH0, replace(VMAC, up=False)), ("interface-down:vrrp.51",), id="it is set down"
        ),
        pytest.param(
            "use_vmac\ndont_track_primary",
            (replace(ETH0, up=False), replace(VMAC, up=False)),
            (),
            id="nobody tracks them",
        ),
        pytest.param(
            "use_vmac", (replace(ETH0, ipv4=None), VMAC), ("no-source-address",), id="no address below it"
        ),
        pytest.param(
            "use_vmac",
            (ETH0, replace(VMAC, mac=b"\3" * 6)),
            ("interface-foreign:vrrp.51",),
            id="an interface of its name with another MAC",
        ),
        pytest.param(
            "use_vmac",
            (ETH0, replace(VMAC, parent=3)),
            ("interface-foreign:vrrp.51",),
            id="one on another parent",
        ),
        pytest.param(
            "use_vmac", (ETH0, replace(VMAC, kind="")), ("interface-foreign:vrrp.51",), id="another kind"
        ),
        pytest.param("use_ipvlan i0 10.0.0.7/24", (ETH0, IPVLAN), (), id="an ipvlan with its parent's MAC"),
        pytest.param(
            "use_vmac\nvmac_xmit_base",
            (ETH0,),
            ("interface-missing:vrrp.51",),
            id="nothing to hold addresses",
        ),
    ],
)
def test_what_keeps_a_router_with_an_interface_of_its_own_from_taking_part(
    words: str, links: tuple[Link, ...], wanted: tuple[str, ...]
) -> None:
    assert faults(router(words), *links) == wanted


def test_a_router_knows_all_interfaces_that_are_made_for_it() -> None:
    made = router("use_vmac\nuse_vmac_addr", "10.0.0.100\n10.0.1.100 dev eth1")

    assert [link.name for link in made.own_links] == ["vrrp.51", "vrrp1.51"]
    assert made.own == made.own_links[0]
    assert made.interfaces == ("vrrp.51", "eth0", "vrrp1.51")
