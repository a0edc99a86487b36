"""Tests that a page names as proofs are there."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from pages import ROOT, pages

_NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
PROPERTIES = 13


def proofs(text: str) -> list[tuple[str, str]]:
    """The tests that a text names: file and function."""
    return _NAMED.findall(text)


@cache
def functions_of(file: str) -> frozenset[str]:
    """The names of the tests of a file; none if there is no such file."""
    path = ROOT / file
    if not path.is_file():
        return frozenset()
    defined = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, defined))


def missing(text: str) -> list[str]:
    """The tests that a text names and that are not there."""
    return [f"{file}::{name}" for file, name in proofs(text) if name not in functions_of(file)]


@pytest.mark.parametrize(
    "page", [page for page in pages() if proofs(page.read_text())], ids=lambda page: page.name
)
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    assert missing(page.read_text()) == []


def test_every_property_of_the_security_page_has_its_proofs() -> None:
    text = (ROOT / "docs" / "security.md").read_text()

    sections = re.split(r"^### ", text, flags=re.MULTILINE)[1:]

    assert [section.split()[0] for section in sections] == [f"P{n}" for n in range(1, PROPERTIES + 1)]
    assert [section.split("\n")[0] for section in sections if not proofs(section)] == []


def test_every_fault_of_its_page_has_a_proof() -> None:
    rows = [line for line in (ROOT / "docs" / "faults.md").read_text().splitlines() if line.startswith("| ")]

    assert [row for row in rows[2:] if not proofs(row)] == []


def test_a_test_that_is_not_there_is_seen() -> None:
    here = "tests/repo/test_named_proofs.py"

    text = f"`{here}::test_a_test_that_is_not_there_is_seen` `{here}::test_of_nothing` `tests/no/such.py::test_x`"

    assert missing(text) == [f"{here}::test_of_nothing", "tests/no/such.py::test_x"]
