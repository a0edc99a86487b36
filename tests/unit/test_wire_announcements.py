"""Gratuitous ARP and unsolicited neighbour advertisements, and the Ethernet frames around them."""

from ipaddress import IPv4Address, IPv6Address

import pytest

from standfast.base.errors import Broken, Malformed
from standfast.wire.arp import REPLY, ArpPacket, decode_arp, encode_arp, gratuitous_arp
from standfast.wire.ethernet import BROADCAST, TYPE_ARP, EthernetFrame, decode_ethernet, encode_ethernet
from standfast.wire.ip import ipv6_header
from standfast.wire.ndp import (
    ALL_NODES,
    ALL_NODES_MAC,
    NeighbourAdvertisement,
    decode_neighbour_advertisement,
    decode_unsolicited_frame,
    encode_neighbour_advertisement,
    unsolicited_frame,
    unsolicited_message,
)

MAC = bytes.fromhex("0200000000fe")
VIP = IPv4Address("10.0.0.100")
VIP6 = IPv6Address("2001:db8::100")
ASKER = IPv6Address("fe80::1")

ARP = gratuitous_arp(VIP, MAC)
NA = unsolicited_frame(VIP6, MAC, router=True)


def edit(frame: bytes, at: int, new: bytes) -> bytes:
    return frame[:at] + new + frame[at + len(new) :]


def message(body: str) -> bytes:
    """An ICMPv6 message to all nodes with its checksum put right; the body says everything else."""
    raw = bytes.fromhex(body)
    words = (
        ALL_NODES.packed
        + VIP6.packed
        + bytes((0, 0, 0, len(raw), 0, 0, 0, 58))
        + raw
        + b"\0" * (len(raw) % 2)
    )
    total = sum(int.from_bytes(words[at : at + 2], "big") for at in range(0, len(words), 2))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return raw[:2] + (0xFFFF - total).to_bytes(2, "big") + raw[4:]


# ---- Ethernet


@pytest.mark.parametrize(
    "tags",
    [
        pytest.param("", id="no tag"),
        pytest.param("81000064", id="a VLAN tag"),
        pytest.param("88a8000181000064", id="two VLAN tags"),
    ],
)
def test_a_frame_is_read_through_its_vlan_tags(tags: str) -> None:
    frame = EthernetFrame(BROADCAST, MAC, TYPE_ARP, b"payload")
    plain = encode_ethernet(frame)

    assert decode_ethernet(plain[:12] + bytes.fromhex(tags) + plain[12:]) == frame


@pytest.mark.parametrize(
    ("frame", "slug"),
    [
        pytest.param(b"", "short", id="nothing"),
        pytest.param(ARP[:13], "short", id="half a type"),
        pytest.param(ARP[:12] + bytes.fromhex("81000064"), "short", id="nothing behind a VLAN tag"),
        pytest.param(
            ARP[:12] + bytes.fromhex("810000648100006481000064") + ARP[12:], "vlan-tags", id="three"
        ),
    ],
)
def test_a_bad_frame_has_its_slug(frame: bytes, slug: str) -> None:
    with pytest.raises(Malformed) as caught:
        decode_ethernet(frame)

    assert caught.value.reason == slug


@pytest.mark.parametrize("mac", [b"", MAC[:5], MAC + b"\0", bytes(20)])
def test_an_ethernet_address_that_has_not_six_bytes_is_our_mistake(mac: bytes) -> None:
    with pytest.raises(Broken):
        encode_ethernet(EthernetFrame(BROADCAST, mac, TYPE_ARP, b""))
    with pytest.raises(Broken):
        encode_arp(ArpPacket(1, mac, VIP, BROADCAST, VIP))


# ---- ARP


def test_a_gratuitous_arp_has_these_bytes() -> None:
    """Behaviour GA-01: a request to all, sender and target are the address, 42 bytes."""
    header = "ffffffffffff" + "0200000000fe" + "0806"
    body = "0001" + "0800" + "0604" + "0001" + "0200000000fe" + "0a000064" + "ffffffffffff" + "0a000064"

    assert ARP.hex() == header + body
    assert len(ARP) == 42


def test_an_arp_reply_is_read_through_padding() -> None:
    reply = ArpPacket(REPLY, MAC, VIP, BROADCAST, IPv4Address("10.0.0.1"))
    frame = encode_ethernet(EthernetFrame(BROADCAST, MAC, TYPE_ARP, encode_arp(reply)))

    assert decode_arp(frame + bytes(18)) == reply


@pytest.mark.parametrize(
    ("frame", "slug"),
    [
        pytest.param(ARP[:10], "short", id="no Ethernet header"),
        pytest.param(edit(ARP, 12, b"\x08\0")[:-1], "ether-type", id="IPv4, before truncated"),
        pytest.param(
            edit(ARP, 14, b"\0\x06")[:-1], "truncated", id="the last byte is missing, before hardware"
        ),
        pytest.param(
            edit(ARP, 14, b"\0\x06\x08\0\x06\x04\0\x09"), "hardware", id="another link, before operation"
        ),
        pytest.param(edit(ARP, 16, b"\x86\xdd"), "hardware", id="another protocol"),
        pytest.param(edit(ARP, 18, b"\x08"), "hardware", id="a longer hardware address"),
        pytest.param(edit(ARP, 19, b"\x10"), "hardware", id="a longer protocol address"),
        pytest.param(edit(ARP, 20, b"\0\0"), "operation", id="operation 0"),
        pytest.param(edit(ARP, 20, b"\0\3"), "operation", id="a reverse request"),
    ],
)
def test_a_bad_arp_frame_has_its_slug(frame: bytes, slug: str) -> None:
    with pytest.raises(Malformed) as caught:
        decode_arp(frame)

    assert caught.value.reason == slug


# ---- neighbour advertisements


def test_an_unsolicited_advertisement_has_these_bytes() -> None:
    """Behaviour GA-02: from the address to all nodes, hop limit 255, override, target link-layer option."""
    ethernet = "333300000001" + "0200000000fe" + "86dd"
    ipv6 = "60000000" + "0020" + "3a" + "ff" + VIP6.packed.hex() + ALL_NODES.packed.hex()
    icmp = "8800" + "762f" + "a0000000" + VIP6.packed.hex() + "02010200000000fe"

    assert NA.hex() == ethernet + ipv6 + icmp
    assert NA[54:] == message("88000000a0000000" + VIP6.packed.hex() + "02010200000000fe")


@pytest.mark.parametrize(("router", "flags"), [(True, 0xA0), (False, 0x20)])
def test_the_router_flag_is_a_parameter(router: bool, flags: int) -> None:
    assert unsolicited_message(VIP6, MAC, router=router)[4] == flags


def test_the_message_alone_is_what_the_frame_carries() -> None:
    assert NA.endswith(unsolicited_message(VIP6, MAC, router=True))
    assert decode_unsolicited_frame(NA) == NeighbourAdvertisement(VIP6, MAC, router=True)


def test_a_solicited_answer_is_read() -> None:
    answer = NeighbourAdvertisement(VIP6, b"", router=False, solicited=True, override=False)
    sent = encode_neighbour_advertisement(answer, VIP6, ASKER)

    assert decode_neighbour_advertisement(sent, VIP6, ASKER) == answer


@pytest.mark.parametrize(
    ("frame", "slug"),
    [
        pytest.param(NA[:13], "short", id="no Ethernet header"),
        pytest.param(edit(NA, 12, b"\x08\0"), "ether-type", id="IPv4"),
        pytest.param(NA[:50], "short", id="no IPv6 header"),
        pytest.param(edit(NA, 14, b"\x45"), "version", id="version 4"),
        pytest.param(NA[:-1], "truncated", id="the last byte is missing"),
        pytest.param(edit(NA, 20, b"\x00\x40"), "next-header", id="an extension header, before hop limit"),
        pytest.param(
            edit(NA, 21, b"\xfe")[:-1] + b"\0", "hop-limit", id="from beyond the link, before checksum"
        ),
        pytest.param(NA[:-1] + b"\0", "checksum", id="another address"),
    ],
)
def test_a_bad_advertisement_frame_has_its_slug(frame: bytes, slug: str) -> None:
    with pytest.raises(Malformed) as caught:
        decode_unsolicited_frame(frame)

    assert caught.value.reason == slug


VIP_HEX = VIP6.packed.hex()


@pytest.mark.parametrize(
    ("body", "slug"),
    [
        pytest.param("87000000" + "00000000" + VIP_HEX, "type", id="a solicitation"),
        pytest.param("8800000000", "truncated", id="no target"),
        pytest.param("8701000000", "type", id="type before truncated"),
        pytest.param("88010000" + "00000000" + ALL_NODES.packed.hex(), "code", id="code 1, before target"),
        pytest.param(
            "88000000" + "40000000" + ALL_NODES.packed.hex(), "target", id="a group, before solicited"
        ),
        pytest.param(
            "88000000" + "60000000" + VIP_HEX + "0200", "solicited", id="asked by all, before option"
        ),
        pytest.param("88000000" + "20000000" + VIP_HEX + "0200000000000000", "option", id="of length 0"),
        pytest.param(
            "88000000" + "20000000" + VIP_HEX + "0202000000000000", "option", id="longer than the rest"
        ),
        pytest.param("88000000" + "20000000" + VIP_HEX + "02", "option", id="half an option header"),
    ],
)
def test_a_bad_advertisement_has_its_slug(body: str, slug: str) -> None:
    with pytest.raises(Malformed) as caught:
        decode_neighbour_advertisement(message(body), VIP6, ALL_NODES)

    assert caught.value.reason == slug


def test_nothing_is_no_advertisement() -> None:
    with pytest.raises(Malformed, match="checksum"):
        decode_neighbour_advertisement(b"", VIP6, ALL_NODES)


@pytest.mark.parametrize(
    ("options", "mac"),
    [
        pytest.param("", b"", id="none"),
        pytest.param("0e01000000000000" + "02010200000000fe", MAC, id="behind an unknown one"),
        pytest.param("0202" + "00" * 14, b"", id="of another link type: not for us"),
        pytest.param("01010200000000fe", b"", id="the source option: not this one"),
    ],
)
def test_the_address_stands_in_its_option(options: str, mac: bytes) -> None:
    sent = message("88000000" + "20000000" + VIP_HEX + options)

    assert decode_neighbour_advertisement(sent, VIP6, ALL_NODES).mac == mac


def test_a_frame_to_all_nodes_goes_to_their_group_address() -> None:
    assert NA[:6] == ALL_NODES_MAC == b"\x33\x33" + ALL_NODES.packed[-4:]
    assert NA[14:54] == ipv6_header(VIP6, ALL_NODES, 32, next_header=58, hop_limit=255)
