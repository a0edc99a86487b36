"""Links of our own over netlink, with pyroute2 as the second opinion on every attribute."""

from struct import pack
from typing import Any

import pytest

from standfast.base.errors import Broken
from standfast.base.own_links import OwnKind, OwnLink
from standfast.wire.netlink import ACK, CREATE, EXCLUSIVE, Message, messages_in
from standfast.wire.rtnetlink import decode_report
from standfast.wire.rtnetlink_link import DEL_LINK, NEW_LINK, LinkReport
from standfast.wire.rtnetlink_own_link import (
    add_own_link,
    generate_no_addresses,
    remove_link,
    set_group,
    set_mac,
    set_master,
    set_mode,
    set_mtu,
    set_up,
)

MAC = bytes.fromhex("00005e000133")
VMAC = OwnLink("vrrp.51", "eth0", mac=MAC)
IPVLAN = OwnLink("ipvl0", "eth0", OwnKind.IPVLAN, flags=2)


def theirs(message: bytes) -> Any:
    """The message as pyroute2 reads it."""
    oracle = pytest.importorskip("pyroute2.netlink.rtnl.marshal")
    (read,) = oracle.MarshalRtnl().parse(message)
    return read


def data_of(message: Any) -> dict[str, Any]:
    info = message.get_attr("IFLA_LINKINFO")
    return dict(info.get_attr("IFLA_INFO_DATA")["attrs"])


@pytest.mark.behaviour("VM-02")
def test_a_vmac_is_asked_for_as_a_private_macvlan_with_its_mac() -> None:
    message = theirs(add_own_link(VMAC, 3, group=7, vrf=9, sequence=5))

    assert (message["header"]["type"], message["header"]["flags"]) == (
        NEW_LINK,
        0x1 | CREATE | EXCLUSIVE | ACK,
    )
    assert message["header"]["sequence_number"] == 5
    assert message["flags"] == 0, "it is set up when all is set"
    assert message.get_attr("IFLA_IFNAME") == "vrrp.51"
    assert message.get_attr("IFLA_ADDRESS") == "00:00:5e:00:01:33"
    assert [message.get_attr(name) for name in ("IFLA_LINK", "IFLA_GROUP", "IFLA_MASTER")] == [3, 7, 9]
    assert message.get_attr("IFLA_LINKINFO").get_attr("IFLA_INFO_KIND") == "macvlan"
    assert data_of(message) == {"IFLA_MACVLAN_MODE": "private"}


@pytest.mark.behaviour("VM-08")
def test_an_ipvlan_is_asked_for_in_mode_l2_without_a_mac() -> None:
    message = theirs(add_own_link(IPVLAN, 3, group=0))

    assert message.get_attr("IFLA_ADDRESS") is None
    assert message.get_attr("IFLA_MASTER") is None
    assert message.get_attr("IFLA_LINKINFO").get_attr("IFLA_INFO_KIND") == "ipvlan"
    assert data_of(message)["IFLA_IPVLAN_MODE"] == 0


@pytest.mark.parametrize("link", [VMAC, IPVLAN])
def test_what_is_asked_for_is_read_as_it_is_meant(link: OwnLink) -> None:
    (message,) = messages_in(add_own_link(link, 3, group=7, vrf=9))
    as_told = message.body[:4] + pack("=i", 12) + message.body[8:]  # the kernel gives it an index

    report = decode_report(Message(NEW_LINK, 0, 0, 0, as_told))

    assert report == LinkReport(
        12,
        link.name,
        hardware=0,
        mac=link.mac,
        kind=link.kind.driver,
        parent=3,
        master=9,
        group=7,
        mode=int(link.kind),
        mode_flags=link.flags,
    )


def test_a_link_is_set_up_and_down_and_nothing_else_of_it() -> None:
    up, down = theirs(set_up(7)), theirs(set_up(7, up=False))

    assert (up["index"], up["flags"], up["change"], up["attrs"]) == (7, 1, 1, [])
    assert (down["index"], down["flags"], down["change"]) == (7, 0, 1)


@pytest.mark.parametrize(
    ("message", "attribute"),
    [
        pytest.param(set_mac(7, MAC), ("IFLA_ADDRESS", "00:00:5e:00:01:33"), id="its MAC"),
        pytest.param(set_group(7, 9), ("IFLA_GROUP", 9), id="its group"),
        pytest.param(set_master(7, 4), ("IFLA_MASTER", 4), id="its VRF"),
        pytest.param(set_mtu(7, 1400), ("IFLA_MTU", 1400), id="its MTU"),
    ],
)
def test_one_thing_of_a_link_is_changed(message: bytes, attribute: tuple[str, object]) -> None:
    read = theirs(message)

    assert (read["index"], read["change"]) == (7, 0)
    assert (read["header"]["type"], read["header"]["flags"]) == (NEW_LINK, 0x1 | ACK)
    assert [(slot[0], slot[1]) for slot in read["attrs"]] == [attribute]


def test_a_mode_is_changed_by_its_driver() -> None:
    assert data_of(theirs(set_mode(7, VMAC))) == {"IFLA_MACVLAN_MODE": "private"}


def test_no_address_is_made_of_the_mac() -> None:
    families = theirs(generate_no_addresses(7)).get_attr("IFLA_AF_SPEC")

    assert families.get_attr("AF_INET6").get_attr("IFLA_INET6_ADDR_GEN_MODE") == 1


def test_a_link_is_removed_by_its_index() -> None:
    message = theirs(remove_link(7))

    assert (message["header"]["type"], message["header"]["flags"]) == (DEL_LINK, 0x1 | ACK)
    assert (message["index"], message["attrs"]) == (7, [])


@pytest.mark.parametrize("name", ["", "sixteen-letters!"])
def test_a_name_that_no_link_can_have_is_our_mistake(name: str) -> None:
    with pytest.raises(Broken):
        add_own_link(OwnLink(name, "eth0", mac=MAC), 3, group=0)
