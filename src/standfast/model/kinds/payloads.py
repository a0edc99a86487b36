"""Bytes in hexadecimal, as they are sent and expected."""

from typing import Final

from standfast.base.patterns import late
from standfast.model.kinds.names import Word
from standfast.model.words import Words

_HEX: Final = late(r"(?:[0-9a-fA-F]{2})+\Z")
_PATTERN: Final = late(r"(?:[0-9a-fA-FxX]{2})+\Z")


class Hex(Word):
    """Bytes; the digits may stand in several words."""

    @property
    def syntax(self) -> str:
        """`<HEX STRING>`."""
        return "<HEX STRING>"

    def read(self, words: Words) -> str:
        """The digits, joined."""
        text = "".join((words.next("hexadecimal digits"), *words.rest()))
        if not _HEX().match(text):
            words.reject("not-hexadecimal", f"{words.keyword} must be pairs of hexadecimal digits", at=1)
        return text.lower()


class OptionalHex(Hex):
    """Bytes of which some may be anything, or the keyword alone."""

    @property
    def syntax(self) -> str:
        """`[HEX STRING with x wildcards]`."""
        return "[HEX STRING with x wildcards]"

    def read(self, words: Words) -> str:
        """The digits, joined; none for the keyword alone."""
        text = "".join(words.rest())
        if text and not _PATTERN().match(text):
            words.reject("not-hexadecimal", f"{words.keyword} must be pairs of hexadecimal digits or x", at=1)
        return text.lower()

    def write(self, value: str) -> tuple[str, ...]:
        """The digits, if there are some."""
        return (value,) if value else ()
