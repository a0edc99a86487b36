"""Mode bits: those of a file, and those that created files lack."""

from typing import Final

from standfast.base.patterns import late
from standfast.model.complaint import ErrorClass
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.words import Words

UMASK: Final = 0o177  # usual, behaviour PR-17: what we write is ours alone
_HIGHEST: Final = 0o777
_OCTAL: Final = late(r"0?[0-7]{3}")
_NUMBER: Final = late(r"0[xX](?P<hex>[0-9a-fA-F]{1,8})|0(?P<octal>[0-7]{0,8})|(?P<decimal>[1-9][0-9]{0,8})")
_BITS: Final = {
    f"I{right}{who}": bit << shift
    for shift, who in ((6, "USR"), (3, "GRP"), (0, "OTH"))
    for right, bit in (("R", 4), ("W", 2), ("X", 1))
}


class Mode(Kind[int]):
    """Permissions in octal digits."""

    @property
    def syntax(self) -> str:
        """`<MODE>`."""
        return "<MODE>"

    def read(self, words: Words) -> int:
        """Three octal digits, perhaps with a 0 before them."""
        text = words.next("a mode")
        if not _OCTAL().fullmatch(text):
            hint = "0660: its owner and its group may read and write; 0666: everybody may"
            words.reject(
                "mode",
                f"{words.keyword} must be three octal digits, not {text!r}",
                error_class=ErrorClass.BAD_NUMBER,
                hint=hint,
            )
        return int(text, 8)

    def write(self, value: int) -> tuple[str, ...]:
        """In octal digits."""
        return (f"0{value:03o}",)

    def schema(self) -> Schema:
        """A string of octal digits."""
        return {"type": "string", "pattern": "^0?[0-7]{3}$"}


class Umask(Kind[int]):
    """`<NUMBER> | BIT[|BIT...]`: a number as in C (022 is octal), or names of bits of `<sys/stat.h>`."""

    @property
    def syntax(self) -> str:
        """`<NUMBER> | BIT[|BIT...]`."""
        return "<NUMBER> | BIT[|BIT...]"

    def read(self, words: Words) -> int:
        """A number of at most 0777, or bits with `|` between them, with or without blanks.

        Raises:
            Rejected: it is neither.
        """
        text = " ".join((words.next("a number"), *words.rest()))
        if text[:1].isdigit():
            return self._number(words, text)
        bits = 0
        for name in (part.strip() for part in text.split("|")):
            if name not in _BITS:
                hint = f"the bits are {', '.join(_BITS)}; write `|` between two"
                words.reject("umask", f"umask knows no bit {name!r}", at=1, hint=hint)
            bits |= _BITS[name]
        return bits

    @staticmethod
    def _number(words: Words, text: str) -> int:
        match = _NUMBER().fullmatch(text)
        value = _HIGHEST + 1
        if match is not None:
            base = {"hex": 16, "octal": 8, "decimal": 10}[str(match.lastgroup)]
            value = int(match[str(match.lastgroup)] or "0", base)
        if value > _HIGHEST:
            words.reject(
                "umask",
                f"umask must be 0 to 0777, not {text}",
                at=1,
                error_class=ErrorClass.BAD_NUMBER,
                hint="a number that begins with 0 is octal: 022 takes the right to write from group and others",
            )
        return value

    def write(self, value: int) -> tuple[str, ...]:
        """In octal digits."""
        return (f"0{value:03o}",)

    def schema(self) -> Schema:
        """A string in the notation of the file."""
        return {"type": "string"}
