"""What is fuzzed: each decoder of the wire, and the receive checks behind it, with good packets to start from."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

import fuzz_bfd
import fuzz_checks
import fuzz_ipvs

from standfast.base.addresses import Family, HostAddress, IpAddress
from standfast.base.times import SECOND, Instant, WallTime
from standfast.core.vrrp.accept import accept, differences
from standfast.core.vrrp.authentic import Marks, Signature
from standfast.core.vrrp.events import Received
from standfast.core.vrrp.router import Router
from standfast.wire import ipc
from standfast.wire.ah import AH_SIZE, authenticated, identification_of
from standfast.wire.arp import REPLY, ArpPacket, decode_arp, encode_arp, gratuitous_arp
from standfast.wire.checksum import ChecksumForm, as_number, checksum_of, pseudo_header
from standfast.wire.ethernet import BROADCAST, TYPE_ARP, EthernetFrame, decode_ethernet, encode_ethernet
from standfast.wire.ip import decode_ipv4, decode_ipv6, ipv4_header, ipv6_header
from standfast.wire.ndp import (
    ALL_NODES,
    NeighbourAdvertisement,
    decode_neighbour_advertisement,
    decode_unsolicited_frame,
    encode_neighbour_advertisement,
    unsolicited_frame,
    unsolicited_message,
)
from standfast.wire.netlink import DONE, ERROR, encode_attribute, encode_message, messages_in
from standfast.wire.rtnetlink import decode_report
from standfast.wire.rtnetlink_address import add_address, delete_address
from standfast.wire.rtnetlink_link import NEW_LINK
from standfast.wire.vrrp import Advert, decode_advert, encode_advert, vrid_of
from standfast.wire.vrrp_auth import password_field
from standfast.wire.vrrp_hmac import joined, sequence_at, sign

Decode = Callable[[bytes], object]
Mend = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Target:
    """One decoder under test."""

    name: str
    decode: Decode  # may raise Malformed, and nothing else
    seeds: tuple[bytes, ...]  # good packets; each is mutated
    lengths: tuple[
        int, ...
    ] = ()  # where lengths and counts stand: they are edited more often than other bytes
    mend: Mend | None = None  # puts the checksum right, so that what comes after it is reached


SOURCE: Final = IPv4Address("192.0.2.251")
GROUP: Final = IPv4Address("224.0.0.18")
SOURCE6: Final = IPv6Address("fe80::c8")
GROUP6: Final = IPv6Address("ff02::12")
MAC: Final = bytes.fromhex("0200000000fe")
VIP: Final = IPv4Address("192.0.2.1")
VIP6: Final = IPv6Address("fe80::1")

V3: Final = Advert(3, Family.IPV4, 10, 100, 100, (VIP,), ChecksumForm.PSEUDO_HEADER)
V2: Final = Advert(2, Family.IPV4, 10, 100, 100, (VIP,), ChecksumForm.MESSAGE, 1, password_field(b"secret"))
V6: Final = Advert(3, Family.IPV6, 10, 100, 100, (VIP6,), ChecksumForm.PSEUDO_HEADER)


def _adverts(*adverts: Advert) -> tuple[bytes, ...]:
    """Each advert with few and with many addresses, and as short ones come with padding."""
    seeds = []
    for advert in adverts:
        ends: tuple[IpAddress, IpAddress] = (
            (SOURCE, GROUP) if advert.family is Family.IPV4 else (SOURCE6, GROUP6)
        )
        one = encode_advert(advert, *ends)
        many = [replace(advert, addresses=advert.addresses * count) for count in (0, 2, 5, 40, 255)]
        seeds += [one, one, one, *(encode_advert(each, *ends) for each in many)]
        if len(one) < 26:
            seeds.append(one.ljust(26, b"\xaa"))
    return tuple(seeds)


def _mend_checksum(at: int, pseudo: Callable[[bytes], int]) -> Mend:
    """Write the right checksum at `at`, over what `pseudo` gives and the message."""

    def mend(message: bytes) -> bytes:
        if len(message) < at + 2:
            return message
        blank = message[:at] + b"\0\0" + message[at + 2 :]
        return blank[:at] + checksum_of(as_number(blank) + pseudo(blank)).to_bytes(2, "big") + blank[at + 2 :]

    return mend


def _vrrp_pseudo(message: bytes) -> int:
    """Of a packet over IPv4: version 3 has one, and so does every other bit pattern but version 2."""
    return 0 if message[0] >> 4 == 2 else pseudo_header(SOURCE, GROUP, protocol=112, length=len(message))


def _decode_advert(source: IpAddress, destination: IpAddress) -> Decode:
    """Read an advert; what was read must be what is written and read again."""

    def decode(payload: bytes) -> Advert:
        vrid_of(payload)
        advert = decode_advert(payload, source, destination)
        again = decode_advert(encode_advert(advert, source, destination), source, destination)
        assert again == advert, "an advert changed on its way"
        return advert

    return decode


def _decode_packet(data: bytes) -> Advert:
    """As a raw socket gives it: with the IP header before it."""
    packet = decode_ipv4(data)
    return decode_advert(packet.payload, packet.source, packet.destination)


def _accept(router: Router | None, source: IpAddress, ours: IpAddress, group: IpAddress) -> Decode:
    """The receive checks of a router, and what it finds odd about an advert that passes them."""

    def decode(payload: bytes) -> Advert:
        family = Family.IPV4 if source.version == 4 else Family.IPV6
        packet = Received("eth0", family, source, group, 255, payload, Instant(0))
        advert = accept(router, packet, ours)
        if router is not None:
            differences(router, advert)
        return advert

    return decode


def _accept_headed(data: bytes) -> Advert:
    """The receive checks of a router with AH, of a packet as a raw socket gives it."""
    begin = (data[0] & 0x0F) * 4 + AH_SIZE if data else 0
    packet = Received("eth0", Family.IPV4, SOURCE, GROUP, 255, data[begin:], Instant(0), data[:begin])
    return accept(ROUTER_AH, packet, VIP, counter=9)


def _accept_signed(router: Router, source: IpAddress, group: IpAddress) -> Decode:
    """The receive checks of a router with `auth_hmac`."""

    def decode(payload: bytes) -> Advert:
        family = Family.IPV4 if source.version == 4 else Family.IPV6
        packet = Received("eth0", family, source, group, 255, payload, Instant(0), b"", WALL)
        return accept(router, packet, None, marks=Marks(((source, sequence_at(WALL)),)))

    return decode


def _signed(message: bytes, source: IpAddress, group: IpAddress, *, later: int = 1) -> bytes:
    """An advert with its trailer; `later` in sequence numbers."""
    trailer = sign(message, source, key_id=1, key=HMAC_KEY, sequence=sequence_at(WALL) + later)
    return joined(message, trailer, source=source, destination=group)


def _headed(message: bytes, sequence: int) -> bytes:
    payload = authenticated(message, SOURCE, GROUP, key=AH_KEY, sequence=sequence)
    number = identification_of(sequence)
    return ipv4_header(SOURCE, GROUP, len(payload), identification=number, ttl=255, protocol=51) + payload


def _decode_netlink(data: bytes) -> object:
    return [decode_report(message) for message in messages_in(data)]


ROUTER: Final = Router(
    "VI_1", 10, Family.IPV4, "eth0", 3, addresses=(HostAddress(VIP, 32, "eth0"),), group=GROUP
)
ROUTER2: Final = replace(ROUTER, version=2, password=password_field(b"secret"))
ROUTER6: Final = replace(
    ROUTER, family=Family.IPV6, addresses=(HostAddress(VIP6, 128, "eth0"),), group=GROUP6, priority=255
)

AH_KEY: Final = b"secret"
ROUTER_AH: Final = replace(ROUTER, version=2, ah_key=AH_KEY)
HMAC_KEY: Final = bytes(range(32))
WALL: Final = WallTime(1_800_000_000 * SECOND)
SIGNATURE: Final = Signature(keys=((1, HMAC_KEY),), active=1, window=SECOND)

_LINK_ATTRIBUTES: Final = b"".join(
    encode_attribute(kind, value)
    for kind, value in (
        (3, b"eth0\0"),
        (1, MAC),
        (4, (1500).to_bytes(4, "little")),
        (16, b"\6"),
        (33, b"\1"),
        (18, encode_attribute(1, b"macvlan\0")),
    )
)
_LINK_HEAD: Final = bytes((0, 0, 1, 0, 3, 0, 0, 0, 0x43, 0, 1, 0, 0, 0, 0, 0))
_REFUSAL: Final = (-17).to_bytes(4, "little", signed=True) + encode_message(20, 5, b"body")
_WORDS: Final = encode_attribute(1, b"ipv4: Address already assigned\0")
_ADD: Final = add_address(
    HostAddress(VIP, 24, "eth0", label="eth0:1", broadcast=IPv4Address("192.0.2.255"), flags=0x202), 3
)
_ADD6: Final = add_address(HostAddress(VIP6, 64, "eth0", preferred_seconds=0, peer=ip_address("fe80::2")), 3)
_NETLINK: Final = (
    _ADD,
    _ADD6,
    _ADD + _ADD6,
    delete_address(HostAddress(VIP, 24, "eth0"), 3),
    encode_message(NEW_LINK, 0, _LINK_HEAD + _LINK_ATTRIBUTES),
    encode_message(ERROR, 0x200, _REFUSAL + _WORDS),
    encode_message(ERROR, 0x300, _REFUSAL[:20] + _WORDS),
    encode_message(DONE, 0x2, bytes(4)),
)

_FRAMES: Final = (gratuitous_arp(VIP, MAC), unsolicited_frame(VIP6, MAC, router=True))
_TAGGED: Final = tuple(frame[:12] + bytes.fromhex("81000064") + frame[12:] for frame in _FRAMES)
_REPLY: Final = encode_ethernet(
    EthernetFrame(BROADCAST, MAC, TYPE_ARP, encode_arp(ArpPacket(REPLY, MAC, VIP, MAC, SOURCE)))
)
_ANSWER: Final = encode_neighbour_advertisement(
    NeighbourAdvertisement(VIP6, MAC, router=False, solicited=True), SOURCE6, GROUP6
)


def _packet(payload: bytes) -> bytes:
    return ipv4_header(SOURCE, GROUP, len(payload), identification=1, ttl=255) + payload


def _packet6(payload: bytes) -> bytes:
    return ipv6_header(SOURCE6, GROUP6, len(payload), next_header=112, hop_limit=255) + payload


_OVER_IPV4: Final = _adverts(V3, V2, replace(V3, form=ChecksumForm.MESSAGE))
_OVER_IPV6: Final = _adverts(V6)
_BARE: Final = encode_advert(replace(V2, auth_type=2, auth_data=b""), SOURCE, GROUP)
_HEADED: Final = (_headed(_BARE, 10), _headed(_BARE, 11), _headed(_BARE, 9))
_MINUTE: Final = 60 << 32  # in sequence numbers


def _all_signed(message: bytes, source: IpAddress, group: IpAddress) -> tuple[bytes, ...]:
    """New, old, late, and without a signature."""
    laters = (1, 2, 1 << 31, 0, -_MINUTE)
    return (*(_signed(message, source, group, later=later) for later in laters), message)


_SIGNED: Final = _all_signed(encode_advert(V3, SOURCE, GROUP), SOURCE, GROUP)
_SIGNED6: Final = _all_signed(encode_advert(V6, SOURCE6, GROUP6), SOURCE6, GROUP6)
_MEND: Final = _mend_checksum(6, _vrrp_pseudo)
_MEND6: Final = _mend_checksum(
    6, lambda message: pseudo_header(SOURCE6, GROUP6, protocol=112, length=len(message))
)
_MEND_NDP: Final = _mend_checksum(
    2, lambda message: pseudo_header(VIP6, ALL_NODES, protocol=58, length=len(message))
)

TARGETS: Final = (
    Target("advert over IPv4", _decode_advert(SOURCE, GROUP), _OVER_IPV4, (0, 3), _MEND),
    Target("advert over IPv6", _decode_advert(SOURCE6, GROUP6), _OVER_IPV6, (0, 3), _MEND6),
    Target("advert in its packet", _decode_packet, tuple(map(_packet, _OVER_IPV4)), (0, 2, 3, 6, 7, 23)),
    Target("accepted by version 3", _accept(ROUTER, SOURCE, VIP, GROUP), _adverts(V3), (0, 3), _MEND),
    Target("accepted by version 2", _accept(ROUTER2, SOURCE, VIP, GROUP), _adverts(V2), (0, 3), _MEND),
    Target("accepted over IPv6", _accept(ROUTER6, SOURCE6, VIP6, GROUP6), _OVER_IPV6, (0, 3), _MEND6),
    Target("accepted by nobody", _accept(None, SOURCE, VIP, GROUP), _OVER_IPV4, (0, 3), _MEND),
    Target("accepted behind a header", _accept_headed, _HEADED, (0, 20, 21, 27, 31, 47)),
    Target(
        "accepted with a signature",
        _accept_signed(replace(ROUTER, signature=SIGNATURE), SOURCE, GROUP),
        _SIGNED,
        (3, 12, 13, 14),
    ),
    Target(
        "accepted with a signature over IPv6",
        _accept_signed(replace(ROUTER6, signature=SIGNATURE), SOURCE6, GROUP6),
        _SIGNED6,
        (3, 24, 25, 26),
        _MEND6,
    ),
    Target("IPv4 packet", decode_ipv4, tuple(map(_packet, _OVER_IPV4)), (0, 2, 3, 6, 7)),
    Target("IPv6 packet", decode_ipv6, tuple(map(_packet6, _OVER_IPV6)), (0, 4, 5)),
    Target("Ethernet frame", decode_ethernet, _FRAMES + _TAGGED, (12, 13, 16, 17)),
    Target("ARP frame", decode_arp, (_FRAMES[0], _TAGGED[0], _REPLY), (12, 13, 18, 19, 21)),
    Target("advertisement frame", decode_unsolicited_frame, (_FRAMES[1], _TAGGED[1]), (18, 19, 20, 21, 79)),
    Target(
        "neighbour advertisement",
        lambda data: decode_neighbour_advertisement(data, VIP6, ALL_NODES),
        (unsolicited_message(VIP6, MAC, router=True), _ANSWER, _ANSWER + _ANSWER[-8:] * 40),
        (1, 25),
        _MEND_NDP,
    ),
    Target("netlink", _decode_netlink, _NETLINK, (0, 1, 4, 16, 17, 24, 25, 32, 36)),
    Target("BFD", fuzz_bfd.decode, fuzz_bfd.SEEDS, fuzz_bfd.LENGTHS),
    Target("accepted by a session", fuzz_bfd.accept, fuzz_bfd.SEEDS, fuzz_bfd.LENGTHS),
    Target("IPVS", fuzz_ipvs.decode_ipvs, fuzz_ipvs.SEEDS, fuzz_ipvs.LENGTHS),
    Target("head of an HTTP answer", fuzz_checks.head, fuzz_checks.HTTP),
    Target("DNS answer", fuzz_checks.dns, fuzz_checks.DNS, fuzz_checks.DNS_LENGTHS),
    Target("echo reply", fuzz_checks.echo, fuzz_checks.ECHOES, (0, 1)),
    Target(
        "line between our processes",
        ipc.decode_message,
        tuple(
            ipc.encode_message(message)[:-1]
            for message in (
                ipc.Hello(1),
                ipc.Ready(),
                ipc.Alive(1, 7),
                ipc.Told(1, {"instances": [ipc.raw(b'{"name":"VI_1"}')], "held": []}),
                ipc.Configured(1, "no"),
                ipc.AskReload(),
            )
        ),
    ),
)
