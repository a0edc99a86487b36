"""Reloads leave nothing behind: the small form of bench/soak.py."""

import pytest

from standfast.lab.lab import Lab
from standfast.lab.soak import soak


@pytest.mark.timeout(300)
def test_forty_reloads_end_with_the_census_that_they_began_with(lab: Lab) -> None:
    soaked = soak(lab, 40)

    assert soaked.grown == []
    assert soaked.left == ()
