"""`Config` to text, by the declarations: each kind writes the words that it reads.

Secrets are written, too: the text is as secret as the file that it was read from.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from standfast.base.errors import Refused
from standfast.conf.read import Reading, read_config
from standfast.conf.sentence import command_sentence, sentence
from standfast.conf.told import Place, Told, ToldBlock, told
from standfast.model.config import Config
from standfast.model.declare import Keyword, declaration_of
from standfast.model.kinds.blocks import Block, Entries

INDENT: Final = "    "
_TOP: Final = "written"


def write_config(config: Config) -> str:
    """A text that reads as this configuration, with few words; see `faithful`."""
    return write(faithful(config))


def faithful(config: Config) -> ToldBlock:
    """What must be said to get this configuration, found by reading it back.

    A rule of `conf.meaning` may take what is not there for something other than its default (`state MASTER`
    without a priority is 255): such values are told, too.
    """
    sparse = told(config)
    also = _differing(config, sparse)
    return told(config, also) if also else sparse


def _differing(config: Config, said: ToldBlock) -> frozenset[Place]:
    """The values that the text of what is said does not give back; none if it cannot be written."""
    try:
        text = write(said)
    except Refused:
        return frozenset()
    again = read_text(text).config
    if again is None or again == config:
        return frozenset()
    return frozenset(
        (keyword.field, number, field)
        for keyword in declaration_of(Config).keywords
        if isinstance(keyword.kind, Block)
        for number, (value, other) in enumerate(
            zip(_blocks(config, keyword), _blocks(again, keyword), strict=False)
        )
        if type(value) is type(other) and value != other
        for field in declaration_of(type(value)).by_field
        if getattr(value, field) != getattr(other, field)
    )


def read_text(text: str) -> Reading:
    """What comes of reading a text that includes nothing."""
    return read_config(_TOP, _OneFile({_TOP: text.encode()}))


def _blocks(config: Config, keyword: Keyword) -> tuple[Any, ...]:
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
        yield from _entries(keyword, keyword.kind, line.values, indent)
    else:
        for value in line.values:
            say = command_sentence if keyword.kind.command else sentence
            yield indent + say(words_of(keyword, value))


def _entries(keyword: Keyword, kind: Entries, values: Sequence[object], indent: str) -> Iterator[str]:
    if keyword.lines:  # they stand in the block itself
        yield from (indent + sentence(kind.of.write(value)) for value in values)
        return
    yield f"{indent}{keyword.name} {{"
    yield from (indent + INDENT + sentence(kind.of.write(value)) for value in values)
    yield f"{indent}}}"


def _block(keyword: Keyword, block: ToldBlock, indent: str) -> Iterator[str]:
    head = [keyword.name]
    for argument in block.arguments:
        head += argument.keyword.value_kind.write(argument.values[0])
    yield f"{indent}{sentence(head)} {{"
    for line in block.lines:
        yield from _lines_of(line, indent + INDENT)
    yield f"{indent}}}"


def words_of(keyword: Keyword, value: object) -> tuple[str, ...]:
    """The words of a plain keyword with its value."""
    if keyword.opposite and value is False:
        return (keyword.opposite,)
    return (keyword.name, *keyword.value_kind.write(value))
