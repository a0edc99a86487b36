"""Instants and durations are whole microseconds, whatever they are made from."""

from decimal import Decimal

import pytest

from standfast.base.times import (
    CENTISECOND,
    MILLISECOND,
    SECOND,
    Duration,
    Instant,
    after,
    between,
    in_seconds,
    seconds,
    times,
)


@pytest.mark.parametrize(
    ("amount", "microseconds"),
    [
        pytest.param(0, 0, id="nothing"),
        pytest.param(1, 1_000_000, id="a whole second"),
        pytest.param("0.01", 10_000, id="a centisecond, from the text of a configuration"),
        pytest.param("40.95", 40_950_000, id="the longest interval of version 3, exactly"),
        pytest.param(0.1, 100_000, id="a float that is not exact in binary"),
        pytest.param(Decimal("0.0000005"), 0, id="half a microsecond goes to the even one"),
        pytest.param("3.609375", 3_609_375, id="every microsecond counts"),
    ],
)
def test_seconds_become_whole_microseconds(amount: float | str | Decimal, microseconds: int) -> None:
    assert seconds(amount) == microseconds


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        pytest.param(0, "0", id="nothing"),
        pytest.param(1_000_000, "1", id="no point where none is needed"),
        pytest.param(3_609_375, "3.609375", id="all digits where they are needed"),
        pytest.param(10_000, "0.01", id="no trailing zeros"),
        pytest.param(100_000_000, "100", id="the zeros before the point stay"),
        pytest.param(-1_500_000, "-1.5", id="a negative one"),
        pytest.param(1, "0.000001", id="the shortest"),
    ],
)
def test_a_duration_is_worded_for_people(duration: int, text: str) -> None:
    assert in_seconds(Duration(duration)) == text


def test_units_fit_into_each_other() -> None:
    assert times(10, MILLISECOND) == CENTISECOND
    assert times(100, CENTISECOND) == SECOND


def test_an_instant_moves_by_a_duration_and_back() -> None:
    later = after(Instant(7), SECOND)

    assert later == 1_000_007
    assert between(Instant(7), later) == SECOND
    assert between(later, Instant(7)) == -SECOND
