"""What a tracked file is to hold when the daemon starts."""

from standfast.base.frozen import frozen
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.kinds.numbers import Whole
from standfast.model.words import Words


@frozen
class InitialFile:
    """A number, and whether it replaces what is there."""

    value: int = 0
    overwrite: bool = False


class InitialFileKind(Kind[InitialFile]):
    """`[VALUE] [overwrite]`."""

    @property
    def syntax(self) -> str:
        """`[VALUE] [overwrite]`."""
        return "[VALUE] [overwrite]"

    def read(self, words: Words) -> InitialFile:
        """A number and a word, in either order."""
        value, overwrite = 0, False
        while (word := words.optional()) is not None:
            if word == "overwrite":
                overwrite = True
            else:
                value = Whole(-0x7FFF_FFFF, 0x7FFF_FFFF).number(words, word)
        return InitialFile(value, overwrite)

    def write(self, value: InitialFile) -> tuple[str, ...]:
        """The words."""
        return (str(value.value), "overwrite") if value.overwrite else (str(value.value),)

    def schema(self) -> Schema:
        """An object."""
        return {
            "type": "object",
            "properties": {"value": {"type": "integer"}, "overwrite": {"type": "boolean"}},
        }
