"""Values of several words that a few keywords share."""

from typing import Final

from standfast.base.frozen import frozen
from standfast.base.nearest import nearest
from standfast.model.complaint import ErrorClass
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.kinds.names import Word
from standfast.model.kinds.numbers import Whole
from standfast.model.words import Words

PORT: Final = Whole(1, 65_535)
_TEXT: Final[Schema] = {"type": "string"}


class OptionalWord(Word):
    """A word, or the keyword alone."""

    def __init__(self, name: str, when_bare: str) -> None:
        super().__init__(name)
        self.when_bare = when_bare

    @property
    def syntax(self) -> str:
        """`[TABLE]`."""
        return f"[{self.name}]"

    def read(self, words: Words) -> str:
        """The word, or what the keyword alone means."""
        return words.optional() or self.when_bare


class OptionalChoice(OptionalWord):
    """One of a few words, or the keyword alone."""

    def __init__(self, *options: str, when_bare: str) -> None:
        super().__init__(" | ".join(options), when_bare)
        self.options = options

    def read(self, words: Words) -> str:
        """One of the options, or what the keyword alone means."""
        text = words.optional()
        if text is None or text == self.when_bare:
            return self.when_bare
        if text not in self.options:
            options = " or ".join(self.options)
            hint = nearest(text, self.options)
            said = f"{words.keyword} must be {options} or stand alone, not {text!r}"
            words.reject("unknown-choice", said, hint=hint)
        return text

    def write(self, value: str) -> tuple[str, ...]:
        """The word, if there is one."""
        return () if value == self.when_bare else (value,)


class WordList(Kind[tuple[str, ...]]):
    """All words of the line, at least `least` of them."""

    def __init__(self, name: str, least: int = 0) -> None:
        self.name = name
        self.least = least

    @property
    def syntax(self) -> str:
        """`<NAME>...`."""
        return f"<{self.name}>..." if self.least else f"[{self.name}...]"

    def read(self, words: Words) -> tuple[str, ...]:
        """The words."""
        return (*(words.next(f"a {self.name.lower()}") for _ in range(self.least)), *words.rest())

    def write(self, value: tuple[str, ...]) -> tuple[str, ...]:
        """The words."""
        return value

    def schema(self) -> Schema:
        """An array of strings."""
        return {"type": "array", "items": _TEXT}


class CommandWords(WordList):
    """The words of a command line."""

    command = True


@frozen
class Fifo:
    """A named pipe and its owner."""

    path: str
    user: str = ""
    group: str = ""


class FifoKind(Kind[Fifo]):
    """`<PATH> [USER [GROUP]]`."""

    @property
    def syntax(self) -> str:
        """`<PATH> [USER [GROUP]]`."""
        return "<PATH> [USER [GROUP]]"

    def read(self, words: Words) -> Fifo:
        """A path and its owner."""
        return Fifo(words.next("a path"), words.optional() or "", words.optional() or "")

    def write(self, value: Fifo) -> tuple[str, ...]:
        """The words."""
        return tuple(part for part in (value.path, value.user, value.group) if part)

    def schema(self) -> Schema:
        """An object."""
        return {"type": "object", "properties": {"path": _TEXT, "user": _TEXT, "group": _TEXT}}


@frozen
class Server:
    """A host, by name or address, and a port."""

    host: str
    port: int = 25


class ServerKind(Kind[Server]):
    """`<HOST or IP> [PORT]`."""

    @property
    def syntax(self) -> str:
        """`<HOST> [PORT]`."""
        return "<HOST> [PORT]"

    def read(self, words: Words) -> Server:
        """A host, and perhaps a port."""
        host = words.next("a host")
        port = words.optional()
        return Server(host) if port is None else Server(host, PORT.number(words, port))

    def write(self, value: Server) -> tuple[str, ...]:
        """The words."""
        return (value.host, str(value.port))

    def schema(self) -> Schema:
        """An object."""
        return {"type": "object", "properties": {"host": _TEXT, "port": PORT.schema()}}


class CpuList(Kind[tuple[int, ...]]):
    """`<CPU> [CPU...]`."""

    @property
    def syntax(self) -> str:
        """`<CPU> [CPU...]`."""
        return "<CPU> [CPU...]"

    def read(self, words: Words) -> tuple[int, ...]:
        """CPU numbers; one that is none is left out."""
        texts = (words.next("a CPU number"), *words.rest())
        found = []
        for text in texts:
            if text.isdecimal() and text.isascii() and int(text[:5]) < 4096:
                found.append(int(text))
            else:
                words.complain(
                    "not-a-number", f"{text!r} is no CPU number", at=0, error_class=ErrorClass.BAD_NUMBER
                )
        return tuple(found)

    def write(self, value: tuple[int, ...]) -> tuple[str, ...]:
        """The numbers."""
        return tuple(map(str, value))

    def schema(self) -> Schema:
        """An array of integers."""
        return {"type": "array", "items": {"type": "integer", "minimum": 0}}


@frozen
class ExtraInterfaces:
    """Announcements on further interfaces: how often, and on all or only on our own VMACs."""

    seconds: int
    all: bool = False


class ExtraInterfacesKind(Kind[ExtraInterfaces]):
    """`[all] <INTEGER:1..86400> seconds`."""

    def __init__(self, low: int) -> None:
        self.low, self.high = low, 86_400
        self._number = Whole(low, 86_400)

    @property
    def syntax(self) -> str:
        """`[all] <INTEGER:1..86400> seconds`."""
        return f"[all] {self._number.syntax} seconds"

    def read(self, words: Words) -> ExtraInterfaces:
        """A time in seconds, perhaps for all interfaces."""
        everywhere = words.peek() == "all"
        if everywhere:
            words.next()
        return ExtraInterfaces(self._number.read(words), everywhere)

    def write(self, value: ExtraInterfaces) -> tuple[str, ...]:
        """The words."""
        return ("all", str(value.seconds)) if value.all else (str(value.seconds),)

    def schema(self) -> Schema:
        """An object."""
        return {
            "type": "object",
            "properties": {"seconds": self._number.schema(), "all": {"type": "boolean"}},
        }
