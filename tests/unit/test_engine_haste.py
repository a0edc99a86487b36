"""When lateness is a reason to run before more others."""

import pytest

from standfast.base.times import MILLISECOND, SECOND, Duration, times
from standfast.engine.haste import Haste


@pytest.mark.parametrize(
    ("highest", "priority", "late", "raised"),
    [
        pytest.param(10, 0, SECOND, 1, id="an ordinary process enters the real-time class"),
        pytest.param(10, 4, 2 * SECOND, 5, id="one that is in it goes up by one"),
        pytest.param(10, 9, SECOND, 10, id="up to the highest"),
        pytest.param(10, 10, 60 * SECOND, None, id="never beyond"),
        pytest.param(10, 20, SECOND, None, id="what was configured beyond stays"),
        pytest.param(10, 0, SECOND - 1, None, id="less than the patience is borne"),
        pytest.param(0, 0, 60 * SECOND, None, id="without max_auto_priority nothing happens"),
        pytest.param(-1, 0, 60 * SECOND, None, id="with -1 nothing either"),
    ],
)
@pytest.mark.behaviour("PR-10")
@pytest.mark.behaviour("PR-11")
def test_a_late_alarm_raises_the_priority(highest: int, priority: int, late: int, raised: int | None) -> None:
    haste = Haste(highest, patience=Duration(SECOND))

    assert haste.raised(priority, Duration(late)) == raised


def test_the_patience_is_configured() -> None:
    haste = Haste(10, patience=times(5, MILLISECOND))

    assert haste.raised(0, times(5, MILLISECOND)) == 1
