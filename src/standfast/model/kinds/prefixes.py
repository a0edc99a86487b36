"""Prefixes of routes and rules, and names that iproute2's tables turn into numbers."""

from typing import Final

from standfast.base.addresses import IpAddress, family_of, parse_address
from standfast.base.frozen import frozen
from standfast.model.kinds.address_hints import address_hint, prefix_hint
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.kinds.names import Word
from standfast.model.words import Words

_ANYWHERE: Final = {"default": 0, "any": 0, "all": 0, "default6": 6}


@frozen
class Prefix:
    """An address with a prefix length; without an address it is everything of a family."""

    address: IpAddress | None
    length: int
    family: int = 0  # of everything: 4, 6, or 0 for what the other words say

    def __str__(self) -> str:
        if self.address is None:
            return "default6" if self.family == 6 else "default"
        return f"{self.address}/{self.length}"


ANY: Final = Prefix(None, 0)


def read_prefix(words: Words, text: str) -> Prefix:
    """This word as a prefix.

    Raises:
        Rejected: it is none.
    """
    if text in _ANYWHERE:
        return Prefix(None, 0, _ANYWHERE[text])
    host, slash, length = text.partition("/")
    try:
        address = parse_address(host)
    except ValueError:
        words.reject("not-an-address", f"{text!r} is not an address or prefix", hint=address_hint(text))
    bits = family_of(address).bits
    if not slash:
        return Prefix(address, bits)
    if not length.isdecimal() or not length.isascii() or int(length[:4]) > bits:
        said = f"prefix length {length!r} of {host} must be 0 to {bits}"
        words.reject("bad-prefix", said, hint=prefix_hint(length))
    return Prefix(address, int(length))


class PrefixKind(Kind[Prefix]):
    """`<PREFIX> | default | any | all`."""

    @property
    def syntax(self) -> str:
        """`<PREFIX>`."""
        return "<PREFIX>"

    def read(self, words: Words) -> Prefix:
        """A prefix."""
        return read_prefix(words, words.next("a prefix"))

    def write(self, value: Prefix) -> tuple[str, ...]:
        """The prefix."""
        return (str(value),)

    def schema(self) -> Schema:
        """A string."""
        return {"type": "string"}


class NameOrNumber(Word):
    """A number, or a name that stands in one of iproute2's tables."""

    @property
    def syntax(self) -> str:
        """`<NAME or NUMBER>`."""
        return "<NAME or NUMBER>"
