"""Blocks in braces: one with keywords of its own, and one with an entry a line.

What stands in one may be named instead of imported: `rules:RULES`, below `standfast.model`. Then a start has its
declarations only if its file has such a block.
"""

from functools import cached_property
from typing import Any, TypeVar

from standfast.base.elsewhere import imported
from standfast.model.kinds.kind import Form, Kind, Schema

T = TypeVar("T")


class Block(Form):
    """A block with keywords, read by the declarations of its class.

    Args:
        of: the class, declared with `@block`, or its name.
        many: each such block is one more; otherwise the later one replaces the earlier.
        merged: several such blocks count as one.
    """

    in_braces = True

    def __init__(self, of: type | str, *, many: bool = False, merged: bool = False) -> None:
        self._of = of
        self.many = many
        self.merged = merged

    @cached_property
    def of(self) -> type:
        """The class of the block."""
        return _thing(self._of)

    @property
    def syntax(self) -> str:
        """`{ block }`."""
        return "{ block }"

    def schema(self) -> Schema:
        """A reference to the block's own schema."""
        inner: Schema = {"$ref": f"#/$defs/{self.of.__name__}"}
        return {"type": "array", "items": inner} if self.many else inner


class Entries(Form):
    """A block with one entry a line; an entry that cannot be read is dropped (behaviour CF-07).

    Args:
        of: the kind of one entry, or its name.
        several: a line can hold several entries, one a word.
    """

    in_braces = True

    def __init__(self, of: Kind[Any] | str, *, several: bool = False) -> None:
        self._of = of
        self.several = several

    @property
    def named(self) -> bool:
        """Whether the kind is not imported before it is asked for."""
        return isinstance(self._of, str)

    @cached_property
    def of(self) -> Kind[Any]:
        """The kind of one entry."""
        return _thing(self._of)

    @property
    def secret(self) -> bool:  # type: ignore[override]
        """As the entry's kind."""
        return self.of.secret

    @property
    def syntax(self) -> str:
        """`{ entries }`."""
        return "{ entries }"

    def schema(self) -> Schema:
        """An array."""
        return {"type": "array", "items": self.of.schema()}


def _thing(of: T | str) -> T:
    """What is meant, by itself or by its name."""
    found: T = imported(f"standfast.model.{of}") if isinstance(of, str) else of
    return found
