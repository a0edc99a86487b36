"""The priorities that mean something by themselves are said in one place."""

import ast
from typing import Final

from importing import module_of, source_files

from standfast.base.priorities import LEAST, LEAVING, MOST, OWNER

HOME: Final = "base.priorities"
NAMES: Final = {"LEAVING", "OWNER"}


def said(tree: ast.Module) -> set[int]:
    """The lines that give one of the names a number, or compare a priority with the owner's in digits."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(name)], value=ast.Constant()) if name in NAMES:
                lines.add(node.lineno)
            case ast.AnnAssign(target=ast.Name(name), value=ast.Constant()) if name in NAMES:
                lines.add(node.lineno)
            case ast.Compare(left=left, comparators=[ast.Constant(number)]) if number == OWNER:
                if ast.unparse(left).endswith("priority"):
                    lines.add(node.lineno)
    return lines


def test_the_rfc_s_numbers() -> None:
    """RFC 9568, section 5.2.4."""
    assert (LEAVING, LEAST, MOST, OWNER) == (0, 1, 254, 255)


def test_no_other_module_says_them() -> None:
    found = {module_of(file): said(ast.parse(file.read_text())) for file in source_files()}

    assert found.pop(HOME)
    assert {module: lines for module, lines in found.items() if lines} == {}


def test_one_that_is_said_elsewhere_is_found() -> None:
    text = "OWNER: Final = 255\nLEAVING = 0\nowns = it.value.priority == 255\nlast = number == 255\n"

    assert said(ast.parse(text)) == {1, 2, 3}
