"""The port of routes and rules against the real kernel: what it takes, what it refuses, and what it tells."""

import asyncio
import errno
import os
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from ipaddress import ip_address

import pytest
from linux_namespace import descriptors, inside, ip, turn

from standfast.base.addresses import Family
from standfast.base.routes import Hop, HostRoute, HostRule, Network, Placing, Routing, RoutingKey
from standfast.engine.ports import Event, LinkChanged, RoutingGone, RoutingRead, RoutingRefused
from standfast.linux.links import Links
from standfast.linux.loop import new_loop
from standfast.linux.requests import Requests
from standfast.linux.routes import Routes

NET = Network(ip_address("10.7.0.0"), 16)
ROUTE = HostRoute(Family.IPV4, NET, hops=(Hop(ip_address("10.0.0.2")),))
WAYS6 = HostRoute(
    Family.IPV6,
    Network(ip_address("2001:db8:7::"), 48),
    hops=(Hop(ip_address("fe80::2"), "eth0"), Hop(ip_address("fe80::3"), "eth0")),
)
RULE = HostRule(Family.IPV4, 500, table=100, source=NET)
ALL: tuple[Routing, ...] = (ROUTE, WAYS6, RULE)
ALONE = replace(ROUTE, placing=Placing.ADD)
NOWHERE = replace(ROUTE, hops=(Hop(ip_address("10.0.0.2"), "nowhere0"),))
FAR = replace(ROUTE, hops=(Hop(ip_address("10.99.0.2")),))


@dataclass
class Host:
    """The port, and what it told."""

    loop: asyncio.AbstractEventLoop
    told: list[Event] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.links = Links(self.loop, self._hear, self.complaints.append)
        self.requests = Requests(self.loop, self._lost)
        self.routes = Routes(
            self.loop, self.requests, self.links, tell=self.told.append, complain=self.complaints.append
        )
        self.links.start((), self.requests.port)
        self.present = self.routes.start((*ALL, NOWHERE, FAR))

    def _hear(self, event: Event) -> None:
        """The other end of the cable comes up in its own time; that is no news of ours."""
        if not (isinstance(event, LinkChanged) and event.link.name == "peer0"):
            self.told.append(event)

    def _lost(self) -> None:
        self.routes.read()

    def close(self) -> None:
        self.routes.close()
        self.links.close()
        self.requests.close()

    def there(self) -> frozenset[RoutingKey]:
        """What a reading finds."""
        self.told.clear()
        self.routes.read()
        assert turn(self.loop, lambda: any(isinstance(event, RoutingRead) for event in self.told))
        (read,) = [event for event in self.told if isinstance(event, RoutingRead)]
        return frozenset(read.present)

    def hears(self, event: Event) -> bool:
        return turn(self.loop, lambda: event in self.told)

    def refusals(self) -> list[str]:
        turn(self.loop, lambda: False, seconds=0.05)
        return [event.words for event in self.told if isinstance(event, RoutingRefused)]


@pytest.fixture
def host() -> Iterator[Host]:
    with inside():
        loop = new_loop()
        before = descriptors()
        made = Host(loop)
        yield made
        made.close()
        assert descriptors() == before
        loop.close()
        assert made.complaints == []


def keys(*items: Routing) -> frozenset[RoutingKey]:
    return frozenset(item.key for item in items)


def test_what_is_held_is_read_back_and_what_is_released_is_not(host: Host) -> None:
    assert host.present == frozenset()

    host.routes.hold(ALL)

    assert host.there() == keys(*ALL)
    host.routes.release((RULE, ROUTE))
    assert host.there() == keys(WAYS6)
    assert host.refusals() == []


def test_what_is_there_already_is_held_again_without_a_word(host: Host) -> None:
    """EEXIST is what was wanted; of an IPv6 route with several ways, too."""
    host.routes.hold(ALL)

    host.routes.hold(ALL)

    assert host.there() == keys(*ALL)
    assert host.refusals() == []


def test_with_add_another_route_like_it_is_a_refusal(host: Host) -> None:
    ip("route add 10.7.0.0/16 via 10.0.0.9")

    host.routes.hold((ALONE,))

    (words,) = host.refusals()
    assert "EEXIST" in words


def test_releasing_what_is_not_there_is_fine(host: Host) -> None:
    """ESRCH of a route, ENOENT of a rule, and of an interface that is gone nothing is asked."""
    host.routes.release((*ALL, NOWHERE))

    assert host.refusals() == []


@pytest.mark.parametrize(
    ("item", "error"),
    [
        pytest.param(NOWHERE, errno.ENODEV, id="an interface that is not there"),
        pytest.param(FAR, errno.ENETUNREACH, id="a gateway that cannot be reached"),
        pytest.param(replace(ROUTE, vrf="eth0"), errno.ENODEV, id="what is no VRF"),
        pytest.param(replace(ROUTE, vrf="blue"), errno.ENODEV, id="a VRF that is not there"),
    ],
)
def test_the_refusal_names_the_item_and_the_reason(host: Host, item: HostRoute, error: int) -> None:
    host.routes.hold((RULE, item, ROUTE))

    (words,) = host.refusals()
    assert f"cannot add {item}" in words
    assert errno.errorcode[error] in words
    assert host.there() >= keys(RULE, ROUTE), "the others are held all the same"


def test_who_is_not_permitted_is_told_so(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(host.requests, "send", _refusing(errno.EPERM))

    host.routes.hold((ROUTE, RULE))

    assert [("EPERM" in words, "CAP_NET_ADMIN" in words) for words in host.refusals()] == [(True, True)] * 2


def test_when_refusals_were_lost_everything_is_read(host: Host, monkeypatch: pytest.MonkeyPatch) -> None:
    """ENOBUFS: nobody knows what was done."""
    monkeypatch.setattr(host.requests._socket, "receive", _refusing(errno.ENOBUFS))

    host.routes.hold((ROUTE,))

    monkeypatch.undo()
    assert turn(host.loop, lambda: RoutingRead(keys(ROUTE)) in host.told)


@pytest.mark.parametrize(
    ("words", "item"),
    [
        pytest.param("route delete 10.7.0.0/16", ROUTE, id="a route"),
        pytest.param("rule delete preference 500", RULE, id="a rule"),
        pytest.param("-6 route delete 2001:db8:7::/48 via fe80::2 dev eth0", WAYS6, id="one way of two"),
    ],
)
def test_what_somebody_else_removes_is_told(host: Host, words: str, item: Routing) -> None:
    host.routes.hold(ALL)

    ip(words)

    assert host.hears(RoutingGone(item.key))


def test_what_others_do_with_their_routes_is_not_heard(host: Host) -> None:
    host.routes.hold(ALL)

    for number in range(20):
        ip(f"route add 10.8.{number}.0/24 via 10.0.0.2")
    ip("route add 10.7.0.0/16 via 10.0.0.8 metric 9")
    ip("route delete 10.7.0.0/16 via 10.0.0.8 metric 9")
    ip("route flush root 10.8.0.0/16")

    turn(host.loop, lambda: False, seconds=0.05)
    assert host.told == []


def test_a_route_that_is_replaced_is_missed(host: Host) -> None:
    host.routes.hold(ALL)

    ip("route replace 10.7.0.0/16 via 10.0.0.8")

    assert host.hears(RoutingRead(keys(WAYS6, RULE)))


def test_our_own_removals_are_no_news(host: Host) -> None:
    host.routes.hold(ALL)

    host.routes.release(ALL)

    turn(host.loop, lambda: False, seconds=0.05)
    assert host.told == []


def _refusing(error: int) -> object:
    def refuse(*_: object) -> None:
        raise OSError(error, os.strerror(error))

    return refuse
