"""The canonical text of a configuration file: what `standfast fmt` writes.

Works on the lines as a person wrote them, before any expansion: indentation, one keyword a line, braces at their
places, at most one blank line. Comments stay where they are. Lines of the preprocessor (definitions, conditions,
repetitions, includes) and lines that are continued keep their words as they are. Formatting twice changes
nothing more, and what is read is the same before and after.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

INDENT: Final = "    "
_COMMENT_GAP: Final = "  "
_BLANKS: Final = " \t\n\r\f\v"  # a no-break space is a letter

# A part of a line: white space, a comment, a brace, or a stretch of a word with quotes and ${…} left as they are.
_PART: Final = re.compile(
    r"""(?P<space>\s+)
      | (?P<comment>[#!].*)
      | (?P<brace>[{}])
      | (?P<word>(?:\\[#!] | "[^"]*" | \$\{[^{}]*\} | [^\s"{}\#!])+)
      | (?P<quote>".*)""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_DIRECTIVE: Final = re.compile(r"\s*(\$[A-Za-z_{]|@|~(SEQx?|LST)\(|include[rmwba]?\s)", re.ASCII)
_DEFINITION: Final = re.compile(r"\$[A-Za-z_][A-Za-z0-9_]*=")
_ONLY_IN_FRONT: Final = re.compile(r"\$[A-Za-z_][A-Za-z0-9_]*=|@|~(SEQx?|LST)\(")  # elsewhere, mere words
_EXACT: Final = re.compile(r"""['\\$~]""")  # white space between words may matter here


@dataclass(slots=True)
class _Line:
    """One line of the source in its parts."""

    pieces: list[str] = field(default_factory=list)  # words of a keyword as one text, and braces
    comment: str = ""
    odd: bool = False  # it is not understood, and stays as it is


def formatted(text: str) -> str:
    """The canonical form of a file's text."""
    return _Formatter().text(text)


class _Formatter:
    def __init__(self) -> None:
        self._out: list[str] = []
        self._depth = 0
        self._head = False  # the last line is a keyword that a brace may still join
        self._condition_depth: int | None = None  # where a run of `@` lines began

    def text(self, text: str) -> str:
        continued = False
        for raw in text.split("\n"):
            line = raw.rstrip("\r")
            if continued:
                self._emit_exactly(line)
            elif line.strip(_BLANKS):
                self._line(line)
            else:
                self._blank()
            if not continued or line.strip(_BLANKS):  # a blank line ends nothing that is continued
                continued = line.endswith("\\") and (continued or not _parts(line).comment)
        while self._out and not self._out[-1]:
            self._out.pop()
        return "\n".join(self._out) + "\n" if self._out else ""

    def _blank(self) -> None:
        if self._out and self._out[-1] and not self._out[-1].endswith("{"):
            self._out.append("")

    def _line(self, line: str) -> None:
        if not line.lstrip(_BLANKS).startswith("@"):
            self._condition_depth = None
        parts = _parts(line)
        if _DIRECTIVE.match(line) or (line.rstrip(_BLANKS).endswith("\\") and not parts.comment):
            self._directive(line)
        elif parts.odd or any(map(_ONLY_IN_FRONT.match, parts.pieces[1:])):
            self._emit(line.strip(_BLANKS))
        else:
            self._pieces(parts)

    def _directive(self, line: str) -> None:
        """A line of the preprocessor, or one that a variable begins and may make a comment.

        Braces in it count for the indentation of what follows.
        """
        # `\ ` continues nothing.
        stripped = line.lstrip(_BLANKS) if line.rstrip(_BLANKS).endswith("\\") else line.strip(_BLANKS)
        if stripped.startswith("@"):
            if self._condition_depth is None:
                self._condition_depth = self._depth
            self._depth = self._condition_depth
        self._emit(stripped)
        if _DEFINITION.match(stripped) or stripped.endswith("\\"):
            return
        braces = [piece for piece in _parts(line).pieces if piece in ("{", "}")]
        self._depth = max(0, self._depth + braces.count("{") - braces.count("}"))

    def _pieces(self, parts: _Line) -> None:
        for piece in parts.pieces:
            if piece == "{":
                self._open()
            elif piece == "}":
                self._close()
            else:
                self._emit(piece)
                self._head = True
        if parts.comment and parts.pieces:
            self._out[-1] += _COMMENT_GAP + parts.comment
            self._head = False
        elif parts.comment:
            self._emit(parts.comment)

    def _open(self) -> None:
        last = len(self._out) - 1
        while last >= 0 and not self._out[last]:
            last -= 1
        if self._head and last >= 0:
            del self._out[last + 1 :]
            self._out[last] += " {"
        else:
            self._emit("{")
        self._depth += 1
        self._head = False

    def _close(self) -> None:
        while self._out and not self._out[-1]:
            self._out.pop()
        self._depth = max(0, self._depth - 1)
        self._emit("}")

    def _emit_exactly(self, line: str) -> None:
        self._out.append(line)
        self._head = False

    def _emit(self, text: str) -> None:
        self._out.append(INDENT * self._depth + text)
        self._head = False


def _parts(line: str) -> _Line:
    found = _Line()
    words: list[str] = []
    start = end = 0
    for kind, value, at in _scan(line):
        if kind == "word":
            start = at if not words else start
            words.append(value)
            end = at + len(value)
            continue
        if kind == "quote":
            found.odd = True
            return found
        if words:
            found.pieces.append(_joined(words, line[start:end]))
            words = []
        if kind == "brace":
            found.pieces.append(value)
        else:
            found.comment = value.rstrip(_BLANKS)
    if words:
        found.pieces.append(_joined(words, line[start:end]))
    return found


def _joined(words: list[str], text: str) -> str:
    """Words with one space between them, or as they are written where that may matter."""
    return text if _EXACT.search(text) else " ".join(words)


def _scan(line: str) -> Iterator[tuple[str, str, int]]:
    at = 0
    while at < len(line):
        match = _PART.match(line, at)
        if match is None:  # nothing else is left for a line to hold
            yield "quote", line[at:], at
            return
        kind = match.lastgroup or ""
        if kind != "space":
            yield kind, match[0], at
        at = match.end()
