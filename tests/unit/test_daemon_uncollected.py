"""While something large is read, nobody looks for garbage; afterwards it is as before."""

import gc

import pytest

from standfast.daemon.uncollected import keep, uncollected


@pytest.mark.parametrize(
    "before",
    [
        pytest.param(True, id="collections that were on are on again"),
        pytest.param(False, id="collections that were off stay off"),
    ],
)
def test_collections_are_as_they_were_before(before: bool) -> None:
    were = gc.isenabled()
    (gc.enable if before else gc.disable)()
    try:
        with uncollected():
            during = gc.isenabled()
        after = gc.isenabled()
    finally:
        (gc.enable if were else gc.disable)()

    assert (during, after) == (False, before)


def test_what_is_kept_is_no_longer_gone_over() -> None:
    living: list[list[int]] = [[1]]
    try:
        keep()
        gone_over = any(one is living for one in gc.get_objects())
    finally:
        gc.unfreeze()

    assert not gone_over
