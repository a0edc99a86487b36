"""What a frame on the wire says, read by eyes of the lab's own.

The daemon's codecs are not used here: a codec that writes a mistake reads it back without noticing. Only what
the lab asks for is read (VRRP adverts, announcements, echoes); everything else is a frame without a meaning.
"""

import struct
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from typing import Final, NamedTuple

from standfast.base.addresses import IpAddress
from standfast.base.times import CENTISECOND, SECOND, Duration, Instant, times

_ETHERNET: Final = 14  # bytes of its header
_TYPE_IPV4, _TYPE_ARP, _TYPE_IPV6 = 0x0800, 0x0806, 0x86DD
_ICMP, _ICMPV6, _VRRP, _AH = 1, 58, 112, 51
_AH_SIZE: Final = 24  # of the one before an advert (RFC 2338, section 5.3.6.3)
_ECHO_KINDS: Final = {(_ICMP, 8): False, (_ICMP, 0): True, (_ICMPV6, 128): False, (_ICMPV6, 129): True}
_NEIGHBOUR_ADVERTISEMENT: Final = 136


@dataclass(frozen=True, slots=True)
class Advert:
    """A VRRP advert: RFC 3768, section 5; RFC 9568, section 5."""

    source: IpAddress
    destination: IpAddress
    ttl: int  # or hop limit
    version: int
    vrid: int
    priority: int
    interval: Duration
    addresses: tuple[IpAddress, ...]
    authentication: int = 0  # version 2: 0 none, 1 password, 2 behind an Authentication Header


@dataclass(frozen=True, slots=True)
class Announcement:
    """A gratuitous ARP or an unsolicited neighbour advertisement: this address is at that Ethernet address."""

    address: IpAddress
    mac: bytes


@dataclass(frozen=True, slots=True)
class Echo:
    """An ICMP echo request, or the reply to one."""

    source: IpAddress
    destination: IpAddress
    reply: bool
    sequence: int


@dataclass(frozen=True, slots=True)
class Packet:
    """A frame, when the kernel had it, and what it says."""

    at: Instant
    frame: bytes
    content: Advert | Announcement | Echo | None

    @property
    def sender(self) -> bytes:
        """The Ethernet address that it came from."""
        return self.frame[6:12]


class _Datagram(NamedTuple):
    source: IpAddress
    destination: IpAddress
    protocol: int
    ttl: int
    payload: bytes


def read_packet(at: Instant, frame: bytes) -> Packet:
    """A frame with what it says, if that is something the lab knows."""
    try:
        return Packet(at, frame, _content(frame))
    except (struct.error, ValueError, IndexError):
        return Packet(at, frame, None)  # cut short: the daemons' business, not ours


def _content(frame: bytes) -> Advert | Announcement | Echo | None:
    (kind,) = struct.unpack_from("!H", frame, 12)
    body = frame[_ETHERNET:]
    if kind == _TYPE_ARP:
        return _announcement_by_arp(body)
    if kind not in (_TYPE_IPV4, _TYPE_IPV6):
        return None
    datagram = _ipv4(body) if kind == _TYPE_IPV4 else _ipv6(body)
    if datagram.protocol == _AH:
        inside = datagram.payload[_AH_SIZE:]
        datagram = datagram._replace(protocol=datagram.payload[0], payload=inside)
    if datagram.protocol == _VRRP:
        return _advert(datagram)
    if datagram.protocol == _ICMPV6 and datagram.payload[0] == _NEIGHBOUR_ADVERTISEMENT:
        return _announcement_by_neighbour(datagram)
    return _echo(datagram)


def _ipv4(body: bytes) -> _Datagram:
    start, (total,) = (body[0] & 0x0F) * 4, struct.unpack_from("!H", body, 2)
    source, destination = IPv4Address(body[12:16]), IPv4Address(body[16:20])
    return _Datagram(source, destination, body[9], body[8], body[start:total])


def _ipv6(body: bytes) -> _Datagram:
    (length,) = struct.unpack_from("!H", body, 4)
    source, destination = IPv6Address(body[8:24]), IPv6Address(body[24:40])
    return _Datagram(source, destination, body[6], body[7], body[40 : 40 + length])


def _advert(datagram: _Datagram) -> Advert | None:
    kind, vrid, priority, count, interval = struct.unpack_from("!BBBBH", datagram.payload)
    version = kind >> 4
    if version == 2:  # an authentication type, then whole seconds
        authentication, wait = interval >> 8, times(interval & 0xFF, SECOND)
    else:
        authentication, wait = 0, times(interval & 0x0FFF, CENTISECOND)
    family, size = type(datagram.source), len(datagram.source.packed)
    places = range(8, 8 + count * size, size)
    addresses = tuple(family(datagram.payload[at : at + size]) for at in places)
    return Advert(
        datagram.source,
        datagram.destination,
        datagram.ttl,
        version,
        vrid,
        priority,
        wait,
        addresses,
        authentication,
    )


def _announcement_by_arp(body: bytes) -> Announcement | None:
    """An ARP packet whose sender and target are one address (RFC 5227, section 3)."""
    mac, source, target = body[8:14], body[14:18], body[24:28]
    return Announcement(IPv4Address(source), mac) if source == target else None


def _announcement_by_neighbour(datagram: _Datagram) -> Announcement | None:
    """A neighbour advertisement that nobody asked for (RFC 4861, section 4.4): the S flag is clear."""
    flags, target, options = datagram.payload[4], datagram.payload[8:24], datagram.payload[24:]
    solicited = flags & 0x40
    return None if solicited else Announcement(IPv6Address(target), options[2:8])


def _echo(datagram: _Datagram) -> Echo | None:
    reply = _ECHO_KINDS.get((datagram.protocol, datagram.payload[0]))
    if reply is None:
        return None
    (sequence,) = struct.unpack_from("!H", datagram.payload, 6)
    return Echo(datagram.source, datagram.destination, reply, sequence)
