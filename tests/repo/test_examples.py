"""The configurations that people copy are read without a word of complaint, and every example is listed."""

import os
import re
import subprocess
from pathlib import Path
from typing import Final

import pytest
from importing import ROOT
from pages import pages
from written import read

from standfast.cli.main import main

EXAMPLES: Final = ROOT / "examples"
FILES: Final = sorted(str(file.relative_to(ROOT)) for file in EXAMPLES.rglob("keepalived*.conf"))
FOLDERS: Final = sorted(folder.name for folder in EXAMPLES.iterdir() if folder.is_dir())
_BLOCK: Final = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_OF_MISTAKES: Final = ("docs/reference/messages.md",)  # what it shows is wrong on purpose
SNIPPETS: Final = {
    f"{page.relative_to(ROOT)}, block {number}": block
    for page in pages()
    if str(page.relative_to(ROOT)) not in _OF_MISTAKES
    for number, (language, block) in enumerate(_BLOCK.findall(page.read_text()))
    if not language and re.search(r"^vrrp_instance", block, re.MULTILINE)
}
_CONDITION: Final = re.compile(r"^\s*@\^?(\S+)", re.MULTILINE)


@pytest.mark.parametrize("file", FILES)
def test_nothing_is_wrong_with_an_example_on_any_node(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = ROOT / file
    nodes = sorted(set(_CONDITION.findall(path.read_text()))) or [path.parent.name]

    codes = [main(["check", "--offline", "--strict", "-i", node, str(path)]) for node in nodes]

    assert capsys.readouterr().out == f"{path}: nothing is wrong\n" * len(nodes)
    assert set(codes) == {0}


@pytest.mark.parametrize("where", SNIPPETS)
def test_a_configuration_in_a_page_is_read_without_complaint(where: str) -> None:
    reading = read(SNIPPETS[where])

    assert [str(problem) for problem in reading.problems] == []
    assert reading.config is not None
    assert reading.config.vrrp_instances


def test_there_are_examples_in_files_and_in_the_readme() -> None:
    assert "examples/two-routers/node-1/keepalived.conf" in FILES
    assert any(where.startswith("README.md") for where in SNIPPETS)


def test_every_example_is_in_the_list_of_examples() -> None:
    contents = (EXAMPLES / "README.md").read_text()

    assert [name for name in FOLDERS if f"({name}/README.md)" not in contents] == []


@pytest.mark.parametrize("folder", FOLDERS)
def test_an_example_has_a_configuration_a_page_that_names_its_files_and_a_test(folder: str) -> None:
    place = EXAMPLES / folder
    page = (place / "README.md").read_text()
    files = [
        file.relative_to(place) for file in place.rglob("*") if file.is_file() and file.name != "README.md"
    ]

    assert any(file.name.startswith("keepalived") for file in files)
    assert [str(file) for file in files if f"({file})" not in page] == []
    assert _tests_that_name(folder)


def test_scripts_of_examples_can_be_run_and_read_by_any_shell() -> None:
    scripts = [file for file in EXAMPLES.rglob("*") if file.is_file() and file.read_text().startswith("#!")]
    checks = [subprocess.run(["sh", "-n", file], capture_output=True, check=False) for file in scripts]

    assert scripts
    assert [file.name for file in scripts if not os.access(file, os.X_OK)] == []
    assert [done.stderr for done in checks if done.returncode] == []


def _tests_that_name(folder: str) -> list[Path]:
    """The modules that play an example; those of IPVS have their stories in support, for two kernels."""
    places = (ROOT / "tests" / place for place in ("examples", "support", "vm"))
    files = [file for place in places for file in place.rglob("*.py")]
    return [file for file in files if f'"{folder}"' in file.read_text()]
