"""What must be said to get a configuration: the inverse of `conf.build` and `conf.defaults`.

A `Config` has all its defaults filled in; a person wants to see what differs from them. So a value is told only
where the reader, without it, would come to another one: by the constant default or by inheritance.
"""

from collections.abc import Mapping, Set
from typing import Any, Final

from standfast.base.frozen import MISSING, default_of, frozen
from standfast.conf.catalogue import reading_order
from standfast.model.complaint import Rejected
from standfast.model.config import Config
from standfast.model.declare import Keyword, Repeat, declaration_of
from standfast.model.kinds.blocks import Block, Entries
from standfast.model.kinds.names import Boolean, Flag
from standfast.model.words import Words

Values = dict[str, Any]
Place = tuple[str, int, str]  # a field of Config, which of its blocks, and a field of that block
_NOWHERE: Final[frozenset[Place]] = frozenset()


@frozen
class ToldBlock:
    """A block: the values of its arguments, and its lines."""

    of: type
    arguments: tuple["Told", ...]
    lines: tuple["Told", ...]


@frozen
class Told:
    """A keyword and its values: one of a plain keyword, all of a list of entries or of blocks (`ToldBlock`)."""

    keyword: Keyword
    values: tuple[Any, ...]


def told(config: Config, also: Set[Place] = _NOWHERE) -> ToldBlock:
    """The configuration in as few words as the declarations allow.

    Args:
        config: what to tell.
        also: what is told even though the declarations say that it is the default.
    """
    lines: list[Told] = []
    scope: dict[str, Values] = {}
    for keyword in declaration_of(Config).keywords:
        value = getattr(config, keyword.field)
        if not isinstance(keyword.kind, Block):
            lines += _leaf(keyword, value, value == default_of(Config, keyword.field), everything=False)
            continue
        if _absent(Config, keyword, value):
            continue
        blocks = []
        for number, one in enumerate(_each(keyword.kind, value)):
            these = frozenset(place[2] for place in also if place[:2] == (keyword.field, number))
            block, given = _block(one, scope, these)
            blocks.append(block)
            if keyword.kind.merged:
                scope[keyword.name] = given  # of which there is one, so all others can inherit from it
        if blocks:
            lines.append(Told(keyword, tuple(blocks)))
    return ToldBlock(Config, (), tuple(lines))


def _absent(of: type, keyword: Keyword, value: Any) -> bool:
    """Whether a block of which there is one need not be told: it is not there, or a mere default."""
    return value is None or (value == default_of(of, keyword.field) and value is not MISSING)


def _each(kind: Block, value: Any) -> tuple[Any, ...]:
    return tuple(value) if kind.many else (value,)


def _block(
    block: Any, around: Mapping[str, Values], also: Set[str], *, everything: bool = False
) -> tuple[ToldBlock, Values]:
    """What is said of a block, and the values that blocks in it can inherit."""
    declaration = declaration_of(type(block))
    given: Values = {}
    scope = {**around, declaration.name: given}
    arguments = tuple(
        Told(keyword, (value,))
        for keyword in declaration.arguments
        if (value := getattr(block, keyword.field)) != default_of(type(block), keyword.field)
    )
    lines: list[Told] = []
    if declaration.lines is not None and (entries := getattr(block, declaration.lines.field)):
        lines.append(Told(declaration.lines, tuple(entries)))
    for keyword in reading_order(declaration):
        lines += _line(block, keyword, scope, everything=everything or keyword.field in also)
        value = getattr(block, keyword.field)
        if (lines and lines[-1].keyword is keyword) or value != default_of(type(block), keyword.field):
            given[keyword.field] = value
    return ToldBlock(type(block), arguments, tuple(lines)), given


def _line(block: Any, keyword: Keyword, scope: Mapping[str, Values], *, everything: bool) -> list[Told]:
    value = getattr(block, keyword.field)
    kind = keyword.kind
    if isinstance(kind, Block):
        if _absent(type(block), keyword, value):
            return []
        blocks = tuple(
            _block(one, scope, frozenset(), everything=everything)[0] for one in _each(kind, value)
        )
        return [Told(keyword, blocks)] if blocks else []
    expected = _expected(type(block), keyword, scope)
    return _leaf(keyword, value, value == expected, everything=everything)


def _expected(of: type, keyword: Keyword, scope: Mapping[str, Values]) -> Any:
    """What the reader would come to if the keyword were not there (as `conf.defaults` does)."""
    for reference in keyword.inherits:
        block, _, name = reference.partition(".")
        if name in scope.get(block, {}):
            return scope[block][name]
    return default_of(of, keyword.field)


def _leaf(keyword: Keyword, value: Any, usual: bool, *, everything: bool) -> list[Told]:
    if (usual and not everything) or not _sayable(keyword, value, usual=usual):
        return []
    if isinstance(keyword.kind, Entries) or keyword.repeat is Repeat.ALL:
        return [Told(keyword, tuple(value))] if value else []
    return [Told(keyword, (value,))]


def _sayable(keyword: Keyword, value: Any, *, usual: bool) -> bool:
    """Whether there are words for the value: for *not there* there are none."""
    if value is None:
        return False
    if isinstance(keyword.kind, Flag) and value is False:
        return bool(keyword.opposite) or isinstance(keyword.kind, Boolean)
    if isinstance(keyword.kind, Entries) or keyword.repeat is Repeat.ALL:
        return bool(value)
    words = keyword.value_kind.write(value)
    return not (usual and "" in words) and _readable(keyword, words)


def _readable(keyword: Keyword, texts: tuple[str, ...]) -> bool:
    """Whether a file can say the value; what none can say follows from something else (a rule set it)."""
    words = Words(texts, keyword=keyword.name, start=0)
    try:
        keyword.value_kind.read(words)
    except Rejected:
        return False
    return not words.complaints
