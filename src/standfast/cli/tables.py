"""Tables and colours for a terminal; plain text for everything else."""

import os
import shutil
import sys
import textwrap
from collections.abc import Iterable, Sequence
from typing import Final

_GAP: Final = "  "
_LEAST: Final = 16  # columns that the last one has at least
_WIDTH: Final = 100  # of what is no terminal
_CODES: Final = {"good": "32", "bad": "1;31", "odd": "33", "dim": "2", "strong": "1"}

Cell = str | tuple[str, str]  # text, perhaps with a colour


class Paper:
    """What is written on: how wide it is, and whether it has colours."""

    def __init__(self, *, width: int, colours: bool) -> None:
        self.width = width
        self._colours = colours

    def paint(self, text: str, colour: str) -> str:
        """The text in a colour: good, bad, odd, dim, strong; or as it is."""
        code = _CODES.get(colour)
        return f"\033[{code}m{text}\033[0m" if self._colours and code and text else text

    def table(self, heads: Sequence[str], rows: Iterable[Sequence[Cell]]) -> list[str]:
        """Lines of a table; the last column takes the rest of the width, and is wrapped."""
        written = [[_cell(cell) for cell in row] for row in rows]
        widths = [
            max(len(head), *(len(row[at][0]) for row in written), 0) if written else len(head)
            for at, head in enumerate(heads)
        ]
        used = sum(widths[:-1]) + len(_GAP) * (len(heads) - 1)
        last = max(_LEAST, self.width - used)
        lines = [self.paint(_row(heads, widths).rstrip(), "dim")]
        for row in written:
            lines += self._wrapped(row, widths, used, last)
        return lines

    def _wrapped(self, row: list[tuple[str, str]], widths: list[int], used: int, last: int) -> list[str]:
        first, *more = _wrap(row[-1][0], last) or [""]
        cells = [
            self.paint(text, colour) + " " * (width - len(text))
            for (text, colour), width in zip(row[:-1], widths, strict=False)
        ]
        head = _GAP.join([*cells, self.paint(first, row[-1][1])]).rstrip()
        return [head, *(" " * used + self.paint(line, row[-1][1]) for line in more)]

    def points(self, texts: Iterable[str]) -> list[str]:
        """Lines of a list, each text behind a hyphen."""
        return [
            ("    " if at else "  - ") + line
            for text in texts
            for at, line in enumerate(_wrap(visible(text), self.width - 4))
        ]

    def pairs(self, rows: Iterable[tuple[str, Cell]], indent: int = 2) -> list[str]:
        """Lines of names and values; long values are wrapped under themselves."""
        kept = [(name, _cell(value)) for name, value in rows]
        width = max((len(name) for name, _ in kept), default=0)
        lines: list[str] = []
        for name, (text, colour) in kept:
            start = f"{' ' * indent}{name:<{width}}{_GAP}"
            wrapped = _wrap(text, max(_LEAST, self.width - len(start))) or [""]
            lines.append(self.paint(start, "dim") + self.paint(wrapped[0], colour))
            lines += (" " * len(start) + self.paint(line, colour) for line in wrapped[1:])
        return lines


def paper() -> Paper:
    """What standard output is: colours only on a terminal, and not if NO_COLOR is set (no-color.org)."""
    terminal = sys.stdout.isatty()
    plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    width = shutil.get_terminal_size().columns if terminal or "COLUMNS" in os.environ else _WIDTH
    return Paper(width=width, colours=terminal and not plain)


def _cell(cell: Cell) -> tuple[str, str]:
    return (visible(cell), "") if isinstance(cell, str) else (visible(cell[0]), cell[1])


def _wrap(text: str, width: int) -> list[str]:
    """The text in lines; what has a hyphen in it stays whole, as `grep` and people look for it."""
    return textwrap.wrap(text, width, break_on_hyphens=False)


def visible(text: str) -> str:
    """The text without control characters: names and messages come from files and hosts."""
    return "".join(char if char.isprintable() else "?" for char in text)


def _row(cells: Sequence[str], widths: Sequence[int]) -> str:
    return _GAP.join(f"{cell:<{width}}" for cell, width in zip(cells, widths, strict=True))
