"""The VRRP codec: what it reads, and each rule that it drops by (section 7.1 of RFC 9568 and RFC 3768)."""

from dataclasses import replace
from ipaddress import ip_address

import pytest

from standfast.base.addresses import Family, IpAddress
from standfast.base.errors import Broken, Malformed
from standfast.wire.checksum import ChecksumForm
from standfast.wire.vrrp import Advert, decode_advert, encode_advert, vrid_of

SOURCE = ip_address("192.0.2.251")
GROUP = ip_address("224.0.0.18")
SOURCE6 = ip_address("fe80::c8")
GROUP6 = ip_address("ff02::12")
VIP = ip_address("192.0.2.1")

V2 = Advert(2, Family.IPV4, 10, 200, 100, (VIP,), ChecksumForm.MESSAGE, 1, b"secret\0\0")
V3 = Advert(3, Family.IPV4, 10, 200, 100, (VIP,), ChecksumForm.PSEUDO_HEADER)
V3_RFC = replace(V3, form=ChecksumForm.MESSAGE)
V3_IPV6 = Advert(3, Family.IPV6, 10, 200, 100, (ip_address("fe80::1"),), ChecksumForm.PSEUDO_HEADER)

GOOD2 = encode_advert(V2, SOURCE, GROUP)
GOOD3 = encode_advert(V3, SOURCE, GROUP)
GOOD6 = encode_advert(V3_IPV6, SOURCE6, GROUP6)


def decode(payload: bytes) -> Advert:
    return decode_advert(payload, SOURCE, GROUP)


def decode6(payload: bytes) -> Advert:
    return decode_advert(payload, SOURCE6, GROUP6)


def edit(payload: bytes, at: int, value: int) -> bytes:
    return payload[:at] + bytes((value,)) + payload[at + 1 :]


@pytest.mark.parametrize(
    ("advert", "image"),
    [
        pytest.param(V2, "210ac801010117a5c00002017365637265740000", id="version 2: 8 bytes stand behind"),
        pytest.param(V3, "310ac8010064a103c0000201", id="version 3: nothing behind the addresses"),
        pytest.param(V3_RFC, "310ac8010064448ec0000201", id="version 3, checksum of RFC 9568"),
        pytest.param(V3_IPV6, "310ac80100640928fe800000000000000000000000000001", id="version 3 over IPv6"),
    ],
)
def test_an_advert_has_these_bytes(advert: Advert, image: str) -> None:
    ends = (SOURCE, GROUP) if advert.family is Family.IPV4 else (SOURCE6, GROUP6)

    assert encode_advert(advert, *ends).hex() == image
    assert decode_advert(bytes.fromhex(image), *ends) == advert


def test_a_short_password_field_is_filled_with_zeros() -> None:
    assert encode_advert(replace(V2, auth_type=0, auth_data=b""), SOURCE, GROUP)[-8:] == bytes(8)


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(V2)


# ---- the rules, one by one; the next table fixes their order


@pytest.mark.parametrize(
    ("payload", "slug", "got", "want"),
    [
        pytest.param(b"", "short", 0, 8, id="nothing at all"),
        pytest.param(GOOD3[:7], "short", 7, 8, id="one byte less than a header"),
        pytest.param(edit(GOOD3, 0, 0x11), "version", 1, 3, id="version 1"),
        pytest.param(edit(GOOD3, 0, 0x41), "version", 4, 3, id="version 4"),
        pytest.param(edit(GOOD3, 0, 0x01), "version", 0, 3, id="version 0"),
        pytest.param(edit(GOOD3, 0, 0x30), "type", 0, 1, id="version 3, type 0"),
        pytest.param(edit(GOOD3, 0, 0x32), "type", 2, 1, id="version 3, type 2"),
        pytest.param(edit(GOOD2, 0, 0x2F), "type", 15, 1, id="version 2, type 15"),
        pytest.param(GOOD3[:-1], "truncated", 11, 12, id="version 3, the last byte is missing"),
        pytest.param(GOOD2[:-1], "truncated", 19, 20, id="version 2, the last byte is missing"),
        pytest.param(GOOD2[:12], "truncated", 12, 20, id="version 2 without authentication data"),
        pytest.param(
            edit(GOOD3, 3, 2), "truncated", 12, 16, id="one address more is announced than is there"
        ),
        pytest.param(edit(GOOD3, 3, 255), "truncated", 12, 1028, id="255 addresses are announced"),
        pytest.param(GOOD3 + bytes(15), "length", 27, 12, id="more behind than Ethernet pads"),
        pytest.param(GOOD3 + bytes(28), "length", 40, 12, id="a trailer of auth_hmac (AU-11)"),
        pytest.param(edit(GOOD3, 2, 199), "checksum", 0xA103, 0xA203, id="version 3, another priority"),
        pytest.param(edit(GOOD3, 11, 2), "checksum", 0xA103, 0xA102, id="version 3, another address"),
        pytest.param(edit(GOOD2, 19, 1), "checksum", 0x17A5, 0x17A4, id="version 2, another password"),
        pytest.param(
            edit(edit(GOOD3, 6, 0), 7, 0), "checksum", 0, 0xA103, id="a checksum that nobody filled in"
        ),
    ],
)
def test_a_broken_rule_has_its_slug(payload: bytes, slug: str, got: int, want: int) -> None:
    with pytest.raises(Malformed) as caught:
        decode(payload)

    assert (caught.value.reason, caught.value.got, caught.value.want) == (slug, got, want)


@pytest.mark.parametrize(
    ("payload", "slug"),
    [
        pytest.param(GOOD6[:7], "short", id="less than a header"),
        pytest.param(GOOD2, "version", id="there is no version 2 for IPv6"),
        pytest.param(edit(GOOD2, 0, 0x22), "version", id="nor is there, whatever its type"),
        pytest.param(edit(GOOD6, 0, 0x32), "type", id="type 2"),
        pytest.param(GOOD3, "truncated", id="an address of four bytes"),
        pytest.param(GOOD6 + b"\0", "length", id="a packet this long needs no padding"),
        pytest.param(edit(GOOD6, 2, 199), "checksum", id="another priority"),
        pytest.param(
            bytes.fromhex("310ac8010064080efe800000000000000000000000000001"),
            "checksum",
            id="no pseudo-header, right otherwise",
        ),
    ],
)
def test_a_broken_rule_over_ipv6_has_its_slug(payload: bytes, slug: str) -> None:
    with pytest.raises(Malformed) as caught:
        decode6(payload)

    assert caught.value.reason == slug


@pytest.mark.parametrize(
    ("payload", "slug"),
    [
        pytest.param(edit(GOOD3, 0, 0x42)[:7], "short", id="short before version and type"),
        pytest.param(edit(GOOD3, 0, 0x42), "version", id="version before type"),
        pytest.param(edit(GOOD3, 0, 0x41)[:-1], "version", id="version before truncated"),
        pytest.param(edit(GOOD3, 0, 0x41) + bytes(28), "version", id="version before length"),
        pytest.param(edit(GOOD3, 0, 0x32)[:-1], "type", id="type before truncated"),
        pytest.param(edit(GOOD3, 0, 0x32) + bytes(28), "type", id="type before length"),
        pytest.param(edit(GOOD3, 2, 199)[:-1], "truncated", id="truncated before checksum"),
        pytest.param(edit(GOOD3, 2, 199) + bytes(28), "length", id="length before checksum"),
    ],
)
def test_of_two_broken_rules_the_first_is_told(payload: bytes, slug: str) -> None:
    with pytest.raises(Malformed) as caught:
        decode(payload)

    assert caught.value.reason == slug


# ---- negative twins: what looks like a fault and is none, or is somebody else's business


@pytest.mark.parametrize(
    "advert",
    [
        pytest.param(replace(V3, addresses=()), id="version 3 without addresses"),
        pytest.param(replace(V2, addresses=()), id="version 2 without addresses"),
        pytest.param(replace(V3, addresses=(VIP,) * 255), id="version 3 with 255 addresses"),
        pytest.param(replace(V2, addresses=(VIP,) * 255), id="version 2 with 255 addresses"),
        pytest.param(replace(V3, interval_cs=0), id="version 3, interval 0"),
        pytest.param(replace(V2, interval_cs=0), id="version 2, interval 0"),
        pytest.param(replace(V3, interval_cs=4095), id="version 3, the longest interval"),
        pytest.param(replace(V2, interval_cs=25500), id="version 2, the longest interval"),
        pytest.param(replace(V3, vrid=0), id="VRID 0"),
        pytest.param(replace(V3, priority=0), id="priority 0"),
        pytest.param(replace(V3, priority=255), id="priority 255"),
        pytest.param(replace(V2, auth_type=0, auth_data=bytes(8)), id="version 2 without password"),
        pytest.param(replace(V2, auth_type=2, auth_data=b"\1\2\3\4\5\6\7\xff"), id="version 2 of type AH"),
        pytest.param(replace(V2, auth_type=77), id="version 2 of an unknown authentication type"),
    ],
)
def test_what_a_router_judges_is_read_all_the_same(advert: Advert) -> None:
    assert decode(encode_advert(advert, SOURCE, GROUP)) == advert


def test_a_first_ipv6_address_that_is_not_link_local_is_read() -> None:
    advert = replace(V3_IPV6, addresses=(ip_address("2001:db8::1"),) * 255)

    assert decode6(encode_advert(advert, SOURCE6, GROUP6)) == advert


@pytest.mark.parametrize("reserved", [0x10, 0x80, 0xF0])
def test_reserved_bits_are_not_looked_at(reserved: int) -> None:
    """RFC 9568, section 5.2.6; the checksum covers them."""
    checksum = (0x448E - (reserved << 8)) % 0xFFFF
    payload = edit(GOOD3, 4, reserved)[:6] + checksum.to_bytes(2, "big") + GOOD3[8:]

    assert decode(payload) == V3_RFC


@pytest.mark.parametrize(
    ("payload", "advert"),
    [
        pytest.param(GOOD3 + bytes(14), V3, id="version 3 up to the shortest frame"),
        pytest.param(GOOD3 + b"\xaa", V3, id="padding need not be zero"),
        pytest.param(GOOD3 + bytes(3), V3, id="of any length that fits the frame"),
        pytest.param(GOOD2 + b"\xaa" * 6, V2, id="version 2 up to the shortest frame"),
    ],
)
def test_ethernet_padding_is_cut_before_the_checksum(payload: bytes, advert: Advert) -> None:
    """Behaviour WI-14."""
    assert decode(payload) == advert


def test_both_forms_of_the_ipv4_checksum_are_taken_and_named() -> None:
    assert decode(encode_advert(V3, SOURCE, GROUP)).form is ChecksumForm.PSEUDO_HEADER
    assert decode(encode_advert(V3_RFC, SOURCE, GROUP)).form is ChecksumForm.MESSAGE


def test_where_the_pseudo_header_adds_nothing_the_form_is_the_usual_one() -> None:
    """Addresses can be such that both forms are the same bytes."""
    source: IpAddress = ip_address("0.0.0.0")
    destination = ip_address(0xFFFF - 112 - len(GOOD3))
    payload = encode_advert(V3_RFC, source, destination)

    assert payload == encode_advert(V3, source, destination)
    assert decode_advert(payload, source, destination) == V3


def test_the_addresses_of_the_packet_count_in_the_pseudo_header() -> None:
    """A packet that went by another address (NAT, unicast to somebody else) does not verify."""
    with pytest.raises(Malformed, match="checksum"):
        decode_advert(GOOD6, SOURCE6, ip_address("ff02::13"))


@pytest.mark.parametrize("written", [0x0000, 0xFFFF])
def test_a_checksum_of_zero_may_be_written_in_both_ways(written: int) -> None:
    """Ones' complement has two zeros."""
    advert = next(
        candidate
        for number in range(0x10000)
        if encode_advert(candidate := replace(V3_RFC, addresses=(ip_address(number),)), SOURCE, GROUP)[6:8]
        == b"\0\0"
    )
    payload = encode_advert(advert, SOURCE, GROUP)

    assert decode(payload[:6] + written.to_bytes(2, "big") + payload[8:]) == advert


# ---- the peek, and mistakes of our own


@pytest.mark.parametrize(
    ("payload", "vrid"),
    [
        pytest.param(b"", None, id="nothing"),
        pytest.param(b"\x31", None, id="one byte"),
        pytest.param(b"\x31\x07", 7, id="just enough"),
        pytest.param(edit(GOOD3, 0, 0xFF), 10, id="the rest may be bad"),
    ],
)
def test_the_vrid_can_be_had_before_the_rest_is_read(payload: bytes, vrid: int | None) -> None:
    assert vrid_of(payload) == vrid


@pytest.mark.parametrize(
    "advert",
    [
        pytest.param(replace(V3, version=4), id="a version that there is not"),
        pytest.param(replace(V3, vrid=256), id="a VRID of two bytes"),
        pytest.param(replace(V3, priority=-1), id="a priority below 0"),
        pytest.param(replace(V3, interval_cs=4096), id="version 3, an interval of 13 bits"),
        pytest.param(replace(V2, interval_cs=50), id="version 2, half a second"),
        pytest.param(replace(V2, interval_cs=25600), id="version 2, 256 seconds"),
        pytest.param(replace(V3, addresses=(VIP,) * 256), id="256 addresses"),
        pytest.param(replace(V3, addresses=V3_IPV6.addresses), id="an address of the other family"),
        pytest.param(V3_IPV6, id="an advert of the other family"),
        pytest.param(replace(V3, auth_data=b"secret"), id="version 3 with a password"),
        pytest.param(replace(V2, form=ChecksumForm.PSEUDO_HEADER), id="version 2 with a pseudo-header"),
        pytest.param(replace(V2, auth_data=bytes(9)), id="authentication data of 9 bytes"),
        pytest.param(replace(V2, auth_type=256), id="an authentication type of two bytes"),
    ],
)
def test_an_advert_that_no_message_can_carry_is_our_mistake(advert: Advert) -> None:
    with pytest.raises(Broken):
        encode_advert(advert, SOURCE, GROUP)


@pytest.mark.parametrize(
    "advert",
    [
        pytest.param(replace(V3_IPV6, form=ChecksumForm.MESSAGE), id="without a pseudo-header"),
        pytest.param(Advert(2, Family.IPV6, 1, 1, 100, (), ChecksumForm.MESSAGE), id="of version 2"),
    ],
)
def test_an_advert_that_ipv6_cannot_carry_is_our_mistake(advert: Advert) -> None:
    with pytest.raises(Broken):
        encode_advert(advert, SOURCE6, GROUP6)
