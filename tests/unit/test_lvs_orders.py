"""Orders of operators for real servers: they join what the checks say, and leave nothing behind."""

import pytest
from lvs_director import REFUSED, Director, real, web

from standfast.core.lvs.effects import QuorumChanged, RealServerChanged, RealServerWeighed
from standfast.core.lvs.events import Ordered
from standfast.core.lvs.orders import Order, What, by_server

VS, WEB = "[10.0.0.100]:tcp:80", "tcp 10.0.0.100:80"
RS1, RS2 = "[10.0.0.2]:tcp:80", "[10.0.0.3]:tcp:80"
ONE, TWO = "10.0.0.2:80", "10.0.0.3:80"
PAIR = web(real(2) + real(3))
DRAIN = Order(What.DRAIN, "anna", VS, RS1, reason="a disk")
DISABLE = Order(What.DISABLE, "anna", VS, RS1)


@pytest.mark.parametrize(
    ("order", "served"),
    [
        pytest.param(DRAIN, {ONE: 0, TWO: 1}, id="drained: it keeps its place without weight"),
        pytest.param(Order(What.WEIGHT, "anna", VS, RS1, weight=5), {ONE: 5, TWO: 1}, id="another weight"),
        pytest.param(DISABLE, {TWO: 1}, id="disabled: it is gone, as if it had failed"),
    ],
)
def test_an_order_changes_the_table_until_it_is_taken_back(order: Order, served: dict[str, int]) -> None:
    director = Director(PAIR)

    director.give(Ordered((order,)))
    meanwhile = director.served
    director.give(Ordered(()))

    assert meanwhile == {WEB: served}
    assert director.served == {WEB: {ONE: 1, TWO: 1}}


def test_what_an_order_does_is_told() -> None:
    director = Director(PAIR)

    director.give(Ordered((DRAIN,)))
    director.give(Ordered((DISABLE,)))

    assert director.facts(RealServerWeighed) == [RealServerWeighed(VS, RS1, 0, 1)]
    assert [(one.server, one.up, one.reason) for one in director.facts(RealServerChanged)] == [
        (RS1, False, "disable ordered by anna")
    ]


def test_the_same_orders_again_change_nothing() -> None:
    director = Director(PAIR, orders=(DRAIN,))
    batches = len(director.batches)

    director.give(Ordered((DRAIN,)))

    assert len(director.batches) == batches


def test_orders_stand_from_the_beginning_and_through_a_reload() -> None:
    director = Director(PAIR, orders=(DISABLE,))
    begun = director.served

    director.reload(web(real(2) + real(3) + real(4)))

    assert begun == {WEB: {TWO: 1}}
    assert director.served == {WEB: {TWO: 1, "10.0.0.4:80": 1}}


def test_a_check_that_fails_meanwhile_counts_when_the_order_is_taken_back() -> None:
    director = Director(PAIR, orders=(DISABLE,))

    director.run(2, {"10.0.0.2": REFUSED})
    director.give(Ordered(()))

    assert director.served == {WEB: {TWO: 1}}


def test_without_weight_there_is_no_quorum() -> None:
    director = Director(PAIR)

    director.give(Ordered((DRAIN, Order(What.DRAIN, "anna", VS, RS2))))

    assert director.facts(QuorumChanged)[-1].up is False


def test_an_order_for_a_server_that_is_not_there_waits_for_it() -> None:
    director = Director(web(real(3)), orders=(DRAIN,))
    before = director.served

    director.reload(PAIR)

    assert before == {WEB: {TWO: 1}}
    assert director.served == {WEB: {ONE: 0, TWO: 1}}


def test_of_two_orders_for_one_server_the_later_one_stands() -> None:
    assert by_server((DRAIN, DISABLE)) == {VS: {RS1: DISABLE}}
