"""The kernel's synchronisation of connections between two hosts: the attributes within IPVS_CMD_ATTR_DAEMON."""

from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address
from sys import byteorder
from typing import Final

from standfast.base.addresses import IpAddress
from standfast.base.errors import Malformed, ensure
from standfast.base.frozen import frozen
from standfast.base.limits import INTERFACE_NAME_MAX
from standfast.wire.netlink import attributes_in, encode_attribute, number_in, text_of


class SyncPart(IntEnum):
    """IP_VS_STATE_*: who tells, and who listens."""

    MASTER = 1
    BACKUP = 2


class _Attribute(IntEnum):
    """IPVS_DAEMON_ATTR_*."""

    PART = 1
    INTERFACE = 2
    NUMBER = 3
    LONGEST = 4
    GROUP = 5
    GROUP_IPV6 = 6
    PORT = 7
    TTL = 8


_A = _Attribute
_PARTS: Final = {int(each): each for each in SyncPart}


@frozen
class SyncDaemon:
    """One of the two threads; what is 0 or None is the kernel's to choose."""

    part: SyncPart
    interface: str
    number: int = 0  # of the pair, 0 to 255; a listener of number 0 listens to all
    longest: int = 0  # bytes of a packet
    group: IpAddress | None = None
    port: int = 0
    ttl: int = 0


def encode_daemon(daemon: SyncDaemon) -> bytes:
    """The attributes that say all about a thread."""
    ensure(
        0 < len(daemon.interface.encode()) <= INTERFACE_NAME_MAX, "the name of a link has at most 15 bytes"
    )
    parts = [
        encode_daemon_key(daemon.part),
        encode_attribute(_A.INTERFACE, daemon.interface.encode() + b"\0"),
        encode_attribute(_A.NUMBER, daemon.number.to_bytes(4, byteorder)),
    ]
    if daemon.longest:
        parts.append(encode_attribute(_A.LONGEST, daemon.longest.to_bytes(2, byteorder)))
    if daemon.group is not None:
        kind = _A.GROUP if daemon.group.version == 4 else _A.GROUP_IPV6
        parts.append(encode_attribute(kind, daemon.group.packed))
    if daemon.port:
        parts.append(encode_attribute(_A.PORT, daemon.port.to_bytes(2, byteorder)))
    if daemon.ttl:
        parts.append(encode_attribute(_A.TTL, bytes((daemon.ttl,))))
    return b"".join(parts)


def encode_daemon_key(part: SyncPart) -> bytes:
    """The attributes that say which thread is meant."""
    return encode_attribute(_A.PART, part.to_bytes(4, byteorder))


def decode_daemon(data: bytes) -> SyncDaemon:
    """Read the attributes of a thread.

    Raises:
        Malformed: `sync-part` (unknown), `group` (of no family's size), `attribute-size`, or what `netlink` finds
            in the attributes.
    """
    attributes = attributes_in(data)
    part = number_in(attributes, _A.PART, size=4)
    if part not in _PARTS:
        raise Malformed("sync-part", got=part)
    return SyncDaemon(
        _PARTS[part],
        text_of(attributes.get(_A.INTERFACE, b"")),
        number_in(attributes, _A.NUMBER, size=4),
        number_in(attributes, _A.LONGEST, size=2),
        _group_in(attributes),
        number_in(attributes, _A.PORT, size=2),
        number_in(attributes, _A.TTL, size=1),
    )


def _group_in(attributes: dict[int, bytes]) -> IpAddress | None:
    if (value := attributes.get(_A.GROUP)) is not None:
        if len(value) != 4:
            raise Malformed("group", got=len(value), want=4)
        return IPv4Address(value)
    if (value := attributes.get(_A.GROUP_IPV6)) is not None:
        if len(value) != 16:
            raise Malformed("group", got=len(value), want=16)
        return IPv6Address(value)
    return None
