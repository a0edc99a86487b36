"""A story that all cases of a module live through together, in one lab."""

import shutil
from collections.abc import Iterator

import pytest
from duel import Duel, Prepare

from standfast.lab.lab import Lab
from standfast.lab.namespaces import lacking


@pytest.fixture(scope="module")
def prepare() -> Iterator[Prepare]:
    """Puts up the hosts for some cases; skips, with the reason, where that cannot be."""
    if words := lacking():
        pytest.skip(words)
    if shutil.which("keepalived", path="/usr/sbin:/sbin:/usr/bin:/bin") is None:
        pytest.skip("keepalived, the peer, is not installed")
    with Lab() as lab:
        yield lambda cases: Duel.prepare(lab, cases)
        print(lab.log())


@pytest.fixture
def lab() -> Iterator[Lab]:
    """A lab for one test, where Keepalived can be a peer; what all programs wrote is shown if it fails."""
    if words := lacking():
        pytest.skip(words)
    if shutil.which("keepalived", path="/usr/sbin:/sbin:/usr/bin:/bin") is None:
        pytest.skip("keepalived, the peer, is not installed")
    with Lab() as made:
        yield made
        print(made.log())
