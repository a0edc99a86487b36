"""What every form of what stands behind a keyword can do, and what a value on its line can."""

from abc import abstractmethod
from collections.abc import Mapping
from typing import Generic, TypeVar

from standfast.model.words import Words

T = TypeVar("T")
Schema = Mapping[str, object]


class Form:
    """What stands behind a keyword: a value on its line (`Kind`), or lines in braces.

    Not an `ABC`: the type checker sees to the abstract methods, and `isinstance` stays quick.
    """

    in_braces: bool = False  # it is lines in braces
    secret: bool = False  # its words never stand in a message
    command: bool = False  # its words are a command's: single quotes and backslashes have a meaning

    @property
    @abstractmethod
    def syntax(self) -> str:
        """The arguments as the manual shows them: `<INTEGER:1..255>`."""

    @abstractmethod
    def schema(self) -> Schema:
        """The value in JSON Schema."""


class Kind(Form, Generic[T]):
    """How the words behind a keyword become a value of type T."""

    @abstractmethod
    def read(self, words: Words) -> T:
        """Take the value's words.

        Raises:
            Rejected: they are no value of this kind.
        """

    def again(self, before: T, value: T, words: Words) -> T:  # noqa: ARG002  (for those who need them)
        """The value of a keyword that stood there before: the last one counts (behaviour CF-03)."""
        return value

    @abstractmethod
    def write(self, value: T) -> tuple[str, ...]:
        """The words that `read` makes this value of."""
