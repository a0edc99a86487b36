"""Posting a message to a web server: one request a connection, and of the answer only its status."""

import asyncio
import ssl

from standfast.base.errors import Malformed, Refused
from standfast.base.frozen import field, frozen
from standfast.base.limits import HTTP_HEAD_MAX
from standfast.base.times import SECOND, Duration
from standfast.linux.tls import checking_context
from standfast.wire.http import decode_head, end_of_head

_TAKEN = range(200, 300)
_LATER = frozenset({408, 425, 429})  # of those that blame the request: these mean "not now"
_OUR_FAULT = range(400, 500)


@frozen
class Hook:
    """Where messages are posted to."""

    secure: bool
    host: str
    port: int
    authority: str  # for the header Host
    target: str = field(repr=False)  # path and query: as good as a password
    timeout: Duration = Duration(10 * SECOND)  # for all of it
    ca_file: str = ""
    token: bytes = field(default=b"", repr=False)

    def __str__(self) -> str:
        return f"webhook {'https' if self.secure else 'http'}://{self.authority}"


def post_request(hook: Hook, content: bytes, agent: str) -> bytes:
    """The request, whole."""
    lines = [
        f"POST {hook.target} HTTP/1.1",
        f"Host: {hook.authority}",
        f"User-Agent: {agent}",
        "Content-Type: application/json",
        f"Content-Length: {len(content)}",
        "Connection: close",
    ]
    head = "\r\n".join(lines).encode()
    if hook.token:
        head += b"\r\nAuthorization: Bearer " + hook.token
    return head + b"\r\n\r\n" + content


async def post(hook: Hook, content: bytes, *, agent: str) -> None:
    """Post JSON.

    Args:
        hook: to whom.
        content: the JSON.
        agent: who we are.

    Raises:
        Refused: the server does not take it, and will not.
        OSError: it cannot be reached, or does not answer in time, or not now.
    """
    try:
        async with asyncio.timeout(hook.timeout / SECOND):
            status = await _ask(hook, post_request(hook, content, agent))
    except TimeoutError:
        raise TimeoutError("no answer in time") from None
    except (ssl.SSLError, ssl.CertificateError, Malformed, UnicodeError) as error:
        raise ConnectionError(str(error)) from error
    if status in _TAKEN:
        return
    if status in _LATER or status not in _OUR_FAULT:
        raise ConnectionError(f"it answers {status}")
    raise Refused("webhook-refused", f"it answers {status}", remedy="correct the webhook's address or token")


async def _ask(hook: Hook, request: bytes) -> int:
    context = checking_context(hook.ca_file) if hook.secure else None
    reader, writer = await asyncio.open_connection(hook.host, hook.port, ssl=context, limit=HTTP_HEAD_MAX)
    try:
        writer.write(request)
        await writer.drain()
        return decode_head(await _head(reader)).status
    finally:
        writer.transport.abort()  # nobody waits for a polite end of the connection


async def _head(reader: asyncio.StreamReader) -> bytes:
    received = b""
    while end_of_head(received) < 0:
        piece = await reader.read(4096)
        if not piece or len(received) > HTTP_HEAD_MAX:
            raise ConnectionError("the answer is none of HTTP")
        received += piece
    return received[: end_of_head(received)]
