"""Control packets of BFD: RFC 5880, section 4, and the first checks of section 6.8.6."""

import pytest
from bfd_made import UP, said

from standfast.base.errors import Broken, Malformed
from standfast.wire.bfd import (
    Authentication,
    AuthenticationType,
    ControlPacket,
    SessionState,
    decode_authentication,
    decode_control,
    encode_control,
)

GOOD = encode_control(said(UP))


@pytest.mark.bfd(42)
def test_a_control_packet_has_these_bytes() -> None:
    packet = ControlPacket(
        state=SessionState.INIT,
        multiplier=5,
        mine=0x01020304,
        yours=0x0A0B0C0D,
        desired_min_tx_us=1_000_000,
        required_min_rx_us=10_000,
        diagnostic=3,
        poll=True,
    )

    assert encode_control(packet).hex(" ", 4) == "23a00518 01020304 0a0b0c0d 000f4240 00002710 00000000"


def edited(at: int, value: int, base: bytes = GOOD) -> bytes:
    return base[:at] + bytes([value]) + base[at + 1 :]


AUTHENTICATED = edited(1, GOOD[1] | 0x04)


@pytest.mark.parametrize(
    ("payload", "slug"),
    [
        pytest.param(b"", "short", id="nothing"),
        pytest.param(b"\x40", "version", id="another version, however short"),
        pytest.param(edited(0, 0x00), "version", id="version 0", marks=pytest.mark.bfd(14)),
        pytest.param(edited(0, 0x40), "version", id="version 2", marks=pytest.mark.bfd(14)),
        pytest.param(GOOD[:23], "short", id="one byte less than a packet"),
        pytest.param(edited(3, 23), "length", id="its length is too small", marks=pytest.mark.bfd(15)),
        pytest.param(
            edited(3, 25, AUTHENTICATED + bytes(2)),
            "length",
            id="its length leaves no room for the authentication that it has",
            marks=pytest.mark.bfd(15),
        ),
        pytest.param(edited(3, 25), "truncated", id="it is longer than what came", marks=pytest.mark.bfd(16)),
        pytest.param(edited(2, 0), "multiplier-zero", id="no multiplier", marks=pytest.mark.bfd(17)),
        pytest.param(edited(1, GOOD[1] | 1), "multipoint", id="multipoint", marks=pytest.mark.bfd(18)),
        pytest.param(
            GOOD[:4] + bytes(4) + GOOD[8:], "my-discriminator-zero", id="nobody's", marks=pytest.mark.bfd(19)
        ),
    ],
)
def test_a_payload_is_dropped(payload: bytes, slug: str) -> None:
    with pytest.raises(Malformed) as fault:
        decode_control(payload)

    assert fault.value.reason == slug


LADDER = ["version", "length", "truncated", "multiplier-zero", "multipoint", "my-discriminator-zero"]
BREAKS = {  # what breaks the rule: place and value
    "version": (0, 0x40),
    "length": (3, 4),
    "truncated": (3, 200),
    "multiplier-zero": (2, 0),
    "multipoint": (1, 0xC1),
    "my-discriminator-zero": (7, 0),
}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(first, second, id=f"{first} before {second}")
        for place, first in enumerate(LADDER)
        for second in LADDER[place + 1 :]
        if {first, second} != {"length", "truncated"}  # of one field: it cannot break both
    ],
)
def test_of_two_broken_rules_the_first_is_named(first: str, second: str) -> None:
    payload = GOOD
    for slug in (first, second):
        payload = edited(*BREAKS[slug], payload)

    with pytest.raises(Malformed) as fault:
        decode_control(payload)

    assert fault.value.reason == first


@pytest.mark.bfd(16)
def test_what_follows_the_packet_is_not_looked_at() -> None:
    assert decode_control(GOOD + b"padding") == said(UP)


@pytest.mark.bfd(26)
@pytest.mark.parametrize("diagnostic", [pytest.param(n, id=f"diagnostic {n}") for n in (8, 9, 31)])
def test_a_diagnostic_that_nobody_knows_is_no_reason_to_drop(diagnostic: int) -> None:
    assert decode_control(encode_control(said(UP, diagnostic=diagnostic))).diagnostic == diagnostic


@pytest.mark.bfd(42)
def test_we_never_make_a_packet_with_both_p_and_f() -> None:
    with pytest.raises(Broken):
        encode_control(said(UP, poll=True, final=True))


@pytest.mark.parametrize(
    "words",
    [
        pytest.param({"mine": 0}, id="without a discriminator of its own"),
        pytest.param({"mine": 1 << 32}, id="with a discriminator that is too long"),
        pytest.param({"multiplier": 0}, id="without a multiplier"),
        pytest.param({"diagnostic": 32}, id="with a diagnostic of six bits"),
    ],
)
def test_we_never_make_a_packet(words: dict[str, int]) -> None:
    with pytest.raises(Broken):
        encode_control(said(UP, **words))


# ---- authentication sections


@pytest.mark.parametrize(
    ("section", "read"),
    [
        pytest.param(
            bytes([1, 9, 2]) + b"secret",
            Authentication(AuthenticationType.SIMPLE_PASSWORD, 2),
            id="a password",
        ),
        pytest.param(
            bytes([2, 24, 3, 0, 0, 0, 0, 5]) + bytes(range(16)),
            Authentication(AuthenticationType.KEYED_MD5, 3, 5, bytes(range(16))),
            id="keyed MD5",
        ),
        pytest.param(
            bytes([5, 28, 3, 0, 0, 0, 1, 0]) + bytes(range(20)),
            Authentication(AuthenticationType.METICULOUS_KEYED_SHA1, 3, 256, bytes(range(20))),
            id="meticulous keyed SHA1",
        ),
    ],
)
def test_an_authentication_section_is_read(section: bytes, read: Authentication) -> None:
    assert decode_authentication(section) == read


def test_a_password_is_not_kept() -> None:
    read = decode_authentication(bytes([1, 9, 2]) + b"secret")

    assert "secret" not in repr(read)


@pytest.mark.parametrize(
    ("section", "slug"),
    [
        pytest.param(b"\1\2", "authentication-length", id="two bytes"),
        pytest.param(b"\1\3\1", "authentication-length", id="no password"),
        pytest.param(bytes([1, 20, 1]) + bytes(17), "authentication-length", id="a password of 17 bytes"),
        pytest.param(bytes([1, 9, 2]) + b"secret!", "authentication-length", id="longer than it says"),
        pytest.param(bytes([2, 28, 2]) + bytes(25), "authentication-length", id="MD5 as long as SHA1"),
        pytest.param(bytes([4, 24, 2]) + bytes(21), "authentication-length", id="SHA1 as long as MD5"),
        pytest.param(bytes([0, 4, 1, 1]), "authentication-type", id="the reserved kind"),
        pytest.param(bytes([6, 4, 1, 1]), "authentication-type", id="a kind of later times"),
    ],
)
def test_an_authentication_section_is_not_read(section: bytes, slug: str) -> None:
    with pytest.raises(Malformed) as fault:
        decode_authentication(section)

    assert fault.value.reason == slug


def test_a_packet_with_a_section_survives_the_wire() -> None:
    packet = said(UP, authentication=bytes([1, 9, 2]) + b"secret")

    assert decode_control(encode_control(packet)) == packet
