"""VRRP adverts, versions 2 (RFC 3768, section 5.1) and 3 (RFC 9568, section 5.1), for IPv4 and IPv6.

Only what makes the bytes a message is judged here, in the order of the RFCs (section 7.1 of both). What a
router thinks of a well-formed advert (its TTL, VRID, password, an interval or a count of 0, a first IPv6
address that is not link-local) is the core's business.

    version and type | vrid | priority | count | v2: authentication type, seconds; v3: centiseconds | checksum
    addresses
    v2: 8 bytes of authentication data
"""

from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from struct import Struct
from typing import Final

from standfast.base.addresses import Family, IpAddress, family_of
from standfast.base.errors import Malformed, ensure
from standfast.base.limits import ADDRESSES_MAX, VRID_MAX
from standfast.wire.checksum import ChecksumForm, as_number, checksum_of, pseudo_header, verifies

PROTOCOL: Final = 112
ADVERTISEMENT: Final = 1  # the only type of message

AUTH_NONE, AUTH_PASS, AUTH_HEADER = 0, 1, 2  # of version 2: RFC 2338, 5.3.6; RFC 3768 took them away
AUTH_SIZE: Final = 8  # bytes of authentication data, always there in version 2

INTERVAL_MAX_CS: Final = 0x0FFF  # version 3: 12 bits; the 4 before them are reserved and not looked at
INTERVAL_MAX_SECONDS: Final = 0xFF  # version 2: one byte
CENTISECONDS: Final = 100  # in a second

# The shortest Ethernet frame carries 46 bytes; an IPv4 header takes at least 20 of them. A sender that counts
# the padding into the IP total length makes a VRRP message no longer than this (behaviour WI-14).
PADDED_SIZE: Final = 46 - 20

CHECKSUM: Final = slice(6, 8)  # where it stands in a message

_HEAD: Final = Struct("!BBBBHH")
_V2: Final = 2 << 4 | ADVERTISEMENT
_V3: Final = 3 << 4 | ADVERTISEMENT


@dataclass(frozen=True, slots=True)
class Advert:
    """One advertisement, as it stands on the wire."""

    version: int  # 2 or 3
    family: Family
    vrid: int
    priority: int
    interval_cs: int  # centiseconds; a version 2 advert carries whole seconds, here times 100
    addresses: tuple[IpAddress, ...]
    form: ChecksumForm  # version 2: MESSAGE; version 3 IPv6: PSEUDO_HEADER; version 3 IPv4: either
    auth_type: int = 0  # version 2 only
    auth_data: bytes = field(default=b"", repr=False)  # version 2: 8 bytes, zeros without a password


def encode_advert(advert: Advert, source: IpAddress, destination: IpAddress) -> bytes:
    """The advert as the payload of an IP packet from `source` to `destination`.

    Raises:
        Broken: we made an advert that no message can carry.
    """
    _ensure_fits(advert, source)
    if advert.version == 2:
        fifth = advert.auth_type << 8 | advert.interval_cs // CENTISECONDS
        tail = advert.auth_data.ljust(AUTH_SIZE, b"\0")
    else:
        fifth, tail = advert.interval_cs, b""
    kind = advert.version << 4 | ADVERTISEMENT
    head = _HEAD.pack(kind, advert.vrid, advert.priority, len(advert.addresses), fifth, 0)
    message = b"".join((head, *(address.packed for address in advert.addresses), tail))
    number = as_number(message)
    if advert.form is ChecksumForm.PSEUDO_HEADER:
        number += pseudo_header(source, destination, protocol=PROTOCOL, length=len(message))
    checksum = checksum_of(number).to_bytes(2, "big")
    return message[: CHECKSUM.start] + checksum + message[CHECKSUM.stop :]


def _ensure_fits(advert: Advert, source: IpAddress) -> None:
    """Stop at a field of our own that does not fit its place in the message."""
    ensure(advert.version in {2, 3}, "an advert is of version 2 or 3")
    ensure(0 <= advert.vrid <= VRID_MAX and 0 <= advert.priority <= 0xFF, "a VRID or priority is one byte")
    ensure(len(advert.addresses) <= ADDRESSES_MAX, "an advert lists at most 255 addresses")
    ensure(advert.family is family_of(source), "an advert is of its packet's family")
    ensure(all(a.version == advert.family for a in advert.addresses), "an advert lists its own family only")
    if advert.version == 2:
        seconds, rest = divmod(advert.interval_cs, CENTISECONDS)
        ensure(not rest and 0 <= seconds <= INTERVAL_MAX_SECONDS, "version 2 counts 0 to 255 whole seconds")
        ensure(advert.family is Family.IPV4, "version 2 is for IPv4")
        ensure(advert.form is ChecksumForm.MESSAGE, "version 2 has no pseudo-header")
        auth_fits = 0 <= advert.auth_type <= 0xFF and len(advert.auth_data) <= AUTH_SIZE
        ensure(auth_fits, "authentication is a type of one byte and 8 bytes of data")
    else:
        ensure(0 <= advert.interval_cs <= INTERVAL_MAX_CS, "version 3 counts 0 to 4095 centiseconds")
        ensure(not advert.auth_type and not advert.auth_data, "version 3 has no authentication")
        form_fits = advert.family is Family.IPV4 or advert.form is ChecksumForm.PSEUDO_HEADER
        ensure(form_fits, "over IPv6 the checksum covers the pseudo-header")


def decode_advert(
    payload: bytes, source: IpAddress, destination: IpAddress, *, trailer: bytes = b""
) -> Advert:
    """Read the payload of an IP packet of protocol 112 from `source` to `destination`.

    A version 3 advert for IPv4 may carry either form of checksum: RFC 9568 leaves the pseudo-header out, most
    implementations keep it. Where the pseudo-header adds nothing, both verify: that counts as
    `PSEUDO_HEADER`.

    Args:
        payload: the message.
        source: of the packet.
        destination: of the packet.
        trailer: the signature that stood behind the message; the checksum over IPv6 covers it (`vrrp_hmac`).

    Raises:
        Malformed: for the first broken rule; in their order `short`, `version`, `type`, `truncated`,
            `length`, `checksum`.
    """
    size = len(payload)
    if size < _HEAD.size:
        raise Malformed("short", got=size, want=_HEAD.size)
    kind, vrid, priority, count, fifth, checksum = _HEAD.unpack_from(payload)
    family = family_of(source)
    if kind != _V3 and (kind != _V2 or family is Family.IPV6):
        raise _wrong_kind(kind, family)
    addresses_end = _HEAD.size + count * (4 if family is Family.IPV4 else 16)
    want = addresses_end if kind == _V3 else addresses_end + AUTH_SIZE
    if size != want:
        payload = _without_padding(payload, want, family)
    covered = payload + trailer if trailer and family is Family.IPV6 else payload
    number = int.from_bytes(covered, "big")  # of even length, whatever the count
    pseudo = pseudo_header(source, destination, protocol=PROTOCOL, length=len(covered)) if kind == _V3 else 0
    form = _form_of(number, pseudo, family)
    if form is None:
        raise Malformed("checksum", got=checksum, want=checksum_of(number - checksum + pseudo))
    addresses = _addresses_in(payload[_HEAD.size : addresses_end], count, family)
    if kind == _V3:
        return Advert(3, family, vrid, priority, fifth & INTERVAL_MAX_CS, addresses, form)
    interval_cs = (fifth & 0xFF) * CENTISECONDS
    auth_data = payload[addresses_end:]
    return Advert(2, family, vrid, priority, interval_cs, addresses, form, fifth >> 8, auth_data)


def message_size(payload: bytes, family: Family) -> int:
    """How long the message is by its version and count; what is too short to say it is all header.

    What follows it is padding, a signature (`vrrp_hmac`), or a mistake.
    """
    if len(payload) < _HEAD.size:
        return _HEAD.size
    return _HEAD.size + payload[3] * family.size + (AUTH_SIZE if payload[0] >> 4 == 2 else 0)


def vrid_of(payload: bytes) -> int | None:
    """The VRID that a payload carries, whether or not the rest of it is good; None if it is too short."""
    return payload[1] if len(payload) > 1 else None


def _wrong_kind(kind: int, family: Family) -> Malformed:
    """What is wrong with the first byte; there is no version 2 for IPv6."""
    version = kind >> 4
    if version != 3 and (version != 2 or family is Family.IPV6):
        return Malformed("version", got=version, want=3)
    return Malformed("type", got=kind & 0x0F, want=ADVERTISEMENT)


def _without_padding(payload: bytes, want: int, family: Family) -> bytes:
    """The message without the Ethernet padding behind it, which the checksum does not cover.

    An IPv6 packet is never so short that it needs padding.
    """
    size = len(payload)
    if size < want:
        raise Malformed("truncated", got=size, want=want)
    if family is Family.IPV6 or size > PADDED_SIZE:
        raise Malformed("length", got=size, want=want)
    return payload[:want]


def _form_of(number: int, pseudo: int, family: Family) -> ChecksumForm | None:
    """Which form of checksum a message verifies with; None if with neither that it may have.

    Args:
        number: the message.
        pseudo: its pseudo-header; 0 in version 2, which has none.
        family: IPv6 must have the pseudo-header.
    """
    if pseudo and verifies(number + pseudo):
        return ChecksumForm.PSEUDO_HEADER
    if family is Family.IPV4 and verifies(number):
        return ChecksumForm.MESSAGE
    return None


def _addresses_in(data: bytes, count: int, family: Family) -> tuple[IpAddress, ...]:
    """The addresses that stand one behind the other."""
    if family is Family.IPV6:
        return tuple(
            IPv6Address(int.from_bytes(data[at : at + 16], "big")) for at in range(0, 16 * count, 16)
        )
    return tuple(IPv4Address(int.from_bytes(data[at : at + 4], "big")) for at in range(0, 4 * count, 4))
