"""Ethernet frames: destination, source, type, payload (IEEE 802.3); VLAN tags are skipped (IEEE 802.1Q)."""

from typing import Final

from standfast.base.errors import Malformed, ensure
from standfast.base.frozen import frozen

MAC_SIZE: Final = 6
BROADCAST: Final = b"\xff" * MAC_SIZE
TYPE_IPV4: Final = 0x0800
TYPE_ARP: Final = 0x0806
TYPE_IPV6: Final = 0x86DD

_HEADER_SIZE: Final = 14
_VLAN_TYPES: Final = frozenset({0x8100, 0x88A8})  # customer and service tag
_VLAN_TAG_SIZE: Final = 4
_VLAN_TAGS_MAX: Final = 2  # one of each kind is what IEEE 802.1ad knows


@frozen
class EthernetFrame:
    """A frame without its VLAN tags; the payload may have padding behind it."""

    destination: bytes
    source: bytes
    ether_type: int
    payload: bytes


def encode_ethernet(frame: EthernetFrame) -> bytes:
    """The frame's bytes, as short as it is: the card or its driver pads it to the 60 bytes of the cable."""
    macs_fit = len(frame.destination) == MAC_SIZE and len(frame.source) == MAC_SIZE
    ensure(macs_fit, "an Ethernet address has 6 bytes")
    return frame.destination + frame.source + frame.ether_type.to_bytes(2, "big") + frame.payload


def decode_ethernet(data: bytes) -> EthernetFrame:
    """Read a frame.

    Raises:
        Malformed: `short` if the header or a VLAN tag is cut, `vlan-tags` for a third tag.
    """
    at = 2 * MAC_SIZE
    for _ in range(_VLAN_TAGS_MAX + 1):
        if len(data) < at + 2:
            raise Malformed("short", got=len(data), want=_HEADER_SIZE)
        ether_type = int.from_bytes(data[at : at + 2], "big")
        if ether_type not in _VLAN_TYPES:
            return EthernetFrame(data[:MAC_SIZE], data[MAC_SIZE : 2 * MAC_SIZE], ether_type, data[at + 2 :])
        at += _VLAN_TAG_SIZE
    raise Malformed("vlan-tags", got=_VLAN_TAGS_MAX + 1, want=_VLAN_TAGS_MAX)
