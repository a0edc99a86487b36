"""The signature of `auth_hmac` and its sequence numbers (behaviours AU-04 to AU-06, AU-13)."""

from ipaddress import IPv4Address, IPv6Address

import pytest

from standfast.base.addresses import Family
from standfast.base.errors import Malformed
from standfast.base.times import WallTime, seconds
from standfast.wire.checksum import ChecksumForm
from standfast.wire.vrrp import Advert, decode_advert, encode_advert
from standfast.wire.vrrp_hmac import (
    TRAILER_SIZE,
    ahead,
    decode_trailer,
    following,
    is_signed,
    joined,
    sequence_at,
    sign,
    span,
)

KEY, OTHER = bytes(range(32)), bytes(32)
SOURCE, GROUP = IPv4Address("198.51.100.10"), IPv4Address("224.0.0.18")
SOURCE6, GROUP6 = IPv6Address("fe80::10"), IPv6Address("ff02::12")
MOMENT = WallTime(0x68000000 * 1_000_000 + 500_000)
LAST = (1 << 64) - 1


def message(version: int = 3) -> bytes:
    form = ChecksumForm.MESSAGE
    auth = bytes(8) if version == 2 else b""
    vip = IPv4Address("192.0.2.100")
    return encode_advert(Advert(version, Family.IPV4, 51, 200, 100, (vip,), form, 0, auth), SOURCE, GROUP)


@pytest.mark.behaviour("AU-04")
def test_the_trailer_has_twenty_eight_bytes() -> None:
    trailer = sign(message(), SOURCE, key_id=7, key=KEY, sequence=sequence_at(MOMENT) + 3)

    assert len(trailer) == TRAILER_SIZE
    assert trailer[:12].hex() == "01070000" + "68000000" + "8000" + "0003"
    assert decode_trailer(trailer) == (7, 0x6800_0000_8000_0003, trailer[12:])


@pytest.mark.behaviour("AU-06")
@pytest.mark.parametrize(
    ("version", "length"),
    [
        pytest.param(2, 68, id="version 2 with one address: 68 bytes with the IP header"),
        pytest.param(3, 60, id="version 3: 60"),
    ],
)
def test_a_signed_advert_is_as_long_as_keepalived_makes_it(version: int, length: int) -> None:
    unsigned = message(version)
    trailer = sign(unsigned, SOURCE, key_id=1, key=KEY, sequence=1)

    payload = joined(unsigned, trailer, source=SOURCE, destination=GROUP)

    assert len(payload) == length - 20
    assert payload == unsigned + trailer, "the checksum over IPv4 does not cover the trailer"
    assert is_signed(unsigned, decode_trailer(trailer), SOURCE, vrid=51, key=KEY)


@pytest.mark.behaviour("AU-06")
def test_over_ipv6_the_checksum_covers_the_trailer() -> None:
    advert = Advert(3, Family.IPV6, 51, 200, 100, (IPv6Address("fe80::100"),), ChecksumForm.PSEUDO_HEADER)
    unsigned = encode_advert(advert, SOURCE6, GROUP6)
    trailer = sign(unsigned, SOURCE6, key_id=1, key=KEY, sequence=1)

    payload = joined(unsigned, trailer, source=SOURCE6, destination=GROUP6)

    bare = payload[:-TRAILER_SIZE]
    assert decode_advert(bare, SOURCE6, GROUP6, trailer=trailer) == advert
    assert is_signed(bare, decode_trailer(trailer), SOURCE6, vrid=51, key=KEY)
    with pytest.raises(Malformed, match="checksum"):
        decode_advert(bare, SOURCE6, GROUP6)


@pytest.mark.behaviour("AU-05")
def test_the_signature_is_for_one_sender_one_router_and_one_key() -> None:
    trailer = decode_trailer(sign(message(), SOURCE, key_id=1, key=KEY, sequence=1))

    assert is_signed(message(), trailer, SOURCE, vrid=51, key=KEY)
    assert not is_signed(message(), trailer, SOURCE + 1, vrid=51, key=KEY)
    assert not is_signed(message(), trailer, SOURCE, vrid=52, key=KEY)
    assert not is_signed(message(), trailer, SOURCE, vrid=51, key=OTHER)
    assert not is_signed(message(2), trailer, SOURCE, vrid=51, key=KEY)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(bytes([1, 1]) + bytes(25), id="one byte is cut off"),
        pytest.param(bytes([1, 1]) + bytes(27), id="one byte is too many"),
        pytest.param(bytes([2, 1]) + bytes(26), id="another type"),
        pytest.param(bytes([1, 1, 0, 1]) + bytes(24), id="reserved bytes that are not zero"),
    ],
)
def test_what_is_no_trailer(data: bytes) -> None:
    with pytest.raises(Malformed) as caught:
        decode_trailer(data)

    assert caught.value.reason == "hmac-malformed"


# ---- sequence numbers


@pytest.mark.parametrize(
    ("wall", "sequence"),
    [
        pytest.param(0, 0, id="1970"),
        pytest.param(MOMENT, 0x6800_0000_8000_0000, id="half a second is half of 65536"),
        pytest.param(15, 0, id="less than one of 65536 parts of a second"),
        pytest.param(16, 1 << 16, id="one part: the counter stays free"),
        pytest.param((1 << 32) * 1_000_000 + 1_500_000, 0x1_8000_0000, id="2106: it starts again"),
    ],
)
def test_a_sequence_number_begins_with_the_time(wall: int, sequence: int) -> None:
    assert sequence_at(WallTime(wall)) == sequence


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [
        pytest.param(5, 5, 0, id="the same"),
        pytest.param(6, 5, 1, id="the next"),
        pytest.param(5, 6, -1, id="the one before"),
        pytest.param(0, LAST, 1, id="behind the last comes the first"),
        pytest.param(LAST, 0, -1, id="and before the first the last"),
        pytest.param(1 << 63, 0, -(1 << 63), id="half way round: never ahead (RFC 1982)"),
    ],
)
def test_sequence_numbers_are_compared_round_the_end(one: int, other: int, distance: int) -> None:
    assert ahead(one, other) == distance


def test_the_number_behind_the_last_is_the_first() -> None:
    assert following(LAST) == 0


def test_a_time_in_sequence_numbers() -> None:
    assert span(seconds(5)) == 5 << 32
    assert ahead(sequence_at(WallTime(MOMENT + 2_500_000)), sequence_at(MOMENT)) == span(seconds("2.5"))
