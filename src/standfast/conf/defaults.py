"""Defaults that come from another block: an instance's from `global_defs`, a checker's from its real server.

Values travel here as dictionaries by field that hold only what a file gave, so that *given* and *default* are
never confused; `build.freeze` adds the constants.
"""

from collections.abc import Mapping
from typing import Any

from standfast.model.declare import Keyword, declaration_of
from standfast.model.kinds.blocks import Block

Values = dict[str, Any]


def inherit(of: type, values: Values, around: Mapping[str, Values]) -> None:
    """Fill in what a block and its inner blocks inherit.

    Args:
        of: the block's class.
        values: its values by field; changed in place.
        around: the values of the blocks that it can inherit from, by their names.
    """
    declaration = declaration_of(of)
    scope = {**around, declaration.name: values}
    for keyword in declaration.heirs:
        if keyword.field not in values:
            _take(keyword, values, scope)
    for keyword in declaration.blocks:
        kind = keyword.kind
        if keyword.field in values and isinstance(kind, Block):
            inner = values[keyword.field]
            for one in inner if kind.many else [inner]:
                inherit(kind.of, one, scope)


def _take(keyword: Keyword, values: Values, scope: Mapping[str, Values]) -> None:
    for reference in keyword.inherits:
        block, _, name = reference.partition(".")
        source = scope.get(block, {})
        if name in source:
            values[keyword.field] = source[name]
            return
