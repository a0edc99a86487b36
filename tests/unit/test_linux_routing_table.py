"""Which of the configured routes a report of the kernel is about."""

from dataclasses import replace
from ipaddress import ip_address

import pytest

from standfast.base.addresses import Family
from standfast.base.routes import Hop, HostRoute, Network, RoutingKey
from standfast.linux.routing_table import RoutingTable
from standfast.wire.rtnetlink_route import HopReport, RouteReport

NET, GATE = Network(ip_address("10.1.0.0"), 16), ip_address("10.0.0.2")
PLAIN = HostRoute(Family.IPV4, NET, hops=(Hop(GATE, "eth0"),))
OF_VRF = replace(PLAIN, vrf="blue")


class Links:
    """Two VRFs, and an interface."""

    def index_of(self, name: str) -> int:
        return {"eth0": 3}.get(name, 0)

    def table_of(self, vrf: str) -> int:
        return {"blue": 10, "red": 11}.get(vrf, 0)


@pytest.mark.parametrize(
    ("table", "found"),
    [
        pytest.param(254, {PLAIN.key}, id="the main table: the one without a VRF"),
        pytest.param(10, {OF_VRF.key}, id="a VRF's table: the one of that VRF"),
        pytest.param(99, set(), id="a table that nobody named"),
    ],
)
def test_routes_that_differ_in_their_table_are_told_apart(table: int, found: set[RoutingKey]) -> None:
    ours = RoutingTable((PLAIN, OF_VRF), Links())
    report = RouteReport(Family.IPV4, NET, 1, table, 18, hops=(HopReport(GATE, 3),))

    assert ours.present((report,)) == found
    assert ours.like(report) == bool(found)


def test_a_route_of_a_vrf_that_is_not_there_is_not_found() -> None:
    ours = RoutingTable((replace(PLAIN, vrf="green"),), Links())
    report = RouteReport(Family.IPV4, NET, 1, 0, 18, hops=(HopReport(GATE, 3),))

    assert not ours.present((replace(report, table=10),))


def test_a_route_needs_its_vrf_like_an_interface() -> None:
    assert OF_VRF.interfaces == ("blue", "eth0")
    assert PLAIN.interfaces == ("eth0",)
