"""Links that we make: how the kernel is asked for them, changes them and removes them (linux/if_link.h)."""

from sys import byteorder
from typing import Final

from standfast.base.errors import ensure
from standfast.base.limits import INTERFACE_NAME_MAX
from standfast.base.own_links import OwnKind, OwnLink
from standfast.wire.netlink import ACK, CREATE, EXCLUSIVE, REQUEST, encode_attribute, encode_message
from standfast.wire.rtnetlink_link import (
    DATA_FLAGS,
    DATA_MODE,
    DEL_LINK,
    INFO_DATA,
    INFO_KIND,
    LINK_HEAD,
    NEW_LINK,
    UP,
    LinkAttribute,
)

_INET6: Final = 10  # AF_INET6, within FAMILIES
_INET6_GENERATION: Final = 8  # IFLA_INET6_ADDR_GEN_MODE
_GENERATE_NONE: Final = 1  # IN6_ADDR_GEN_MODE_NONE


def add_own_link(link: OwnLink, parent: int, *, group: int, vrf: int = 0, sequence: int = 0) -> bytes:
    """Ask the kernel for this link, set down.

    Args:
        link: what it is to look like.
        parent: index of the link that it stands on.
        group: of links.
        vrf: index of the VRF that it belongs to; 0: none.
        sequence: that the answer repeats.
    """
    name = link.name.encode()
    ensure(0 < len(name) <= INTERFACE_NAME_MAX, "the name of a link has 1 to 15 bytes")
    parts = [
        LINK_HEAD.pack(0, 0, 0, 0, 0),
        encode_attribute(LinkAttribute.NAME, name + b"\0"),
        _number(LinkAttribute.PARENT, parent),
        _number(LinkAttribute.GROUP, group),
        _info(link),
    ]
    if link.mac:
        parts.append(encode_attribute(LinkAttribute.MAC, link.mac))
    if vrf:
        parts.append(_number(LinkAttribute.MASTER, vrf))
    flags = REQUEST | CREATE | EXCLUSIVE | ACK
    return encode_message(NEW_LINK, flags, b"".join(parts), sequence=sequence)


def set_up(index: int, *, up: bool = True, sequence: int = 0) -> bytes:
    """Set a link up or down."""
    return _change(index, b"", sequence, flags=UP if up else 0, mask=UP)


def set_mac(index: int, mac: bytes, *, sequence: int = 0) -> bytes:
    """Give a link this Ethernet address."""
    return _change(index, encode_attribute(LinkAttribute.MAC, mac), sequence)


def set_mode(index: int, link: OwnLink, *, sequence: int = 0) -> bytes:
    """Give a link of ours the mode and flags that it should have."""
    return _change(index, _info(link), sequence)


def set_group(index: int, group: int, *, sequence: int = 0) -> bytes:
    """Put a link into this group of links."""
    return _change(index, _number(LinkAttribute.GROUP, group), sequence)


def set_master(index: int, master: int, *, sequence: int = 0) -> bytes:
    """Make a link belong to another, a VRF for example; 0: to none."""
    return _change(index, _number(LinkAttribute.MASTER, master), sequence)


def set_mtu(index: int, mtu: int, *, sequence: int = 0) -> bytes:
    """Let a link carry packets of at most that many bytes."""
    return _change(index, _number(LinkAttribute.MTU, mtu), sequence)


def generate_no_addresses(index: int, *, sequence: int = 0) -> bytes:
    """Have no IPv6 address made of the link's Ethernet address (RFC 9568, section 7.4)."""
    generation = encode_attribute(_INET6_GENERATION, bytes((_GENERATE_NONE,)))
    families = encode_attribute(LinkAttribute.FAMILIES, encode_attribute(_INET6, generation))
    return _change(index, families, sequence)


def remove_link(index: int, *, sequence: int = 0) -> bytes:
    """Have this link no longer."""
    return encode_message(DEL_LINK, REQUEST | ACK, LINK_HEAD.pack(0, 0, index, 0, 0), sequence=sequence)


def remove_group(group: int, *, sequence: int = 0) -> bytes:
    """Have no link of this group any longer."""
    ensure(group > 0, "group 0 has all the links that nobody put into another")
    body = LINK_HEAD.pack(0, 0, 0, 0, 0) + _number(LinkAttribute.GROUP, group)
    return encode_message(DEL_LINK, REQUEST | ACK, body, sequence=sequence)


def _change(index: int, attributes: bytes, sequence: int, *, flags: int = 0, mask: int = 0) -> bytes:
    ensure(index > 0, "the index of a link is positive")
    head = LINK_HEAD.pack(0, 0, index, flags, mask)
    return encode_message(NEW_LINK, REQUEST | ACK, head + attributes, sequence=sequence)


def _info(link: OwnLink) -> bytes:
    """Which driver it is of, and what the driver is told; its mode has four bytes or two."""
    data = _number(DATA_MODE, link.kind)
    if link.kind is OwnKind.IPVLAN:
        data = _number(DATA_MODE, link.kind, size=2) + _number(DATA_FLAGS, link.flags, size=2)
    kind = encode_attribute(INFO_KIND, link.kind.driver.encode())
    return encode_attribute(LinkAttribute.INFO, kind + encode_attribute(INFO_DATA, data))


def _number(kind: int, value: int, *, size: int = 4) -> bytes:
    return encode_attribute(kind, value.to_bytes(size, byteorder))
