"""Adverts that others sent, as tcpdump's own tests hold them (captures/SOURCES.md says what they are)."""

import re
from collections import Counter
from contextlib import suppress
from ipaddress import IPv4Address
from typing import Any, NamedTuple

import pytest
from captures import ETHERNET, FRAME_RELAY, capture, print_out

from standfast.base.addresses import IpAddress
from standfast.base.errors import Malformed
from standfast.wire.checksum import ChecksumForm
from standfast.wire.ethernet import TYPE_IPV4, TYPE_IPV6, decode_ethernet
from standfast.wire.ip import decode_ipv4, decode_ipv6
from standfast.wire.vrrp import Advert, decode_advert, encode_advert
from standfast.wire.vrrp_auth import password_field

NOBODY = IPv4Address(0)


class Sighting(NamedTuple):
    """One advert in its packet."""

    mac: bytes
    source: IpAddress
    destination: IpAddress
    ttl: int
    protocol: int
    payload: bytes

    @property
    def advert(self) -> Advert:
        return decode_advert(self.payload, self.source, self.destination)


def sighting(frame: bytes) -> Sighting:
    ethernet = decode_ethernet(frame)
    if ethernet.ether_type == TYPE_IPV6:
        six = decode_ipv6(ethernet.payload)
        return Sighting(
            ethernet.source, six.source, six.destination, six.hop_limit, six.next_header, six.payload
        )
    assert ethernet.ether_type == TYPE_IPV4
    four = decode_ipv4(ethernet.payload)
    return Sighting(ethernet.source, four.source, four.destination, four.ttl, four.protocol, four.payload)


# ---- a ladder of preemptions: seven routers, five virtual routers


def ladder() -> list[Sighting]:
    seen = capture("vrrp.pcap")
    assert seen.link_type == ETHERNET
    return [sighting(frame) for frame in seen.frames]


KINDS = {
    42: (2, 4, ChecksumForm.MESSAGE, 1, password_field(b"abcdefgh")),
    43: (2, 4, ChecksumForm.MESSAGE, 0, bytes(8)),
    44: (3, 4, ChecksumForm.PSEUDO_HEADER, 0, b""),
    45: (3, 6, ChecksumForm.PSEUDO_HEADER, 0, b""),
    46: (3, 6, ChecksumForm.PSEUDO_HEADER, 0, b""),
}


def test_every_advert_of_the_ladder_is_what_its_source_says() -> None:
    seen = ladder()

    assert len(seen) == 165
    for one in seen:
        advert = one.advert
        kind = (advert.version, advert.family, advert.form, advert.auth_type, advert.auth_data)
        family_byte = 1 if advert.family == 4 else 2
        assert kind == KINDS[advert.vrid]
        assert (one.ttl, one.protocol, advert.interval_cs) == (255, 112, 1000)
        assert one.mac == bytes((0, 0, 0x5E, 0, family_byte, advert.vrid))
    assert {one.advert.vrid for one in seen} == set(KINDS)
    assert sum(one.advert.vrid == 44 for one in seen) == 33
    assert {one.advert.priority for one in seen} == set(range(191, 198))


def test_every_advert_of_the_ladder_is_written_as_it_was_read() -> None:
    for one in ladder():
        assert encode_advert(one.advert, one.source, one.destination) == one.payload


LINE = re.compile(
    r"(?P<source>[\w.:]+) > (?P<destination>[\w.:]+): VRRPv(?P<version>\d), Advertisement, vrid (?P<vrid>\d+), "
    r"prio (?P<priority>\d+), (?:authtype (?P<auth>\w+), )?intvl (?P<interval>\d+)(?P<unit>c?s), "
    r"length (?P<length>\d+), addrs(?:\(\d+\))?: (?P<addresses>[\w.:,]+)(?: auth \"(?P<password>\w+)\")?"
)


def as_printed(one: Sighting) -> dict[str, Any]:
    """An advert in the words of tcpdump."""
    advert = one.advert
    plain = advert.version == 2
    return {
        "source": str(one.source),
        "destination": str(one.destination),
        "version": str(advert.version),
        "vrid": str(advert.vrid),
        "priority": str(advert.priority),
        "auth": {0: "none", 1: "simple"}[advert.auth_type] if plain else None,
        "interval": str(advert.interval_cs // 100 if plain else advert.interval_cs),
        "unit": "s" if plain else "cs",
        "length": str(len(one.payload)),
        "addresses": ",".join(map(str, advert.addresses)),
        "password": advert.auth_data.decode() if advert.auth_type == 1 else None,
    }


def test_tcpdump_reads_the_same_out_of_the_ladder() -> None:
    printed = [found.groupdict() for found in LINE.finditer(print_out("vrrp-v.out"))]

    assert [as_printed(one) for one in ladder()] == printed


# ---- malformed ones


def whole(packet: bytes) -> bytes:
    """The packet with its fragment bits cleared: so that what is in it can be judged too."""
    return packet[:6] + b"\0\0" + packet[8:]


def slug_of(packet: bytes) -> str:
    """Why the packet, or else the advert in it, is dropped; empty if it is not."""
    try:
        ip = decode_ipv4(packet)
        decode_advert(ip.payload, ip.source, ip.destination)
    except Malformed as fault:
        return fault.reason
    return ""


def test_every_malformed_advert_is_dropped() -> None:
    seen = capture("vrrp-vrrp_print-oobr-2.pcap")
    assert seen.link_type == ETHERNET
    packets = [decode_ethernet(frame).payload for frame in seen.frames]

    assert [slug_of(packet) for packet in packets] == ["fragment"] * 10
    assert [slug_of(whole(packet)) for packet in packets] == [
        "truncated",
        "truncated",
        "truncated",
        "truncated",
        "checksum",  # no addresses, and rubbish where padding may be
        "truncated",
        "truncated",
        "short",
        "checksum",
        "version",
    ]


def test_no_malformed_advert_has_the_ttl_of_a_neighbour() -> None:
    """So the core would drop them all, were they good otherwise (RFC 9568, section 5.1.1.3)."""
    frames = capture("vrrp-vrrp_print-oobr-2.pcap").frames

    ttls = Counter(decode_ipv4(whole(decode_ethernet(frame).payload)).ttl for frame in frames)

    assert ttls == {35: 9, 34: 1}


def test_adverts_over_frame_relay_are_dropped_wherever_one_begins_to_read() -> None:
    seen = capture("vrrp-vrrp_print-oobr.pcap")
    assert seen.link_type == FRAME_RELAY
    address_size = 5  # Q.922 address, control, and the protocol's identifier

    assert [slug_of(frame[address_size:]) for frame in seen.frames] == ["short", "truncated", "truncated"]
    for frame in seen.frames:
        for at in range(len(frame)):
            with suppress(Malformed):
                assert decode_ipv4(frame[at:]).protocol == 112
            with pytest.raises(Malformed):
                decode_advert(frame[at:], NOBODY, NOBODY)
