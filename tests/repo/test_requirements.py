"""What Standfast needs: locked with hashes, and free of packages that are only under the GPL."""

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution
from typing import Final

import pytest
from importing import PACKAGE, ROOT

LOCK: Final = (ROOT / "requirements" / "development.txt").read_text()
PROJECT: Final = tomllib.loads((ROOT / "pyproject.toml").read_text())
NAME: Final = re.compile(r"[A-Za-z0-9._-]+")
OTHER_LICENCE: Final = re.compile(
    r"\bOR\b|apache|mit\b|bsd|python|mozilla|mpl|isc\b|lesser|lgpl", re.IGNORECASE
)
GPL: Final = re.compile(r"gpl|general public licen[cs]e", re.IGNORECASE)


def test_everything_that_is_asked_for_is_pinned() -> None:
    asked = [*PROJECT["project"]["dependencies"], *PROJECT["dependency-groups"]["development"]]
    pinned = {_plain(name) for name in re.findall(r"^(\S+)==", LOCK, re.MULTILINE)}

    assert [name for name in map(_plain, asked) if name not in pinned] == []


def test_every_pin_has_its_hashes_and_names_no_place_to_fetch_it_from() -> None:
    pins = re.split(r"\n(?=\S)", LOCK.strip())

    assert [
        pin for pin in pins if not re.fullmatch(r"\S+==\S+( \\\n    --hash=sha256:[0-9a-f]{64})+", pin)
    ] == []


def test_nothing_that_ships_is_only_under_the_gpl() -> None:
    assert {name: licence(name) for name in shipped(PACKAGE) if gpl_only(licence(name))} == {}


@pytest.mark.parametrize(
    ("words", "only"),
    [
        pytest.param("GPL-2.0-only", True, id="its short name"),
        pytest.param("GNU General Public License v3 (GPLv3)", True, id="its long name"),
        pytest.param("Apache-2.0 OR GPL-2.0-or-later", False, id="one of two to choose from"),
        pytest.param("LGPL-2.1-or-later", False, id="the lesser one"),
        pytest.param("BSD-3-Clause", False, id="another"),
    ],
)
def test_a_licence_is_judged_by_its_words(words: str, *, only: bool) -> None:
    assert gpl_only(words) is only


def gpl_only(words: str) -> bool:
    """Whether these words about a licence name the GPL and nothing to choose besides."""
    return bool(GPL.search(words)) and not OTHER_LICENCE.search(words)


def licence(name: str) -> str:
    """What a package says about its licence, all in one."""
    metadata = distribution(name).metadata
    said = [*metadata.get_all("License-Expression", []), *metadata.get_all("License", [])]
    classifiers = [line for line in metadata.get_all("Classifier", []) if line.startswith("License")]
    return " / ".join([*(words[:80] for words in said), *classifiers])


def shipped(name: str) -> Iterator[str]:
    """What a package requires, and what that requires; extras left out."""
    for requirement in distribution(name).requires or []:
        if "extra ==" not in requirement:
            yield _plain(requirement)
            yield from shipped(_plain(requirement))


def _plain(requirement: str) -> str:
    """A package's name as registries compare it, without versions."""
    found = NAME.match(requirement)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""
