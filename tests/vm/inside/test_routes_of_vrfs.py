"""Routes with `vrf NAME`: in the table of the VRF they are found, missed when they go, and removed."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from ipaddress import ip_address

import pytest
from linux_namespace import ip, turn

from standfast.base.addresses import Family
from standfast.base.routes import Hop, HostRoute, Network
from standfast.engine.ports import Event, RoutingGone, RoutingRead, RoutingRefused
from standfast.linux.links import Links
from standfast.linux.loop import new_loop
from standfast.linux.requests import Requests
from standfast.linux.routes import Routes

ROUTE = HostRoute(
    Family.IPV4,
    Network(ip_address("10.7.0.0"), 16),
    hops=(Hop(ip_address("10.0.0.2"), "eth0"),),
    vrf="blue",
)
TWO_WAYS = replace(
    ROUTE,
    destination=Network(ip_address("10.8.0.0"), 16),
    hops=(Hop(ip_address("10.0.0.2"), "eth0"), Hop(ip_address("10.0.0.3"), "eth0")),
)
ROUTE6 = HostRoute(
    Family.IPV6,
    Network(ip_address("fd07::"), 64),
    hops=(Hop(ip_address("fd00::2"), "eth0"),),
    vrf="blue",
)


@dataclass
class Host:
    """The port of routes, and what it told."""

    loop: asyncio.AbstractEventLoop
    told: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.links = Links(self.loop, self.told.append, print)
        self.requests = Requests(self.loop, lambda: None)
        self.routes = Routes(self.loop, self.requests, self.links, tell=self.told.append, complain=print)
        self.links.start((), self.requests.port)
        self.routes.start((ROUTE, TWO_WAYS, ROUTE6))

    def close(self) -> None:
        self.routes.close()
        self.links.close()
        self.requests.close()


@pytest.fixture
def host(network: None) -> Iterator[Host]:
    ip("link add eth0 type veth peer name peer0")
    ip("link set eth0 up")
    ip("link set peer0 up")
    ip("addr add 10.0.0.1/24 dev eth0")
    ip("link add blue type vrf table 10")
    ip("link set blue up")
    ip("link set eth0 master blue")
    loop = new_loop()
    made = Host(loop)
    yield made
    made.close()
    loop.close()


def shown() -> str:
    return ip("-4 route show table 10 proto 18")


def test_a_route_goes_into_the_table_of_its_vrf_and_is_found_there(host: Host) -> None:
    host.routes.hold((ROUTE, TWO_WAYS))

    assert "10.7.0.0/16 via 10.0.0.2" in shown()
    assert "10.8.0.0/16" in shown()
    host.routes.read()
    assert turn(host.loop, lambda: any(isinstance(event, RoutingRead) for event in host.told))
    (read,) = (event for event in host.told if isinstance(event, RoutingRead))
    assert read.present == {ROUTE.key, TWO_WAYS.key}


def test_a_route_of_ipv6_goes_there_is_missed_and_leaves(host: Host) -> None:
    ip("addr add fd00::1/64 dev eth0 nodad")
    host.routes.hold((ROUTE6,))
    there = ip("-6 route show table 10 proto 18")
    host.routes.read()
    assert turn(host.loop, lambda: any(isinstance(event, RoutingRead) for event in host.told))
    (read,) = (event for event in host.told if isinstance(event, RoutingRead))

    ip("-6 route delete fd07::/64 table 10")
    missed = turn(host.loop, lambda: RoutingGone(ROUTE6.key) in host.told)
    host.routes.hold((ROUTE6,))
    host.routes.release((ROUTE6,))

    assert "fd07::/64 via fd00::2" in there
    assert read.present == {ROUTE6.key}
    assert missed
    assert ip("-6 route show table 10 proto 18").split() == []


def test_a_route_that_somebody_removes_is_missed(host: Host) -> None:
    host.routes.hold((ROUTE,))

    ip("route delete 10.7.0.0/16 table 10")

    assert turn(host.loop, lambda: RoutingGone(ROUTE.key) in host.told)


def test_the_same_route_of_another_table_is_none_of_ours(host: Host) -> None:
    ip("route add 10.7.0.0/16 via 10.0.0.2 dev eth0 table 11 proto 18")
    ip("route delete 10.7.0.0/16 table 11")

    assert not turn(host.loop, lambda: bool(host.told), seconds=0.1)


def test_what_is_released_leaves_the_table(host: Host) -> None:
    host.routes.hold((ROUTE, TWO_WAYS))

    host.routes.release((ROUTE, TWO_WAYS))

    assert shown().split() == []
    assert host.told == []


def test_without_the_vrf_the_route_is_refused_and_with_a_new_one_it_is_there(host: Host) -> None:
    ip("link delete blue")
    assert turn(host.loop, lambda: host.links.table_of("blue") == 0)
    host.routes.hold((ROUTE,))
    (refused,) = (event for event in host.told if isinstance(event, RoutingRefused))
    assert "ENODEV" in refused.words

    ip("link add blue type vrf table 10")
    ip("link set blue up")
    ip("link set eth0 master blue")
    assert turn(host.loop, lambda: host.links.table_of("blue") == 10)
    host.routes.hold((ROUTE,))

    assert "10.7.0.0/16 via 10.0.0.2" in shown()
