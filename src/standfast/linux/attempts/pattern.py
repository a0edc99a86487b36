"""`regex` of a page: whether a body agrees with its pattern, found out in slices of time.

A pattern that meets a hostile body can take minutes. The places where a match may begin are tried a few at a time,
as many as take some two milliseconds; between them others have their turn, and the deadline can come.
"""

from time import monotonic_ns
from typing import Final

from standfast.base.errors import Refused
from standfast.base.limits import REGEX_FIRST_SLICE, REGEX_SLICE_TIME
from standfast.engine.check_ports import Pattern
from standfast.linux.attempts.failure import Failed
from standfast.linux.attempts.pcre2 import Compiled, compiled
from standfast.linux.attempts.trial import Trial

_SMALL: Final = 4096  # bytes of a body that is matched in one go: 8 million steps at most, some milliseconds
_SLICE_NS: Final = REGEX_SLICE_TIME * 1000


async def must_agree(trial: Trial, pattern: Pattern, body: bytes, url: str) -> None:
    """Match a body.

    Raises:
        Failed: `regex`: it does not match, or does and must not, or takes too long; `cannot-run`: the pattern is
            wrong, or the library missing.
    """
    trial.missing = "no end of matching its regex"
    try:
        code = compiled(pattern.text, pattern.options, pattern.stack)
    except Refused as refusal:
        raise Failed("cannot-run", f"{url}: regex {pattern.text}: {refusal}") from refusal
    try:
        found = await _found(trial, code, pattern, body)
    except Refused as refusal:
        raise Failed("regex", f"{url}: {pattern.text}: {refusal}") from refusal
    if found is not pattern.must_match:
        does = "matches, and must not" if found else "does not match"
        raise Failed("regex", f"{url}: the body of {len(body)} bytes {does}: {pattern.text}")


async def _found(trial: Trial, code: Compiled, pattern: Pattern, body: bytes) -> bool:
    first = pattern.least_offset
    last = len(body) if pattern.most_offset is None else min(pattern.most_offset, len(body))
    if first > last:
        return False
    if code.anchored or len(body) <= _SMALL:
        return code.begins(body, first, last)
    width = REGEX_FIRST_SLICE
    while first <= last:
        began = monotonic_ns()
        if code.begins(body, first, min(first + width - 1, last)):
            return True
        first += width
        took = monotonic_ns() - began
        if took > _SLICE_NS:
            await trial.pause(0)
            width = max(1, width * _SLICE_NS // took)
        elif took * 2 < _SLICE_NS:
            width *= 2
    return False
