"""From a `bfd_instance` to the parameters of a session."""

from typing import Any

import pytest
from bfd_made import NEIGHBOR, address

from standfast.base.times import MILLISECOND, SECOND
from standfast.core.bfd.configured import session_of
from standfast.model.bfd_instance import BfdInstance


def block(**words: Any) -> BfdInstance:
    return BfdInstance(**({"name": "wan", "neighbor_ip": NEIGHBOR} | words))


@pytest.mark.behaviour("BF-02")
def test_the_defaults_are_keepalived_s() -> None:
    session = session_of(block())

    assert (session.min_rx, session.min_tx) == (10 * MILLISECOND, 10 * MILLISECOND)
    assert (session.idle_tx, session.multiplier) == (SECOND, 5)
    assert (session.passive, session.multihop, session.source) == (False, False, None)


@pytest.mark.bfd(4)
@pytest.mark.parametrize(
    "neighbor", [pytest.param("192.0.2.2", id="IPv4"), pytest.param("fd99::2", id="IPv6")]
)
def test_packets_leave_with_255_over_either_family(neighbor: str) -> None:
    session = session_of(block(neighbor_ip=address(neighbor)))

    assert (session.ttl, session.least_ttl) == (255, 255)


@pytest.mark.behaviour("BF-06")
@pytest.mark.parametrize(
    ("words", "least"),
    [
        pytest.param({"max_hops": 3}, 252, id="three hops"),
        pytest.param({"max_hops": 255}, 0, id="255: any"),
        pytest.param({"max_hops": -1}, 0, id="-1: any"),
        pytest.param({"ttl": 64, "max_hops": 2}, 62, id="less to begin with"),
        pytest.param({"ttl": 1, "max_hops": 9}, 0, id="less than there is"),
    ],
)
def test_the_least_ttl_is(words: dict[str, int], least: int) -> None:
    assert session_of(block(**words)).least_ttl == least


@pytest.mark.behaviour("BF-04")
@pytest.mark.parametrize(
    ("words", "vrrp", "checker"),
    [
        pytest.param({}, True, True, id="nothing is said"),
        pytest.param({"vrrp": True}, True, False, id="vrrp"),
        pytest.param({"checker": True}, False, True, id="checker"),
        pytest.param({"vrrp": True, "checker": True}, True, True, id="both words"),
    ],
)
def test_the_words_in_the_block_say_who_is_told(words: dict[str, bool], vrrp: bool, checker: bool) -> None:
    session = session_of(block(**words))

    assert (session.tells_vrrp, session.tells_checker) == (vrrp, checker)


def test_all_else_is_as_it_is_written() -> None:
    source = address("192.0.2.1")
    words = {"source_ip": source, "multiplier": 9, "passive": True, "multihop": True, "min_tx": SECOND}

    session = session_of(block(**words))

    assert (session.name, session.neighbor, session.source) == ("wan", NEIGHBOR, source)
    assert (session.multiplier, session.passive, session.multihop, session.min_tx) == (9, True, True, SECOND)
