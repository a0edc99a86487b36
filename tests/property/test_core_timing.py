"""The laws of the waiting times (RFC 9568, 6.1), against exact fractions."""

from dataclasses import replace
from fractions import Fraction
from math import floor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vrrp_made import ROUTER, ROUTER2

from standfast.base.times import SECOND, Duration, in_seconds, seconds
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.timing import master_down, skew

intervals = st.integers(1, 4095).map(lambda centiseconds: Duration(centiseconds * 10_000))
priorities = st.integers(1, 255)


@pytest.mark.rfc(17)
@given(st.sampled_from((ROUTER, ROUTER2)), priorities, intervals)
def test_the_skew_is_the_fraction_of_the_rfc_less_than_a_microsecond_apart(
    router: Router, priority: int, interval: Duration
) -> None:
    unit = SECOND if router.version == 2 else interval
    exact = Fraction((256 - priority) * unit, 256)

    assert skew(replace(router, priority=priority), interval) == floor(exact)


@given(st.sampled_from((ROUTER, ROUTER2)), st.integers(1, 254), intervals, st.integers(1, 10))
def test_who_is_stronger_waits_less_and_nobody_an_interval_more_than_asked(
    router: Router, priority: int, interval: Duration, adverts: int
) -> None:
    weaker = replace(router, priority=priority, down_timer_adverts=adverts)
    stronger = replace(weaker, priority=priority + 1)

    assert master_down(stronger, interval) < master_down(weaker, interval)
    assert 0 < skew(weaker, interval) < (SECOND if router.version == 2 else interval)


@given(st.integers(-(10**12), 10**12).map(Duration))
def test_a_duration_survives_its_words(duration: Duration) -> None:
    assert seconds(in_seconds(duration)) == duration
