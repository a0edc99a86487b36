"""Echo requests and their replies: ICMP (RFC 792) and ICMPv6 (RFC 4443, section 4).

The checksum of an ICMPv6 message covers addresses that only the kernel knows; it fills it in (RFC 3542, 3.1).
"""

from struct import Struct
from typing import Final

from standfast.base.addresses import Family
from standfast.base.errors import Malformed
from standfast.base.frozen import frozen
from standfast.wire.checksum import as_number, checksum_of

_HEAD: Final = Struct("!BBHHH")  # type, code, checksum, id, sequence number
_REQUEST: Final = {Family.IPV4: 8, Family.IPV6: 128}
_REPLY: Final = {Family.IPV4: 0, Family.IPV6: 129}

_UNREACHABLE_V4: Final = {
    0: "network unreachable", 1: "host unreachable", 2: "protocol unreachable", 3: "port unreachable",
    4: "fragmentation needed", 5: "source route failed", 9: "network prohibited", 10: "host prohibited",
    13: "prohibited by a filter",
}  # fmt: skip
_UNREACHABLE_V6: Final = {
    0: "no route", 1: "prohibited by a filter", 2: "beyond the scope of the source", 3: "address unreachable",
    4: "port unreachable", 5: "source address refused", 6: "route rejected",
}  # fmt: skip
_OTHERS: Final = {
    Family.IPV4: {11: "time exceeded", 12: "parameter problem"},
    Family.IPV6: {2: "packet too big", 3: "time exceeded", 4: "parameter problem"},
}


@frozen
class Echo:
    """An echo reply."""

    id: int
    sequence: int
    data: bytes


def encode_echo_request(family: Family, data: bytes, *, number: int, sequence: int) -> bytes:
    """An echo request; of IPv4 with its checksum, of IPv6 with zeros in its place."""
    head = _HEAD.pack(_REQUEST[family], 0, 0, number, sequence)
    if family is Family.IPV6:
        return head + data
    checksum = checksum_of(as_number(head + data))
    return _HEAD.pack(_REQUEST[family], 0, checksum, number, sequence) + data


def decode_echo_reply(family: Family, message: bytes) -> Echo:
    """Read an echo reply; the kernel has looked at its checksum.

    Raises:
        Malformed: `short`, or `type`: it is something else.
    """
    if len(message) < _HEAD.size:
        raise Malformed("short", got=len(message), want=_HEAD.size)
    kind, code, _, number, sequence = _HEAD.unpack_from(message)
    if (kind, code) != (_REPLY[family], 0):
        raise Malformed("type", got=kind, want=_REPLY[family])
    return Echo(number, sequence, message[_HEAD.size :])


def error_words(family: Family, kind: int, code: int) -> str:
    """What an ICMP error says, for people."""
    unreachable = (3, _UNREACHABLE_V4) if family is Family.IPV4 else (1, _UNREACHABLE_V6)
    if kind == unreachable[0]:
        return unreachable[1].get(code, f"destination unreachable (code {code})")
    return _OTHERS[family].get(kind, f"ICMP type {kind}, code {code}")
