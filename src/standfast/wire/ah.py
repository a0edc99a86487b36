"""The Authentication Header before an advert of version 2 (RFC 2402; RFC 2338, section 5.3.6.3; behaviour AU-02).

    next header 112 | length 4 | two zero bytes | SPI: the sender's address | sequence | ICV (12)

The ICV is the first 96 bits of HMAC-MD5 (RFC 2403) over the IP header with what changes on the way read as
zero, this header with its ICV read as zero, and the advert. What changes on the way is the type of service and the
checksum and, to one address, the TTL (RFC 2402, section 3.3.3.1.1). To a group the TTL counts, for nothing is on
the way there: so Keepalived has it.
"""

from ipaddress import IPv4Address
from struct import Struct
from typing import Final, NamedTuple

from standfast.base.errors import Malformed
from standfast.wire.digest import hmac_md5, same
from standfast.wire.ip import IPV4_HEADER_SIZE, ipv4_header
from standfast.wire.vrrp import PROTOCOL as VRRP

PROTOCOL: Final = 51
AH_SIZE: Final = 24
SEQUENCE_MAX: Final = 0xFFFF_FFFF  # it never starts again under the same key (RFC 2402, section 3.3.2)
_ICV_SIZE: Final = 12
_TTL: Final = 255
_LENGTH: Final = 4  # in words of four bytes, less two

_HEAD: Final = Struct("!BBHII")
_TOS_AT, _TTL_AT, _CHECKSUM_AT = 1, 8, 10
_SOURCE: Final = slice(12, 16)
_DESTINATION_AT: Final = 16
_FIRST_GROUP, _GROUPS = 0xE0, 16  # the first byte of a group's address: 224 to 239


class AuthenticationHeader(NamedTuple):
    """What the header says."""

    spi: int
    sequence: int
    icv: bytes


def decode_ah(covering: bytes) -> AuthenticationHeader:
    """Read the header that stands behind an IPv4 header.

    Args:
        covering: all that stands before the advert: the IPv4 header as it came, and this one.

    Raises:
        Malformed: `ah-malformed`: it is not what comes before an advert, or the IP header has options.
    """
    if len(covering) != IPV4_HEADER_SIZE + AH_SIZE:
        raise Malformed("ah-malformed", got=len(covering), want=IPV4_HEADER_SIZE + AH_SIZE)
    following, length, reserved, spi, sequence = _HEAD.unpack_from(covering, IPV4_HEADER_SIZE)
    if (following, length, reserved) != (VRRP, _LENGTH, 0):
        raise Malformed(
            "ah-malformed", got=following << 24 | length << 16 | reserved, want=VRRP << 24 | 4 << 16
        )
    sender = int.from_bytes(covering[_SOURCE], "big")
    if spi != sender:
        raise Malformed("ah-malformed", got=spi, want=sender)
    return AuthenticationHeader(spi, sequence, covering[IPV4_HEADER_SIZE + _HEAD.size :])


def authenticated(
    message: bytes,
    source: IPv4Address,
    destination: IPv4Address,
    *,
    key: bytes,
    sequence: int,
) -> bytes:
    """An advert behind its header, as the payload of a packet between these addresses.

    The packet must have the identification `identification_of` its sequence number, and to a group TTL 255.
    """
    head = _HEAD.pack(VRRP, _LENGTH, 0, int(source), sequence)
    identification = identification_of(sequence)
    length = AH_SIZE + len(message)
    ip = ipv4_header(source, destination, length, identification=identification, ttl=_TTL, protocol=PROTOCOL)
    return head + _icv(key, ip, head, message) + message


def is_authentic(covering: bytes, message: bytes, *, key: bytes) -> bool:
    """Whether somebody who knows the key sent this; `covering` was read by `decode_ah`."""
    ip, head = covering[:IPV4_HEADER_SIZE], covering[IPV4_HEADER_SIZE : IPV4_HEADER_SIZE + _HEAD.size]
    theirs = covering[IPV4_HEADER_SIZE + _HEAD.size :]
    return same(_icv(key, ip, head, message), theirs)


def identification_of(sequence: int) -> int:
    """The identification of the IP packet with this sequence number: the ICV covers it."""
    return sequence & 0xFFFF or 1  # with 0, the kernel would choose one


def sequence_in(payload: bytes) -> int:
    """The sequence number in what `authenticated` made."""
    return int.from_bytes(payload[8:12], "big")


def _icv(key: bytes, ip: bytes, head: bytes, message: bytes) -> bytes:
    read = bytearray(ip)
    read[_TOS_AT] = 0
    read[_CHECKSUM_AT : _CHECKSUM_AT + 2] = bytes(2)
    if not _FIRST_GROUP <= ip[_DESTINATION_AT] < _FIRST_GROUP + _GROUPS:
        read[_TTL_AT] = 0
    return hmac_md5(key, b"".join((read, head, bytes(_ICV_SIZE), message)))[:_ICV_SIZE]
