"""Every bound of the program stands in base/limits.py and is used."""

import ast
from typing import Final

from importing import SOURCE, source_files

from standfast.base import limits

LIMITS: Final = sorted(name for name in vars(limits) if name.isupper() and not name.startswith("_"))
IMPORTED_UNITS: Final = {"MILLISECOND", "SECOND"}  # what limits.py itself writes its values with


def test_every_limit_is_used() -> None:
    file_of_limits = SOURCE / "standfast" / "base" / "limits.py"
    used = {
        name
        for file in source_files()
        if file != file_of_limits
        for node in ast.walk(ast.parse(file.read_text()))
        for name in _names(node)
    }

    assert [name for name in LIMITS if name not in used | IMPORTED_UNITS] == []


def _names(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.Name):
        return (node.id,)
    return (node.attr,) if isinstance(node, ast.Attribute) else ()
