"""Where a line stands, and its words."""

from typing import NamedTuple


class Source(NamedTuple):
    """One line as a person wrote it."""

    file: str
    number: int  # from 1
    text: str  # without its line end

    @property
    def place(self) -> "Place":
        """All that stands in the line."""
        column = len(self.text) - len(self.text.lstrip()) + 1
        return Place(self.file, self.number, column, max(len(self.text.strip()), 1))


class Line:
    """A piece of a line: the words up to a brace or the end, as they are after every expansion."""

    __slots__ = ("expanded", "source", "start", "words")

    def __init__(self, source: Source, words: list[str], *, expanded: str = "", start: int = 0) -> None:
        self.source = source
        self.words = words
        self.expanded = expanded  # the text that the words come from; empty: as it was written
        self.start = start  # where in that text they begin

    @property
    def text(self) -> str:
        """The text that the words come from."""
        return self.expanded or self.source.text


class Place(NamedTuple):
    """A word of a file: line and column count from 1; `width` characters are meant."""

    file: str
    line: int
    column: int
    width: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file
