"""Words as a file writes them."""

from collections.abc import Sequence
from typing import Final

from standfast.base.errors import Refused
from standfast.base.patterns import late

_PLAIN: Final = late(r"""[^\s"{}#!\\'~$]+\Z""")
_ESCAPED: Final = str.maketrans({"\\": "\\\\", '"': "\\x22", "\n": "\\n", "\r": "\\r"})


def sentence(words: Sequence[str]) -> str:
    """Words as they stand in a file."""
    return " ".join(map(quoted, words))


def quoted(word: str) -> str:
    """A word as it stands in a file, in double quotes if it must.

    Raises:
        Refused: `unwritable`: it holds a double quote or a line end, for which a file has no form.
    """
    if _PLAIN().match(word):
        return word
    if '"' in word or "\n" in word or "\r" in word:
        raise Refused("unwritable", "a word with a double quote or a line end cannot stand in a file")
    return f'"{word}"'


def command_sentence(words: Sequence[str]) -> str:
    """The words of a command as they stand in a file, where a backslash begins an escape."""
    return sentence([word.translate(_ESCAPED) for word in words])
