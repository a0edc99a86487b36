"""Files of the corpus with one line changed: the mistakes that people make, from a seed."""

from collections.abc import Sequence
from random import Random
from typing import Final, NamedTuple

_NUMBERS: Final = (
    "0",
    "-1",
    "1",
    "7",
    "255",
    "256",
    "65536",
    "4294967296",
    "1.5",
    "0.001",
    "1e3",
    "abc",
    "0x10",
)


class Changed(NamedTuple):
    """A text with one line changed, and how."""

    text: str
    how: str  # what was done, to which line


class Changes:
    """An endless row of changed texts; the same seed makes the same ones."""

    def __init__(self, texts: Sequence[str], seed: str) -> None:
        self._random = Random(seed)
        self._texts = [lines for text in texts if any(map(_says, lines := text.splitlines()))]
        self._lines = sorted({line.strip() for lines in self._texts for line in lines if _says(line)})

    def next(self) -> Changed:
        """One text."""
        lines = list(self._random.choice(self._texts))
        at = self._random.choice([number for number, line in enumerate(lines) if _says(line)])
        change = self._random.choice(
            (self._gone, self._twice, self._shorter, self._longer, self._number, self._other)
        )
        before, lines[at] = lines[at], change(lines[at])
        return Changed("\n".join(lines) + "\n", f"{before.strip()!r} -> {lines[at].strip()!r}")

    @staticmethod
    def _gone(_: str) -> str:
        return ""

    @staticmethod
    def _twice(line: str) -> str:
        return f"{line}\n{line}"

    @staticmethod
    def _shorter(line: str) -> str:
        return line.rpartition(" ")[0]

    def _longer(self, line: str) -> str:
        return f"{line} {self._random.choice((*_NUMBERS, 'on', 'eth0', '10.0.0.9'))}"

    def _number(self, line: str) -> str:
        """One of its words that has a digit becomes a number."""
        words = line.split(" ")
        places = [at for at, word in enumerate(words) if any(map(str.isdigit, word))] or [len(words) - 1]
        words[self._random.choice(places)] = self._random.choice(_NUMBERS)
        return " ".join(words)

    def _other(self, line: str) -> str:
        """A line of somebody else follows."""
        return f"{line}\n{self._random.choice(self._lines)}"


def _says(line: str) -> bool:
    """Whether a change of the line is one of a keyword: no comment, no brace, nothing that spans lines."""
    text = line.strip()
    return bool(text) and not set("{}\\$~@\"'#!") & set(text) and not text.startswith("include")
