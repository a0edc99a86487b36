"""A lab for each test of an example; skipped, with the reason, where the machine cannot have one."""

import os
from collections.abc import Iterator

import pytest

from standfast.lab.lab import Lab
from standfast.lab.namespaces import lacking


@pytest.fixture(scope="session")
def lab_is_possible() -> None:
    """Skip, saying what the machine lacks and what to do about it."""
    if os.geteuid() != 0:
        pytest.skip("the nodes of an example have files and users of their own: run it as root")
    if words := lacking():
        pytest.skip(words)


@pytest.fixture
def lab(lab_is_possible: None) -> Iterator[Lab]:
    """An empty lab; what its programs wrote is shown if the test fails."""
    with Lab() as made:
        yield made
        print(made.log())
