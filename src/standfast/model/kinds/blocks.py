"""Blocks in braces: one with keywords of its own, and one with an entry a line."""

from typing import Any

from standfast.model.kinds.kind import Form, Kind, Schema


class Block(Form):
    """A block with keywords, read by the declarations of its class.

    Args:
        of: the class, declared with `@block`.
        many: each such block is one more; otherwise the later one replaces the earlier.
        merged: several such blocks count as one.
    """

    def __init__(self, of: type, *, many: bool = False, merged: bool = False) -> None:
        self.of = of
        self.many = many
        self.merged = merged

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
        of: the kind of one entry.
        several: a line can hold several entries, one a word.
    """

    def __init__(self, of: Kind[Any], *, several: bool = False) -> None:
        self.of = of
        self.several = several

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
