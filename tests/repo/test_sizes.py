"""A file is one idea, a function fits on a screen."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from importing import ROOT

FILE_LINES: Final = 600
FUNCTION_LINES: Final = 60

FILES: Final = sorted(
    file for top in ("src", "tests", "bench", "packaging", "tools") for file in (ROOT / top).rglob("*.py")
)


def test_no_file_is_longer_than_an_idea() -> None:
    lengths = {file.relative_to(ROOT): len(file.read_text().splitlines()) for file in FILES}

    assert {str(file): lines for file, lines in lengths.items() if lines > FILE_LINES} == {}


def test_no_function_is_longer_than_a_screen() -> None:
    assert [words for file in FILES for words in long_functions(file)] == []


def long_functions(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{file.relative_to(ROOT)}:{node.lineno} {node.name} has {lines} lines"
