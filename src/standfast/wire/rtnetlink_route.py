"""Routes of the host, as the kernel is told to have them and reports them (linux/rtnetlink.h, rtnetlink(7)).

What is told is everything that `ip route` can say. What is read back is only what tells one route from another:
enough to know our own ones again.
"""

from collections.abc import Mapping
from enum import IntEnum
from ipaddress import IPv4Address, IPv6Address
from struct import Struct
from sys import byteorder
from typing import Final

from standfast.base.addresses import Family, IpAddress, family_of
from standfast.base.errors import Malformed, ensure
from standfast.base.frozen import frozen
from standfast.base.routes import Hop, HostRoute, Measure, Network, Placing
from standfast.wire.netlink import (
    CREATE,
    DUMP,
    EXCLUSIVE,
    NESTED,
    REPLACE,
    REQUEST,
    Message,
    attributes_in,
    encode_attribute,
    encode_message,
    head_of,
    number_in,
)
from standfast.wire.netlink_address import FAMILY_NUMBER, FAMILY_OF, address_in, address_of
from standfast.wire.rtnetlink_encap import encode_encapsulation

NEW_ROUTE: Final = 24
DEL_ROUTE: Final = 25
GET_ROUTE: Final = 26
PROTOCOL_AT: Final = 16 + 5  # offset of the protocol's byte in a message

_APPEND: Final = 0x800  # NLM_F_APPEND
_PLACED: Final = {
    Placing.PREPEND: CREATE,
    Placing.APPEND: CREATE | _APPEND,
    Placing.ADD: CREATE | EXCLUSIVE,
}
_ONLINK: Final = 4  # RTNH_F_ONLINK
_CLONED: Final = 0x200  # RTM_F_CLONED: an entry of a cache

# Family, lengths of destination and source, TOS, table, protocol, scope …
_HEAD: Final = Struct("=BBBBBBBBI")
_HOP: Final = Struct("=HBBi")  # length, flags, weight less one, index
_FAMILY: Final = Struct("=H")


class _Attribute(IntEnum):
    """Attributes of a route (RTA_*)."""

    DESTINATION = 1
    SOURCE = 2
    OUTPUT = 4
    GATEWAY = 5
    METRIC = 6
    PREFERRED_SOURCE = 7
    MEASURES = 8
    HOPS = 9
    REALMS = 11
    TABLE = 15
    VIA = 18  # a gateway of the other family
    PREFERENCE = 20
    ENCAPSULATION_TYPE = 21
    ENCAPSULATION = 22
    EXPIRES = 23
    TTL_PROPAGATE = 26


_LOCK: Final = 1  # RTAX_LOCK, within the measures


@frozen
class HopReport:
    """One way of a route as the kernel reports it."""

    via: IpAddress | None
    index: int  # of its link; 0: none


@frozen
class RouteReport:
    """A route of the host as the kernel reports it: what tells it from others."""

    family: Family
    destination: Network
    type: int  # RTN_*
    table: int
    protocol: int
    metric: int = 0
    tos: int = 0
    source: Network | None = None
    hops: tuple[HopReport, ...] = ()
    gone: bool = False
    replaces: bool = False  # another one went with that


def request_routes(sequence: int, family: Family, protocol: int) -> bytes:
    """Ask for the routes of this family with this mark.

    A kernel before 4.20, or a socket without strict checks, tells all routes.
    """
    body = _HEAD.pack(FAMILY_NUMBER[family], 0, 0, 0, 0, protocol, 0, 0, 0)
    return encode_message(GET_ROUTE, REQUEST | DUMP, body, sequence=sequence)


def add_route(
    route: HostRoute,
    indices: Mapping[str, int],
    *,
    table: int | None = None,
    flags: int = 0,
    sequence: int = 0,
) -> bytes:
    """Ask the kernel to have this route.

    Args:
        route: with all that the kernel is told about it.
        indices: of the links that it names.
        table: of its VRF; None: its own.
        flags: `ACK` or 0; without, only a refusal is answered.
        sequence: that an answer repeats.
    """
    body = _identity(route, indices, route.table if table is None else table) + _qualities(route)
    return encode_message(NEW_ROUTE, REQUEST | flags | _PLACED[route.placing], body, sequence=sequence)


def delete_route(
    route: HostRoute,
    indices: Mapping[str, int],
    *,
    table: int | None = None,
    flags: int = 0,
    sequence: int = 0,
) -> bytes:
    """Ask the kernel to have this route, and no other one like it, no longer; see `add_route`."""
    body = _identity(route, indices, route.table if table is None else table)
    return encode_message(DEL_ROUTE, REQUEST | flags, body, sequence=sequence)


def _identity(route: HostRoute, indices: Mapping[str, int], table: int) -> bytes:
    """What tells the route from others: all that the kernel compares when it is to remove one."""
    source = route.source
    ensure(route.destination.length <= route.family.bits, "a prefix is no longer than its address")
    single = route.hops[0] if len(route.hops) == 1 else None
    parts = [
        _HEAD.pack(
            FAMILY_NUMBER[route.family],
            route.destination.length,
            0 if source is None else source.length,
            route.tos,
            table if table < 0x100 else 0,
            route.protocol,
            route.scope,
            route.type,
            _ONLINK if single is not None and single.onlink else 0,
        ),
        _number(_Attribute.TABLE, table),
    ]
    if route.destination.length:
        parts.append(encode_attribute(_Attribute.DESTINATION, route.destination.address.packed))
    if source is not None:
        parts.append(encode_attribute(_Attribute.SOURCE, source.address.packed))
    if route.metric is not None:
        parts.append(_number(_Attribute.METRIC, route.metric))
    if route.preferred_source is not None:
        parts.append(encode_attribute(_Attribute.PREFERRED_SOURCE, route.preferred_source.packed))
    if single is not None:
        parts.append(_one_hop(single, route.family, indices))
    elif route.hops:
        hops = b"".join(_hop(hop, route.family, indices) for hop in route.hops)
        parts.append(encode_attribute(_Attribute.HOPS, hops))
    return b"".join(parts)


def _one_hop(hop: Hop, family: Family, indices: Mapping[str, int]) -> bytes:
    """The only way of a route stands among the attributes of the route."""
    index = _number(_Attribute.OUTPUT, indices[hop.interface]) if hop.interface else b""
    return index + _hop_attributes(hop, family)


def _hop(hop: Hop, family: Family, indices: Mapping[str, int]) -> bytes:
    """One way of several (struct rtnexthop)."""
    ensure(1 <= hop.weight <= 256, "the weight of a way is 1 to 256")
    attributes = _hop_attributes(hop, family)
    index = indices[hop.interface] if hop.interface else 0
    flags = _ONLINK if hop.onlink else 0
    return _HOP.pack(_HOP.size + len(attributes), flags, hop.weight - 1, index) + attributes


def _hop_attributes(hop: Hop, family: Family) -> bytes:
    parts = []
    if hop.via is not None and family_of(hop.via) is family:
        parts.append(encode_attribute(_Attribute.GATEWAY, hop.via.packed))
    elif hop.via is not None:
        other = _FAMILY.pack(FAMILY_NUMBER[family_of(hop.via)])
        parts.append(encode_attribute(_Attribute.VIA, other + hop.via.packed))
    if hop.realms:
        parts.append(_number(_Attribute.REALMS, hop.realms))
    if hop.encapsulation is not None:
        type_, content = encode_encapsulation(hop.encapsulation)
        parts.append(encode_attribute(_Attribute.ENCAPSULATION_TYPE, type_.to_bytes(2, byteorder)))
        parts.append(encode_attribute(_Attribute.ENCAPSULATION | NESTED, content))
    return b"".join(parts)


def _qualities(route: HostRoute) -> bytes:
    """What the kernel is told of a new route and does not ask of one that goes."""
    parts = []
    if route.measures:
        parts.append(encode_attribute(_Attribute.MEASURES, _measures(route.measures)))
    if route.expires_seconds is not None:
        parts.append(_number(_Attribute.EXPIRES, route.expires_seconds))
    if route.preference is not None:
        parts.append(encode_attribute(_Attribute.PREFERENCE, bytes((route.preference,))))
    if route.ttl_propagate is not None:
        parts.append(encode_attribute(_Attribute.TTL_PROPAGATE, bytes((route.ttl_propagate,))))
    return b"".join(parts)


def _measures(measures: tuple[Measure, ...]) -> bytes:
    locks = sum(1 << measure.metric for measure in measures if measure.lock)
    parts = [_number(_LOCK, locks)] if locks else []
    for measure in measures:
        if isinstance(measure.value, str):
            parts.append(encode_attribute(measure.metric, measure.value.encode() + b"\0"))
        else:
            parts.append(_number(measure.metric, measure.value))
    return b"".join(parts)


def _number(kind: int, value: int) -> bytes:
    return encode_attribute(kind, value.to_bytes(4, byteorder))


def decode_route(message: Message) -> RouteReport | None:
    """Read a message of kind `NEW_ROUTE` or `DEL_ROUTE`; None if it is of neither IP family, or of a cache.

    Raises:
        Malformed: `body-short`, `prefix`, `address` (not of its family), `hop` (its length), or what `netlink`
            finds in the attributes.
    """
    number, length, source_length, tos, table, protocol, _, type_, flags = head_of(message.body, _HEAD)
    family = FAMILY_OF.get(number)
    if family is None or flags & _CLONED:
        return None
    if max(length, source_length) > family.bits:
        raise Malformed("prefix", got=max(length, source_length), want=family.bits)
    attributes = attributes_in(message.body, _HEAD.size)
    destination = address_in(attributes, _Attribute.DESTINATION, family) or nowhere(family)
    source = address_in(attributes, _Attribute.SOURCE, family)
    return RouteReport(
        family=family,
        destination=Network(destination, length),
        type=type_,
        table=number_in(attributes, _Attribute.TABLE, size=4, default=table),
        protocol=protocol,
        metric=number_in(attributes, _Attribute.METRIC, size=4),
        tos=tos,
        source=Network(source, source_length) if source is not None and source_length else None,
        hops=_hops_in(attributes, family),
        gone=message.kind == DEL_ROUTE,
        replaces=message.kind == NEW_ROUTE and bool(message.flags & REPLACE),
    )


def nowhere(family: Family) -> IpAddress:
    """The address of all zeros, which a default route leads to."""
    return IPv4Address(0) if family is Family.IPV4 else IPv6Address(0)


def _hops_in(attributes: dict[int, bytes], family: Family) -> tuple[HopReport, ...]:
    several = attributes.get(_Attribute.HOPS)
    if several is None:
        index = number_in(attributes, _Attribute.OUTPUT, size=4)
        via = _via_in(attributes, family)
        return (HopReport(via, index),) if index or via is not None else ()
    found, at = [], 0
    while at < len(several):
        if len(several) - at < _HOP.size:
            raise Malformed("hop", got=len(several) - at, want=_HOP.size)
        length, _, _, index = _HOP.unpack_from(several, at)
        if not _HOP.size <= length <= len(several) - at:
            raise Malformed("hop", got=length, want=_HOP.size)
        inner = attributes_in(several[at + _HOP.size : at + length])
        found.append(HopReport(_via_in(inner, family), index))
        at += length + -length % 4
    return tuple(found)


def _via_in(attributes: dict[int, bytes], family: Family) -> IpAddress | None:
    """The gateway, of its own family or of the other one."""
    other = attributes.get(_Attribute.VIA)
    if other is None:
        return address_in(attributes, _Attribute.GATEWAY, family)
    if len(other) < _FAMILY.size:
        raise Malformed("address", got=len(other), want=_FAMILY.size)
    its = FAMILY_OF.get(_FAMILY.unpack_from(other)[0])
    return None if its is None else address_of(other[_FAMILY.size :], its)
