"""Packages, made once for all tests here, and a bare Debian for each test that asks for one."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

import debian_tree
import pytest
from debian_tree import Tree
from packages_made import TRIAL, Packages, made_of, make

from debian_package import depends
from make_packages import KINDS, lacking_for
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
    """Skip, saying what the machine lacks, or that it was not asked for: it takes minutes."""
    if not os.environ.get("STANDFAST_CLEAN_DEBIAN"):
        pytest.skip("a clean Debian takes minutes to make; `make test-packages` does it")
    if words := debian_tree.lacking() or lacking_for_lab():
        pytest.skip(words)


@pytest.fixture(scope="session")
def workers() -> Iterator[ThreadPoolExecutor]:
    """Makes packages and the Debian at the same time: the one waits for a mirror while the other computes."""
    with ThreadPoolExecutor() as pool:
        yield pool


@pytest.fixture(scope="session")
def dist(workers: ThreadPoolExecutor, tmp_path_factory: pytest.TempPathFactory) -> Future[list[Path]]:
    """All packages that this machine can make, of this checkout."""
    kinds = [kind for kind in KINDS if not lacking_for(kind)]
    return workers.submit(make, tmp_path_factory.mktemp("dist"), *kinds)


@pytest.fixture(scope="session")
def archive(debian_is_possible: None, workers: ThreadPoolExecutor) -> Future[Path]:
    """Of a Debian that has what the package depends on, as apt finds it, and nothing of ours."""
    return workers.submit(debian_tree.make_bare, f"{_ALSO}, {depends()}")


@pytest.fixture(scope="session")
def packages(
    archive: Future[Path], dist: Future[list[Path]], tmp_path_factory: pytest.TempPathFactory
) -> Packages:
    """The Debian package of this checkout, and the same with a later version."""
    (new,) = make(tmp_path_factory.mktemp("new"), "deb", "--local", TRIAL)
    return Packages(made_of(dist, ".deb"), new)


@pytest.fixture(scope="session")
def bare(archive: Future[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    """A Debian that nobody changes."""
    tree = debian_tree.unpack(archive.result(), tmp_path_factory.mktemp("bare") / "tree")
    yield tree
    tree.remove()


@pytest.fixture
def debian(bare: Tree, tmp_path: Path) -> Iterator[Callable[[], Tree]]:
    """Makes Debians without Standfast, and removes them."""
    made: list[Tree] = []

    def make_one() -> Tree:
        made.append(bare.copy(tmp_path / str(len(made))))
        return made[-1]

    yield make_one
    for tree in made:
        tree.remove()


@pytest.fixture
def tree(debian: Callable[[], Tree]) -> Tree:
    """A Debian without Standfast."""
    return debian()


@pytest.fixture(scope="session")
def installed(bare: Tree, packages: Packages, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    """A Debian with Standfast, for tests that change nothing in it."""
    tree = bare.copy(tmp_path_factory.mktemp("installed") / "tree")
    tree.install(packages.old)
    yield tree
    tree.remove()


@pytest.fixture
def lab(debian_is_possible: None) -> Iterator[Lab]:
    """An empty lab; what its programs wrote is shown if the test fails."""
    with Lab() as made:
        yield made
        print(made.log())
