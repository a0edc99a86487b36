"""The types of the fields of a class, also of those whose classes a block only names."""

from typing import Any, get_type_hints

from standfast.model.declare import declaration_of, declares
from standfast.model.kinds.blocks import Block, Entries
from standfast.model.kinds.entry import Entry


def hints_of(of: Any) -> dict[str, Any]:
    """The types of the fields, by name; of a block, with the classes that stand in it."""
    return get_type_hints(of, localns=_classes_in(of) if declares(of) else None)


def _classes_in(of: type) -> dict[str, type]:
    """The classes of the blocks and entries that a block holds, by name."""
    found: dict[str, type] = {}
    for keyword in declaration_of(of).by_field.values():
        kind = keyword.kind
        inner = kind if isinstance(kind, Block) else kind.of if isinstance(kind, Entries) else None
        if isinstance(inner, Block | Entry):
            found[inner.of.__name__] = inner.of
    return found
