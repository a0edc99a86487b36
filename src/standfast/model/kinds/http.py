"""Values of web checks: status codes, digests, regular expressions."""

from typing import Final

from standfast.base.frozen import frozen
from standfast.base.patterns import late
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.kinds.names import Word
from standfast.model.kinds.numbers import Whole
from standfast.model.kinds.ranges import Range, RangeKind
from standfast.model.words import Words

_DIGEST: Final = late(r"[0-9a-fA-F]{32}\Z")
_CODES: Final = RangeKind(599, least=100)


class Digest(Word):
    """An MD5 digest."""

    @property
    def syntax(self) -> str:
        """`<32 HEX DIGITS>`."""
        return "<32 HEX DIGITS>"

    def read(self, words: Words) -> str:
        """32 hexadecimal digits."""
        text = words.next("a digest")
        if not _DIGEST().match(text):
            words.reject("digest", f"digest must be 32 hexadecimal digits, not {text!r}")
        return text.lower()


class StatusCodes(Kind[tuple[Range, ...]]):
    """`<CODE or RANGE> ...`."""

    @property
    def syntax(self) -> str:
        """`<CODE or RANGE> ...`."""
        return "<CODE or RANGE> ..."

    def read(self, words: Words) -> tuple[Range, ...]:
        """Codes and ranges of them."""
        found = [_CODES.read(words)]
        while words.peek() is not None:
            found.append(_CODES.read(words))
        return tuple(found)

    def write(self, value: tuple[Range, ...]) -> tuple[str, ...]:
        """The words."""
        return tuple(str(one.low) if one.low == one.high else str(one) for one in value)

    def schema(self) -> Schema:
        """An array of strings."""
        return {"type": "array", "items": {"type": "string"}}


@frozen
class RegexStack:
    """Bytes of memory: at first, and at most."""

    start: int
    most: int


class RegexStackKind(Kind[RegexStack]):
    """`<START> <MAX>`."""

    @property
    def syntax(self) -> str:
        """`<START> <MAX>`."""
        return "<START> <MAX>"

    def read(self, words: Words) -> RegexStack:
        """Two sizes."""
        return RegexStack(Whole(1).read(words), Whole(1).read(words))

    def write(self, value: RegexStack) -> tuple[str, ...]:
        """The words."""
        return (str(value.start), str(value.most))

    def schema(self) -> Schema:
        """An object."""
        size = {"type": "integer", "minimum": 1}
        return {"type": "object", "properties": {"start": size, "most": size}}
