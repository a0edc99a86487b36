"""What a process of ours leaves to the next: a document that is whole and of a schema that both know, or nothing.

A line that says what follows, then that. Version 1 of the schema is that of version 0.1; a change to the fields of
what is left takes a new number, and a process that does not know a number takes nothing over.
"""

from typing import Final, TypeVar
from zlib import crc32

import msgspec

from standfast.base.errors import Malformed
from standfast.conf.transport import DAMAGE, decode_value, encode_value

SCHEMA: Final = 1

V = TypeVar("V")


class Head(msgspec.Struct, frozen=True):
    """What follows."""

    schema: int
    what: str
    size: int
    sum: int  # CRC-32: it was cut or overwritten, or it was not; nobody else can write it


def encode_bequest(what: str, value: object) -> bytes:
    """A document.

    Args:
        what: whose it is.
        value: a frozen value, of what `conf.transport` can send.
    """
    body = encode_value(value)
    return msgspec.json.encode(Head(SCHEMA, what, len(body), crc32(body))) + b"\n" + body


def decode_bequest(of: type[V], what: str, document: bytes) -> V:
    """The value that was left.

    Raises:
        Malformed: `bequest-none`, `bequest-damaged`, or `bequest-schema` (with the number).
    """
    first, end, body = document.partition(b"\n")
    if not document:
        raise Malformed("bequest-none")
    try:
        head = msgspec.json.decode(first, type=Head)
    except (msgspec.MsgspecError, UnicodeError):
        raise Malformed("bequest-damaged") from None
    if head.schema != SCHEMA:
        raise Malformed("bequest-schema", got=head.schema, want=SCHEMA)
    if not end or (head.what, head.size, head.sum) != (what, len(body), crc32(body)):
        raise Malformed("bequest-damaged", got=len(body), want=head.size)
    try:
        return decode_value(of, body)
    except DAMAGE:
        raise Malformed("bequest-damaged") from None
