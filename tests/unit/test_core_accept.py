"""Which packets count as adverts of a router: each check, their order, what is let through (RFC 9568, 7.1)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import reduce
from ipaddress import ip_address
from typing import Any, Final

import pytest
from vrrp_made import (
    ABOVE,
    ABOVE6,
    GROUP,
    GROUP6,
    OWNER,
    ROUTER,
    ROUTER2,
    ROUTER6,
    US,
    US6,
    advert,
    altered,
    received,
)

from standfast.base.addresses import IpAddress
from standfast.base.errors import Malformed
from standfast.core.vrrp.accept import TTL, accept
from standfast.core.vrrp.events import Received
from standfast.core.vrrp.router import HopLimits, Router
from standfast.wire.checksum import ChecksumForm, as_number, checksum_of, pseudo_header
from standfast.wire.vrrp import PROTOCOL, Advert, encode_advert

PASSWORD: Final = b"secret\0\0"
PASS: Final = replace(ROUTER2, password=PASSWORD)
UNICAST: Final = replace(ROUTER, group=None, peers=(ABOVE,))
LIMITED: Final = replace(UNICAST, hop_limits=(HopLimits(ABOVE, 250, 253),))


def slug(router: Router | None, packet: Received, ours: IpAddress = US) -> str:
    """The slug of the check that the packet fails."""
    with pytest.raises(Malformed) as caught:
        accept(router, packet, ours)
    return caught.value.reason


def edited(packet: Received, at: int, value: int) -> Received:
    payload = packet.payload
    return altered(packet, payload=payload[:at] + bytes((value,)) + payload[at + 1 :])


GOOD: Final = received(advert(ROUTER))
GOOD2: Final = received(advert(ROUTER2))
GOOD6: Final = received(advert(ROUTER6), sender=ABOVE6, destination=GROUP6)


@pytest.mark.parametrize(
    ("router", "packet", "reason"),
    [
        pytest.param(
            ROUTER,
            altered(GOOD, ttl=254),
            "ttl",
            id="TTL 254: it came through a router",
            marks=[pytest.mark.rfc(3, 44), pytest.mark.behaviour("WI-09")],
        ),
        pytest.param(ROUTER, altered(GOOD, ttl=0), "ttl", id="TTL 0"),
        pytest.param(
            ROUTER6, altered(GOOD6, ttl=254), "ttl", id="hop limit 254", marks=pytest.mark.rfc(6, 44)
        ),
        pytest.param(
            ROUTER, GOOD2, "version", id="version 2 to a router of version 3", marks=pytest.mark.rfc(45)
        ),
        pytest.param(ROUTER2, GOOD, "version", id="version 3 to a router of version 2"),
        pytest.param(ROUTER, edited(GOOD, 0, 0x41), "version", id="a version that does not exist"),
        pytest.param(ROUTER, altered(GOOD, payload=GOOD.payload[:7]), "short", id="less than a header"),
        pytest.param(ROUTER, edited(GOOD, 0, 0x32), "type", id="another type", marks=pytest.mark.rfc(7, 46)),
        pytest.param(
            ROUTER,
            altered(GOOD, payload=GOOD.payload[:-1]),
            "truncated",
            id="an address is cut off",
            marks=[pytest.mark.rfc(47), pytest.mark.behaviour("WI-14")],
        ),
        pytest.param(
            ROUTER,
            altered(GOOD, payload=GOOD.payload + bytes(28)),
            "length",
            id="more behind it than Ethernet padding: a signature, for example",
            marks=pytest.mark.behaviour("WI-14", "AU-11"),
        ),
        pytest.param(
            ROUTER,
            edited(GOOD, 6, GOOD.payload[6] ^ 1),
            "checksum",
            id="a wrong checksum",
            marks=pytest.mark.rfc(48),
        ),
        pytest.param(
            replace(ROUTER, checksum_as_v2=True),
            edited(GOOD, 6, GOOD.payload[6] ^ 1),
            "checksum",
            id="a wrong checksum, however our own are made",
            marks=pytest.mark.rfc(48),
        ),
        pytest.param(
            ROUTER6,
            edited(GOOD6, 6, GOOD6.payload[6] ^ 1),
            "checksum",
            id="a wrong checksum over IPv6",
            marks=pytest.mark.rfc(13, 48),
        ),
        pytest.param(None, GOOD, "vrid", id="a VRID that is none of ours", marks=pytest.mark.rfc(49)),
        pytest.param(ROUTER, received(advert(ROUTER), sender=US), "own-address", id="our own source address"),
        pytest.param(
            replace(UNICAST, peers_only=True),
            received(advert(ROUTER), sender=ip_address("10.0.0.9"), destination=US),
            "sender",
            id="check_unicast_src: a sender that is no peer",
        ),
        pytest.param(
            LIMITED,
            received(advert(ROUTER), destination=US, ttl=249),
            "hops",
            id="min_ttl: a peer's advert has come further than it may",
            marks=pytest.mark.behaviour("WI-10"),
        ),
        pytest.param(
            LIMITED,
            received(advert(ROUTER), destination=US, ttl=254),
            "hops",
            id="max_ttl: it has not come as far as it should",
            marks=pytest.mark.behaviour("WI-10"),
        ),
        pytest.param(
            replace(OWNER, ignores_adverts=True),
            GOOD,
            "owner-ignores",
            id="owner_ignore_adverts: an owner heeds nobody",
            marks=pytest.mark.behaviour("SM-26"),
        ),
        pytest.param(
            ROUTER,
            received(advert(ROUTER, addresses=())),
            "count",
            id="no addresses",
            marks=pytest.mark.rfc(10, 51),
        ),
        pytest.param(
            ROUTER2,
            received(advert(ROUTER2, addresses=())),
            "count",
            id="no addresses in version 2",
            marks=pytest.mark.rfc("v2-count"),
        ),
        pytest.param(
            ROUTER,
            received(advert(ROUTER, interval_cs=0)),
            "interval-zero",
            id="interval 0",
            marks=pytest.mark.rfc(16, 53),
        ),
        pytest.param(
            ROUTER,
            received(advert(ROUTER, priority=0, interval_cs=0)),
            "interval-zero",
            id="even from one that leaves",
        ),
        pytest.param(
            ROUTER2,
            received(advert(ROUTER2, auth_type=3)),
            "auth-unknown",
            id="a kind of authentication that does not exist",
        ),
        pytest.param(
            ROUTER2,
            received(advert(PASS)),
            "auth-type",
            id="a password where we have none",
            marks=[pytest.mark.behaviour("AU-01"), pytest.mark.rfc("v2-auth")],
        ),
        pytest.param(
            PASS,
            GOOD2,
            "auth-type",
            id="no password where we have one",
            marks=pytest.mark.behaviour("AU-01"),
        ),
        pytest.param(PASS, received(advert(ROUTER2, auth_type=2)), "auth-type", id="an AH advert"),
        pytest.param(
            PASS,
            received(advert(replace(PASS, password=b"Secret\0\0"))),
            "auth-failed",
            id="another password",
            marks=[pytest.mark.behaviour("AU-01"), pytest.mark.rfc("v2-auth")],
        ),
        pytest.param(
            ROUTER2,
            received(advert(ROUTER2, interval_cs=200)),
            "interval",
            id="version 2 with another interval",
            marks=[pytest.mark.behaviour("SM-12", "SM-13"), pytest.mark.rfc("v2-interval")],
        ),
        pytest.param(
            ROUTER2, received(advert(ROUTER2, interval_cs=0)), "interval", id="version 2 with interval 0"
        ),
    ],
)
def test_a_packet_is_dropped(router: Router | None, packet: Received, reason: str) -> None:
    assert slug(router, packet) == reason


def test_a_check_says_what_was_found_and_what_was_wanted() -> None:
    with pytest.raises(Malformed) as caught:
        accept(ROUTER2, received(advert(ROUTER2, interval_cs=200)), US)

    assert (caught.value.got, caught.value.want) == (200, 100)


# ---- what looks like it and must be let through


@pytest.mark.parametrize(
    ("router", "packet", "ours"),
    [
        pytest.param(
            ROUTER, GOOD, US, id="an advert of version 3", marks=pytest.mark.rfc(45, 46, 47, 48, 49)
        ),
        pytest.param(ROUTER2, GOOD2, US, id="an advert of version 2"),
        pytest.param(ROUTER6, GOOD6, US6, id="an advert over IPv6", marks=pytest.mark.rfc(6, 13, 15)),
        pytest.param(
            UNICAST,
            received(advert(ROUTER), destination=US, ttl=61),
            US,
            id="a peer's unicast advert may have come some way",
            marks=[pytest.mark.behaviour("WI-10"), pytest.mark.rfc(3)],
        ),
        pytest.param(
            LIMITED,
            received(advert(ROUTER), destination=US, ttl=250),
            US,
            id="one that has come as far as its peer's limits allow",
        ),
        pytest.param(
            UNICAST,
            received(advert(ROUTER), sender=ip_address("10.0.0.9"), destination=US),
            US,
            id="a unicast advert of a stranger, where senders are not checked",
        ),
        pytest.param(
            replace(UNICAST, peers_only=True),
            received(advert(ROUTER), destination=US),
            US,
            id="a unicast advert of a peer, where senders are checked",
        ),
        pytest.param(
            ROUTER,
            altered(GOOD, payload=GOOD.payload + bytes(14)),
            US,
            id="Ethernet padding behind it",
            marks=[pytest.mark.behaviour("WI-14"), pytest.mark.rfc(47)],
        ),
        pytest.param(
            ROUTER,
            received(advert(ROUTER, form=ChecksumForm.MESSAGE)),
            US,
            id="a checksum over the message only",
            marks=[pytest.mark.behaviour("WI-04"), pytest.mark.rfc(12, "D1")],
        ),
        pytest.param(
            replace(ROUTER, checksum_as_v2=True),
            GOOD,
            US,
            id="a checksum with the pseudo-header, where ours have none",
            marks=[pytest.mark.behaviour("WI-04"), pytest.mark.rfc("D1")],
        ),
        pytest.param(
            ROUTER,
            received(advert(ROUTER, interval_cs=4095)),
            US,
            id="version 3 with another interval",
            marks=pytest.mark.rfc(16, 55),
        ),
        pytest.param(ROUTER, received(advert(ROUTER, interval_cs=1)), US, id="the shortest interval"),
        pytest.param(
            ROUTER,
            received(advert(ROUTER, addresses=(ip_address("10.0.0.101"),))),
            US,
            id="other addresses",
            marks=[pytest.mark.behaviour("WI-12"), pytest.mark.rfc(56)],
        ),
        pytest.param(
            replace(ROUTER, addresses=()),
            received(advert(ROUTER, addresses=())),
            US,
            id="no addresses between routers that both have none",
            marks=pytest.mark.behaviour("WI-08"),
        ),
        pytest.param(
            ROUTER6,
            received(
                advert(ROUTER6, addresses=(ip_address("2001:db8::1"),)), sender=ABOVE6, destination=GROUP6
            ),
            US6,
            id="a first IPv6 address that is not link-local",
            marks=[pytest.mark.behaviour("WI-07"), pytest.mark.rfc(52)],
        ),
        pytest.param(
            replace(ROUTER, priority=255),
            received(advert(ROUTER, priority=255)),
            US,
            id="another owner's advert goes to the election",
            marks=[pytest.mark.behaviour("SM-26"), pytest.mark.rfc(50)],
        ),
        pytest.param(ROUTER, received(advert(ROUTER, priority=0)), US, id="a goodbye"),
        pytest.param(
            PASS, received(advert(PASS)), US, id="the right password", marks=pytest.mark.behaviour("AU-01")
        ),
        pytest.param(
            ROUTER2,
            received(advert(ROUTER2, auth_data=b"whatever")),
            US,
            id="authentication data where there is no authentication",
        ),
    ],
)
def test_a_packet_is_let_through(router: Router, packet: Received, ours: IpAddress) -> None:
    assert accept(router, packet, ours).vrid == 1


@pytest.mark.rfc(11)
def test_the_reserved_bits_before_the_interval_are_not_looked_at() -> None:
    said = bytearray(encode_advert(advert(ROUTER), ABOVE, GROUP))
    said[4] |= 0xF0
    said[6:8] = bytes(2)
    number = as_number(bytes(said)) + pseudo_header(ABOVE, GROUP, protocol=PROTOCOL, length=len(said))
    said[6:8] = checksum_of(number).to_bytes(2, "big")

    assert accept(ROUTER, received(bytes(said)), US).interval_cs == 100


# ---- the order, by pairs of faults


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong: in the advert before it becomes bytes, or in the packet that carries it."""

    said: Callable[[Advert], Advert] = lambda said: said
    sent: Callable[[Received], Received] = lambda sent: sent


def in_advert(**changes: Any) -> Fault:
    return Fault(said=lambda said: replace(said, **changes))


def in_packet(**changes: Any) -> Fault:
    return Fault(sent=lambda sent: altered(sent, **changes))


def in_bytes(edit: Callable[[bytes], bytes]) -> Fault:
    return Fault(sent=lambda sent: altered(sent, payload=edit(sent.payload)))


def _wrong_checksum(payload: bytes) -> bytes:
    return payload[:6] + bytes((payload[6] ^ 1, payload[7])) + payload[8:]


OURS_ALONE: Final = replace(UNICAST, version=2, password=PASSWORD, peers_only=True)
LADDER: Final[dict[str, Fault]] = {  # in the order of the checks
    "ttl": in_packet(ttl=254),
    "version": in_bytes(lambda payload: bytes((0x31,)) + payload[1:]),
    "short": in_bytes(lambda payload: payload[:4]),
    "type": in_bytes(lambda payload: bytes((payload[0] & 0xF0 | 2,)) + payload[1:]),
    "truncated": in_bytes(lambda payload: payload[:-1]),
    "length": in_bytes(lambda payload: payload + bytes(28)),
    "checksum": in_bytes(_wrong_checksum),
    "sender": in_packet(sender=ip_address("10.0.0.9")),
    "count": in_advert(addresses=()),
    "auth-unknown": in_advert(auth_type=7),
    "auth-type": in_advert(auth_type=0),
    "auth-failed": in_advert(auth_data=b"wrong\0\0\0"),
    "interval": in_advert(interval_cs=200),
}
EXCLUDE_EACH_OTHER: Final = {
    ("short", "truncated"),
    ("short", "length"),
    ("short", "checksum"),
    ("truncated", "length"),
    ("auth-unknown", "auth-type"),
    ("auth-type", "auth-failed"),
    ("auth-unknown", "auth-failed"),
    ("short", "type"),
}
PAIRS: Final = [
    (first, second)
    for n, first in enumerate(LADDER)
    for second in list(LADDER)[n + 1 :]
    if (first, second) not in EXCLUDE_EACH_OTHER
]


@pytest.mark.rfc(44, 45, 46, 47, 48, 51, 54)
@pytest.mark.parametrize(("first", "second"), PAIRS, ids=[f"{a} before {b}" for a, b in PAIRS])
def test_of_two_faults_the_earlier_check_is_named(first: str, second: str) -> None:
    """The router takes version 2 with a password, from one peer, by multicast so that the TTL counts."""
    router = replace(OURS_ALONE, group=GROUP)
    faults = (LADDER[first], LADDER[second])

    assert slug(router, _with(router, faults)) == first


def _with(router: Router, faults: tuple[Fault, ...]) -> Received:
    """A packet with these faults."""
    said = reduce(lambda made, fault: fault.said(made), faults, advert(router))
    return reduce(lambda made, fault: fault.sent(made), faults, received(said))


def test_without_a_fault_that_packet_would_be_let_through() -> None:
    router = replace(OURS_ALONE, group=GROUP)

    assert accept(router, _with(router, ()), US).priority == router.priority


@pytest.mark.rfc(49)
@pytest.mark.parametrize("name", ["ttl", "short", "type", "truncated", "length", "checksum"])
def test_what_is_no_advert_at_all_is_named_before_its_vrid_is(name: str) -> None:
    assert slug(None, _with(ROUTER2, (LADDER[name],))) == name


def test_our_own_address_is_named_before_the_senders_that_we_heed() -> None:
    assert (
        slug(replace(OURS_ALONE, version=3), received(advert(ROUTER), sender=US, destination=US))
        == "own-address"
    )


def test_count_is_named_before_a_zero_interval() -> None:
    assert slug(ROUTER, received(advert(ROUTER, addresses=(), interval_cs=0))) == "count"


def test_a_ttl_is_what_the_rfc_says() -> None:
    assert TTL == 255
