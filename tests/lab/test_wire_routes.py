"""Routes and rules as we write them, the kernel takes them, and `ip` shows them: as if `ip` had written them."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import closing
from ipaddress import IPv4Address, IPv6Address, ip_address
from socket import if_nametoindex
from typing import Any

import pytest
from linux_namespace import inside, ip

from standfast.base.addresses import Family
from standfast.base.routes import (
    LOCAL_TABLE,
    EncapsulationType,
    Hop,
    HostRoute,
    HostRule,
    Mark,
    Measure,
    Network,
    Placing,
    RouteMetric,
    RouteType,
    RuleAction,
    Scope,
    Span,
    TunnelEncapsulation,
)
from standfast.linux.netlink import NetlinkSocket, reports_in
from standfast.wire.netlink import ACK, Answer, Message
from standfast.wire.rtnetlink_route import RouteReport, add_route, delete_route, request_routes
from standfast.wire.rtnetlink_rule import RuleReport, add_rule, delete_rule, request_rules

NET = Network(ip_address("10.7.0.0"), 16)
NET6 = Network(ip_address("2001:db8:7::"), 48)
GATE, OTHER = ip_address("10.0.0.2"), ip_address("10.0.0.3")
GATE6, OTHER6 = ip_address("fe80::2"), ip_address("fe80::3")
ON = "eth0"


def v4(**words: Any) -> HostRoute:
    return HostRoute(Family.IPV4, **({"destination": NET, "hops": (Hop(GATE),)} | words))


def v6(**words: Any) -> HostRoute:
    return HostRoute(Family.IPV6, **({"destination": NET6, "hops": (Hop(GATE6, ON),)} | words))


M = RouteMetric
ROUTES = [
    pytest.param(v4(), "10.7.0.0/16 via 10.0.0.2", id="a gateway"),
    pytest.param(
        v4(destination=Network(IPv4Address(0), 0)), "default via 10.0.0.2", id="the way to everywhere"
    ),
    pytest.param(v4(hops=(Hop(interface=ON),), scope=Scope.LINK), "10.7.0.0/16 dev eth0", id="an interface"),
    pytest.param(
        v4(hops=(Hop(ip_address("10.9.9.9"), ON, onlink=True),)),
        "10.7.0.0/16 via 10.9.9.9 dev eth0 onlink",
        id="a gateway that is on the link",
    ),
    pytest.param(
        v4(table=4711, metric=5, tos=16, preferred_source=ip_address("10.0.0.1")),
        "10.7.0.0/16 via 10.0.0.2 table 4711 metric 5 tos 0x10 src 10.0.0.1",
        id="table, metric, TOS and source",
    ),
    pytest.param(v4(hops=(Hop(GATE, realms=0x30004),)), "10.7.0.0/16 via 10.0.0.2 realms 3/4", id="realms"),
    pytest.param(v4(hops=(Hop(GATE6, ON),)), "10.7.0.0/16 via inet6 fe80::2 dev eth0", id="an IPv6 gateway"),
    pytest.param(
        v4(hops=(Hop(GATE, weight=3), Hop(OTHER, ON, weight=256, onlink=True), Hop(GATE6, ON))),
        "10.7.0.0/16 nexthop via 10.0.0.2 weight 3 nexthop via 10.0.0.3 dev eth0 weight 256 onlink "
        "nexthop via inet6 fe80::2 dev eth0",
        id="three ways, one of the other family",
    ),
    pytest.param(
        v4(
            hops=(
                Hop(
                    GATE,
                    ON,
                    encapsulation=TunnelEncapsulation(
                        EncapsulationType.IP, 5, ip_address("10.0.0.9"), ip_address("10.0.0.1"), 4, 7
                    ),
                ),
            )
        ),
        "10.7.0.0/16 encap ip id 5 dst 10.0.0.9 src 10.0.0.1 tos 4 ttl 7 via 10.0.0.2 dev eth0",
        id="a tunnel over IPv4",
    ),
    pytest.param(
        v6(
            hops=(
                Hop(
                    GATE6,
                    ON,
                    encapsulation=TunnelEncapsulation(
                        EncapsulationType.IP6, 5, ip_address("2001:db8::9"), None, 4, 7
                    ),
                ),
            )
        ),
        "2001:db8:7::/48 encap ip6 id 5 dst 2001:db8::9 tc 4 hoplimit 7 via fe80::2 dev eth0",
        id="a tunnel over IPv6",
    ),
    *(
        pytest.param(v4(hops=(), type=type_), f"{type_.name.lower()} 10.7.0.0/16", id=f"{type_.name.lower()}")
        for type_ in (RouteType.BLACKHOLE, RouteType.UNREACHABLE, RouteType.PROHIBIT, RouteType.THROW)
    ),
    pytest.param(
        v4(hops=(Hop(interface=ON),), type=RouteType.LOCAL, table=LOCAL_TABLE, scope=Scope.HOST),
        "local 10.7.0.0/16 dev eth0",
        id="an own address",
    ),
    pytest.param(
        v4(hops=(Hop(interface=ON),), type=RouteType.BROADCAST, table=LOCAL_TABLE, scope=Scope.LINK),
        "broadcast 10.7.0.0/16 dev eth0",
        id="a broadcast address",
    ),
    pytest.param(
        v4(
            measures=(
                Measure(M.MTU, 1400, lock=True),
                Measure(M.WINDOW, 1000),
                Measure(M.RTT, 300 * 8, lock=True),
                Measure(M.RTTVAR, 400 * 4),
                Measure(M.SSTHRESH, 20),
                Measure(M.CWND, 10, lock=True),
                Measure(M.ADVMSS, 500),
                Measure(M.REORDERING, 5),
                Measure(M.HOPLIMIT, 9),
                Measure(M.INITCWND, 11),
                Measure(M.FEATURES, 1),
                Measure(M.RTO_MIN, 500),
                Measure(M.INITRWND, 12),
                Measure(M.QUICKACK, 1),
                Measure(M.CONGESTION_CONTROL, "reno", lock=True),
                Measure(M.FASTOPEN_NO_COOKIE, 1),
            )
        ),
        "10.7.0.0/16 via 10.0.0.2 mtu lock 1400 window 1000 rtt lock 300ms rttvar 400ms ssthresh 20 "
        "cwnd lock 10 advmss 500 reordering 5 hoplimit 9 initcwnd 11 features ecn rto_min 500ms "
        "initrwnd 12 quickack 1 congctl lock reno fastopen_no_cookie 1",
        id="every measure of the way",
    ),
    pytest.param(v6(), "2001:db8:7::/48 via fe80::2 dev eth0", id="IPv6: a gateway"),
    pytest.param(
        v6(destination=Network(IPv6Address(0), 0)), "default via fe80::2 dev eth0", id="IPv6: to everywhere"
    ),
    pytest.param(
        v6(metric=5, preference=1), "2001:db8:7::/48 via fe80::2 dev eth0 metric 5 pref high", id="preferred"
    ),
    pytest.param(
        v6(source=Network(ip_address("2001:db8:9::"), 48)),
        "2001:db8:7::/48 from 2001:db8:9::/48 via fe80::2 dev eth0",
        id="for a source",
    ),
    pytest.param(v6(hops=(), type=RouteType.BLACKHOLE), "blackhole 2001:db8:7::/48", id="IPv6: blackhole"),
    pytest.param(
        v6(hops=(Hop(GATE6, ON, weight=2), Hop(OTHER6, ON))),
        "2001:db8:7::/48 nexthop via fe80::2 dev eth0 weight 2 nexthop via fe80::3 dev eth0",
        id="IPv6: two ways",
    ),
]

RULES = [
    pytest.param(
        HostRule(Family.IPV4, 500, table=4711, source=NET),
        "pref 500 from 10.7.0.0/16 table 4711",
        id="a source",
    ),
    pytest.param(
        HostRule(Family.IPV4, 500, table=254, destination=NET, inverted=True, tos=16, mark=Mark(5)),
        "pref 500 not to 10.7.0.0/16 tos 0x10 fwmark 5 table main",
        id="no such destination, TOS and mark",
    ),
    pytest.param(
        HostRule(Family.IPV4, 500, table=100, mark=Mark(5, 15), realms=0x30004, tunnel=7),
        "pref 500 fwmark 5/15 realms 3/4 tun_id 7 table 100",
        id="mark with a mask, realms, tunnel",
    ),
    pytest.param(
        HostRule(Family.IPV4, 500, table=100, input_interface="eth0", output_interface="nowhere0"),
        "pref 500 iif eth0 oif nowhere0 table 100",
        id="interfaces, one of which is not there",
    ),
    pytest.param(
        HostRule(
            Family.IPV4,
            500,
            table=100,
            users=Span(4, 9),
            ip_protocol=6,
            source_ports=Span(10, 20),
            destination_ports=Span(53, 53),
        ),
        "pref 500 uidrange 4-9 ipproto tcp sport 10-20 dport 53 table 100",
        id="users, protocol, ports and a single port",
    ),
    pytest.param(
        HostRule(Family.IPV4, 500, table=254, suppressed_length=0, suppressed_group=5),
        "pref 500 table main suppress_prefixlength 0 suppress_ifgroup 5",
        id="what is suppressed",
    ),
    pytest.param(
        HostRule(Family.IPV4, 500, RuleAction.GOTO, goto=600), "pref 500 goto 600", id="go on elsewhere"
    ),
    *(
        pytest.param(
            HostRule(Family.IPV4, 500, action, source=NET),
            f"pref 500 from 10.7.0.0/16 {action.name.lower()}",
            id=action.name.lower(),
        )
        for action in (RuleAction.NOP, RuleAction.BLACKHOLE, RuleAction.UNREACHABLE, RuleAction.PROHIBIT)
    ),
    pytest.param(
        HostRule(Family.IPV4, 500, l3mdev=True, destination=NET),
        "pref 500 to 10.7.0.0/16 l3mdev",
        id="the table of the VRF",
    ),
    pytest.param(
        HostRule(Family.IPV6, 500, table=100, source=NET6, destination=NET6),
        "-6 pref 500 from 2001:db8:7::/48 to 2001:db8:7::/48 table 100",
        id="IPv6",
    ),
]


class Kernel:
    """One socket to it."""

    def __init__(self, sock: NetlinkSocket) -> None:
        self._socket = sock

    def does(self, message: bytes) -> Answer:
        self._socket.send(message)
        (answer,) = self.told()
        assert isinstance(answer, Answer)
        return answer

    def tells(self, request: bytes) -> list[Any]:
        self._socket.send(request)
        return [report for report in self.told() if not isinstance(report, Answer)]

    def told(self) -> list[Any]:
        messages: list[Message] = []
        while (some := self._socket.receive()) is not None:
            messages += some
        return list(reports_in(messages))


@pytest.fixture
def kernel() -> Iterator[Kernel]:
    with inside(), closing(NetlinkSocket(strict=True)) as sock:
        yield Kernel(sock)


def indices() -> dict[str, int]:
    return {"eth0": if_nametoindex("eth0")}


def routes() -> list[Any]:
    """What the kernel has with our mark, as `ip` shows it."""
    return [
        each
        for family in ("-4", "-6")
        for each in json.loads(ip(f"-d -j {family} route show table all proto 18") or "[]")
    ]


def rules() -> list[Any]:
    found = [each for family in ("-4", "-6") for each in json.loads(ip(f"-d -j {family} rule"))]
    return [each for each in found if each["priority"] == 500]


@pytest.mark.parametrize(("route", "words"), ROUTES)
def test_a_route_is_what_ip_would_have_made_of_it(kernel: Kernel, route: HostRoute, words: str) -> None:
    family = "-6" if route.family is Family.IPV6 else "-4"
    assert kernel.does(add_route(route, indices(), flags=ACK)) == Answer(0, 0)
    ours = routes()
    (told,) = kernel.tells(request_routes(0, route.family, 18))
    assert kernel.does(delete_route(route, indices(), flags=ACK)) == Answer(0, 0)
    assert routes() == []

    ip(f"{family} route prepend proto 18 {words}")

    assert ours == routes()
    assert isinstance(told, RouteReport)
    assert (told.destination, told.table, told.type) == (route.destination, route.table, route.type)
    assert (told.tos, told.metric, told.source) == (route.tos, route.key.metric, route.source)


@pytest.mark.parametrize(("rule", "words"), RULES)
def test_a_rule_is_what_ip_would_have_made_of_it(kernel: Kernel, rule: HostRule, words: str) -> None:
    six = "-6 " if rule.family is Family.IPV6 else ""
    answer = kernel.does(add_rule(rule, flags=ACK))
    if rule.l3mdev and answer.error:
        pytest.skip(f"this kernel has no l3mdev: {answer.words}")
    assert answer == Answer(0, 0)
    ours = rules()
    told = [each for each in kernel.tells(request_rules(0, rule.family)) if each.rule.preference == 500]
    assert kernel.does(delete_rule(rule, flags=ACK)) == Answer(0, 0)
    assert rules() == []

    ip(f"{six}rule add {words.removeprefix('-6 ')} protocol 18")

    assert ours == rules()
    assert told == [RuleReport(rule)]


def test_a_route_ends_by_itself(kernel: Kernel) -> None:
    assert kernel.does(add_route(v6(expires_seconds=100), indices(), flags=ACK)) == Answer(0, 0)

    (shown,) = routes()

    assert 90 < shown["expires"] <= 100


@pytest.mark.parametrize(
    ("placing", "first"),
    [
        pytest.param(Placing.PREPEND, "10.0.0.2", id="before others like it"),
        pytest.param(Placing.APPEND, "10.0.0.9", id="behind others like it"),
    ],
)
@pytest.mark.behaviour("AD-05")
def test_a_route_is_placed(kernel: Kernel, placing: Placing, first: str) -> None:
    ip("route add 10.7.0.0/16 via 10.0.0.9")

    assert kernel.does(add_route(v4(placing=placing), indices(), flags=ACK)) == Answer(0, 0)

    assert json.loads(ip("-j route show 10.7.0.0/16"))[0]["gateway"] == first


@pytest.mark.behaviour("AD-05")
def test_with_add_a_route_like_another_is_refused(kernel: Kernel) -> None:
    ip("route add 10.7.0.0/16 via 10.0.0.9")

    answer = kernel.does(add_route(v4(placing=Placing.ADD), indices(), flags=ACK))

    assert answer.error == 17  # EEXIST
    assert json.loads(ip("-j route show 10.7.0.0/16"))[0]["gateway"] == "10.0.0.9"


def test_only_the_route_with_our_mark_is_removed(kernel: Kernel) -> None:
    ip("route add 10.7.0.0/16 via 10.0.0.2")

    answer = kernel.does(delete_route(v4(), indices(), flags=ACK))

    assert answer.error == 3  # ESRCH
    assert subprocess.run(["ip", "route", "get", "10.7.0.1"], capture_output=True, check=True).stdout
