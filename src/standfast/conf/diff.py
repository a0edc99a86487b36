"""Which blocks of two configurations are the same one, and in which keywords they differ: from declarations alone.

Blocks are matched by what identifies them (behaviour RL-02): a virtual router by what it is on the network, all
others by what stands behind their keyword; several of one identity by their order.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Any

from standfast.model.declare import Keyword, declaration_of
from standfast.model.kinds.blocks import Block
from standfast.model.vrrp_instance import VrrpInstance

_Identity = tuple[object, ...]


class What(StrEnum):
    """What became of a block."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


def differing(old: Any, new: Any) -> tuple[Keyword, ...]:
    """The keywords in which two blocks of one sort differ, in the order of their declaration."""
    fields = declaration_of(type(new)).by_field
    return tuple(keyword for name, keyword in fields.items() if getattr(old, name) != getattr(new, name))


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


def _by_identity(blocks: Sequence[Any]) -> dict[_Identity, Any]:
    found: dict[_Identity, Any] = {}
    for block in blocks:
        identity, number = _identity(block), 0
        while (*identity, number) in found:  # several checkers of one sort: the first with the first
            number += 1
        found[*identity, number] = block
    return found


def _identity(block: Any) -> _Identity:
    """What makes a block of a new configuration the same one as before."""
    if isinstance(block, VrrpInstance):
        unicast_from = str(block.unicast_src_ip or "any") if block.unicast else ""
        return block.interface, block.virtual_router_id, int(block.family), unicast_from
    return tuple(getattr(block, argument.field) for argument in declaration_of(type(block)).arguments)
