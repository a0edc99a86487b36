"""ARP for IPv4 over Ethernet (RFC 826), and the gratuitous request that announces an address.

A new master broadcasts a request for its own address: every host that knows the address learns where it is
now (RFC 5227, section 3; behaviour GA-01).
"""

from ipaddress import IPv4Address
from struct import Struct
from typing import Final

from standfast.base.errors import Malformed, ensure
from standfast.base.frozen import frozen
from standfast.wire.ethernet import (
    BROADCAST,
    MAC_SIZE,
    TYPE_ARP,
    EthernetFrame,
    decode_ethernet,
    encode_ethernet,
)

REQUEST: Final = 1
REPLY: Final = 2

_ARP: Final = Struct("!HHBBH6sI6sI")
_KIND: Final = (1, 0x0800, MAC_SIZE, 4)  # Ethernet, IPv4, and the sizes of their addresses


@frozen
class ArpPacket:
    """One request or reply."""

    operation: int
    sender_mac: bytes
    sender_address: IPv4Address
    target_mac: bytes
    target_address: IPv4Address


def gratuitous_arp(address: IPv4Address, mac: bytes) -> bytes:
    """The 42 byte frame that tells everyone on the link: `address` is at `mac`."""
    packet = ArpPacket(REQUEST, mac, address, BROADCAST, address)
    return encode_ethernet(EthernetFrame(BROADCAST, mac, TYPE_ARP, encode_arp(packet)))


def encode_arp(packet: ArpPacket) -> bytes:
    """The packet as the payload of a frame."""
    macs_fit = len(packet.sender_mac) == MAC_SIZE and len(packet.target_mac) == MAC_SIZE
    ensure(macs_fit, "an Ethernet address has 6 bytes")
    return _ARP.pack(
        *_KIND,
        packet.operation,
        packet.sender_mac,
        int(packet.sender_address),
        packet.target_mac,
        int(packet.target_address),
    )


def decode_arp(frame: bytes) -> ArpPacket:
    """Read a frame that carries an ARP packet.

    Raises:
        Malformed: for the first broken rule; `short`, `vlan-tags`, `ether-type`, `truncated`, `hardware`
            (not Ethernet and IPv4), `operation` (neither request nor reply).
    """
    ethernet = decode_ethernet(frame)
    if ethernet.ether_type != TYPE_ARP:
        raise Malformed("ether-type", got=ethernet.ether_type, want=TYPE_ARP)
    if len(ethernet.payload) < _ARP.size:
        raise Malformed("truncated", got=len(ethernet.payload), want=_ARP.size)
    *kind, operation, sender_mac, sender, target_mac, target = _ARP.unpack_from(ethernet.payload)
    if tuple(kind) != _KIND:
        raise Malformed("hardware", got=kind[0], want=_KIND[0])
    if operation not in {REQUEST, REPLY}:
        raise Malformed("operation", got=operation, want=REQUEST)
    return ArpPacket(operation, sender_mac, IPv4Address(sender), target_mac, IPv4Address(target))
