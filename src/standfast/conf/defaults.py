"""Defaults that come from another block: an instance's from `global_defs`, a checker's from its real server.

Values travel here as dictionaries by field that hold only what a file gave, so that *given* and *default* are
never confused; `build.freeze` adds the constants.
"""

from collections.abc import Mapping
from typing import Any, Final

from standfast.model.declare import declaration_of

Values = dict[str, Any]
_NOTHING: Final[Values] = {}


def inherit(of: type, values: Values, around: Mapping[str, Values]) -> None:
    """Fill in what a block and its inner blocks inherit.

    Args:
        of: the block's class.
        values: its values by field; changed in place.
        around: the values of the blocks that it can inherit from, by their names.
    """
    declaration = declaration_of(of)
    scope = {**around, declaration.name: values}
    for block, heirs in declaration.inheritance.items():
        given = scope.get(block, _NOTHING)
        for name in heirs.keys() & given.keys():  # mostly none
            for field in heirs[name]:
                values.setdefault(field, given[name])
    for field, kind in declaration.inner.items():
        if field in values:
            inner = values[field]
            for one in inner if kind.many else (inner,):
                inherit(kind.of, one, scope)
