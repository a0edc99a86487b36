"""A service, as the kernel's IPVS is told and tells about it: the attributes within IPVS_CMD_ATTR_SERVICE."""

from enum import IntEnum
from struct import Struct
from sys import byteorder
from typing import Final

from standfast.base.addresses import Family, IpAddress
from standfast.base.errors import Malformed, ensure
from standfast.base.services import (
    IRREGULAR,
    Endpoint,
    Mark,
    Persistence,
    SchedulerFlag,
    Service,
    ServiceKey,
    Transport,
)
from standfast.wire.netlink import attributes_in, encode_attribute, number_in, text_of
from standfast.wire.netlink_address import FAMILY_NUMBER, FAMILY_OF, address_of

NAME_MAX: Final = 15  # bytes of a scheduler's or an engine's name: 16 less the end mark
ADDRESS_SIZE: Final = 16  # of the field, whatever the family: union nf_inet_addr

_TRANSPORTS: Final = {int(each): each for each in Transport}

_PERSISTENT, _ONE_PACKET = 0x01, 0x04  # IP_VS_SVC_F_*; 0x02, hashed, is the kernel's own
_SCHEDULER_FLAGS: Final = 0x38
_ALL_FLAGS: Final = 0xFFFF_FFFF

_SHORT: Final = Struct("=H")
_LONG: Final = Struct("=I")
_PORT: Final = Struct("!H")
_FLAGS: Final = Struct("=II")  # flags, and which of them are meant


class ServiceAttribute(IntEnum):
    """IPVS_SVC_ATTR_*."""

    FAMILY = 1
    TRANSPORT = 2
    ADDRESS = 3
    PORT = 4
    MARK = 5
    SCHEDULER = 6
    FLAGS = 7
    TIMEOUT = 8
    NETMASK = 9
    STATISTICS = 10
    ENGINE = 11
    STATISTICS_64 = 12


_A = ServiceAttribute


def encode_key(key: ServiceKey) -> bytes:
    """The attributes that say which service is meant."""
    family = encode_attribute(_A.FAMILY, _SHORT.pack(FAMILY_NUMBER[key.family]))
    if isinstance(key, Mark):
        return family + encode_attribute(_A.MARK, _LONG.pack(key.number))
    return (
        family
        + encode_attribute(_A.TRANSPORT, _SHORT.pack(key.transport))
        + encode_attribute(_A.ADDRESS, key.address.packed.ljust(ADDRESS_SIZE, b"\0"))
        + encode_attribute(_A.PORT, _PORT.pack(key.port))
    )


def encode_service(service: Service) -> bytes:
    """The attributes that say all about a service."""
    persistence = service.persistence
    engine = "" if persistence is None else persistence.engine
    flags = service.flags | (_PERSISTENT if persistence else 0) | (_ONE_PACKET if service.one_packet else 0)
    parts = [
        encode_key(service.key),
        encode_attribute(_A.SCHEDULER, _name(service.scheduler)),
        encode_attribute(_A.FLAGS, _FLAGS.pack(flags, _ALL_FLAGS)),
        encode_attribute(_A.TIMEOUT, _LONG.pack(persistence.seconds if persistence else 0)),
        encode_attribute(_A.NETMASK, _netmask(service.key.family, persistence)),
    ]
    if engine:
        parts.append(encode_attribute(_A.ENGINE, _name(engine)))
    return b"".join(parts)


def _name(word: str) -> bytes:
    ensure(len(word.encode()) <= NAME_MAX, "the name of a scheduler has at most 15 bytes")
    return word.encode() + b"\0"


def _netmask(family: Family, persistence: Persistence | None) -> bytes:
    """A mask for IPv4; for IPv6 the length of the prefix, as a number."""
    prefix = family.bits if persistence is None or persistence.prefix is None else persistence.prefix
    ensure(0 <= prefix <= family.bits, "a prefix is no longer than its address")
    if family is Family.IPV6:
        return _LONG.pack(prefix)
    return (0xFFFF_FFFF << (32 - prefix) & 0xFFFF_FFFF).to_bytes(4, "big")


def decode_service(data: bytes) -> Service:
    """Read the attributes of a service.

    Raises:
        Malformed: `family` (unknown), `transport` (unknown), `address` (missing or short), `service-flags` (of the
            wrong size), `netmask` (no prefix of its family), or what `netlink` finds in the attributes.
    """
    attributes = attributes_in(data)
    key = _key_in(attributes)
    flags = _flags_in(attributes)
    persistence = None
    if flags & _PERSISTENT:
        persistence = Persistence(
            number_in(attributes, _A.TIMEOUT, size=4),
            _prefix_in(attributes, key.family),
            text_of(attributes.get(_A.ENGINE, b"")),
        )
    return Service(
        key,
        text_of(attributes.get(_A.SCHEDULER, b"")),
        SchedulerFlag(flags & _SCHEDULER_FLAGS),
        persistence,
        bool(flags & _ONE_PACKET),
    )


def _key_in(attributes: dict[int, bytes]) -> ServiceKey:
    number = number_in(attributes, _A.FAMILY, size=2)
    family = FAMILY_OF.get(number)
    if family is None:
        raise Malformed("family", got=number)
    if mark := number_in(attributes, _A.MARK, size=4):
        return Mark(mark, family)
    transport = number_in(attributes, _A.TRANSPORT, size=2)
    if transport not in _TRANSPORTS:
        raise Malformed("transport", got=transport)
    address = address_at(attributes.get(_A.ADDRESS, b""), family)
    return Endpoint(_TRANSPORTS[transport], address, port_in(attributes, _A.PORT))


def _flags_in(attributes: dict[int, bytes]) -> int:
    value = attributes.get(_A.FLAGS, b"")
    if len(value) != _FLAGS.size:
        raise Malformed("service-flags", got=len(value), want=_FLAGS.size)
    flags: int = _FLAGS.unpack(value)[0]
    return flags


def _prefix_in(attributes: dict[int, bytes], family: Family) -> int | None:
    """The length of the clients' networks; None if each address is one by itself."""
    value = attributes.get(_A.NETMASK, b"\xff\xff\xff\xff" if family is Family.IPV4 else _LONG.pack(128))
    if len(value) != 4:
        raise Malformed("attribute-size", got=len(value), want=4)
    if family is Family.IPV6:
        prefix = int.from_bytes(value, byteorder)
        if prefix > family.bits:
            raise Malformed("netmask", got=prefix, want=family.bits)
    else:
        mask = int.from_bytes(value, "big")
        prefix = mask.bit_count()
        if mask != 0xFFFF_FFFF << (32 - prefix) & 0xFFFF_FFFF:
            return IRREGULAR
    return None if prefix == family.bits else prefix


def address_at(value: bytes, family: Family) -> IpAddress:
    """The address at the beginning of a field; what follows one of IPv4 is filling.

    Raises:
        Malformed: `address`.
    """
    return address_of(value[: family.size], family)


def port_in(attributes: dict[int, bytes], kind: int) -> int:
    """A port, in the order of the network; 0 if it is not there.

    Raises:
        Malformed: `attribute-size`.
    """
    value = attributes.get(kind, b"\0\0")
    if len(value) != 2:
        raise Malformed("attribute-size", got=len(value), want=2)
    return int.from_bytes(value, "big")


def family_in(attributes: dict[int, bytes], kind: int, default: Family) -> Family:
    """A family by the kernel's number; an older kernel does not tell it.

    Raises:
        Malformed: `family`.
    """
    number = number_in(attributes, kind, size=2, default=FAMILY_NUMBER[default])
    family = FAMILY_OF.get(number)
    if family is None:
        raise Malformed("family", got=number)
    return family
