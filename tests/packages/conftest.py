"""Packages, made once for all tests here, and a bare Debian for each test that asks for one."""

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import debian_tree
import pytest
from debian_tree import Tree
from packages_made import TRIAL, Packages, make

from standfast.lab.lab import Lab
from standfast.lab.namespaces import lacking as lacking_for_lab

SECONDS: Final = 600  # that the first test may take: it makes the packages and the Debian
_ALSO: Final = "systemd"  # whose tools judge units, and make accounts


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of this folder more time than others have."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.timeout(SECONDS))


@pytest.fixture(scope="session")
def debian_is_possible() -> None:
    """Skip, saying what the machine lacks."""
    if words := debian_tree.lacking() or lacking_for_lab():
        pytest.skip(words)


@pytest.fixture(scope="session")
def packages(debian_is_possible: None, tmp_path_factory: pytest.TempPathFactory) -> Packages:
    """The Debian package of this checkout, and the same with a later version."""
    place = tmp_path_factory.mktemp("dist")
    (old,) = make(place, "deb")
    (new,) = make(place, "deb", "--local", TRIAL)
    return Packages(old, new)


@pytest.fixture(scope="session")
def bare(packages: Packages) -> Path:
    """The archive of a Debian that has what the package depends on, as apt finds it, and nothing of ours."""
    command = ["dpkg-deb", "-f", str(packages.old), "Depends"]
    depends = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return debian_tree.make_bare(f"{_ALSO}, {depends}")


@pytest.fixture
def debian(bare: Path, tmp_path: Path) -> Iterator[Callable[[], Tree]]:
    """Makes Debians without Standfast, and removes them: each is hundreds of megabytes."""
    made: list[Tree] = []

    def make_one() -> Tree:
        made.append(debian_tree.unpack(bare, tmp_path / str(len(made))))
        return made[-1]

    yield make_one
    for tree in made:
        tree.remove()


@pytest.fixture
def tree(debian: Callable[[], Tree]) -> Tree:
    """A Debian without Standfast."""
    return debian()


@pytest.fixture(scope="session")
def installed(bare: Path, packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    """A Debian with Standfast, for tests that change nothing in it."""
    tree = debian_tree.unpack(bare, tmp_path_factory.mktemp("installed") / "tree")
    tree.install(packages.old)
    yield tree
    tree.remove()


@pytest.fixture
def lab(debian_is_possible: None) -> Iterator[Lab]:
    """An empty lab; what its programs wrote is shown if the test fails."""
    with Lab() as made:
        yield made
        print(made.log())
