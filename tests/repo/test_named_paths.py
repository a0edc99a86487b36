"""What pages say about the tree is so: paths that they name are there, code that they show stands there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import ROOT, pages

TOPS = "src|tests|tools|docs|share|bench|examples|packaging|monitoring|requirements"
WALKS = sorted((ROOT / "docs" / "contributing").glob("add-*.md"))


def named(text: str) -> Iterator[str]:
    """The paths of the tree that stand in a text as code, without the name of a test behind them."""
    for path in re.findall(rf"`((?:{TOPS})/[^`\s]*)`", text):
        yield path.partition("::")[0]


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_path_that_a_page_names_is_there(page: Path) -> None:
    assert [path for path in named(page.read_text()) if not any(ROOT.glob(path.rstrip("/")))] == []


@pytest.mark.parametrize("page", WALKS, ids=lambda page: page.name)
def test_the_code_that_a_walk_shows_stands_in_a_file_that_it_names(page: Path) -> None:
    text = page.read_text()
    files = [_lines((ROOT / path).read_text()) for path in named(text) if path.endswith(".py")]

    shown = [_lines(block) for block in re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)]

    assert shown
    assert [block for block in shown if not any(block in file for file in files)] == []


def _lines(text: str) -> str:
    """The lines without what stands before and behind them: a walk shows a part of a block."""
    return "\n".join(filter(None, (line.strip() for line in text.splitlines())))


def test_a_path_that_is_not_there_is_seen() -> None:
    assert list(named("see `src/nowhere.py` and `tests/lab/test_x.py::test_y`")) == [
        "src/nowhere.py",
        "tests/lab/test_x.py",
    ]
