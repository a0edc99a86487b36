"""One tracked file: the number that it holds.

A file that is not there counts as 0 (behaviour TR-09), and so does an empty one: somebody writes `echo 1 >file`
in two steps. What holds no number, is no file, or cannot be read or watched has failed, with the reason: a 0 would
say that all is well. How the number changes a priority is the business of who asked (TR-08).
"""

import re
from typing import Final

from standfast.base.limits import TRACK_FILE_BYTES
from standfast.core.track.events import FileContent
from standfast.core.track.verdict import GOOD, Verdict

MOST: Final = 0x7FFF_FFFF  # what an int of C holds; every weight has long been exhausted

# strtol(3) with base 0: white space, a sign, then hexadecimal, octal or decimal digits; what follows is not read.
_NUMBER: Final = re.compile(rb"[ \t\n\v\f\r]*([+-]?)(?:0[xX]([0-9a-fA-F]+)|(0[0-7]*)|([1-9][0-9]*))")


def verdict_of(found: FileContent) -> Verdict:
    """What a tracked file says."""
    if found.refusal:
        return Verdict(up=False, reason=found.refusal)
    text = (found.content or b"")[:TRACK_FILE_BYTES]
    if not text.strip():
        return GOOD
    number = number_in(text)
    if number is None:
        return Verdict(up=False, reason=f"it holds no number: {_shown(text)}")
    return Verdict(up=True, value=number)


def number_in(text: bytes) -> int | None:
    """The number at the beginning of a text, as C reads it; None if there is none."""
    match = _NUMBER.match(text)
    if match is None:
        return None
    sign, hexadecimal, octal, decimal = match.groups()
    digits, base = next((d, b) for d, b in ((hexadecimal, 16), (octal, 8), (decimal, 10)) if d is not None)
    size = min(int(digits, base), MOST)
    return -size if sign == b"-" else size


def _shown(text: bytes) -> str:
    line = text.strip().split(b"\n")[0][:32]
    return line.decode(errors="backslashreplace")
