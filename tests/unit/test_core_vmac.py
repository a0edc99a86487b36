"""Interfaces of our own: which there are, what they are called, and what is held on them."""

from collections.abc import Mapping

import pytest
from written import config_of

from standfast.base.addresses import Family, HostAddress, parse_address
from standfast.base.own_links import OwnKind, OwnLink
from standfast.core.track.configured import link_parameters_of
from standfast.core.vrrp.vmac import OwnLinks, own_links_of, vmac_of
from standfast.wire.rtnetlink_link import LinkReport

ETH0 = LinkReport(2, "eth0", group=7)
ETH1 = LinkReport(3, "eth1")
MAC4, MAC6 = vmac_of(51, Family.IPV4), vmac_of(51, Family.IPV6)


def instance(name: str, *words: str, vrid: int = 51, interface: str = "eth0", vip: str = "10.0.0.100") -> str:
    lines = "\n".join(words)
    return (
        f"vrrp_instance {name} {{\ninterface {interface}\nvirtual_router_id {vrid}\n{lines}\n"
        f"virtual_ipaddress {{\n{vip}\n}}\n}}\n"
    )


def own(*instances: str, there: tuple[LinkReport, ...] = (), **more: object) -> OwnLinks:
    present = {link.name: link for link in (ETH0, ETH1, *there)}
    return own_links_of(config_of("\n".join(instances)), present, **more)  # type: ignore[arg-type]


def named(links: OwnLinks) -> Mapping[str, tuple[str, str]]:
    return {link.name: (link.parent, link.mac.hex(":")) for link in links.links}


def macvlan(name: str, index: int, mac: bytes, parent: int = 2, kind: str = "macvlan") -> LinkReport:
    return LinkReport(index, name, mac=mac, parent=parent, kind=kind, mode=1)


V4 = instance("A", "use_vmac")
V6 = instance("B", "use_vmac", vip="fe80::100")


# ---- names and Ethernet addresses


@pytest.mark.behaviour("VM-01", "VM-02")
@pytest.mark.parametrize(
    ("instances", "wanted"),
    [
        pytest.param([instance("A")], [], id="without use_vmac there is none"),
        pytest.param([V4], [("vrrp.51", "eth0", "00:00:5e:00:01:33")], id="one"),
        pytest.param(
            [V6],
            [("vrrp.51", "eth0", "00:00:5e:00:02:33")],
            id="IPv6 alone has the plain name, and its own MAC",
        ),
        pytest.param(
            [V4, V6],
            [("vrrp.51", "eth0", "00:00:5e:00:01:33"), ("vrrp6.51", "eth0", "00:00:5e:00:02:33")],
            id="IPv6 beside IPv4 has a 6 in its name",
        ),
        pytest.param(
            [
                V4,
                instance("A1", "use_vmac", interface="eth1"),
                V6,
                instance("B1", "use_vmac", interface="eth1", vip="fe80::1"),
            ],
            [
                ("vrrp.51", "eth0", "00:00:5e:00:01:33"),
                ("vrrp1.51", "eth1", "00:00:5e:00:01:33"),
                ("vrrp6.51", "eth0", "00:00:5e:00:02:33"),
                ("vrrp2.51", "eth1", "00:00:5e:00:02:33"),
            ],
            id="further ones have numbers",
        ),
        pytest.param(
            ["global_defs {\nvmac_prefix vm\n}", V4], [("vm.51", "eth0", "00:00:5e:00:01:33")], id="a prefix"
        ),
        pytest.param(
            ["global_defs {\nvmac_prefix fourteen-chars\n}", V4],
            [("fourteen-cha.51", "eth0", "00:00:5e:00:01:33")],
            id="a prefix that is cut, for the VRID must be read",
        ),
        pytest.param(
            [instance("A", "use_vmac vip0")], [("vip0", "eth0", "00:00:5e:00:01:33")], id="a configured name"
        ),
        pytest.param(
            [instance("A", "use_vmac name vip0 02:11:22:33:44:55")],
            [("vip0", "eth0", "02:11:22:33:44:55")],
            id="a configured MAC",
        ),
        pytest.param(
            [instance("A", "use_vmac 02:11:22:33:44")],
            [("vrrp.51", "eth0", "02:11:22:33:44:33")],
            id="five octets and the VRID",
        ),
        pytest.param(
            [instance("A", "use_vmac 01:11:22:33:44:55")],
            [("vrrp.51", "eth0", "00:00:5e:00:01:33")],
            id="never the MAC of a group",
        ),
        pytest.param(
            [V4, instance("C", "use_vmac", "mcast_dst_ip 224.0.0.99")],
            [("vrrp.51", "eth0", "00:00:5e:00:01:33")],
            id="two instances with one MAC on one parent share it",
        ),
        pytest.param(
            [instance("A", "use_ipvlan ipvl0 10.0.0.7/24 private")], [("ipvl0", "eth0", "")], id="an ipvlan"
        ),
    ],
)
def test_interfaces_are_made_for(instances: list[str], wanted: list[tuple[str, str, str]]) -> None:
    found = own(*instances)

    assert [(link.name, link.parent, link.mac.hex(":")) for link in found.links] == wanted
    assert found.complaints == ()


@pytest.mark.behaviour("VM-01")
@pytest.mark.parametrize(
    ("there", "wanted"),
    [
        pytest.param((macvlan("vrrp.51", 9, MAC4),), ["vrrp.51", "vrrp6.51"], id="the right one is adopted"),
        pytest.param(
            (macvlan("vrrp3.51", 9, MAC4),), ["vrrp3.51", "vrrp.51"], id="what is there keeps its name"
        ),
        pytest.param(
            (macvlan("vrrp.51", 9, MAC6),), ["vrrp1.51", "vrrp.51"], id="also before others in the file"
        ),
        pytest.param(
            (macvlan("vrrp.51", 9, MAC4, parent=3),), ["vrrp1.51", "vrrp6.51"], id="on another parent: taken"
        ),
        pytest.param(
            (macvlan("vrrp.51", 9, b"\2" * 6),), ["vrrp1.51", "vrrp6.51"], id="with another MAC: taken"
        ),
        pytest.param(
            (macvlan("vrrp.51", 9, MAC4, kind="dummy"),), ["vrrp1.51", "vrrp6.51"], id="another kind: taken"
        ),
        pytest.param(
            (macvlan("vrrp6.51", 9, MAC4, kind="dummy"),), ["vrrp.51", "vrrp1.51"], id="the 6 is taken"
        ),
    ],
)
def test_a_made_name_when_there_is(there: tuple[LinkReport, ...], wanted: list[str]) -> None:
    found = own(V4, V6, there=there)

    assert [link.name for link in found.links] == wanted
    assert found.complaints == ()


def test_a_name_of_a_link_that_we_made_and_nobody_wants_is_free() -> None:
    """A reload moves the instance to another interface: its own interface goes with it, under its old name."""
    there = macvlan("vrrp.51", 9, MAC4, parent=3)

    assert list(named(own(V4, there=(there,), ours={"vrrp.51"}))) == ["vrrp.51"]


@pytest.mark.behaviour("VM-01", "VM-07")
@pytest.mark.parametrize(
    ("words", "there"),
    [
        pytest.param("use_vmac vip0", macvlan("vip0", 9, b"\2" * 6), id="a macvlan with another MAC"),
        pytest.param("use_vmac vip0", LinkReport(9, "vip0"), id="a card"),
        pytest.param("use_ipvlan vip0 10.0.0.7/24", LinkReport(9, "vip0"), id="of an ipvlan, a card"),
    ],
)
def test_a_configured_name_that_is_taken_is_said_and_another_is_made(words: str, there: LinkReport) -> None:
    found = own(instance("A", words), there=(there,))

    assert [link.name for link in found.links] == ["vrrp.51"]
    (said,) = found.complaints
    assert "vip0" in said
    assert "another name" in said


def test_two_that_want_one_name_do_not_both_get_it() -> None:
    found = own(instance("A", "use_ipvlan x 10.0.0.7/24"), instance("B", "use_ipvlan x 10.0.0.8/24", vrid=52))

    assert [link.name for link in found.links] == ["x", "vrrp.52"]
    assert len(found.complaints) == 1


# ---- looks


@pytest.mark.behaviour("VM-08")
def test_an_ipvlan_has_its_mode_and_its_address() -> None:
    (link,) = own(instance("A", "use_ipvlan ipvl0 10.0.0.7/24 vepa group 5")).links

    assert link == OwnLink(
        "ipvl0",
        "eth0",
        OwnKind.IPVLAN,
        flags=2,
        group=5,
        speaks_ipv4=True,
        address=HostAddress(parse_address("10.0.0.7"), 24, "ipvl0"),
    )


@pytest.mark.parametrize(
    ("words", "vip", "families"),
    [
        pytest.param("use_vmac", "10.0.0.100", (True, False), id="IPv4 only"),
        pytest.param("use_vmac", "fe80::1", (False, True), id="IPv6 only"),
        pytest.param(
            "use_vmac\nvirtual_ipaddress_excluded {\nfd00::1/64\n}",
            "10.0.0.100",
            (True, False),
            id="an address of the other family stays below it",
        ),
        pytest.param(
            "use_ipvlan\nvirtual_ipaddress_excluded {\nfd00::1/64\n}",
            "10.0.0.100",
            (True, True),
            id="but not below an ipvlan, which has its parent's Ethernet address",
        ),
        pytest.param(
            "use_vmac\nuse_vmac_addr\nvirtual_ipaddress_excluded {\nfd00::1/64\n}",
            "10.0.0.100",
            (True, False),
            id="one that has its own",
        ),
    ],
)
def test_families_that_are_spoken_on_a_vmac(words: str, vip: str, families: tuple[bool, bool]) -> None:
    link = own(instance("A", words, vip=vip)).links[0]

    assert (link.speaks_ipv4, link.speaks_ipv6) == families


@pytest.mark.behaviour("VM-07")
@pytest.mark.parametrize(
    ("words", "group", "complaints"),
    [
        pytest.param("use_vmac", None, 0, id="its parent's"),
        pytest.param("use_vmac group 9", 9, 0, id="a number"),
        pytest.param("use_vmac group blue", 70, 0, id="a name"),
        pytest.param("use_vmac group red", None, 1, id="a name that the host does not know, which is said"),
    ],
)
def test_the_group_of_a_vmac(words: str, group: int | None, complaints: int) -> None:
    found = own(instance("A", words), groups={"blue": 70})

    assert found.links[0].group == group
    assert len(found.complaints) == complaints


@pytest.mark.behaviour("TR-16")
def test_an_interface_of_our_own_has_the_delays_of_the_one_below() -> None:
    """Its carrier is that of its parent, which goes and comes at the same moment."""
    config = config_of("interface_up_down_delays {\neth0 1 2\n}\n" + V4)

    delays = link_parameters_of(config, own_links_of(config).parents).delays

    assert delays["vrrp.51"] == delays["eth0"]


# ---- what is held where


@pytest.mark.behaviour("VM-01")
@pytest.mark.parametrize(
    ("words", "vip", "wanted"),
    [
        pytest.param("", "10.0.0.100", "eth0", id="without a VMAC the instance's interface"),
        pytest.param("use_vmac", "10.0.0.100", "vrrp.51", id="the VMAC"),
        pytest.param("use_vmac", "10.0.0.100 dev eth0", "vrrp.51", id="the VMAC, if its parent is named"),
        pytest.param("use_vmac\nvmac_xmit_base", "10.0.0.100", "vrrp.51", id="with vmac_xmit_base, too"),
        pytest.param("use_vmac", "10.0.1.100 dev eth1", "eth1", id="another interface that is named"),
        pytest.param(
            "use_vmac",
            "10.0.1.100 dev eth1 use_vmac",
            "vrrp1.51",
            id="a VMAC of another interface that is named",
        ),
        pytest.param("use_vmac\nuse_vmac_addr", "10.0.1.100 dev eth1", "vrrp1.51", id="with use_vmac_addr"),
        pytest.param("use_vmac_addr", "10.0.1.100 dev eth1", "vrrp.51", id="only with use_vmac_addr"),
        pytest.param("use_vmac_addr", "10.0.0.100", "eth0", id="its own interface is none other"),
        pytest.param("", "10.0.0.100 use_vmac", "vrrp.51", id="a VMAC of the instance's own interface"),
        pytest.param("use_vmac", "10.0.0.100 use_vmac", "vrrp.51", id="the VMAC, once"),
        pytest.param("use_ipvlan i0 10.0.0.7/24", "10.0.0.100", "i0", id="the ipvlan"),
    ],
)
def test_an_address_is_held_on(words: str, vip: str, wanted: str) -> None:
    config = config_of(instance("A", words, vip=vip))

    found = own_links_of(config, {"eth0": ETH0, "eth1": ETH1})

    (one,) = config.vrrp_instances
    assert found.held(one, one.virtual_ipaddress[0]).interface == wanted


@pytest.mark.behaviour("VM-01")
@pytest.mark.parametrize(
    ("words", "excluded", "wanted"),
    [
        pytest.param("use_vmac", "fd00::1/64", "eth0", id="below a VMAC"),
        pytest.param("use_vmac", "fd00::1/64 dev eth0", "eth0", id="below it, if that is named"),
        pytest.param("use_vmac\nuse_vmac_addr", "fd00::1/64", "vrrp6.51", id="on a VMAC for itself"),
        pytest.param("use_ipvlan i0 10.0.0.7/24", "fd00::1/64", "i0", id="on an ipvlan"),
    ],
)
def test_an_address_of_the_other_family_is_held_on(words: str, excluded: str, wanted: str) -> None:
    config = config_of(instance("A", words, f"virtual_ipaddress_excluded {{\n{excluded}\n}}"))

    found = own_links_of(config, {"eth0": ETH0})

    (one,) = config.vrrp_instances
    assert found.held(one, one.virtual_ipaddress_excluded[0]).interface == wanted


def test_a_vmac_for_addresses_alone_has_their_prefix() -> None:
    found = own("global_defs {\nvmac_addr_prefix va\n}", instance("A", vip="10.0.1.1 dev eth1 use_vmac"))

    assert named(found) == {"va.51": ("eth1", "00:00:5e:00:01:33")}


def test_an_address_of_the_other_family_gets_the_mac_of_its_family() -> None:
    excluded = "virtual_ipaddress_excluded {\nfd00::1/64 use_vmac\n}"

    found = own(instance("A", "use_vmac vip0 02:11:22:33:44:55", excluded))

    assert named(found) == {"vip0": ("eth0", "02:11:22:33:44:55"), "vrrp.51": ("eth0", "00:00:5e:00:02:33")}
