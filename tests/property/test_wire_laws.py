"""Laws of the wire: what we write we read back, and no bytes do more than make a decoder say `Malformed`."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.base.addresses import FOREVER, Family, HostAddress, IpAddress
from standfast.base.errors import Malformed
from standfast.wire.arp import REPLY, REQUEST, ArpPacket, decode_arp, encode_arp, gratuitous_arp
from standfast.wire.checksum import ChecksumForm, as_number, checksum_of, ones_sum, verifies
from standfast.wire.ethernet import TYPE_ARP, EthernetFrame, decode_ethernet, encode_ethernet
from standfast.wire.ip import decode_ipv4, decode_ipv6, ipv4_header, ipv6_header
from standfast.wire.ndp import (
    ALL_NODES,
    NeighbourAdvertisement,
    decode_neighbour_advertisement,
    decode_unsolicited_frame,
    encode_neighbour_advertisement,
    unsolicited_frame,
)
from standfast.wire.netlink import attributes_in, encode_attribute, encode_message, messages_in
from standfast.wire.rtnetlink import decode_report
from standfast.wire.rtnetlink_address import AddressReport, add_address
from standfast.wire.vrrp import Advert, decode_advert, encode_advert, vrid_of
from standfast.wire.vrrp_auth import password_field, same_password

BYTE = st.integers(0, 255)
MACS = st.binary(min_size=6, max_size=6)
IPV4 = st.ip_addresses(v=4)
IPV6 = st.ip_addresses(v=6)

SOURCE, GROUP = IPv4Address("192.0.2.251"), IPv4Address("224.0.0.18")
SOURCE6, GROUP6 = IPv6Address("fe80::c8"), IPv6Address("ff02::12")


@st.composite
def adverts(draw: st.DrawFn) -> Advert:
    """Any advert that a message can carry."""
    version = draw(st.sampled_from([2, 3]))
    family = Family.IPV4 if version == 2 else draw(st.sampled_from(Family))
    forms = list(ChecksumForm) if version == 3 and family is Family.IPV4 else [_only_form(version)]
    return Advert(
        version=version,
        family=family,
        vrid=draw(BYTE),
        priority=draw(BYTE),
        interval_cs=draw(st.integers(0, 4095)) if version == 3 else 100 * draw(BYTE),
        addresses=tuple(draw(st.lists(IPV4 if family is Family.IPV4 else IPV6, max_size=255))),
        form=draw(st.sampled_from(forms)),
        auth_type=draw(BYTE) if version == 2 else 0,
        auth_data=draw(st.binary(min_size=8, max_size=8)) if version == 2 else b"",
    )


def _only_form(version: int) -> ChecksumForm:
    return ChecksumForm.MESSAGE if version == 2 else ChecksumForm.PSEUDO_HEADER


@st.composite
def ends(draw: st.DrawFn, family: Family) -> tuple[IpAddress, IpAddress]:
    """Source and destination of a packet."""
    addresses = IPV4 if family is Family.IPV4 else IPV6
    return draw(addresses), draw(addresses)


@given(st.data(), adverts())
def test_an_advert_survives_the_wire(data: st.DataObject, advert: Advert) -> None:
    source, destination = data.draw(ends(advert.family))

    payload = encode_advert(advert, source, destination)
    read = decode_advert(payload, source, destination)

    # Addresses can be such that the pseudo-header adds nothing: then both forms are the same bytes.
    assert replace(read, form=advert.form) == advert
    assert encode_advert(read, source, destination) == payload
    assert vrid_of(payload) == advert.vrid


@given(adverts(), st.integers(min_value=0), st.integers(0, 7))
def test_an_advert_with_one_wrong_bit_is_never_read(advert: Advert, at: int, bit: int) -> None:
    """Wherever the bit does not say how long the message is: what is cut off as padding may hide it."""
    source, destination = (SOURCE, GROUP) if advert.family is Family.IPV4 else (SOURCE6, GROUP6)
    payload = bytearray(encode_advert(advert, source, destination))
    places = [place for place in range(len(payload)) if place not in {0, 3}]
    payload[places[at % len(places)]] ^= 1 << bit

    with pytest.raises(Malformed):
        decode_advert(bytes(payload), source, destination)


@given(adverts(), st.integers(min_value=0))
def test_a_cut_advert_is_never_read(advert: Advert, cut: int) -> None:
    source, destination = (SOURCE, GROUP) if advert.family is Family.IPV4 else (SOURCE6, GROUP6)
    payload = encode_advert(advert, source, destination)

    with pytest.raises(Malformed, match=r"short|truncated"):
        decode_advert(payload[: cut % len(payload)], source, destination)


@given(st.binary(max_size=200))
def test_a_message_with_its_checksum_verifies(data: bytes) -> None:
    even = data + b"\0" * (len(data) % 2)
    checksum = checksum_of(as_number(data)).to_bytes(2, "big")

    assert verifies(as_number(even + checksum))


@given(st.binary(max_size=200))
def test_the_sum_is_that_of_a_loop_over_the_words(data: bytes) -> None:
    total = 0
    for at in range(0, len(data), 2):
        total += int.from_bytes(data[at : at + 2].ljust(2, b"\0"), "big")
        total = (total & 0xFFFF) + (total >> 16)

    assert ones_sum(as_number(data)) == total


@given(st.binary(max_size=20), st.binary(max_size=20))
def test_passwords_are_the_same_if_their_first_eight_bytes_are(ours: bytes, theirs: bytes) -> None:
    same = same_password(password_field(ours), password_field(theirs))

    assert same is (ours[:8].rstrip(b"\0") == theirs[:8].rstrip(b"\0"))


@given(IPV4, IPV4, st.binary(max_size=100), BYTE, BYTE, BYTE, st.integers(0, 0x1FFFF))
def test_an_ipv4_packet_survives_the_wire(
    source: IPv4Address,
    destination: IPv4Address,
    payload: bytes,
    ttl: int,
    tos: int,
    protocol: int,
    identification: int,
) -> None:
    header = ipv4_header(
        source,
        destination,
        len(payload),
        identification=identification,
        ttl=ttl,
        tos=tos,
        protocol=protocol,
    )
    packet = decode_ipv4(header + payload + b"padding")

    assert (packet.source, packet.destination, packet.payload) == (source, destination, payload)
    assert (packet.ttl, packet.tos, packet.protocol) == (ttl, tos, protocol)
    assert packet.identification == identification % 0x10000
    assert verifies(as_number(header))


@given(IPV6, IPV6, st.binary(max_size=100), BYTE, BYTE)
def test_an_ipv6_packet_survives_the_wire(
    source: IPv6Address, destination: IPv6Address, payload: bytes, hop_limit: int, traffic_class: int
) -> None:
    header = ipv6_header(
        source, destination, len(payload), next_header=58, hop_limit=hop_limit, traffic_class=traffic_class
    )
    packet = decode_ipv6(header + payload + b"padding")

    assert (packet.source, packet.destination, packet.payload) == (source, destination, payload)
    assert (packet.hop_limit, packet.traffic_class, packet.next_header) == (hop_limit, traffic_class, 58)


@given(st.builds(ArpPacket, st.sampled_from([REQUEST, REPLY]), MACS, IPV4, MACS, IPV4), MACS)
def test_an_arp_packet_survives_the_wire(packet: ArpPacket, mac: bytes) -> None:
    frame = encode_ethernet(EthernetFrame(mac, mac, TYPE_ARP, encode_arp(packet)))

    assert decode_arp(frame) == packet


@given(IPV4, MACS)
def test_a_gratuitous_arp_is_about_one_address_only(address: IPv4Address, mac: bytes) -> None:
    read = decode_arp(gratuitous_arp(address, mac))

    assert read.sender_address == read.target_address == address
    assert read.sender_mac == mac


UNICAST6 = IPV6.filter(lambda address: not address.is_multicast)


@given(UNICAST6, MACS, st.booleans())
def test_an_unsolicited_advertisement_survives_the_wire(
    address: IPv6Address, mac: bytes, router: bool
) -> None:
    frame = unsolicited_frame(address, mac, router=router)

    assert decode_unsolicited_frame(frame) == NeighbourAdvertisement(address, mac, router)


@given(
    st.builds(
        NeighbourAdvertisement,
        UNICAST6,
        st.one_of(st.just(b""), MACS),
        st.booleans(),
        st.booleans(),
        st.booleans(),
    ),
    IPV6,
    UNICAST6,
)
def test_a_neighbour_advertisement_survives_the_wire(
    advertisement: NeighbourAdvertisement, source: IPv6Address, destination: IPv6Address
) -> None:
    message = encode_neighbour_advertisement(advertisement, source, destination)

    assert decode_neighbour_advertisement(message, source, destination) == advertisement


@given(st.lists(st.tuples(st.integers(0, 0xFFFF), st.integers(0, 0xFFFF), st.binary(max_size=40))))
def test_netlink_messages_survive_the_wire(parts: list[tuple[int, int, bytes]]) -> None:
    data = b"".join(encode_message(*part, sequence=at) for at, part in enumerate(parts))

    read = [(message.kind, message.flags, message.body) for message in messages_in(data)]

    assert read == parts


@given(st.dictionaries(st.integers(0, 0x3FFF), st.binary(max_size=40)))
def test_netlink_attributes_survive_the_wire(attributes: dict[int, bytes]) -> None:
    data = b"".join(encode_attribute(kind, value) for kind, value in attributes.items())

    assert attributes_in(data) == attributes


@st.composite
def host_addresses(draw: st.DrawFn) -> HostAddress:
    """Any address that a host can be told to hold."""
    family = draw(st.sampled_from(Family))
    ipv4 = family is Family.IPV4
    address, peer = draw(ends(family))
    return HostAddress(
        address=address,
        prefix=draw(st.integers(0, family.bits)),
        interface="eth0",
        scope=draw(BYTE),
        broadcast=draw(st.none() | st.builds(IPv4Address, st.integers(0, 2**32 - 1))) if ipv4 else None,
        label=draw(st.text("abz019:._-", max_size=15)) if ipv4 else "",
        peer=draw(st.sampled_from([None, peer])),
        preferred_seconds=draw(st.sampled_from([0, 60, FOREVER])),
        flags=draw(st.integers(0, 0xFFFFFFFF)),
    )


@given(host_addresses(), st.integers(1, 0x7FFFFFFF))
def test_an_address_is_reported_as_it_was_asked_for(address: HostAddress, index: int) -> None:
    (message,) = messages_in(add_address(address, index))

    assert decode_report(message) == AddressReport(
        index=index,
        address=address.address,
        prefix=address.prefix,
        scope=address.scope,
        flags=address.flags,
        peer=address.peer if address.peer != address.address else None,
        broadcast=address.broadcast,
        label=address.label,
        protocol=18,
        preferred_seconds=address.preferred_seconds,
    )


def _read_reports(data: bytes) -> None:
    for message in messages_in(data):
        decode_report(message)


DECODERS: dict[str, Callable[[bytes], object]] = {
    "an advert over IPv4": lambda data: decode_advert(data, SOURCE, GROUP),
    "an advert over IPv6": lambda data: decode_advert(data, SOURCE6, GROUP6),
    "the VRID alone": vrid_of,
    "an IPv4 packet": decode_ipv4,
    "an IPv6 packet": decode_ipv6,
    "a frame": decode_ethernet,
    "an ARP frame": decode_arp,
    "an advertisement frame": decode_unsolicited_frame,
    "an advertisement": lambda data: decode_neighbour_advertisement(data, SOURCE6, ALL_NODES),
    "netlink messages": _read_reports,
    "netlink attributes": attributes_in,
}


@pytest.mark.parametrize("name", DECODERS)
@given(data=st.binary(max_size=200))
def test_no_bytes_crash_a_decoder(name: str, data: bytes) -> None:
    with suppress(Malformed):
        DECODERS[name](data)
