"""Lightweight tunnels of routes (linux/lwtunnel.h, linux/mpls_iptunnel.h, linux/ila.h)."""

from enum import IntEnum
from sys import byteorder
from typing import Final, assert_never

from standfast.base.errors import ensure
from standfast.base.routes import (
    Encapsulation,
    EncapsulationType,
    LabelEncapsulation,
    LocatorEncapsulation,
    TunnelEncapsulation,
)
from standfast.wire.netlink import encode_attribute

_LABELS: Final = 1  # MPLS_IPTUNNEL_DST
_LOCATOR: Final = 1  # ILA_ATTR_LOCATOR
_LABEL_MAX: Final = (1 << 20) - 1  # RFC 3032, section 2.1
_LAST_LABEL: Final = 1 << 8  # the bottom of the stack


class _Tunnel(IntEnum):
    """Attributes of a tunnel (LWTUNNEL_IP_*, LWTUNNEL_IP6_*)."""

    ID = 1
    DESTINATION = 2
    SOURCE = 3
    TTL = 4
    TOS = 5
    FLAGS = 6


def encode_encapsulation(encapsulation: Encapsulation) -> tuple[int, bytes]:
    """The number of its sort, and its attributes."""
    match encapsulation:
        case TunnelEncapsulation():
            return encapsulation.type, _tunnel(encapsulation)
        case LabelEncapsulation(labels):
            return EncapsulationType.MPLS, encode_attribute(_LABELS, _stack(labels))
        case LocatorEncapsulation(locator):
            return EncapsulationType.ILA, encode_attribute(_LOCATOR, locator.to_bytes(8, "big"))
        case _:
            assert_never(encapsulation)


def _tunnel(tunnel: TunnelEncapsulation) -> bytes:
    """What is not said is not sent; IPv4 orders TTL before TOS, IPv6 hop limit before traffic class."""
    said = (
        (_Tunnel.ID, None if tunnel.id is None else tunnel.id.to_bytes(8, "big")),
        (_Tunnel.DESTINATION, None if tunnel.destination is None else tunnel.destination.packed),
        (_Tunnel.SOURCE, None if tunnel.source is None else tunnel.source.packed),
        (_Tunnel.TTL, None if tunnel.ttl is None else tunnel.ttl.to_bytes(1, byteorder)),
        (_Tunnel.TOS, None if tunnel.tos is None else tunnel.tos.to_bytes(1, byteorder)),
        (_Tunnel.FLAGS, None if tunnel.flags is None else tunnel.flags.to_bytes(2, "big")),
    )
    return b"".join(encode_attribute(kind, value) for kind, value in said if value is not None)


def _stack(labels: tuple[int, ...]) -> bytes:
    """The labels, outermost first (RFC 3032, section 2.1)."""
    ensure(labels and max(labels) <= _LABEL_MAX, "a label has 20 bits")
    entries = [label << 12 for label in labels]
    entries[-1] |= _LAST_LABEL
    return b"".join(entry.to_bytes(4, "big") for entry in entries)
