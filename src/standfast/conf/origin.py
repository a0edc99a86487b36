"""Where the values of a block came from."""

from standfast.conf.source import Line


class Origin:
    """The lines behind one block: its own, those of its keywords, and those of its entries and inner blocks."""

    __slots__ = ("blocks", "entries", "fields", "line", "order")

    def __init__(self, line: Line | None, order: int = 0) -> None:
        self.line = line  # None: the block stands in no file
        self.order = order  # the how many-th block of the files it is
        self.fields: dict[str, Line] = {}  # the line that counts, by field
        self.entries: dict[str, list[Line]] = {}  # in the order of the values
        self.blocks: dict[str, list[Origin]] = {}  # inner blocks, by field

    def given(self, name: str) -> bool:
        """Whether a file says this field."""
        return name in self.fields
