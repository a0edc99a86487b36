"""Addresses of the host, as the kernel reports them and is told to have them (linux/if_addr.h, rtnetlink(7))."""

from enum import IntEnum
from struct import Struct
from typing import Final

from standfast.base.addresses import FOREVER, OUR_PROTOCOL, HostAddress, IpAddress, family_of
from standfast.base.errors import Malformed, ensure
from standfast.base.frozen import frozen
from standfast.base.limits import INTERFACE_NAME_MAX
from standfast.wire.netlink import (
    ACK,
    CREATE,
    DUMP,
    REPLACE,
    REQUEST,
    Message,
    attributes_in,
    encode_attribute,
    encode_message,
    head_of,
    number_in,
    text_of,
)
from standfast.wire.netlink_address import FAMILY_NUMBER, FAMILY_OF, address_in

NEW_ADDRESS: Final = 20
DEL_ADDRESS: Final = 21
GET_ADDRESS: Final = 22

INDEX_MAX: Final = 0x7FFFFFFF

_HEAD: Final = Struct("=BBBBI")  # family, prefix length, flags, scope, index
_CACHE: Final = Struct("=IIII")  # preferred, valid (seconds); created, updated
_FLAGS: Final = Struct("=I")


class _Attribute(IntEnum):
    """Attributes of an address (IFA_*)."""

    ADDRESS = 1  # the peer's, if the link has two ends
    LOCAL = 2
    LABEL = 3
    BROADCAST = 4
    CACHE = 6
    FLAGS = 8
    PROTOCOL = 11


@frozen
class AddressReport:
    """An address of the host as the kernel reports it."""

    index: int  # of its link
    address: IpAddress
    prefix: int
    gone: bool = False
    scope: int = 0  # RT_SCOPE_*
    flags: int = 0  # IFA_F_*
    peer: IpAddress | None = None
    broadcast: IpAddress | None = None
    label: str = ""
    protocol: int = 0  # who put it there; 0: not told
    preferred_seconds: int = FOREVER
    valid_seconds: int = FOREVER


def request_addresses(sequence: int) -> bytes:
    """Ask for all addresses, of both families."""
    return encode_message(GET_ADDRESS, REQUEST | DUMP, _HEAD.pack(0, 0, 0, 0, 0), sequence=sequence)


def add_address(
    address: HostAddress,
    index: int,
    *,
    flags: int = CREATE | REPLACE | ACK,
    protocol: int = OUR_PROTOCOL,
    sequence: int = 0,
) -> bytes:
    """Ask the kernel to have this address.

    Args:
        address: with all that the kernel is told about it; the name of its interface is not used.
        index: of its link.
        flags: with `REPLACE`, an address that is there already is changed; with `EXCLUSIVE` instead it is
            refused; without `ACK` only a refusal is answered.
        protocol: the mark of who put it there; kernels before 5.18 ignore it.
        sequence: that an answer repeats.
    """
    ensure(len(address.label.encode()) <= INTERFACE_NAME_MAX, "a label has at most 15 bytes")
    parts = [
        _encode_head(address, index),
        encode_attribute(_Attribute.LOCAL, address.address.packed),
        encode_attribute(_Attribute.ADDRESS, (address.peer or address.address).packed),
        encode_attribute(_Attribute.PROTOCOL, bytes((protocol,))),
    ]
    if address.broadcast is not None:
        parts.append(encode_attribute(_Attribute.BROADCAST, address.broadcast.packed))
    if address.label:
        parts.append(encode_attribute(_Attribute.LABEL, address.label.encode() + b"\0"))
    if address.flags:
        parts.append(encode_attribute(_Attribute.FLAGS, _FLAGS.pack(address.flags)))
    if address.preferred_seconds != FOREVER:
        lifetimes = _CACHE.pack(address.preferred_seconds, FOREVER, 0, 0)
        parts.append(encode_attribute(_Attribute.CACHE, lifetimes))
    return encode_message(NEW_ADDRESS, REQUEST | flags, b"".join(parts), sequence=sequence)


def delete_address(address: HostAddress, index: int, *, flags: int = ACK, sequence: int = 0) -> bytes:
    """Ask the kernel to have this address no longer; see `add_address`."""
    body = (
        _encode_head(address, index)
        + encode_attribute(_Attribute.LOCAL, address.address.packed)
        + encode_attribute(_Attribute.ADDRESS, (address.peer or address.address).packed)
    )
    return encode_message(DEL_ADDRESS, REQUEST | flags, body, sequence=sequence)


def _encode_head(address: HostAddress, index: int) -> bytes:
    """The fixed part of a message about an address; flags that do not fit it stand in an attribute."""
    family = family_of(address.address)
    ensure(0 <= address.prefix <= family.bits, "a prefix is no longer than its address")
    ensure(0 < index <= INDEX_MAX, "the index of a link is positive")
    return _HEAD.pack(FAMILY_NUMBER[family], address.prefix, address.flags & 0xFF, address.scope, index)


def decode_address(message: Message) -> AddressReport | None:
    """Read a message of kind `NEW_ADDRESS` or `DEL_ADDRESS`; None if it is of neither IP family.

    Raises:
        Malformed: `body-short`, `index`, `prefix`, `address` (missing, or not of its family), or what `netlink`
            finds in the attributes.
    """
    number, prefix, low_flags, scope, index = head_of(message.body, _HEAD)
    family = FAMILY_OF.get(number)
    if family is None:
        return None
    if not 0 < index <= INDEX_MAX:
        raise Malformed("index", got=index, want=1)
    if prefix > family.bits:
        raise Malformed("prefix", got=prefix, want=family.bits)
    attributes = attributes_in(message.body, _HEAD.size)
    far = address_in(attributes, _Attribute.ADDRESS, family)
    address = address_in(attributes, _Attribute.LOCAL, family) or far
    if address is None:
        raise Malformed("address", want=family.size)
    preferred, valid = _lifetimes(attributes)
    return AddressReport(
        index=index,
        address=address,
        prefix=prefix,
        gone=message.kind == DEL_ADDRESS,
        scope=scope,
        flags=number_in(attributes, _Attribute.FLAGS, size=4, default=low_flags),
        peer=far if far != address else None,
        broadcast=address_in(attributes, _Attribute.BROADCAST, family),
        label=text_of(attributes.get(_Attribute.LABEL, b"")),
        protocol=number_in(attributes, _Attribute.PROTOCOL, size=1),
        preferred_seconds=preferred,
        valid_seconds=valid,
    )


def _lifetimes(attributes: dict[int, bytes]) -> tuple[int, int]:
    """Seconds that an address is preferred, and valid."""
    value = attributes.get(_Attribute.CACHE)
    if value is None:
        return FOREVER, FOREVER
    if len(value) != _CACHE.size:
        raise Malformed("attribute-size", got=len(value), want=_CACHE.size)
    preferred, valid, *_ = _CACHE.unpack(value)
    return preferred, valid
