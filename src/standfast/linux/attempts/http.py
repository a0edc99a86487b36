"""HTTP_GET and SSL_GET: pages that are fetched one after another (behaviours HC-08 to HC-10).

Each page has a connection of its own. A body is read to its end: by `Content-Length`, or until the server closes.
"""

import hashlib
from collections.abc import Callable, Sequence

from standfast.base.errors import Malformed
from standfast.base.limits import HTTP_BODY_MAX, HTTP_HEAD_MAX, REGEX_BODY_MAX
from standfast.base.times import Duration
from standfast.engine.check_ports import HttpProbe, Page
from standfast.linux.attempts.failure import Failed, shown
from standfast.linux.attempts.pattern import must_agree
from standfast.linux.attempts.stream import Stream, open_stream
from standfast.linux.attempts.tls import context_of
from standfast.linux.attempts.trial import Trial
from standfast.wire.http import Head, decode_head, end_of_head, redirection, request


async def attempt(trial: Trial, probe: HttpProbe) -> None:
    """Fetch all pages; each has its share of the time: one that hangs fails as soon as if it were alone."""
    share = Duration(trial.left // len(probe.pages)) if len(probe.pages) > 1 else None
    for page in probe.pages:
        if share is not None:
            trial.allow(share)
        await _fetch(trial, probe, page)


async def _fetch(trial: Trial, probe: HttpProbe, page: Page) -> None:
    stream = await asked(trial, probe, page)
    try:
        await _judge(trial, stream, page)
    finally:
        stream.close(notify=page.tls_compliant)


async def asked(trial: Trial, probe: HttpProbe, page: Page) -> Stream:
    """A connection on which a page was asked for.

    Raises:
        Failed: `connect`, `tls`, `send` or `cannot-run`.
    """
    tls = probe.tls
    context = context_of(tls) if tls is not None else None
    name = page.name if tls is not None and tls.sni else ""
    stream = await open_stream(trial, probe.way, context=context, name=name)
    try:
        await stream.send(request(page.path, page.host, version=probe.version, close=probe.close))
    except BaseException:
        stream.close()
        raise
    return stream


async def _judge(trial: Trial, stream: Stream, page: Page) -> None:
    begin, rest = await receive_head(trial, stream)
    head = head_of(trial, begin)
    if not any(codes.low <= head.status <= codes.high for codes in page.codes):
        leads = redirection(begin)
        to = f", to {leads!r}" if leads else ""
        good = " ".join(f"{codes.low}-{codes.high}" for codes in page.codes)
        raise Failed("status", f"{_url(trial, page)}: {head.status}{to}; good is {good}")
    trial.missing = "no end of the body"
    digest = hashlib.md5(usedforsecurity=False) if page.digest else None
    kept = _Kept(_url(trial, page)) if page.pattern is not None else None
    takers = [taker.update for taker in (digest, kept) if taker is not None]
    await receive_body(trial, stream, head, rest, takers)
    if digest is not None and (found := digest.hexdigest()) != page.digest:
        raise Failed("digest", f"{_url(trial, page)}: the digest is {found}, not {page.digest}")
    if kept is not None and page.pattern is not None:
        await must_agree(trial, page.pattern, bytes(kept.data), _url(trial, page))


async def receive_head(trial: Trial, stream: Stream) -> tuple[bytes, bytes]:
    """The bytes of the head of the answer, and what has come of the body.

    Raises:
        Failed: `receive`, `reply` or `size`.
    """
    trial.missing = "no answer"
    received = await stream.receive()
    while (end := end_of_head(received)) < 0 and len(received) <= HTTP_HEAD_MAX:
        trial.missing = f"no end of the head after {len(received)} bytes"
        more = await stream.receive()
        if not more:
            said = f"after {shown(received)}" if received else "without a word"
            raise Failed("reply", f"{trial.place}: closed by the server {said}")
        received += more
    if end < 0 or end > HTTP_HEAD_MAX:
        raise Failed("size", f"{trial.place}: the head has more than {HTTP_HEAD_MAX} bytes")
    return received[:end], received[end:]


def head_of(trial: Trial, begin: bytes) -> Head:
    """What a head says.

    Raises:
        Failed: `reply`.
    """
    try:
        return decode_head(begin)
    except Malformed as wrong:
        raise Failed("reply", f"{trial.place}: this is no HTTP: {shown(begin)}") from wrong


async def receive_body(
    trial: Trial, stream: Stream, head: Head, rest: bytes, takers: Sequence[Callable[[bytes], None]]
) -> None:
    """Give the body to these, piece by piece.

    Raises:
        Failed: `receive`, `size`, or `reply` if less has come than was said.
    """
    length = head.length
    count, piece = 0, rest
    if length is not None and length > HTTP_BODY_MAX:
        raise _too_long(trial)
    while True:
        if length is not None:
            piece = piece[: length - count]
        count += len(piece)
        if count > HTTP_BODY_MAX:
            raise _too_long(trial)
        for take in takers:
            take(piece)
        if length is not None and count >= length:
            return
        piece = await stream.receive()
        if not piece:
            break
    if length is not None:
        raise Failed(
            "reply", f"{trial.place}: closed by the server after {count} of {length} bytes of the body"
        )


def _too_long(trial: Trial) -> Failed:
    return Failed(
        "size", f"{trial.place}: the body has more than {HTTP_BODY_MAX} bytes; check a smaller page"
    )


def _url(trial: Trial, page: Page) -> str:
    return f"{trial.place} {page.path}"


class _Kept:
    """A body that is kept, to be matched."""

    def __init__(self, url: str) -> None:
        self.data = bytearray()
        self._url = url

    def update(self, piece: bytes) -> None:
        """Keep a piece.

        Raises:
            Failed: `size`.
        """
        self.data += piece
        if len(self.data) > REGEX_BODY_MAX:
            words = f"{self._url}: the body has more than {REGEX_BODY_MAX} bytes, too many for a regex"
            raise Failed("size", words)
