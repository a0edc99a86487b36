"""SMTP_CHECK: mail servers that greet us and answer a HELO (behaviour HC-11; RFC 5321, section 4.2)."""

import re
from contextlib import suppress
from typing import Final

from standfast.base.limits import SMTP_REPLY_MAX
from standfast.base.times import Duration
from standfast.engine.check_ports import SmtpProbe, Way
from standfast.linux.attempts.failure import Failed, shown
from standfast.linux.attempts.stream import Stream, open_stream
from standfast.linux.attempts.trial import Trial

_LAST_LINE: Final = re.compile(rb"(?:\A|\n)(\d{3})(?: [^\n]*)?\r?\n\Z")
_LINES: Final = re.compile(rb"(?:\d{3}(?:[ -][^\n]*)?\r?\n)+\Z")


async def attempt(trial: Trial, probe: SmtpProbe) -> None:
    """Greet all of them, one after another; each has its share of the time."""
    share = Duration(trial.left // max(len(probe.ways), 1))
    for way in probe.ways:
        if len(probe.ways) > 1:
            trial.allow(share)
        await _greet(trial, way, probe.helo)


async def _greet(trial: Trial, way: Way, helo: str) -> None:
    stream = await open_stream(trial, way)
    try:
        await _expect(trial, stream, b"220", "greeting")
        await stream.send(f"HELO {helo}\r\n".encode())
        await _expect(trial, stream, b"250", "answer to HELO")
        # It has shown that it works. Who waited for an answer would take the next one's time.
        with suppress(Failed):
            await stream.send(b"QUIT\r\n")
    finally:
        stream.close()


async def _expect(trial: Trial, stream: Stream, code: bytes, what: str) -> None:
    trial.missing = f"no {what}"
    received = b""
    while (last := _LAST_LINE.search(received)) is None:
        if received.endswith(b"\n") and not _LINES.match(received):
            raise Failed("reply", f"{trial.place}: this is no SMTP: {shown(received)}")
        more = await stream.receive()
        received += more
        if not more:
            said = f" after {shown(received)}" if received else ""
            raise Failed("reply", f"{trial.place}: {trial.missing}, closed by the server{said}")
        if len(received) > SMTP_REPLY_MAX:
            raise Failed("size", f"{trial.place}: the {what} has more than {SMTP_REPLY_MAX} bytes")
    if last[1] != code:
        words = f"{trial.place}: the {what} must be {code.decode()}, not {shown(received.rstrip())}"
        raise Failed("status", words)
