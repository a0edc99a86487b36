"""One line of the log: who, what, then `key=value`."""

from enum import IntEnum
from typing import Final

from standfast.base.frozen import frozen


class Level(IntEnum):
    """How much a line matters, numbered as syslog does (RFC 5424, section 6.2.1)."""

    ERROR = 3
    WARNING = 4
    NOTICE = 5
    INFO = 6
    DEBUG = 7  # only with `-D -D`


Value = str | int


@frozen
class Line:
    """What is said about one fact."""

    level: Level
    text: str
    data: tuple[tuple[str, Value], ...] = ()  # those with an empty value are not said

    def __str__(self) -> str:
        pairs = " ".join(f"{key}={_quoted(value)}" for key, value in self.data if value != "")
        said = f"{self.text}  {pairs}" if pairs else self.text
        return one_line(said)


def line(level: Level, text: str, **data: Value) -> Line:
    """A line, its data as keywords."""
    return Line(level, text, tuple(data.items()))


def one_line(text: str) -> str:
    """The text with its control characters made visible: nobody outside can forge a second line."""
    return text.translate(_VISIBLE)


_VISIBLE: Final = {code: f"\\x{code:02x}" for code in (*range(32), 127, *range(128, 160))}


def _quoted(value: Value) -> str:
    text = str(value)
    if text and not any(mark in text for mark in ' "='):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
