"""A line of text into pieces: words, and the braces between them.

Words are parted by white space: blanks, tabs and their like of ASCII, as in Keepalived; a no-break space is a
letter. A double quote holds words together and vanishes; what adjoins it is the same
word. `#` and `!` begin a comment except inside double quotes or behind a backslash, which then vanishes. A
brace outside quotes is a piece of its own, wherever it stands.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from standfast.base.patterns import late
from standfast.conf.source import Line, Place, Source


class Open(NamedTuple):
    """A `{`."""

    source: Source
    column: int


class Close(NamedTuple):
    """A `}`."""

    source: Source
    column: int


class OpenQuote(NamedTuple):
    """A double quote that the line does not close."""

    source: Source
    column: int


Piece = Line | Open | Close | OpenQuote

_SPECIAL: Final = re.compile(r'["{}#!\\]')
_TOKEN: Final = late(r'\s+|\\[#!]|[#!].*|"[^"]*"|"|[{}]|\\|[^\s"{}#!\\]+', re.DOTALL | re.ASCII)
_WORD: Final = late(r"\S+", re.ASCII)
_BLANKS: Final = " \t\n\r\f\v"


def pieces(source: Source, expanded: str = "") -> Sequence[Piece]:
    """The pieces of a line, in order; `expanded` is its text after expansion, if that differs."""
    text = expanded or source.text
    special = _SPECIAL.search(text)
    if special is None:  # most lines
        words = _words(text)
        return (Line(source, words, expanded=expanded),) if words else ()
    at, sign = special.start(), special[0]
    if sign not in "{}" or text[at + 1 :].strip(_BLANKS):
        return tuple(_tokens(source, text, expanded))
    brace = (Open if sign == "{" else Close)(source, at + 1)  # nearly all others: a brace at the end
    words = _words(text[:at])
    return (Line(source, words, expanded=expanded), brace) if words else (brace,)


def _words(text: str) -> list[str]:
    """The words of a text without special signs."""
    return text.split() if text.isascii() else _WORD().findall(text)


def _tokens(source: Source, text: str, expanded: str) -> Iterator[Piece]:
    words: list[str] = []
    start = 0
    for kind, value, at in scan(text):
        if kind == "word":
            words.append(value)
            continue
        if words:
            yield Line(source, words, expanded=expanded, start=start)
            words = []
        start = at + 1
        if kind == "quote":
            yield OpenQuote(source, at + 1)
        else:
            yield Open(source, at + 1) if value == "{" else Close(source, at + 1)
    if words:
        yield Line(source, words, expanded=expanded, start=start)


def scan(text: str, at: int = 0) -> Iterator[tuple[str, str, int]]:
    """Words, braces and unclosed quotes with their offsets: ("word" | "brace" | "quote", text, offset).

    An unclosed quote is told after the word that it begins, which takes the rest of the line.
    """
    word: str | None = None
    begun = at
    while at < len(text):
        match = _TOKEN().match(text, at)
        part = match[0] if match else text[at]
        if part[0] in "#!":
            break
        blank = part[0] in _BLANKS
        if blank or part in "{}":
            if word is not None:
                yield "word", word, begun
                word = None
            if not blank:
                yield "brace", part, at
        else:
            begun = at if word is None else begun
            if part == '"':
                yield "word", (word or "") + text[at + 1 :].rstrip(_BLANKS), begun
                yield "quote", part, at
                return
            word = (word or "") + _plain(part)
        at += len(part)
    if word is not None:
        yield "word", word, begun


def without_comment(text: str) -> str:
    """A line up to its comment; what protects a `#` or `!` stays."""
    at = 0
    while match := _TOKEN().match(text, at):
        if match[0][0] in "#!":
            return text[:at]
        at = match.end()
    return text


def _plain(token: str) -> str:
    if token[0] == '"':
        return token[1:-1]
    return token[1:] if token in ("\\#", "\\!") else token


def place_of(line: Line, at: int) -> Place:
    """Where word `at` of a line stands in its file; its first column if an expansion made it."""
    source = line.source
    words = ((value, offset) for kind, value, offset in scan(line.text, line.start) if kind == "word")
    found = next(islice(words, at, None), None)
    if found is None:
        return source.place
    word, offset = found
    if line.expanded:
        offset = source.text.find(word)
        if offset < 0:
            return source.place
    return Place(source.file, source.number, offset + 1, max(len(word), 1))
