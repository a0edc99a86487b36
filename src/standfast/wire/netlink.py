"""Netlink messages and their attributes (RFC 3549, section 2.2; linux/netlink.h), all in the host's byte order.

A buffer holds messages one behind the other, each with a header that says how long it is. Behind the fixed part
of a message stand attributes, each with a header that says how long *it* is. Both are padded to four bytes.
"""

from collections.abc import Iterator
from struct import Struct
from sys import byteorder
from typing import Final

from standfast.base.errors import Malformed, ensure
from standfast.base.frozen import frozen

ERROR: Final = 2  # also the acknowledgement: an error 0
DONE: Final = 3

REQUEST: Final = 0x1  # flags of every request
MULTI: Final = 0x2
ACK: Final = 0x4
DUMP_INTERRUPTED: Final = 0x10
DUMP: Final = 0x300  # flags of a request that reads
REPLACE: Final = 0x100  # flags of a request that writes
EXCLUSIVE: Final = 0x200
CREATE: Final = 0x400
_CAPPED: Final = 0x100  # flags of an answer: the request is not repeated in full
_HAS_ATTRIBUTES: Final = 0x200

HEADER_SIZE: Final = 16
_HEADER: Final = Struct("=IHHII")  # length, kind, flags, sequence, port
_ATTRIBUTE: Final = Struct("=HH")  # length, kind
NESTED: Final = 0x8000  # in the kind of an attribute that holds attributes
_KIND_MASK: Final = 0x3FFF  # the two bits above say "nested" and "big-endian"
_ERROR_CODE: Final = Struct("=i")
_ERROR_WORDS: Final = 1  # NLMSGERR_ATTR_MSG


@frozen
class Message:
    """One message; the body is what stands behind the header."""

    kind: int
    flags: int
    sequence: int
    port: int  # whom it is for; 0 is the kernel
    body: bytes

    @property
    def interrupted(self) -> bool:
        """Whether the kernel's table changed during a dump: what was read is inconsistent; read it again."""
        return bool(self.flags & DUMP_INTERRUPTED)

    @property
    def multiple(self) -> bool:
        """Whether it is one of several, with a message of kind `DONE` at their end."""
        return bool(self.flags & MULTI)


@frozen
class Answer:
    """What became of a request: done, acknowledged or refused."""

    sequence: int
    error: int  # 0, or an errno
    words: str = ""  # the kernel's own explanation, if it gave one


def encode_message(kind: int, flags: int, body: bytes, *, sequence: int = 0) -> bytes:
    """A message to the kernel, padded."""
    length = HEADER_SIZE + len(body)
    return _HEADER.pack(length, kind, flags, sequence, 0) + body + b"\0" * (-length % 4)


def messages_in(data: bytes) -> Iterator[Message]:
    """The messages of a buffer.

    Raises:
        Malformed: when it comes to the broken one; `short` (no header left), `length` (less than the header),
            `truncated`.
    """
    at, size = 0, len(data)
    while at < size:
        if size - at < HEADER_SIZE:
            raise Malformed("short", got=size - at, want=HEADER_SIZE)
        length, kind, flags, sequence, port = _HEADER.unpack_from(data, at)
        if length < HEADER_SIZE:
            raise Malformed("length", got=length, want=HEADER_SIZE)
        if length > size - at:
            raise Malformed("truncated", got=size - at, want=length)
        yield Message(kind, flags, sequence, port, data[at + HEADER_SIZE : at + length])
        at += length + -length % 4


def encode_attribute(kind: int, value: bytes) -> bytes:
    """An attribute, padded."""
    length = _ATTRIBUTE.size + len(value)
    ensure(length <= 0xFFFF, "a netlink attribute has at most 65,535 bytes")
    return _ATTRIBUTE.pack(length, kind) + value + b"\0" * (-length % 4)


def attributes_in(data: bytes, at: int = 0) -> dict[int, bytes]:
    """The values of the attributes that begin at `at`, by their kinds; of two of a kind, the last counts.

    Raises:
        Malformed: `attribute-length` (less than its header), `attribute-truncated`.
    """
    found: dict[int, bytes] = {}
    size = len(data)
    while size - at >= _ATTRIBUTE.size:
        length, kind = _ATTRIBUTE.unpack_from(data, at)
        if length < _ATTRIBUTE.size:
            raise Malformed("attribute-length", got=length, want=_ATTRIBUTE.size)
        if length > size - at:
            raise Malformed("attribute-truncated", got=size - at, want=length)
        found[kind & _KIND_MASK] = data[at + _ATTRIBUTE.size : at + length]
        at += length + -length % 4
    return found


def head_of(body: bytes, layout: Struct) -> tuple[int, ...]:
    """The fixed part of a message, before its attributes.

    Raises:
        Malformed: `body-short`.
    """
    if len(body) < layout.size:
        raise Malformed("body-short", got=len(body), want=layout.size)
    return layout.unpack_from(body)


def number_in(attributes: dict[int, bytes], kind: int, *, size: int, default: int = 0) -> int:
    """The whole number of that many bytes in an attribute, or the default if it is not there.

    Raises:
        Malformed: `attribute-size`.
    """
    value = attributes.get(kind)
    if value is None:
        return default
    if len(value) != size:
        raise Malformed("attribute-size", got=len(value), want=size)
    return int.from_bytes(value, byteorder)


def text_of(value: bytes) -> str:
    """An attribute's text, without its end mark; a byte that is not UTF-8 becomes visible."""
    return value.split(b"\0", 1)[0].decode(errors="backslashreplace")


def decode_answer(message: Message) -> Answer:
    """Read a message of kind `ERROR` or `DONE`.

    Raises:
        Malformed: `answer-short`, `answer-truncated`, or a broken attribute.
    """
    body = message.body
    if len(body) < _ERROR_CODE.size:
        raise Malformed("answer-short", got=len(body), want=_ERROR_CODE.size)
    (code,) = _ERROR_CODE.unpack_from(body)
    if not message.flags & _HAS_ATTRIBUTES:
        return Answer(message.sequence, abs(code))
    at = _ERROR_CODE.size if message.kind == DONE else _behind_request(message)
    words = text_of(attributes_in(body, at).get(_ERROR_WORDS, b""))
    return Answer(message.sequence, abs(code), words)


def _behind_request(message: Message) -> int:
    """Where the attributes of an error stand: behind the request that it repeats, whole or its header only."""
    body, at = message.body, _ERROR_CODE.size
    if len(body) < at + HEADER_SIZE:
        raise Malformed("answer-truncated", got=len(body), want=at + HEADER_SIZE)
    if message.flags & _CAPPED:
        return at + HEADER_SIZE
    (length, *_) = _HEADER.unpack_from(body, at)
    end: int = at + length + -length % 4
    if length < HEADER_SIZE or end > len(body):
        raise Malformed("answer-truncated", got=len(body), want=end)
    return end
