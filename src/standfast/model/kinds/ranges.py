"""Ranges of whole numbers."""

from standfast.base.frozen import frozen
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.kinds.numbers import Whole
from standfast.model.words import Words


@frozen
class Range:
    """From `low` to `high`, both meant."""

    low: int
    high: int

    def __str__(self) -> str:
        return f"{self.low}-{self.high}"


class RangeKind(Kind[Range]):
    """`<N>-<M>`; a single number is a range of one."""

    def __init__(self, most: int, *, least: int = 0) -> None:
        self._number = Whole(least, most)

    @property
    def syntax(self) -> str:
        """`<N>-<M>`."""
        return "<N>-<M>"

    def read(self, words: Words) -> Range:
        """A range."""
        text = words.next("a range")
        low, dash, high = text.partition("-")
        first = self._number.number(words, low)
        last = self._number.number(words, high) if dash else first
        if last < first:
            words.reject("value-range", f"the range {text} ends before it begins")
        return Range(first, last)

    def write(self, value: Range) -> tuple[str, ...]:
        """The range."""
        return (str(value),)

    def schema(self) -> Schema:
        """A string."""
        return {"type": "string"}
