"""A destination, as the kernel's IPVS is told and tells about it: the attributes within IPVS_CMD_ATTR_DEST.

There may be tens of thousands of them, so all attributes are written at once, in one layout.
"""

from enum import IntEnum
from struct import Struct
from typing import Final

from standfast.base.addresses import Family
from standfast.base.errors import Malformed, ensure
from standfast.base.limits import SERVER_WEIGHT_MAX
from standfast.base.services import (
    IPIP,
    Destination,
    DestinationKey,
    Forwarding,
    Tunnel,
    TunnelChecksum,
    TunnelKind,
)
from standfast.wire.ipvs_service import address_at, family_in, port_in
from standfast.wire.netlink import number_in
from standfast.wire.netlink_address import FAMILY_NUMBER

_METHOD_MASK: Final = 0x07  # IP_VS_CONN_F_FWD_MASK: what stands above are flags of connections


class DestinationAttribute(IntEnum):
    """IPVS_DEST_ATTR_*."""

    ADDRESS = 1
    PORT = 2
    FORWARDING = 3
    WEIGHT = 4
    UPPER = 5
    LOWER = 6
    ACTIVE = 7
    INACTIVE = 8
    PERSISTENT = 9
    STATISTICS = 10
    FAMILY = 11
    STATISTICS_64 = 12
    TUNNEL_KIND = 13
    TUNNEL_PORT = 14
    TUNNEL_FLAGS = 15


_A = DestinationAttribute

_INET, _INET6 = FAMILY_NUMBER[Family.IPV4], FAMILY_NUMBER[Family.IPV6]
_SHORT, _LONG, _ADDRESS, _BYTE = (6, 8, 20, 5)  # lengths of attributes, with their headers

# Header (length, kind) and value of each attribute, with what pads it to four bytes. Ports come as numbers of the
# host's order that are written as bytes of the network's.
_KEY: Final = Struct("=HH16s HH2s2x HHH2x")  # address, port, family
_REST: Final = Struct("=HHI HHi HHI HHI")  # forwarding, weight, upper, lower
_TUNNEL: Final = Struct("=HHB3x HH2s2x HHH2x")  # kind, port, flags

_FORWARDINGS: Final = {int(each): each for each in Forwarding}
_TUNNELS: Final = {int(each): each for each in TunnelKind}
_CHECKSUMS: Final = {int(each): each for each in TunnelChecksum}

_PORT_BYTES: Final = Struct("!H").pack


def encode_destination_key(key: DestinationKey) -> bytes:
    """The attributes that say which destination is meant."""
    address, port = key
    return _KEY.pack(
        *(_ADDRESS, 1, address.packed),
        *(_SHORT, 2, _PORT_BYTES(port)),
        *(_SHORT, 11, _INET if address.version == 4 else _INET6),
    )


def encode_destination(destination: Destination) -> bytes:
    """The attributes that say all about a destination."""
    ensure(0 <= destination.weight <= SERVER_WEIGHT_MAX, "a weight is at most 2^31 - 1")
    forwarding = destination.forwarding
    most = encode_destination_key((destination.address, destination.port)) + _REST.pack(
        _LONG, 3, forwarding, _LONG, 4, destination.weight, _LONG, 5, destination.upper,
        _LONG, 6, destination.lower,
    )  # fmt: skip
    return most + _encode_tunnel(destination.tunnel) if forwarding is Forwarding.TUNNEL else most


def _encode_tunnel(tunnel: Tunnel) -> bytes:
    return _TUNNEL.pack(
        *(_BYTE, 13, tunnel.kind),
        *(_SHORT, 14, _PORT_BYTES(tunnel.port)),
        *(_SHORT, 15, tunnel.checksum),
    )


def decode_destination(attributes: dict[int, bytes], service_family: Family) -> Destination:
    """Read the attributes of a destination.

    Args:
        attributes: its own.
        service_family: of the service that it belongs to; kernels before 3.18 tell no other.

    Raises:
        Malformed: `family`, `address`, `forwarding`, `weight`, `tunnel-kind`, `tunnel-checksum` (unknown or
            impossible), or `attribute-size`.
    """
    family = family_in(attributes, _A.FAMILY, service_family)
    method = number_in(attributes, _A.FORWARDING, size=4) & _METHOD_MASK
    if method not in _FORWARDINGS:
        raise Malformed("forwarding", got=method)
    weight = number_in(attributes, _A.WEIGHT, size=4)
    if weight > SERVER_WEIGHT_MAX:
        raise Malformed("weight", got=weight, want=SERVER_WEIGHT_MAX)
    forwarding = _FORWARDINGS[method]
    return Destination(
        address_at(attributes.get(_A.ADDRESS, b""), family),
        port_in(attributes, _A.PORT),
        forwarding,
        weight,
        number_in(attributes, _A.UPPER, size=4),
        number_in(attributes, _A.LOWER, size=4),
        _tunnel_in(attributes) if forwarding is Forwarding.TUNNEL else IPIP,
    )


def _tunnel_in(attributes: dict[int, bytes]) -> Tunnel:
    kind = number_in(attributes, _A.TUNNEL_KIND, size=1)
    checksum = number_in(attributes, _A.TUNNEL_FLAGS, size=2)
    if kind not in _TUNNELS:
        raise Malformed("tunnel-kind", got=kind)
    if checksum not in _CHECKSUMS:
        raise Malformed("tunnel-checksum", got=checksum)
    return Tunnel(_TUNNELS[kind], port_in(attributes, _A.TUNNEL_PORT), _CHECKSUMS[checksum])
