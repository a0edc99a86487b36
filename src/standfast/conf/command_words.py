"""The words of a command, which single quotes hold together, too, and in which backslashes have a meaning.

Only the values of scripts are read so; for all other keywords a single quote and a backslash are letters.
"""

import re
from typing import Final

from standfast.base.patterns import late

_TOKEN: Final = late(
    r"""(?P<blank>[ \t\n\v\f\r]+)|(?P<end>[{}#!])|'(?P<single>(?:\\.|[^'\\])*)'|"(?P<double>(?:\\.|[^"\\])*)"
    |(?P<plain>(?:\\.|[^ \t\n\v\f\r{}#!'"\\])+)|(?P<rest>.)""",
    re.DOTALL | re.VERBOSE,
)
_ESCAPE: Final = late(r"\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|c([@-_a-z])|(.))", re.DOTALL)
_NAMED: Final = {
    "a": "\a", "b": "\b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v",
}  # fmt: skip


def needs_command_words(text: str) -> bool:
    """Whether the words of a command differ from those of other lines."""
    return "'" in text or "\\" in text


def command_words(text: str, at: int = 0) -> list[str]:
    """The words from a place of a line up to a brace or comment, quotes taken away and escapes decoded."""
    words: list[str] = []
    word: str | None = None
    for match in _TOKEN().finditer(text, at):
        if match["end"]:
            break
        if match["blank"]:
            words += [] if word is None else [word]
            word = None
        else:
            word = (word or "") + _piece(match)
    return words if word is None else [*words, word]


def _piece(match: re.Match[str]) -> str:
    part = match[match.lastgroup or 0]
    return _ESCAPE().sub(_decoded, part) if "\\" in part else part


def _decoded(match: re.Match[str]) -> str:
    hexadecimal, octal, control, other = match.groups()
    if hexadecimal:
        return chr(int(hexadecimal, 16))
    if octal:
        return chr(int(octal, 8) & 0xFF)
    if control:
        return chr(ord(control.upper()) ^ 0x40)
    return _NAMED.get(other, other)
