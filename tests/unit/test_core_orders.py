"""Orders of operators: a fault while they stand, and nothing of them when they are taken back."""

from dataclasses import replace

import pytest
from vrrp_made import ETH0, ETH1, OWNER, ROUTER, vip

from standfast.base.times import Instant, seconds
from standfast.core.vrrp.effects import ReleaseAddresses, RouterChanged, SendAdvert
from standfast.core.vrrp.events import Due, LinkChanged, Ordered
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.orders import Order, What, order_faults
from standfast.core.vrrp.router import Router

START = Instant(0)
LATER = Instant(seconds("0.5"))
MAINTENANCE = Order(What.MAINTENANCE, "root", reason="a new kernel")
FAILOVER = Order(What.FAILOVER, "root", "VI_1")
OTHER = replace(OWNER, name="VI_2", vrid=2, addresses=(vip(101),))


def started(*routers: Router, orders: tuple[Order, ...] = ()) -> Node:
    node = Node()
    node.give_orders(orders)
    node.start(routers, links={"eth0": ETH0, "eth1": ETH1}, present={}, now=START)
    return node


def states(node: Node) -> list[str]:
    return [type(one.state).__name__ for one in node.snapshot(LATER).routers]


def test_a_master_says_goodbye_and_releases_its_addresses() -> None:
    node = started(OWNER)

    effects = node.handle(Ordered((MAINTENANCE,)), LATER)

    (changed,) = [one for one in effects if isinstance(one, RouterChanged)]
    (advert,) = [one for one in effects if isinstance(one, SendAdvert)]
    assert (changed.old, changed.new, changed.reason) == ("master", "fault", "maintenance")
    assert changed.detail == "ordered by root: a new kernel"
    assert advert.priority == 0
    assert [one for one in effects if isinstance(one, ReleaseAddresses)]


def test_an_order_of_one_router_leaves_the_others() -> None:
    node = started(OWNER, OTHER)

    node.handle(Ordered((FAILOVER,)), LATER)

    assert states(node) == ["Fault", "Master"]


def test_members_of_a_sync_group_go_together() -> None:
    node = started(replace(OWNER, sync_group="G"), replace(OTHER, sync_group="G"))

    node.handle(Ordered((FAILOVER,)), LATER)

    assert states(node) == ["Fault", "Fault"]


def test_an_order_for_a_sync_group_is_for_its_members() -> None:
    node = started(replace(OWNER, sync_group="G"), OTHER)

    node.handle(Ordered((Order(What.FAILOVER, "root", "G"),)), LATER)

    assert states(node) == ["Fault", "Master"]


@pytest.mark.parametrize(
    ("left", "expected"),
    [
        pytest.param((), "Backup", id="none stands: it listens again"),
        pytest.param((FAILOVER,), "Fault", id="another one stands"),
    ],
)
def test_an_order_that_is_taken_back(left: tuple[Order, ...], expected: str) -> None:
    node = started(ROUTER)
    node.handle(Ordered((MAINTENANCE, FAILOVER)), START)

    node.handle(Ordered(left), LATER)

    assert states(node) == [expected]


def test_what_is_taken_back_leaves_the_faults_that_came_meanwhile() -> None:
    node = started(ROUTER)
    node.handle(Ordered((MAINTENANCE,)), START)
    node.handle(LinkChanged(replace(ETH0, up=False)), START)

    node.handle(Ordered(()), LATER)

    (one,) = node.snapshot(LATER).routers
    assert [fault.split(":")[0] for fault in one.faults] == ["interface-down"]


def test_who_begins_under_an_order_does_not_take_part() -> None:
    node = started(OWNER, orders=(MAINTENANCE,))

    effects = node.handle(Due(), LATER)

    assert states(node) == ["Fault"]
    assert not [one for one in effects if isinstance(one, SendAdvert)]


def test_a_reload_keeps_the_orders_also_for_new_routers() -> None:
    node = started(OWNER, orders=(MAINTENANCE,))

    node.reload([OWNER, OTHER], LATER)

    assert states(node) == ["Fault", "Fault"]


def test_the_same_orders_again_change_nothing() -> None:
    node = started(OWNER, orders=(MAINTENANCE,))

    effects = node.handle(Ordered((MAINTENANCE,)), LATER)

    assert effects == ()


def test_an_order_without_words_has_an_owner() -> None:
    faults = order_faults({"VI_1"}, (FAILOVER, Order(What.MAINTENANCE, "anna", "VI_2")))

    assert faults == ("failover: ordered by root",)
