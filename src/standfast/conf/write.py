"""`Config` to text, by the declarations: each kind writes the words that it reads.

Secrets are written, too: the text is as secret as the file that it was read from.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from standfast.base.errors import Refused
from standfast.conf.read import read_config
from standfast.conf.told import Place, Told, ToldBlock, told
from standfast.model.config import Config
from standfast.model.declare import Keyword, declaration_of
from standfast.model.kinds.blocks import Block, Entries

INDENT: Final = "    "
_PLAIN: Final = re.compile(r"""[^\s"{}#!\\'~$]+\Z""")
_TOP: Final = "written"


def write_config(config: Config) -> str:
    """A text that reads as this configuration, with as few words as possible.

    It is read back. Where that gives something else, because a rule of `conf.meaning` takes what is not there
    for something other than its default, all values of the block are written.
    """
    return write(faithful(config))


def faithful(config: Config) -> ToldBlock:
    """What must be said to get this configuration, found by reading it back."""
    sparse = told(config)
    whole = _differing(config, sparse)
    return told(config, whole) if whole else sparse


def _differing(config: Config, said: ToldBlock) -> frozenset[Place]:
    """The blocks that the text of what is said does not give back; none if it cannot be written."""
    try:
        text = write(said)
    except Refused:
        return frozenset()
    again = read_config(_TOP, _OneFile({_TOP: text.encode()})).config
    if again is None or again == config:
        return frozenset()
    places = set()
    for keyword in declaration_of(Config).keywords:
        values = _as_blocks(keyword, config)
        others = _as_blocks(keyword, again)
        for number, value in enumerate(values):
            if number >= len(others) or others[number] != value:
                places.add((keyword.field, number))
    return frozenset(places)


def _as_blocks(keyword: Keyword, config: Config) -> tuple[object, ...]:
    value = getattr(config, keyword.field)
    return value if isinstance(value, tuple) else (value,)


class _OneFile:
    """Files of a dictionary, for reading what was written."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files

    def read(self, path: str) -> bytes:
        if path not in self._files:
            raise Refused("not-found", f"{path} does not exist")
        return self._files[path]

    def matches(self, pattern: str, directory: str) -> Sequence[str]:  # noqa: ARG002  (there is one folder)
        return [pattern]


def write(said: ToldBlock) -> str:
    """The text of what is said: a blank line between blocks of the top level.

    Raises:
        Refused: `unwritable`: a word holds what no file can hold.
    """
    parts = ["\n".join(_lines_of(line, "")) for line in _one_by_one(said.lines)]
    return "\n\n".join(part for part in parts if part) + "\n" if parts else ""


def _one_by_one(lines: Sequence[Told]) -> Iterator[Told]:
    """Each block of the top level for itself, so that a blank line comes between."""
    for line in lines:
        if isinstance(line.keyword.kind, Block):
            yield from (Told(line.keyword, (value,)) for value in line.values)
        else:
            yield line


def _lines_of(line: Told, indent: str) -> Iterator[str]:
    keyword = line.keyword
    if isinstance(keyword.kind, Block):
        for block in line.values:
            yield from _block(keyword, block, indent)
    elif isinstance(keyword.kind, Entries):
        yield f"{indent}{keyword.name} {{"
        for value in line.values:
            yield indent + INDENT + sentence(keyword.kind.of.write(value))
        yield f"{indent}}}"
    else:
        for value in line.values:
            yield indent + sentence(words_of(keyword, value))


def _block(keyword: Keyword, block: ToldBlock, indent: str) -> Iterator[str]:
    head = [keyword.name]
    for argument in block.arguments:
        head += argument.keyword.kind.write(argument.values[0])
    yield f"{indent}{sentence(head)} {{"
    for line in block.lines:
        yield from _lines_of(line, indent + INDENT)
    yield f"{indent}}}"


def words_of(keyword: Keyword, value: object) -> tuple[str, ...]:
    """The words of a plain keyword with its value."""
    if keyword.opposite and value is False:
        return (keyword.opposite,)
    return (keyword.name, *keyword.kind.write(value))


def sentence(words: Sequence[str]) -> str:
    """Words as they stand in a file."""
    return " ".join(map(quoted, words))


def quoted(word: str) -> str:
    """A word as it stands in a file, in double quotes if it must.

    Raises:
        Refused: `unwritable`: it holds a double quote or a line end, for which a file has no form.
    """
    if _PLAIN.match(word):
        return word
    if '"' in word or "\n" in word or "\r" in word:
        raise Refused("unwritable", "a word with a double quote or a line end cannot stand in a file")
    return f'"{word}"'
