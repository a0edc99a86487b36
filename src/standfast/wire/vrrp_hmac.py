"""The signature behind an advert that `auth_hmac` asks for (behaviours AU-04 to AU-06).

    type 1 | key id | two zero bytes | sequence: seconds (4), 1/65536 seconds (2), counter (2) | HMAC (16)

The HMAC covers a pseudo-header, the advert, and the trailer without the HMAC itself. It reads the advert's
checksum as zero: a kernel may write that of IPv6 only when the packet leaves. That one covers the trailer as well,
for a kernel knows no better; the checksum over IPv4 does not.
"""

from struct import Struct
from typing import Final, NamedTuple

from standfast.base.addresses import Family, IpAddress, family_of
from standfast.base.advert_size import SIGNATURE_SIZE
from standfast.base.errors import Malformed
from standfast.base.times import SECOND, Duration, WallTime
from standfast.wire.checksum import as_number, checksum_of, pseudo_header
from standfast.wire.digest import hmac_sha256, same
from standfast.wire.vrrp import CHECKSUM, PROTOCOL

TRAILER_SIZE: Final = SIGNATURE_SIZE
HMAC_SIZE: Final = 16  # the first half of a SHA-256 digest
_EXTENSION: Final = 1  # the only type of trailer

_HEAD: Final = Struct("!BBHQ")
_PSEUDO_HEADER: Final = Struct("!BBBx16s")  # an IPv4 address fills its first four bytes

_SEQUENCES: Final = 1 << 64
_A_SECOND: Final = 1 << 32  # in sequence numbers
_A_TICK: Final = 1 << 16  # the counter's range: 15 microseconds


class Trailer(NamedTuple):
    """What stands behind a signed advert."""

    key: int  # id of the key, 1 to 255
    sequence: int  # 64 bits
    hmac: bytes


def decode_trailer(data: bytes) -> Trailer:
    """Read a trailer.

    Raises:
        Malformed: `hmac-malformed`: its length, its type or its reserved bytes are wrong.
    """
    if len(data) != TRAILER_SIZE:
        raise Malformed("hmac-malformed", got=len(data), want=TRAILER_SIZE)
    kind, key, reserved, sequence = _HEAD.unpack_from(data)
    if kind != _EXTENSION or reserved:
        raise Malformed("hmac-malformed", got=kind << 16 | reserved, want=_EXTENSION << 16)
    return Trailer(key, sequence, data[_HEAD.size :])


def sign(message: bytes, source: IpAddress, *, key_id: int, key: bytes, sequence: int) -> bytes:
    """The trailer of an advert that is sent from this address."""
    head = _HEAD.pack(_EXTENSION, key_id, 0, sequence)
    return head + _hmac(key, message, head, source, vrid=message[1])


def is_signed(message: bytes, trailer: Trailer, source: IpAddress, *, vrid: int, key: bytes) -> bool:
    """Whether somebody who knows the key signed this advert, for this router and from this address."""
    head = _HEAD.pack(_EXTENSION, trailer.key, 0, trailer.sequence)
    return same(_hmac(key, message, head, source, vrid=vrid), trailer.hmac)


def _hmac(key: bytes, message: bytes, head: bytes, source: IpAddress, *, vrid: int) -> bytes:
    before = _PSEUDO_HEADER.pack(source.version, message[0] >> 4, vrid, source.packed)
    read = message[: CHECKSUM.start] + bytes(2) + message[CHECKSUM.stop :]
    return hmac_sha256(key, b"".join((before, read, head, bytes(HMAC_SIZE))))[:HMAC_SIZE]


def joined(message: bytes, trailer: bytes, *, source: IpAddress, destination: IpAddress) -> bytes:
    """An advert with its trailer, as the payload of a packet between these addresses."""
    if family_of(source) is Family.IPV4:
        return message + trailer
    bare = message[: CHECKSUM.start] + bytes(2) + message[CHECKSUM.stop :] + trailer
    number = as_number(bare) + pseudo_header(source, destination, protocol=PROTOCOL, length=len(bare))
    return bare[: CHECKSUM.start] + checksum_of(number).to_bytes(2, "big") + bare[CHECKSUM.stop :]


# ---- sequence numbers


def sequence_at(wall: WallTime) -> int:
    """The first sequence number of that moment; the seconds start again after 136 years, in 2106."""
    return wall * _A_SECOND // SECOND // _A_TICK * _A_TICK % _SEQUENCES


def following(sequence: int) -> int:
    """The next sequence number."""
    return (sequence + 1) % _SEQUENCES


def ahead(one: int, other: int) -> int:
    """How far the first sequence number lies behind the second; negative: before it (RFC 1982, section 3.2)."""
    distance = (one - other) % _SEQUENCES
    return distance if distance < _SEQUENCES // 2 else distance - _SEQUENCES


def span(duration: Duration) -> int:
    """That time in sequence numbers."""
    return duration * _A_SECOND // SECOND
