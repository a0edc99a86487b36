"""A reload of virtual servers: what stays keeps its state, additions come first (behaviours RL-05, LV-27)."""

import pytest
from lvs_director import REFUSED, Director, real, web

from standfast.core.check.events import Due
from standfast.core.lvs.effects import (
    AddDestination,
    AddService,
    EditDestination,
    EditService,
    QuorumChanged,
    RealServerChanged,
    RemoveDestination,
    RemoveService,
)

WEB = "tcp 10.0.0.100:80"
OTHER = "tcp 10.0.0.101:80"
ONE, TWO, THREE = "10.0.0.2:80", "10.0.0.3:80", "10.0.0.4:80"


def failed() -> Director:
    """Two servers, the first of which has failed."""
    director = Director(web(real(2) + real(3)))
    director.run(5, {"10.0.0.2": REFUSED})
    director.told.clear()
    director.batches.clear()
    return director


@pytest.mark.behaviour("RL-05")
def test_a_server_that_has_failed_stays_out_even_if_its_check_is_edited() -> None:
    director = failed()

    director.reload(web(real(2, check="warmup 0\n retry 5") + real(3)))

    assert director.served == {WEB: {TWO: 1}}
    assert director.batches == []


@pytest.mark.behaviour("RL-05")
def test_the_same_configuration_changes_nothing() -> None:
    director = failed()

    director.reload(web(real(2) + real(3)))

    assert (director.batches, director.told) == ([], [])


@pytest.mark.behaviour("RL-05")
def test_an_attempt_that_is_under_way_goes_on() -> None:
    director = Director(web(real(2)))
    due = director.balancer.deadline()
    assert due is not None
    director.now = due
    director.give(Due())
    director.reload(web(real(2, check="warmup 0\n delay_loop 7") + real(3)))
    director.answer({"10.0.0.2": REFUSED})

    assert director.served == {WEB: {TWO: 1}}


@pytest.mark.behaviour("RL-05")
def test_a_server_that_is_new_is_added_at_once_and_its_first_failures_may_pass() -> None:
    director = failed()

    director.reload(web(real(2) + real(3) + real(4)))
    added = director.served
    director.run(1.5, {"10.0.0.4": REFUSED})

    assert added == {WEB: {TWO: 1, THREE: 1}}
    assert director.served == added
    assert director.facts(RealServerChanged) == []


def test_a_server_that_is_new_with_alpha_waits_for_its_first_success() -> None:
    director = failed()

    director.reload(web(real(2) + real(3) + real(4, "alpha")))
    before = director.served
    director.run(2, {"10.0.0.2": REFUSED})

    assert before == {WEB: {TWO: 1}}
    assert director.served == {WEB: {TWO: 1, THREE: 1}}


def test_additions_come_first_then_edits_then_removals() -> None:
    director = Director(web(real(2) + real(3)) + web(real(2), address="10.0.0.102 80"))
    director.batches.clear()

    director.reload(
        web(real(3, "lthreshold 5\n uthreshold 9") + real(4)).replace("lvs_sched rr", "lvs_sched wrr")
        + web(real(2), address="10.0.0.101 80")
    )

    (batch,) = director.batches
    kinds = [type(command) for command in batch]
    adds = {AddService, AddDestination}
    assert set(kinds[:3]) == adds
    assert kinds[3:] == [EditService, EditDestination, RemoveDestination, RemoveService]
    assert director.served == {WEB: {TWO: 1, THREE: 1}, OTHER: {ONE: 1}}


@pytest.mark.behaviour("LV-27")
def test_a_service_that_is_removed_goes_with_its_servers_and_is_not_checked_any_more() -> None:
    director = Director(web(real(2)) + web(real(3), address="10.0.0.101 80"))
    director.run(2)

    director.reload(web(real(2)))
    director.began.clear()
    director.run(60)

    assert director.served == {WEB: {ONE: 1}}
    assert director.times("10.0.0.3") == []


def test_a_quorum_that_a_reload_changes_is_told() -> None:
    director = failed()

    director.reload(web(real(2) + real(3), "quorum 2"))

    assert [fact.up for fact in director.facts(QuorumChanged)] == [False]


def test_a_virtual_server_that_is_new_tells_its_quorum() -> None:
    director = failed()

    director.reload(web(real(2) + real(3)) + web(real(2), address="10.0.0.101 80"))

    assert [(fact.virtual, fact.first) for fact in director.facts(QuorumChanged)] == [
        ("[10.0.0.101]:tcp:80", True)
    ]
    assert director.served == {WEB: {TWO: 1}, OTHER: {ONE: 1}}


def test_checks_rest_and_wake_as_the_new_configuration_says() -> None:
    director = Director(web(real(2)))

    director.reload(web(real(2), "ha_suspend"))
    director.run(60)
    asleep = director.times("10.0.0.2")
    director.reload(web(real(2)))
    director.run(2)

    assert asleep == []
    assert director.times("10.0.0.2") == [61]
