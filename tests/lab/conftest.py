"""A lab for each test that asks for one; skipped, with the reason, where the machine cannot have one."""

from collections.abc import Iterator

import pytest
from attempting import Trier, trier

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.namespaces import lacking


@pytest.fixture(scope="session")
def lab_is_possible() -> None:
    """Skip, saying what the machine lacks and what to do about it."""
    if words := lacking():
        pytest.skip(words)


@pytest.fixture
def lab(lab_is_possible: None) -> Iterator[Lab]:
    """An empty lab; what its programs wrote is shown if the test fails."""
    with Lab() as made:
        yield made
        print(made.log())


@pytest.fixture
def host(lab: Lab) -> Host:
    """One host, where no test has made another."""
    return lab.host("a", "10.99.0.1/24")


@pytest.fixture
def tries() -> Iterator[Trier]:
    """Makes attempts at servers, one after the other."""
    with trier() as made:
        yield made
