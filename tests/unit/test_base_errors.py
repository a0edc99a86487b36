"""An error says whose fault it is, and carries the slug that counters and tests use."""

import pytest

from standfast.base.errors import Broken, Malformed, Refused, broken, ensure


def test_what_an_outsider_sends_wrongly_says_what_was_found_and_what_was_wanted() -> None:
    fault = Malformed("ttl", got=254, want=255)

    assert (fault.reason, fault.got, fault.want) == ("ttl", 254, 255)
    assert str(fault) == "ttl: got 254, want 255"


@pytest.mark.parametrize(
    ("remedy", "said"),
    [
        pytest.param("", "no such interface", id="what cannot be had"),
        pytest.param("create it", "no such interface; create it", id="and what to do"),
    ],
)
def test_a_refusal_says_what_and_what_to_do(remedy: str, said: str) -> None:
    assert str(Refused("interface", "no such interface", remedy=remedy)) == said


def test_a_rule_of_our_own_that_does_not_hold_stops_the_process() -> None:
    ensure(1, "one is true")
    with pytest.raises(Broken, match="zero is not"):
        ensure(0, "zero is not")
    with pytest.raises(Broken, match="cannot be reached"):
        broken("cannot be reached")
