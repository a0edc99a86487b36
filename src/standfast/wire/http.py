"""HTTP as far as a health check needs it: a GET request, and the head of an answer (RFC 9112).

The body is taken as it stands behind the head: a digest that genhash has printed is of these bytes, the frames
of a chunked body included. So nothing is decoded, and a body ends where `Content-Length` says, or with the
connection.
"""

import re
from typing import Final

from msgspec import Struct

from standfast.base.errors import Malformed

_STATUS: Final = re.compile(rb"HTTP/\d\.\d +(\d{3})(?:[ \r\n]|\Z)")
_LENGTH: Final = re.compile(rb"\ncontent-length:[ \t]*(\d{1,18})[ \t]*(?=\r?\n|\Z)")  # in lower case
_LOCATION: Final = re.compile(rb"\r?\nlocation:[ \t]*([^\r\n]{0,200})", re.IGNORECASE)
_END: Final = b"\r\n\r\n"

USER_AGENT: Final = "KeepAliveClient"  # behaviour HC-08: servers' logs and rules know it


class Head(Struct, frozen=True, gc=False):  # made for each check
    """What the head of an answer says."""

    status: int
    length: int | None  # bytes of the body; None: it ends with the connection


def request(path: str, host: str, *, version: str = "1.0", close: bool = False) -> bytes:
    """A GET request with the headers of behaviour HC-08, in their order."""
    closing = "Connection: close\r\n" if close else ""
    text = f"GET {path} HTTP/{version}\r\nUser-Agent: {USER_AGENT}\r\n{closing}Host: {host}\r\n\r\n"
    return text.encode()


def end_of_head(received: bytes) -> int:
    """Where the body begins; -1: the head is not complete."""
    at = received.find(_END)
    return at + len(_END) if at >= 0 else -1


def decode_head(head: bytes) -> Head:
    """Read the head of an answer, from its status line to the empty line.

    Raises:
        Malformed: `status-line`: it does not begin with HTTP and a status of three digits.
    """
    status = _STATUS.match(head)
    if status is None:
        raise Malformed("status-line", got=len(head))
    length = _LENGTH.search(head.lower())  # a fifth of what a search in any case takes
    return Head(int(status[1]), int(length[1]) if length else None)


def redirection(head: bytes) -> str:
    """Where the head of an answer leads to, for people; empty: nowhere."""
    location = _LOCATION.search(head)
    return location[1].decode(errors="backslashreplace") if location else ""
