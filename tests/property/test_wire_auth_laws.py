"""Laws of authentication: what was signed is known again, one bit makes it another, no bytes crash a reader."""

from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address

from hypothesis import given
from hypothesis import strategies as st

from standfast.base.addresses import Family, IpAddress
from standfast.base.errors import Malformed
from standfast.base.times import WallTime
from standfast.wire.ah import AH_SIZE, PROTOCOL, authenticated, decode_ah, identification_of, is_authentic
from standfast.wire.checksum import ChecksumForm
from standfast.wire.ip import ipv4_header
from standfast.wire.vrrp import Advert, decode_advert, encode_advert, message_size
from standfast.wire.vrrp_hmac import (
    TRAILER_SIZE,
    ahead,
    decode_trailer,
    following,
    is_signed,
    joined,
    sequence_at,
    sign,
)

KEYS = st.binary(min_size=32, max_size=64)
SEQUENCES = st.integers(0, (1 << 64) - 1)
SOURCE, GROUP = IPv4Address("192.0.2.251"), IPv4Address("224.0.0.18")
SOURCE6, GROUP6 = IPv6Address("fe80::c8"), IPv6Address("ff02::12")


@st.composite
def messages(draw: st.DrawFn) -> tuple[bytes, IpAddress, IpAddress]:
    """An advert of either version and family, with its ends."""
    version, family = draw(st.sampled_from([(2, Family.IPV4), (3, Family.IPV4), (3, Family.IPV6)]))
    source, group = (SOURCE, GROUP) if family is Family.IPV4 else (SOURCE6, GROUP6)
    form = ChecksumForm.MESSAGE if version == 2 else ChecksumForm.PSEUDO_HEADER
    addresses = tuple(draw(st.lists(st.ip_addresses(v=4 if family is Family.IPV4 else 6), max_size=5)))
    advert = Advert(
        version,
        family,
        51,
        draw(st.integers(0, 255)),
        100,
        addresses,
        form,
        0,
        bytes(8 if version == 2 else 0),
    )
    return encode_advert(advert, source, group), source, group


@given(messages(), KEYS, SEQUENCES)
def test_what_was_signed_is_read_and_known_again(
    said: tuple[bytes, IpAddress, IpAddress], key: bytes, sequence: int
) -> None:
    message, source, group = said

    payload = joined(
        message,
        sign(message, source, key_id=9, key=key, sequence=sequence),
        source=source,
        destination=group,
    )

    family = Family.IPV4 if source.version == 4 else Family.IPV6
    assert message_size(payload, family) == len(message)
    bare, tail = payload[:-TRAILER_SIZE], payload[-TRAILER_SIZE:]
    trailer = decode_trailer(tail)
    assert (trailer.key, trailer.sequence) == (9, sequence)
    assert is_signed(bare, trailer, source, vrid=51, key=key)
    assert encode_advert(decode_advert(bare, source, group, trailer=tail), source, group) == message


@given(messages(), st.data())
def test_one_other_bit_is_never_taken_for_what_was_signed(
    said: tuple[bytes, IpAddress, IpAddress], data: st.DataObject
) -> None:
    message, source, _ = said
    key = bytes(range(32))
    signed = message + sign(message, source, key_id=1, key=key, sequence=77)
    bit = data.draw(st.integers(0, 8 * len(signed) - 1).filter(lambda n: n // 8 not in (6, 7)))
    other = bytearray(signed)
    other[bit // 8] ^= 1 << bit % 8

    taken = False
    with suppress(Malformed):
        trailer = decode_trailer(bytes(other[-TRAILER_SIZE:]))
        bare = bytes(other[:-TRAILER_SIZE])
        taken = trailer.key == 1 and is_signed(bare, trailer, source, vrid=51, key=key)

    assert not taken


@given(messages(), st.data())
def test_one_other_bit_is_never_taken_for_what_stood_behind_an_authentication_header(
    said: tuple[bytes, IpAddress, IpAddress], data: st.DataObject
) -> None:
    message, key = said[0], b"one4all"
    payload = authenticated(message, SOURCE, GROUP, key=key, sequence=70_000)
    ip = ipv4_header(
        SOURCE, GROUP, len(payload), identification=identification_of(70_000), ttl=255, protocol=PROTOCOL
    )
    packet = ip + payload
    mutable = (1, 10, 11)  # type of service and header checksum
    bit = data.draw(st.integers(0, 8 * len(packet) - 1).filter(lambda n: n // 8 not in mutable))
    other = bytearray(packet)
    other[bit // 8] ^= 1 << bit % 8

    taken = False
    with suppress(Malformed):
        decode_ah(bytes(other[: 20 + AH_SIZE]))
        taken = is_authentic(bytes(other[: 20 + AH_SIZE]), bytes(other[20 + AH_SIZE :]), key=key)

    assert is_authentic(packet[: 20 + AH_SIZE], packet[20 + AH_SIZE :], key=key)
    assert not taken


@given(st.binary(max_size=80))
def test_no_bytes_crash_a_reader(data: bytes) -> None:
    for read in (decode_ah, decode_trailer):
        with suppress(Malformed):
            read(data)
    assert message_size(data, Family.IPV4) >= 8


@given(SEQUENCES, SEQUENCES)
def test_of_two_sequence_numbers_at_most_one_is_ahead(one: int, other: int) -> None:
    assert ahead(one, other) == -ahead(other, one) or ahead(one, other) == -(1 << 63)
    assert ahead(following(one), one) == 1


@given(st.integers(0, 1 << 60), st.integers(0, 10**12))
def test_a_later_moment_has_no_smaller_sequence_number(wall: int, later: int) -> None:
    assert ahead(sequence_at(WallTime(wall + later)), sequence_at(WallTime(wall))) >= 0
