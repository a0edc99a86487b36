"""Neighbour advertisements of IPv6 (RFC 4861, section 4.4), and the unsolicited one that announces an address.

A new master tells all nodes of the link where its address is now: from the address itself, override flag set,
with the target link-layer address option (RFC 9568, section 6.4.2; behaviour GA-02).
"""

from ipaddress import IPv6Address
from struct import Struct
from typing import Final

from standfast.base.errors import Malformed, ensure
from standfast.base.frozen import frozen
from standfast.wire.checksum import as_number, checksum_of, pseudo_header, verifies
from standfast.wire.ethernet import MAC_SIZE, TYPE_IPV6, EthernetFrame, decode_ethernet, encode_ethernet
from standfast.wire.ip import decode_ipv6, ipv6_header

ICMPV6: Final = 58
NEIGHBOUR_ADVERTISEMENT: Final = 136
HOP_LIMIT: Final = 255  # from nobody beyond the link
ALL_NODES: Final = IPv6Address("ff02::1")
ALL_NODES_MAC: Final = bytes.fromhex("333300000001")  # RFC 2464, section 7

_ROUTER: Final = 1 << 31
_SOLICITED: Final = 1 << 30
_OVERRIDE: Final = 1 << 29
_HEAD: Final = Struct("!BBHI16s")  # type, code, checksum, flags, target
_CHECKSUM_AT: Final = 2
_OPTION_UNIT: Final = 8  # an option's length counts these
_TARGET_LINK_LAYER: Final = 2
_MAC_OPTION: Final = bytes((_TARGET_LINK_LAYER, 1))


@frozen
class NeighbourAdvertisement:
    """Who says that an address is where."""

    target: IPv6Address
    mac: bytes  # empty: the option is not there
    router: bool
    solicited: bool = False
    override: bool = True


def unsolicited_frame(address: IPv6Address, mac: bytes, *, router: bool) -> bytes:
    """The whole frame that tells everyone on the link: `address` is at `mac`.

    Args:
        address: announced, and source of the packet.
        mac: where it is, and source of the frame.
        router: whether the host forwards IPv6 packets.
    """
    message = unsolicited_message(address, mac, router=router)
    header = ipv6_header(address, ALL_NODES, len(message), next_header=ICMPV6, hop_limit=HOP_LIMIT)
    return encode_ethernet(EthernetFrame(ALL_NODES_MAC, mac, TYPE_IPV6, header + message))


def unsolicited_message(address: IPv6Address, mac: bytes, *, router: bool) -> bytes:
    """The ICMPv6 message of `unsolicited_frame`, for a socket that makes the headers itself."""
    advertisement = NeighbourAdvertisement(address, mac, router)
    return encode_neighbour_advertisement(advertisement, address, ALL_NODES)


def encode_neighbour_advertisement(
    advertisement: NeighbourAdvertisement, source: IPv6Address, destination: IPv6Address
) -> bytes:
    """The ICMPv6 message in a packet from `source` to `destination`, its checksum filled in."""
    ensure(len(advertisement.mac) in {0, MAC_SIZE}, "an Ethernet address has 6 bytes")
    flags = (
        _ROUTER * advertisement.router
        | _SOLICITED * advertisement.solicited
        | _OVERRIDE * advertisement.override
    )
    head = _HEAD.pack(NEIGHBOUR_ADVERTISEMENT, 0, 0, flags, advertisement.target.packed)
    message = head + (_MAC_OPTION + advertisement.mac if advertisement.mac else b"")
    pseudo = pseudo_header(source, destination, protocol=ICMPV6, length=len(message))
    checksum = checksum_of(as_number(message) + pseudo).to_bytes(2, "big")
    return message[:_CHECKSUM_AT] + checksum + message[_CHECKSUM_AT + 2 :]


def decode_unsolicited_frame(frame: bytes) -> NeighbourAdvertisement:
    """Read a frame that carries a neighbour advertisement.

    Raises:
        Malformed: for the first broken rule; `short`, `vlan-tags`, `ether-type`, `version`, `truncated`,
            `next-header`, `hop-limit`, then those of `decode_neighbour_advertisement`.
    """
    ethernet = decode_ethernet(frame)
    if ethernet.ether_type != TYPE_IPV6:
        raise Malformed("ether-type", got=ethernet.ether_type, want=TYPE_IPV6)
    packet = decode_ipv6(ethernet.payload)
    if packet.next_header != ICMPV6:
        raise Malformed("next-header", got=packet.next_header, want=ICMPV6)
    if packet.hop_limit != HOP_LIMIT:
        raise Malformed("hop-limit", got=packet.hop_limit, want=HOP_LIMIT)
    return decode_neighbour_advertisement(packet.payload, packet.source, packet.destination)


def decode_neighbour_advertisement(
    message: bytes, source: IPv6Address, destination: IPv6Address
) -> NeighbourAdvertisement:
    """Read an ICMPv6 message by the rules of RFC 4861, section 7.1.2.

    Raises:
        Malformed: for the first broken rule; `checksum`, `type`, `truncated`, `code`, `target` (multicast),
            `solicited` (to a multicast group), `option` (of length 0, or cut).
    """
    number = as_number(message) + pseudo_header(source, destination, protocol=ICMPV6, length=len(message))
    if not verifies(number):
        raise Malformed("checksum", got=number % 0xFFFF)
    if message[:1] != bytes((NEIGHBOUR_ADVERTISEMENT,)):
        raise Malformed("type", got=message[0] if message else 0, want=NEIGHBOUR_ADVERTISEMENT)
    if len(message) < _HEAD.size:
        raise Malformed("truncated", got=len(message), want=_HEAD.size)
    _, code, _, flags, packed = _HEAD.unpack_from(message)
    if code != 0:
        raise Malformed("code", got=code)
    target = IPv6Address(packed)
    if target.is_multicast:
        raise Malformed("target")
    if flags & _SOLICITED and destination.is_multicast:
        raise Malformed("solicited", got=1)
    return NeighbourAdvertisement(
        target=target,
        mac=_mac_in(message[_HEAD.size :]),
        router=bool(flags & _ROUTER),
        solicited=bool(flags & _SOLICITED),
        override=bool(flags & _OVERRIDE),
    )


def _mac_in(options: bytes) -> bytes:
    """The address in the target link-layer option; empty if there is none."""
    mac = b""
    at = 0
    while at < len(options):
        kind, units = options[at], options[at + 1] if at + 1 < len(options) else 0
        end = at + units * _OPTION_UNIT
        if not at < end <= len(options):
            raise Malformed("option", got=len(options) - at, want=end - at)
        if kind == _TARGET_LINK_LAYER and units == 1:
            mac = options[at + 2 : end]
        at = end
    return mac
