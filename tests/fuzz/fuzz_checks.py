"""What servers answer to health checks, under test, with good answers to start from."""

import struct
from typing import Final

from standfast.base.addresses import Family
from standfast.wire.dns import decode_answer, encode_question
from standfast.wire.http import decode_head, end_of_head
from standfast.wire.icmp import decode_echo_reply

_HEAD: Final = struct.Struct("!6H")

HTTP: Final = (
    b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 12\r\nLocation: /a\r\n\r\nhello",
    b"HTTP/1.0 404 Not Found\r\n\r\n",
    b"HTTP/1.1 302\nLocation: http://10.0.0.1/\n\n",
)

DNS: Final = tuple(
    _HEAD.pack(7, flags, count, 0, 0, 0) + (encode_question(name, "SOA") if count else b"")
    for name, flags, count in (
        (".", 0x8180, 1),
        ("www.example.test", 0x8183, 1),
        ("a" * 63 + "." + "b" * 60, 0x8180, 1),
        (".".join(["c" * 60] * 4), 0x8180, 1),
        (".", 0x8180, 0),
    )
)
DNS_LENGTHS: Final = (2, 3, 5, 12, 16, 24, 76)

ECHOES: Final = (bytes(8) + b"token", bytes((129, 0)) + bytes(6) + b"token")


def head(data: bytes) -> object:
    """As an attempt reads it."""
    end = end_of_head(data)
    return decode_head(data[:end] if end >= 0 else data)


def dns(data: bytes) -> object:
    """The head of an answer."""
    answer = decode_answer(data)
    assert 0 <= answer.code <= 15
    assert answer.question[:-4] == answer.question[:-4].lower(), "a name is in lower case"
    return answer


def echo(data: bytes) -> object:
    """By IPv4 or IPv6, as its first byte says."""
    return decode_echo_reply(Family.IPV6 if data[:1] >= b"\x80" else Family.IPV4, data)
