"""What differs between two configurations, for people: value by value, with what each change needs on a reload.

A block that only moved does not differ (`conf.diff` says which are the same one). Secrets are not shown.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from standfast.base.errors import Refused
from standfast.base.frozen import frozen
from standfast.conf.diff import What, differing, each_of, pairs
from standfast.conf.problems import MASK
from standfast.conf.sentence import sentence
from standfast.model.config import Config
from standfast.model.declare import Keyword, Reload, Repeat, declaration_of
from standfast.model.kinds.blocks import Block, Entries
from standfast.model.kinds.kind import Kind
from standfast.model.kinds.names import Flag

UNSET: Final = "not set"


@frozen
class Changed:
    """A keyword whose value differs; lists tell what came and what went."""

    keyword: str
    before: str
    after: str
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    listed: bool = False  # a list; if nothing came or went, it has another order
    need: Reload = Reload.LIVE
    because: str = ""


@frozen
class Difference:
    """A block that differs."""

    block: str  # "vrrp_instance VI_1"; "" for keywords of the top level
    what: What
    changes: tuple[Changed, ...] = ()

    @property
    def need(self) -> Reload:
        """The strongest need of its changes."""
        return max((change.need for change in self.changes), default=Reload.LIVE)


def compare(old: Config, new: Config) -> tuple[Difference, ...]:
    """All differences, in the order of the declarations."""
    found: list[Difference] = []
    top: list[Changed] = []
    for keyword in differing(old, new):
        before, after = getattr(old, keyword.field), getattr(new, keyword.field)
        if isinstance(keyword.kind, Block):
            found += _blocks(keyword, keyword.kind, before, after)
        else:
            top.append(_changed(keyword, before, after, "", _need(keyword)))
    return (*((Difference("", What.CHANGED, tuple(top)),) if top else ()), *found)


def _blocks(keyword: Keyword, kind: Block, before: Any, after: Any) -> Iterator[Difference]:
    for old, new in pairs(each_of(kind, before), each_of(kind, after)):
        label = _label(keyword, new if new is not None else old)
        if new is None:
            yield Difference(label, What.REMOVED)
        elif old is None:
            yield Difference(label, What.ADDED)
        elif old != new:
            yield Difference(label, What.CHANGED, tuple(_inside(old, new)))


def _inside(old: Any, new: Any) -> Iterator[Changed]:
    """The changed keywords of a block; those of blocks in it need what their block needs."""
    for keyword in differing(old, new):
        yield from _deeper(
            keyword, getattr(old, keyword.field), getattr(new, keyword.field), "", _need(keyword)
        )


Need = tuple[Reload, str]  # and why, where it is more than LIVE


def _need(keyword: Keyword) -> Need:
    return keyword.reload or Reload.LIVE, keyword.because


def _deeper(keyword: Keyword, before: Any, after: Any, path: str, need: Need) -> Iterator[Changed]:
    kind = keyword.kind
    if not isinstance(kind, Block):
        yield _changed(keyword, before, after, path, need)
        return
    for old, new in pairs(each_of(kind, before), each_of(kind, after)):
        label = f"{path}{_label(keyword, new if new is not None else old)}"
        if old is None or new is None:
            was, now = ("absent", "present") if old is None else ("present", "absent")
            yield Changed(label, was, now, need=need[0], because=need[1])
            continue
        for inner in differing(old, new):
            values = getattr(old, inner.field), getattr(new, inner.field)
            yield from _deeper(inner, *values, f"{label} / ", need)


def _changed(keyword: Keyword, before: Any, after: Any, path: str, need: Need) -> Changed:
    kind, name = keyword.value_kind, path + keyword.name
    if not (isinstance(keyword.kind, Entries) or keyword.repeat is Repeat.ALL):
        return Changed(name, _text(kind, before), _text(kind, after), need=need[0], because=need[1])
    old, new = [_text(kind, value) for value in before], [_text(kind, value) for value in after]
    came = tuple(text for text in new if text not in old)
    went = tuple(text for text in old if text not in new)
    return Changed(name, _count(old), _count(new), came, went, listed=True, need=need[0], because=need[1])


def _count(entries: Sequence[str]) -> str:
    return f"{len(entries)} {'entry' if len(entries) == 1 else 'entries'}"


def _text(kind: Kind[Any], value: Any) -> str:
    """A value as a file says it, a secret as stars."""
    if value is None or value in ("", ()):
        return UNSET
    if kind.secret:
        return MASK
    if isinstance(kind, Flag):
        return "on" if value else "off"
    try:
        return sentence(kind.write(value)) or "on"
    except Refused:
        return str(value)


def _label(keyword: Keyword, block: Any) -> str:
    arguments = declaration_of(type(block)).arguments
    words = [_text(argument.value_kind, getattr(block, argument.field)) for argument in arguments]
    return " ".join((keyword.name, *words))
