"""IP headers: what we write, what we read, and what we drop."""

from ipaddress import IPv4Address, IPv6Address

import pytest

from standfast.base.errors import Broken, Malformed
from standfast.wire.checksum import as_number, verifies
from standfast.wire.ip import Ipv4Packet, Ipv6Packet, decode_ipv4, decode_ipv6, ipv4_header, ipv6_header

SOURCE = IPv4Address("192.0.2.251")
GROUP = IPv4Address("224.0.0.18")
SOURCE6 = IPv6Address("fe80::c8")
GROUP6 = IPv6Address("ff02::12")
BODY = b"twelve bytes"

GOOD = ipv4_header(SOURCE, GROUP, len(BODY), identification=7, ttl=255) + BODY
GOOD6 = ipv6_header(SOURCE6, GROUP6, len(BODY), next_header=112, hop_limit=255) + BODY
PACKET = Ipv4Packet(SOURCE, GROUP, 255, 112, BODY, 0xC0, 7)


def edit(packet: bytes, at: int, new: bytes) -> bytes:
    return packet[:at] + new + packet[at + len(new) :]


# ---- what we write


def test_an_ipv4_header_has_these_bytes() -> None:
    """Behaviour WI-02: network control, no fragment bits."""
    assert GOOD[:20].hex() == "45c0002000070000ff701799c00002fbe0000012"
    assert verifies(as_number(GOOD[:20]))


def test_the_identification_comes_round() -> None:
    header = ipv4_header(SOURCE, GROUP, 12, identification=0x1_0001, ttl=255)

    assert header[4:6] == b"\0\1"


def test_an_ipv4_header_can_be_another_one() -> None:
    header = ipv4_header(SOURCE, GROUP, 0, identification=0, ttl=1, tos=0, protocol=51)

    assert decode_ipv4(header) == Ipv4Packet(SOURCE, GROUP, 1, 51, b"", 0, 0)
    assert verifies(as_number(header))


@pytest.mark.parametrize(
    ("size", "fits"),
    [pytest.param(65_515, True, id="the longest packet"), pytest.param(65_516, False, id="one byte more")],
)
def test_a_packet_has_at_most_65535_bytes(size: int, fits: bool) -> None:
    if fits:
        assert ipv4_header(SOURCE, GROUP, size, identification=0, ttl=255)[2:4] == b"\xff\xff"
    else:
        with pytest.raises(Broken):
            ipv4_header(SOURCE, GROUP, size, identification=0, ttl=255)


def test_an_ipv6_header_has_these_bytes() -> None:
    header = ipv6_header(SOURCE6, GROUP6, 24, next_header=112, hop_limit=255, traffic_class=0xC0)

    assert header.hex() == "6c000000001870ff" + SOURCE6.packed.hex() + GROUP6.packed.hex()


# ---- what we read


@pytest.mark.parametrize(
    ("packet", "read"),
    [
        pytest.param(GOOD, PACKET, id="a packet of our own"),
        pytest.param(GOOD + bytes(14), PACKET, id="the total length cuts Ethernet padding"),
        pytest.param(edit(GOOD, 6, b"\x40\0"), PACKET, id="it must not be fragmented: it is not"),
        pytest.param(edit(GOOD, 10, b"\0\0"), PACKET, id="the kernel has looked at the header checksum"),
        pytest.param(
            b"\x46" + edit(GOOD, 2, b"\0\x24")[1:20] + b"\x94\x04\0\0" + BODY,
            PACKET,
            id="options are passed over",
        ),
        pytest.param(
            b"\x4f" + edit(GOOD, 2, b"\0\x48")[1:20] + bytes(40) + BODY, PACKET, id="as many as there can be"
        ),
        pytest.param(
            edit(GOOD, 2, b"\0\x14"), Ipv4Packet(SOURCE, GROUP, 255, 112, b"", 0xC0, 7), id="nothing in it"
        ),
    ],
)
def test_an_ipv4_packet_is_read(packet: bytes, read: Ipv4Packet) -> None:
    assert decode_ipv4(packet) == read


@pytest.mark.parametrize(
    ("packet", "slug"),
    [
        pytest.param(b"", "short", id="nothing"),
        pytest.param(edit(GOOD, 0, b"\x65")[:19], "short", id="less than a header, before version"),
        pytest.param(edit(GOOD, 0, b"\x64"), "version", id="version 6, before header length"),
        pytest.param(edit(GOOD, 0, b"\x44"), "header-length", id="a header of four words"),
        pytest.param(edit(GOOD, 2, b"\0\x13"), "header-length", id="longer than the packet says it is"),
        pytest.param(edit(GOOD, 0, b"\x4f"), "header-length", id="options longer than the packet"),
        pytest.param(edit(GOOD, 0, b"\x44")[:25], "header-length", id="header length before truncated"),
        pytest.param(GOOD[:-1], "truncated", id="the last byte is missing"),
        pytest.param(edit(GOOD, 6, b"\x20\0")[:-1], "truncated", id="truncated before fragment"),
        pytest.param(edit(GOOD, 6, b"\x20\0"), "fragment", id="the first fragment"),
        pytest.param(edit(GOOD, 6, b"\0\1"), "fragment", id="the last fragment"),
    ],
)
def test_a_bad_ipv4_packet_has_its_slug(packet: bytes, slug: str) -> None:
    with pytest.raises(Malformed) as caught:
        decode_ipv4(packet)

    assert caught.value.reason == slug


def test_an_ipv6_packet_is_read() -> None:
    assert decode_ipv6(GOOD6 + b"padding") == Ipv6Packet(SOURCE6, GROUP6, 255, 112, BODY)


@pytest.mark.parametrize(
    ("packet", "slug"),
    [
        pytest.param(edit(GOOD6, 0, b"\x45")[:39], "short", id="less than a header, before version"),
        pytest.param(edit(GOOD6, 0, b"\x45")[:-1], "version", id="version 4, before truncated"),
        pytest.param(GOOD6[:-1], "truncated", id="the last byte is missing"),
    ],
)
def test_a_bad_ipv6_packet_has_its_slug(packet: bytes, slug: str) -> None:
    with pytest.raises(Malformed) as caught:
        decode_ipv6(packet)

    assert caught.value.reason == slug
