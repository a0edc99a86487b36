"""The headers of IPv4 (RFC 791, section 3.1) and IPv6 (RFC 8200, section 3).

We write the IPv4 header of our own adverts, and the IPv6 header of an announcement that goes out as a whole
frame. We read what a raw socket gives us. IPv6 extension headers are not for us: what has one does not carry
the protocol that we look for directly behind the header.
"""

from ipaddress import IPv4Address, IPv6Address
from struct import Struct
from typing import Final

from standfast.base.errors import Malformed, ensure
from standfast.base.frozen import frozen
from standfast.base.limits import DATAGRAM_MAX
from standfast.wire.checksum import as_number, checksum_of
from standfast.wire.vrrp import PROTOCOL

IPV4_HEADER_SIZE: Final = 20  # without options
IPV6_HEADER_SIZE: Final = 40
CLASS_NETWORK_CONTROL: Final = 0xC0  # type of service and traffic class of adverts (behaviour WI-01)

_IPV4: Final = Struct("!BBHHHBBHII")
_IPV6: Final = Struct("!IHBB16s16s")
_NO_OPTIONS: Final = 4 << 4 | 5  # version, and five words of header
_FRAGMENT: Final = 0x3FFF  # more fragments follow, or bytes come before: "don't fragment" is not in it


@frozen
class Ipv4Packet:
    """What an IPv4 packet says and carries, without its options and its padding."""

    source: IPv4Address
    destination: IPv4Address
    ttl: int
    protocol: int
    payload: bytes
    tos: int = 0
    identification: int = 0


@frozen
class Ipv6Packet:
    """What an IPv6 packet says and carries, without its padding."""

    source: IPv6Address
    destination: IPv6Address
    hop_limit: int
    next_header: int
    payload: bytes
    traffic_class: int = 0


def ipv4_header(
    source: IPv4Address,
    destination: IPv4Address,
    payload_length: int,
    *,
    identification: int,
    ttl: int,
    tos: int = CLASS_NETWORK_CONTROL,
    protocol: int = PROTOCOL,
) -> bytes:
    """An IPv4 header without options, fragment bits all zero, its checksum filled in (behaviour WI-02).

    Args:
        source: of the packet.
        destination: of the packet.
        payload_length: bytes behind the header, at most 65,515.
        identification: counts up from packet to packet; its low 16 bits are used.
        ttl: 0 to 255.
        tos: type of service, 0 to 255.
        protocol: number of the payload's protocol.
    """
    length = IPV4_HEADER_SIZE + payload_length
    ensure(length <= DATAGRAM_MAX, "an IP packet has at most 65,535 bytes")
    fields = (_NO_OPTIONS, tos, length, identification & 0xFFFF, 0, ttl, protocol)
    addresses = int(source), int(destination)
    checksum = checksum_of(as_number(_IPV4.pack(*fields, 0, *addresses)))
    return _IPV4.pack(*fields, checksum, *addresses)


def decode_ipv4(packet: bytes) -> Ipv4Packet:
    """Read an IPv4 packet; the kernel has looked at its header checksum.

    Raises:
        Malformed: for the first broken rule; in their order `short`, `version`, `header-length`, `truncated`,
            `fragment`.
    """
    size = len(packet)
    if size < IPV4_HEADER_SIZE:
        raise Malformed("short", got=size, want=IPV4_HEADER_SIZE)
    first, tos, length, identification, fragment, ttl, protocol, _, source, destination = _IPV4.unpack_from(
        packet
    )
    if first >> 4 != 4:
        raise Malformed("version", got=first >> 4, want=4)
    header_size = (first & 0x0F) * 4
    if not IPV4_HEADER_SIZE <= header_size <= length:
        raise Malformed("header-length", got=header_size, want=IPV4_HEADER_SIZE)
    if size < length:
        raise Malformed("truncated", got=size, want=length)
    if fragment & _FRAGMENT:
        raise Malformed("fragment", got=fragment & _FRAGMENT)
    payload = packet[header_size:length]
    return Ipv4Packet(
        IPv4Address(source), IPv4Address(destination), ttl, protocol, payload, tos, identification
    )


def ipv6_header(
    source: IPv6Address,
    destination: IPv6Address,
    payload_length: int,
    *,
    next_header: int,
    hop_limit: int,
    traffic_class: int = 0,
) -> bytes:
    """An IPv6 header with flow label 0."""
    ensure(payload_length <= DATAGRAM_MAX, "an IP packet has at most 65,535 bytes")
    first = 6 << 28 | traffic_class << 20
    return _IPV6.pack(first, payload_length, next_header, hop_limit, source.packed, destination.packed)


def decode_ipv6(packet: bytes) -> Ipv6Packet:
    """Read an IPv6 packet.

    Raises:
        Malformed: for the first broken rule; in their order `short`, `version`, `truncated`.
    """
    size = len(packet)
    if size < IPV6_HEADER_SIZE:
        raise Malformed("short", got=size, want=IPV6_HEADER_SIZE)
    first, length, next_header, hop_limit, source, destination = _IPV6.unpack_from(packet)
    if first >> 28 != 6:
        raise Malformed("version", got=first >> 28, want=6)
    end = IPV6_HEADER_SIZE + length
    if size < end:
        raise Malformed("truncated", got=size, want=end)
    return Ipv6Packet(
        source=IPv6Address(source),
        destination=IPv6Address(destination),
        hop_limit=hop_limit,
        next_header=next_header,
        payload=packet[IPV6_HEADER_SIZE:end],
        traffic_class=first >> 20 & 0xFF,
    )
