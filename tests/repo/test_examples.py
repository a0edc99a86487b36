"""The configurations that people copy are read without a word of complaint."""

import re
from typing import Final

import pytest
from importing import ROOT
from pages import pages
from written import read

FILES: Final = {str(file.relative_to(ROOT)): file.read_text() for file in (ROOT / "examples").rglob("*.conf")}
SNIPPETS: Final = {
    f"{page.relative_to(ROOT)}, block {number}": block
    for page in pages()
    for number, block in enumerate(re.findall(r"^```\n(.*?)^```", page.read_text(), re.MULTILINE | re.DOTALL))
    if "vrrp_instance" in block
}
TEXTS: Final = FILES | SNIPPETS


@pytest.mark.parametrize("where", TEXTS)
def test_an_example_is_read_without_complaint(where: str) -> None:
    reading = read(TEXTS[where])

    assert [str(problem) for problem in reading.problems] == []
    assert reading.config is not None
    assert reading.config.vrrp_instances


def test_there_are_examples_in_files_and_in_the_readme() -> None:
    assert "examples/two-routers/node-1/keepalived.conf" in FILES
    assert any(where.startswith("README.md") for where in SNIPPETS)
