"""Where the values of a block came from."""

from dataclasses import dataclass, field

from standfast.conf.source import Line


@dataclass(slots=True)
class Origin:
    """The lines behind one block: its own, those of its keywords, and those of its entries and inner blocks."""

    line: Line | None  # None: the block stands in no file
    fields: dict[str, Line] = field(default_factory=dict)  # the line that counts, by field
    entries: dict[str, list[Line]] = field(default_factory=dict)  # in the order of the values
    blocks: dict[str, list["Origin"]] = field(default_factory=dict)  # inner blocks, by field

    def given(self, name: str) -> bool:
        """Whether a file says this field."""
        return name in self.fields
