"""Rules of policy routing, as the kernel is told to have them and reports them (linux/fib_rules.h)."""

from enum import IntEnum
from struct import Struct
from sys import byteorder
from typing import Final

from standfast.base.addresses import Family
from standfast.base.errors import Malformed
from standfast.base.frozen import frozen
from standfast.base.routes import HostRule, Mark, Network, RuleAction, Span
from standfast.wire.netlink import (
    CREATE,
    DUMP,
    EXCLUSIVE,
    REQUEST,
    Message,
    attributes_in,
    encode_attribute,
    encode_message,
    head_of,
    number_in,
    text_of,
)
from standfast.wire.netlink_address import FAMILY_NUMBER, FAMILY_OF, address_of

NEW_RULE: Final = 32
DEL_RULE: Final = 33
GET_RULE: Final = 34

_ACTIONS: Final = frozenset(RuleAction)
_INVERTED: Final = 0x2  # FIB_RULE_INVERT
_NONE: Final = 0xFFFFFFFF  # how the kernel says that nothing is suppressed

_HEAD: Final = Struct("=BBBBBxxBI")  # family, lengths of destination and source, TOS, table, action, flags
_USERS: Final = Struct("=II")
_PORTS: Final = Struct("=HH")


class _Attribute(IntEnum):
    """Attributes of a rule (FRA_*)."""

    DESTINATION = 1
    SOURCE = 2
    INPUT = 3
    GOTO = 4
    PREFERENCE = 6
    MARK = 10
    REALMS = 11
    TUNNEL = 12
    SUPPRESSED_GROUP = 13
    SUPPRESSED_LENGTH = 14
    TABLE = 15
    MASK = 16
    OUTPUT = 17
    L3MDEV = 19
    USERS = 20
    PROTOCOL = 21
    IP_PROTOCOL = 22
    SOURCE_PORTS = 23
    DESTINATION_PORTS = 24


@frozen
class RuleReport:
    """A rule of the host as the kernel reports it."""

    rule: HostRule
    gone: bool = False


def request_rules(sequence: int, family: Family) -> bytes:
    """Ask for all rules of this family."""
    body = _HEAD.pack(FAMILY_NUMBER[family], 0, 0, 0, 0, 0, 0)
    return encode_message(GET_RULE, REQUEST | DUMP, body, sequence=sequence)


def add_rule(rule: HostRule, *, flags: int = 0, sequence: int = 0) -> bytes:
    """Ask the kernel to have this rule, which it refuses if it has it already.

    Args:
        rule: with all that the kernel is told about it.
        flags: `ACK` or 0; without, only a refusal is answered.
        sequence: that an answer repeats.
    """
    return encode_message(NEW_RULE, REQUEST | CREATE | EXCLUSIVE | flags, _body(rule), sequence=sequence)


def delete_rule(rule: HostRule, *, flags: int = 0, sequence: int = 0) -> bytes:
    """Ask the kernel to have this rule, and no other one like it, no longer; see `add_rule`."""
    return encode_message(DEL_RULE, REQUEST | flags, _body(rule), sequence=sequence)


def _body(rule: HostRule) -> bytes:
    source, destination = rule.source, rule.destination
    head = _HEAD.pack(
        FAMILY_NUMBER[rule.family],
        0 if destination is None else destination.length,
        0 if source is None else source.length,
        rule.tos,
        rule.table if rule.table < 0x100 else 0,
        rule.action,
        _INVERTED if rule.inverted else 0,
    )
    said = (
        (_Attribute.DESTINATION, None if destination is None else destination.address.packed),
        (_Attribute.SOURCE, None if source is None else source.address.packed),
        (_Attribute.PREFERENCE, _four(rule.preference)),
        (_Attribute.TABLE, _four(rule.table) if rule.table else None),
        (_Attribute.GOTO, _four(rule.goto) if rule.action is RuleAction.GOTO else None),
        (_Attribute.PROTOCOL, bytes((rule.protocol,))),
        *_selectors(rule),
    )
    return head + b"".join(encode_attribute(kind, value) for kind, value in said if value is not None)


def _selectors(rule: HostRule) -> tuple[tuple[_Attribute, bytes | None], ...]:
    mark, users = rule.mark, rule.users
    return (
        (_Attribute.MARK, None if mark is None else _four(mark.value)),
        (_Attribute.MASK, None if mark is None else _four(mark.mask)),
        (_Attribute.REALMS, _four(rule.realms) if rule.realms else None),
        (_Attribute.TUNNEL, rule.tunnel.to_bytes(8, "big") if rule.tunnel else None),
        (_Attribute.INPUT, _text(rule.input_interface)),
        (_Attribute.OUTPUT, _text(rule.output_interface)),
        (
            _Attribute.SUPPRESSED_LENGTH,
            None if rule.suppressed_length is None else _four(rule.suppressed_length),
        ),
        (
            _Attribute.SUPPRESSED_GROUP,
            None if rule.suppressed_group is None else _four(rule.suppressed_group),
        ),
        (_Attribute.USERS, None if users is None else _USERS.pack(*users)),
        (_Attribute.L3MDEV, b"\x01" if rule.l3mdev else None),
        (_Attribute.IP_PROTOCOL, bytes((rule.ip_protocol,)) if rule.ip_protocol else None),
        (_Attribute.SOURCE_PORTS, None if rule.source_ports is None else _PORTS.pack(*rule.source_ports)),
        (
            _Attribute.DESTINATION_PORTS,
            None if rule.destination_ports is None else _PORTS.pack(*rule.destination_ports),
        ),
    )


def _four(value: int) -> bytes:
    return value.to_bytes(4, byteorder)


def _text(value: str) -> bytes | None:
    return value.encode() + b"\0" if value else None


def decode_rule(message: Message) -> RuleReport | None:
    """Read a message of kind `NEW_RULE` or `DEL_RULE`; None if it is of neither family, or does what is unknown.

    Raises:
        Malformed: `body-short`, `prefix`, `address` (not of its family), or what `netlink` finds in the
            attributes.
    """
    number, to_length, from_length, tos, table, action, flags = head_of(message.body, _HEAD)
    family = FAMILY_OF.get(number)
    if family is None or action not in _ACTIONS:
        return None
    found = attributes_in(message.body, _HEAD.size)
    mark = number_in(found, _Attribute.MARK, size=4)
    mask = number_in(found, _Attribute.MASK, size=4)
    l3mdev = bool(number_in(found, _Attribute.L3MDEV, size=1))
    rule = HostRule(
        family=family,
        preference=number_in(found, _Attribute.PREFERENCE, size=4),
        action=RuleAction(action),
        table=0 if l3mdev else number_in(found, _Attribute.TABLE, size=4, default=table),
        goto=number_in(found, _Attribute.GOTO, size=4) if action == RuleAction.GOTO else 0,
        inverted=bool(flags & _INVERTED),
        source=_network(found, _Attribute.SOURCE, family, from_length),
        destination=_network(found, _Attribute.DESTINATION, family, to_length),
        tos=tos,
        mark=Mark(mark, mask) if mark or mask else None,
        realms=number_in(found, _Attribute.REALMS, size=4),
        input_interface=text_of(found.get(_Attribute.INPUT, b"")),
        output_interface=text_of(found.get(_Attribute.OUTPUT, b"")),
        suppressed_length=_suppressed(found, _Attribute.SUPPRESSED_LENGTH),
        suppressed_group=_suppressed(found, _Attribute.SUPPRESSED_GROUP),
        tunnel=_tunnel(found),
        users=_span(found, _Attribute.USERS, _USERS),
        l3mdev=l3mdev,
        ip_protocol=number_in(found, _Attribute.IP_PROTOCOL, size=1),
        source_ports=_span(found, _Attribute.SOURCE_PORTS, _PORTS),
        destination_ports=_span(found, _Attribute.DESTINATION_PORTS, _PORTS),
        protocol=number_in(found, _Attribute.PROTOCOL, size=1),
    )
    return RuleReport(rule, gone=message.kind == DEL_RULE)


def _network(found: dict[int, bytes], kind: int, family: Family, length: int) -> Network | None:
    value = found.get(kind)
    if value is None:
        return None
    if length > family.bits:
        raise Malformed("prefix", got=length, want=family.bits)
    return Network(address_of(value, family), length)


def _suppressed(found: dict[int, bytes], kind: int) -> int | None:
    value = number_in(found, kind, size=4, default=_NONE)
    return None if value == _NONE else value


def _tunnel(found: dict[int, bytes]) -> int:
    value = found.get(_Attribute.TUNNEL, bytes(8))
    if len(value) != 8:
        raise Malformed("attribute-size", got=len(value), want=8)
    return int.from_bytes(value, "big")


def _span(found: dict[int, bytes], kind: int, layout: Struct) -> Span | None:
    value = found.get(kind)
    if value is None:
        return None
    if len(value) != layout.size:
        raise Malformed("attribute-size", got=len(value), want=layout.size)
    return Span(*layout.unpack(value))
