"""BFD control packets (RFC 5880, section 4.1), and what stands in an authentication section (4.2 to 4.4).

Only what makes the bytes a message is judged here, in the order of section 6.8.6. Whose packet it is, its TTL, and
whether it may be authenticated is the core's business.

    version, diagnostic | state, flags | detect mult | length | my discriminator | your discriminator
    desired min TX | required min RX | required min echo RX | authentication section, if the A bit is set
"""

from enum import IntEnum
from struct import Struct
from typing import Final

from msgspec import Struct as Message

from standfast.base.errors import Malformed, ensure

SINGLE_HOP_PORT: Final = 3784  # RFC 5881, section 4
MULTIHOP_PORT: Final = 4784  # RFC 5883, section 5
SIZE: Final = 24  # without authentication

_VERSION: Final = 1
_LEAST_WITH_AUTHENTICATION: Final = SIZE + 2
_PACKET: Final = Struct("!BBBBIIIII")
_WORD_MAX: Final = 0xFFFFFFFF


class SessionState(IntEnum):
    """The state of a session, as packets carry it (section 4.1)."""

    ADMIN_DOWN = 0
    DOWN = 1
    INIT = 2
    UP = 3


class Diagnostic(IntEnum):
    """Why a session changed its state last (section 4.1); 9 to 31 are for future use, and no reason to drop."""

    NONE = 0
    TIME_EXPIRED = 1
    ECHO_FAILED = 2
    NEIGHBOUR_SAID_DOWN = 3
    FORWARDING_RESET = 4
    PATH_DOWN = 5
    CONCATENATED_PATH_DOWN = 6
    ADMIN_DOWN = 7
    REVERSE_CONCATENATED_PATH_DOWN = 8


# The lower bits of the second byte; plain numbers, since each packet is asked for all of them.
_MULTIPOINT: Final = 0x01
_DEMAND: Final = 0x02
_AUTHENTICATION: Final = 0x04
_INDEPENDENT: Final = 0x08
_FINAL: Final = 0x10
_POLL: Final = 0x20


class ControlPacket(Message, frozen=True):
    """One control packet; intervals in microseconds."""

    state: SessionState
    multiplier: int  # 1 to 255
    mine: int  # the sender's discriminator, never 0
    yours: int = 0  # the receiver's; 0: not known yet
    desired_min_tx_us: int = 0
    required_min_rx_us: int = 0
    required_min_echo_rx_us: int = 0
    diagnostic: int = Diagnostic.NONE  # 0 to 31
    poll: bool = False
    final: bool = False
    independent: bool = False  # of the control plane
    demand: bool = False
    authentication: bytes | None = None  # the section; None: there is none


def encode_control(packet: ControlPacket) -> bytes:
    """The packet as the payload of a UDP datagram.

    Raises:
        Broken: we made a packet that no message can carry.
    """
    ensure(0 < packet.mine <= _WORD_MAX and 0 <= packet.yours <= _WORD_MAX, "a discriminator is 32 bits")
    ensure(0 < packet.multiplier <= 0xFF and 0 <= packet.diagnostic <= 0x1F, "multiplier, diagnostic fit")
    ensure(not (packet.poll and packet.final), "a packet has not both P and F (RFC 5880, section 6.5)")
    section = packet.authentication or b""
    flags = (
        _POLL * packet.poll
        | _FINAL * packet.final
        | _INDEPENDENT * packet.independent
        | _AUTHENTICATION * (packet.authentication is not None)
        | _DEMAND * packet.demand
    )
    head = _PACKET.pack(
        _VERSION << 5 | packet.diagnostic,
        packet.state << 6 | flags,
        packet.multiplier,
        SIZE + len(section),
        packet.mine,
        packet.yours,
        packet.desired_min_tx_us,
        packet.required_min_rx_us,
        packet.required_min_echo_rx_us,
    )
    return head + section


YOURS: Final = slice(8, 12)  # where Your Discriminator stands

_STATES: Final = tuple(SessionState)


def decode_control(payload: bytes) -> ControlPacket:
    """Read the payload of a datagram; what follows the packet's own length is not looked at.

    Raises:
        Malformed: for the first broken rule; in their order `version`, `short`, `length`, `truncated`,
            `multiplier-zero`, `multipoint`, `my-discriminator-zero`.
    """
    size = len(payload)
    if size and payload[0] >> 5 != _VERSION:
        raise Malformed("version", got=payload[0] >> 5, want=_VERSION)
    if size < SIZE:
        raise Malformed("short", got=size, want=SIZE)
    first, second, multiplier, length, mine, yours, min_tx, min_rx, min_echo_rx = _PACKET.unpack_from(payload)
    authenticated = bool(second & _AUTHENTICATION)
    if length < (least := _LEAST_WITH_AUTHENTICATION if authenticated else SIZE):
        raise Malformed("length", got=length, want=least)
    if length > size:
        raise Malformed("truncated", got=size, want=length)
    if multiplier == 0:
        raise Malformed("multiplier-zero", got=0, want=1)
    if second & _MULTIPOINT:
        raise Malformed("multipoint", got=1, want=0)
    if mine == 0:
        raise Malformed("my-discriminator-zero", got=0, want=1)
    return ControlPacket(
        state=_STATES[second >> 6],
        multiplier=multiplier,
        mine=mine,
        yours=yours,
        desired_min_tx_us=min_tx,
        required_min_rx_us=min_rx,
        required_min_echo_rx_us=min_echo_rx,
        diagnostic=first & 0x1F,
        poll=bool(second & _POLL),
        final=bool(second & _FINAL),
        independent=bool(second & _INDEPENDENT),
        demand=bool(second & _DEMAND),
        authentication=payload[SIZE:length] if authenticated else None,
    )


# ---- authentication sections: read, never made


class AuthenticationType(IntEnum):
    """The kinds of RFC 5880, section 4.1."""

    SIMPLE_PASSWORD = 1
    KEYED_MD5 = 2
    METICULOUS_KEYED_MD5 = 3
    KEYED_SHA1 = 4
    METICULOUS_KEYED_SHA1 = 5


class Authentication(Message, frozen=True):
    """A section; a password is not kept."""

    type: AuthenticationType
    key_id: int
    sequence: int = 0  # of the keyed kinds
    digest: bytes = b""  # of the keyed kinds


_KEYED: Final = Struct("!BBBBI")
_KEYED_LENGTHS: Final = {  # section 4.3 and 4.4
    AuthenticationType.KEYED_MD5: 24,
    AuthenticationType.METICULOUS_KEYED_MD5: 24,
    AuthenticationType.KEYED_SHA1: 28,
    AuthenticationType.METICULOUS_KEYED_SHA1: 28,
}
_PASSWORD_LENGTHS: Final = range(4, 20)  # section 4.2: a password of 1 to 16 bytes


def decode_authentication(section: bytes) -> Authentication:
    """Read an authentication section.

    Raises:
        Malformed: `authentication-type` or `authentication-length`.
    """
    if len(section) < 3:
        raise Malformed("authentication-length", got=len(section), want=3)
    kind, length, key_id = section[:3]
    try:
        type_ = AuthenticationType(kind)
    except ValueError:
        raise Malformed("authentication-type", got=kind, want=AuthenticationType.KEYED_SHA1) from None
    want = _KEYED_LENGTHS.get(type_)
    if length != len(section) or (length not in _PASSWORD_LENGTHS if want is None else length != want):
        raise Malformed("authentication-length", got=length, want=want or len(section))
    if want is None:
        return Authentication(type_, key_id)
    *_, sequence = _KEYED.unpack_from(section)
    return Authentication(type_, key_id, sequence, section[_KEYED.size :])
