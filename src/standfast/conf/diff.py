"""What a reload has to do: the differences of two configurations, from the declarations alone.

Blocks are matched by what identifies them (behaviour RL-02): a virtual router by what it is on the network, all
others by what stands behind their keyword; several of one identity by their order. The differences of two values
of one block tell the changed fields with what each needs, and so on in the blocks that it holds.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

from standfast.base.frozen import frozen
from standfast.model.config import Config
from standfast.model.declare import Keyword, Reload, declaration_of
from standfast.model.kinds.blocks import Block
from standfast.model.vrrp_instance import VrrpInstance

Identity = tuple[object, ...]


class What(StrEnum):
    """What became of a block."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@frozen
class Change:
    """One field that differs."""

    field: str
    keyword: str
    need: Reload
    because: str = ""


@frozen
class BlockChange:
    """A block that stands in one configuration only, or differs."""

    keyword: str  # that opens it
    what: What
    old: Any = None  # None: it was added
    new: Any = None  # None: it was removed
    changes: tuple[Change, ...] = ()  # of a changed block, in the order of their declaration
    inner: tuple["BlockChange", ...] = ()  # the blocks in it that came, went or differ

    @property
    def need(self) -> Reload:
        """The strongest need of its changes; to come and go needs nothing more."""
        return max((change.need for change in self.changes), default=Reload.LIVE)


@frozen
class Changes:
    """What differs between two configurations; each part in a fixed order."""

    top: tuple[Change, ...] = ()  # keywords and lists of the top level
    blocks: tuple[BlockChange, ...] = ()  # blocks of the top level, global_defs among them

    def __bool__(self) -> bool:
        return bool(self.top or self.blocks)

    def of(self, keyword: str, what: What) -> tuple[BlockChange, ...]:
        """The blocks of one keyword with which this happened."""
        return tuple(each for each in self.blocks if each.keyword == keyword and each.what is what)

    @property
    def refused(self) -> tuple[Change, ...]:
        """What only a restart of the daemon brings into effect (behaviour RL-08)."""
        every = (*self.top, *(change for each in self.blocks for change in each.changes))
        return tuple(change for change in every if change.need is Reload.DAEMON)


def diff(old: Config, new: Config) -> Changes:
    """What differs between two configurations."""
    fields = declaration_of(Config).by_field
    plain = tuple(
        change for change in changes_between(old, new) if not isinstance(fields[change.field].kind, Block)
    )
    return Changes(plain, tuple(_blocks_in(old, new)))


def changes_between(old: Any, new: Any) -> tuple[Change, ...]:
    """The fields in which two blocks of one sort differ, in the order of their declaration."""
    declaration = declaration_of(type(new))
    return tuple(
        Change(name, keyword.name, keyword.reload or Reload.LIVE, keyword.because)
        for name, keyword in declaration.by_field.items()
        if getattr(old, name) != getattr(new, name)
    )


def _blocks_in(old: Any, new: Any) -> Iterator[BlockChange]:
    """What became of the blocks in two values of one block."""
    for name, keyword in declaration_of(type(new)).by_field.items():
        before, after = getattr(old, name), getattr(new, name)
        if isinstance(keyword.kind, Block) and before != after:
            yield from _matched(keyword, each_of(keyword.kind, before), each_of(keyword.kind, after))


def _matched(keyword: Keyword, before: Sequence[Any], after: Sequence[Any]) -> Iterator[BlockChange]:
    for old, new in pairs(before, after):
        if new is None:
            yield BlockChange(keyword.name, What.REMOVED, old=old)
        elif old is None:
            yield BlockChange(keyword.name, What.ADDED, new=new)
        elif old != new:
            changes, inner = changes_between(old, new), tuple(_blocks_in(old, new))
            yield BlockChange(keyword.name, What.CHANGED, old, new, changes, inner)


# ---- which block is which


def identity_of(block: Any) -> Identity:
    """What makes a block of a new configuration the same one as before."""
    if isinstance(block, VrrpInstance):
        unicast_from = str(block.unicast_src_ip or "any") if block.unicast else ""
        return block.interface, block.virtual_router_id, int(block.family), unicast_from
    return tuple(getattr(block, argument.field) for argument in declaration_of(type(block)).arguments)


def each_of(kind: Block, value: Any) -> tuple[Any, ...]:
    """The blocks that a field holds: many, one or none."""
    if kind.many:
        return tuple(value)
    return () if value is None else (value,)


def pairs(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[Any, Any]]:
    """Blocks that are the same one; None where there is no other."""
    old, new = _by_identity(before), _by_identity(after)
    yield from ((one, new.get(key)) for key, one in old.items())
    yield from ((None, one) for key, one in new.items() if key not in old)


def _by_identity(blocks: Sequence[Any]) -> dict[Identity, Any]:
    found: dict[Identity, Any] = {}
    for block in blocks:
        identity, number = identity_of(block), 0
        while (*identity, number) in found:  # several checkers of one sort: the first with the first
            number += 1
        found[*identity, number] = block
    return found
