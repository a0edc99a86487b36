"""The Authentication Header (AU-02), against packets that Keepalived 2.2.7 sent with the password one4all."""

from ipaddress import IPv4Address

import pytest

from standfast.base.errors import Malformed
from standfast.wire.ah import (
    AH_SIZE,
    authenticated,
    decode_ah,
    identification_of,
    is_authentic,
    sequence_in,
)

KEY = b"one4all"
SOURCE, GROUP = IPv4Address("10.99.0.1"), IPv4Address("224.0.0.18")
FIRST = bytes.fromhex(
    "45c0004000010000ff33d0530a630001e0000012"
    "700400000a63000100000001246da17be58e04f83fead80e"
    "2133960102013c030a6300640000000000000000"
)
PEER = IPv4Address("10.99.0.2")
UNICAST = bytes.fromhex(
    "45c0004000010000ff33a6010a6300010a630002"
    "700400000a63000100000001e16a09a368c700b0fec2ee74"
    "2133960102013c030a6300640000000000000000"
)
SIXTH = bytes.fromhex(
    "45c0004000060000ff33d04e0a630001e0000012"
    "700400000a6300010000000696c6379b5d5a0ea5a305b5d2"
    "2133960102013c030a6300640000000000000000"
)
BEFORE = 20 + AH_SIZE  # bytes before the advert


def edited(packet: bytes, at: int, *value: int) -> bytes:
    return packet[:at] + bytes(value) + packet[at + len(value) :]


@pytest.mark.behaviour("AU-02")
@pytest.mark.parametrize(
    ("packet", "sequence"), [pytest.param(FIRST, 1, id="the first"), pytest.param(SIXTH, 6, id="the sixth")]
)
def test_what_keepalived_sends_is_read_and_written(packet: bytes, sequence: int) -> None:
    covering, message = packet[:BEFORE], packet[BEFORE:]

    header = decode_ah(covering)
    written = authenticated(message, SOURCE, GROUP, key=KEY, sequence=sequence)

    assert (header.spi, header.sequence) == (int(SOURCE), sequence)
    assert is_authentic(covering, message, key=KEY)
    assert written == packet[20:]
    assert sequence_in(written) == sequence


def test_to_one_address_the_ttl_may_change_on_the_way() -> None:
    """As Keepalived 2.2.7 sends it to a peer; a router in between has counted the TTL down."""
    packet = edited(UNICAST, 8, 254)

    assert authenticated(UNICAST[BEFORE:], SOURCE, PEER, key=KEY, sequence=1) == UNICAST[20:]
    assert is_authentic(UNICAST[:BEFORE], UNICAST[BEFORE:], key=KEY)
    assert is_authentic(packet[:BEFORE], packet[BEFORE:], key=KEY)


@pytest.mark.parametrize(
    "covering",
    [
        pytest.param(FIRST[: BEFORE - 1], id="it is cut off"),
        pytest.param(FIRST[:20] + bytes(4) + FIRST[20:BEFORE], id="there are IP options"),
        pytest.param(edited(FIRST, 20, 17)[:BEFORE], id="what follows is no VRRP"),
        pytest.param(edited(FIRST, 21, 5)[:BEFORE], id="it says that it is longer"),
        pytest.param(edited(FIRST, 22, 0, 1)[:BEFORE], id="the reserved bytes are not zero"),
        pytest.param(edited(FIRST, 27, 2)[:BEFORE], id="the SPI is not the sender"),
    ],
)
def test_what_is_no_header_before_an_advert(covering: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        decode_ah(covering)

    assert caught.value.reason == "ah-malformed"


@pytest.mark.parametrize(
    ("at", "value", "covered"),
    [
        pytest.param(1, 0, False, id="the type of service may change on the way"),
        pytest.param(10, 0, False, id="and so does the checksum of the IP header"),
        pytest.param(5, 9, True, id="the identification may not"),
        pytest.param(8, 254, True, id="nor the TTL, to a group"),
        pytest.param(19, 19, True, id="nor the destination"),
        pytest.param(31, 2, True, id="nor the sequence number"),
        pytest.param(BEFORE + 2, 255, True, id="nor the priority"),
        pytest.param(BEFORE - 1, 0, True, id="nor the ICV itself"),
    ],
)
def test_what_the_header_covers(at: int, value: int, covered: bool) -> None:
    packet = edited(FIRST, at, value)

    assert is_authentic(packet[:BEFORE], packet[BEFORE:], key=KEY) is not covered


def test_another_key_is_not_the_key() -> None:
    assert not is_authentic(FIRST[:BEFORE], FIRST[BEFORE:], key=b"one4al")


@pytest.mark.parametrize(
    ("sequence", "identification"),
    [
        pytest.param(1, 1, id="the same number"),
        pytest.param(0x12345, 0x2345, id="its lower half"),
        pytest.param(0x10000, 1, id="never 0: the kernel would choose one"),
    ],
)
def test_the_identification_follows_from_the_sequence_number(sequence: int, identification: int) -> None:
    assert identification_of(sequence) == identification
