"""Adverts with what is known about them, transcribed from other implementations (captures/vectors.json).

The vectors of BFD are not for these codecs: their layout has one of its own.
"""

from ipaddress import ip_address
from typing import Any

import pytest
from captures import vectors

from standfast.base.addresses import IpAddress
from standfast.base.errors import Malformed
from standfast.wire.checksum import ChecksumForm
from standfast.wire.vrrp import Advert, decode_advert, encode_advert
from standfast.wire.vrrp_hmac import TRAILER_SIZE, decode_trailer, is_signed, joined, sign

FORMS = {
    "v3-ip4-message-only": ChecksumForm.MESSAGE,
    "v2-none": ChecksumForm.MESSAGE,
    "holo-v2": ChecksumForm.MESSAGE,
}
UNVERIFIABLE = "holo-v3-ip6-fields-only"  # nobody knows the addresses that its checksum was made with


def ends_of(vector: dict[str, Any]) -> tuple[IpAddress, IpAddress]:
    """Source and destination; where the vector says none, the checksum does not need them."""
    source = vector.get("src", "any")
    return (
        ip_address("192.0.2.251" if source == "any" else source),
        ip_address(vector.get("dst", "224.0.0.18")),
    )


def known(advert: Advert) -> dict[str, Any]:
    """The advert in the words of the vectors."""
    fields = {"version": advert.version, "vrid": advert.vrid, "priority": advert.priority}
    if advert.version == 2:
        interval = {"adver_int_s": advert.interval_cs // 100}
    else:
        interval = {"max_adver_int_cs": advert.interval_cs}
    return fields | interval | {"vips": [str(address) for address in advert.addresses]}


def test_every_good_vector_is_read_as_it_is_known() -> None:
    good = [vector for vector in vectors("vrrp") if vector["id"] != UNVERIFIABLE]

    for vector in good:
        advert = decode_advert(bytes.fromhex(vector["hex"]), *ends_of(vector))
        expected = dict(vector["fields"])
        assert advert.auth_type == expected.pop("auth", 0), vector["id"]
        assert known(advert) == expected, vector["id"]
        assert advert.form is FORMS.get(vector["id"], ChecksumForm.PSEUDO_HEADER), vector["id"]
    assert len(good) == 7


def test_every_good_vector_is_written_as_it_was_read() -> None:
    for vector in vectors("vrrp"):
        if vector["id"] != UNVERIFIABLE:
            payload = bytes.fromhex(vector["hex"])
            advert = decode_advert(payload, *ends_of(vector))
            assert encode_advert(advert, *ends_of(vector)) == payload, vector["id"]


def test_a_checksum_that_cannot_be_verified_is_dropped() -> None:
    """Its other fields are good: with the checksum put right it is read."""
    (vector,) = (vector for vector in vectors("vrrp") if vector["id"] == UNVERIFIABLE)
    payload = bytes.fromhex(vector["hex"])
    ends = ip_address("fe80::1"), ip_address("ff02::12")

    with pytest.raises(Malformed) as caught:
        decode_advert(payload, *ends)

    assert caught.value.reason == "checksum"
    righted = payload[:6] + caught.value.want.to_bytes(2, "big") + payload[8:]
    assert known(decode_advert(righted, *ends)) == vector["fields"]


def test_an_advert_with_an_auth_hmac_trailer_is_too_long_for_us() -> None:
    """Behaviour AU-11: a router that knows no auth_hmac drops it."""
    signed = vectors("vrrp+auth_hmac")

    for vector in signed:
        source = ip_address(vector["src"])
        group = ip_address("224.0.0.18" if source.version == 4 else "ff02::12")
        payload = bytes.fromhex(vector["hex"])
        with pytest.raises(Malformed) as caught:
            decode_advert(payload, source, group)
        assert (caught.value.reason, caught.value.got - caught.value.want) == ("length", 28)
    assert len(signed) == 2


KEY = bytes(range(32))  # the key of all signed vectors
OUTCOMES = {"bad-hmac": "hmac-invalid", "malformed": "hmac-malformed", "unknown key id": "hmac-unknown-key"}


def outcome(payload: bytes, source: IpAddress, vrid: int) -> str:
    """What comes of a signed advert, as its vector says it; the signature alone counts."""
    message, tail = payload[:-TRAILER_SIZE], payload[-TRAILER_SIZE:]
    try:
        trailer = decode_trailer(tail)
    except Malformed as fault:
        return fault.reason
    if trailer.key != 1:
        return "hmac-unknown-key"
    return "ok" if is_signed(message, trailer, source, vrid=vrid, key=KEY) else "hmac-invalid"


@pytest.mark.behaviour("AU-04", "AU-05", "AU-06", "AU-16")
def test_every_signed_vector_is_read_and_written_as_it_is_known() -> None:
    for vector in vectors("vrrp+auth_hmac"):
        payload, source = bytes.fromhex(vector["hex"]), ip_address(vector["src"])
        destination = ip_address(vector.get("dst", "224.0.0.18"))
        message, tail = payload[:-TRAILER_SIZE], payload[-TRAILER_SIZE:]
        trailer = decode_trailer(tail)

        advert = decode_advert(message, source, destination, trailer=tail)
        again = encode_advert(advert, source, destination)
        signed = sign(again, source, key_id=1, key=KEY, sequence=trailer.sequence)

        assert known(advert) == vector["fields"]
        assert (trailer.key, trailer.sequence) == (1, 0x6800_0000_8000_0000)
        assert is_signed(message, trailer, source, vrid=51, key=KEY)
        assert joined(again, signed, source=source, destination=destination) == payload


@pytest.mark.behaviour("AU-05", "AU-12")
def test_every_damaged_vector_is_refused_as_it_is_known() -> None:
    (vector,) = (vector for vector in vectors("vrrp+auth_hmac") if "negatives" in vector)
    good, source = bytes.fromhex(vector["hex"]), ip_address(vector["src"])

    for negative in vector["negatives"]:
        payload, vrid, sender = bytearray(good), 51, source
        if "flip_offset" in negative:
            payload[negative["flip_offset"]] ^= negative["xor"]
        elif "vrid" in negative["change"]:
            vrid = 52
        else:
            sender = ip_address("fe80::20")
        expected = negative["expect"].partition(":")[0]

        assert outcome(bytes(payload), sender, vrid) == OUTCOMES.get(expected, expected), negative
    assert len(vector["negatives"]) == 12


def test_the_vectors_are_all_spoken_for() -> None:
    others = {"vrrp+auth_hmac", "bfd"}

    assert len(vectors("vrrp")) + sum(len(vectors(other)) for other in others) == 14
