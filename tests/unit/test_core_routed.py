"""From the words of a configuration to routes and rules, as `ip route` and `ip rule` would understand them."""

from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path

import pytest

from standfast.base.addresses import Family
from standfast.base.route_names import BUILT_IN, number_of
from standfast.base.routes import (
    LOCAL_TABLE,
    Hop,
    HostRoute,
    LabelEncapsulation,
    LocatorEncapsulation,
    Mark,
    Measure,
    Network,
    RouteMetric,
    RouteType,
    RuleAction,
    Scope,
    Span,
)
from standfast.core.vrrp.routed import routed_of
from standfast.core.vrrp.routes import host_route
from standfast.core.vrrp.rules import Preferences, host_rule
from standfast.linux.route_names import read_route_names
from standfast.model.config import Config
from standfast.model.routes import Route, RouteEntry
from standfast.model.rules import Rule, RuleEntry
from standfast.model.track_group import TrackGroup
from standfast.model.words import Words

NET = Network(ip_address("10.1.0.0"), 16)
GATE = ip_address("10.0.0.2")


def route(text: str) -> Route:
    return RouteEntry().read(Words(text.split(), keyword="virtual_routes", start=0))


def rule(text: str) -> Rule:
    return RuleEntry().read(Words(text.split(), keyword="virtual_rules", start=0))


def made(text: str) -> HostRoute:
    return host_route(route(text), BUILT_IN)


@pytest.mark.behaviour("AD-05", "AD-09")
@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param(
            "10.1.0.0/16 via 10.0.0.2", HostRoute(Family.IPV4, NET, hops=(Hop(GATE),)), id="a gateway"
        ),
        pytest.param(
            "10.1.2.3/16 dev eth0",
            HostRoute(Family.IPV4, NET, scope=Scope.LINK, hops=(Hop(interface="eth0"),)),
            id="an interface: scope link, and the bits of the host are left out",
        ),
        pytest.param(
            "local 10.1.0.0/16 dev eth0",
            HostRoute(
                Family.IPV4,
                NET,
                RouteType.LOCAL,
                LOCAL_TABLE,
                scope=Scope.HOST,
                hops=(Hop(interface="eth0"),),
            ),
            id="an own address: its table and scope",
        ),
        pytest.param(
            "inet 10.1.0.0/16 via 10.0.0.2",
            HostRoute(Family.IPV4, NET, hops=(Hop(GATE),)),
            id="the word after inet is not lost",
        ),
        pytest.param(
            "default via 10.0.0.2",
            HostRoute(Family.IPV4, Network(ip_address("0.0.0.0"), 0), hops=(Hop(GATE),)),
            id="everything, of the family of the gateway",
        ),
        pytest.param(
            "default6 dev eth0",
            HostRoute(Family.IPV6, Network(ip_address("::"), 0), hops=(Hop(interface="eth0"),)),
            id="everything of IPv6",
        ),
        pytest.param(
            "10.1.0.0/16 via 10.0.0.2 or 10.0.0.3",
            HostRoute(Family.IPV4, NET, hops=(Hop(GATE), Hop(ip_address("10.0.0.3")))),
            id="a second gateway",
        ),
        pytest.param(
            "10.1.0.0/16 via 10.0.0.2 realms 3/4",
            HostRoute(Family.IPV4, NET, hops=(Hop(GATE, realms=0x30004),)),
            id="realms",
        ),
    ],
)
def test_a_route_means(text: str, wanted: HostRoute) -> None:
    assert made(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("mtu lock 1400", Measure(RouteMetric.MTU, 1400, lock=True), id="locked"),
        pytest.param("rtt 300ms", Measure(RouteMetric.RTT, 2400), id="eighths of a millisecond"),
        pytest.param("rttvar 300ms", Measure(RouteMetric.RTTVAR, 1200), id="quarters of a millisecond"),
        pytest.param("rto_min 2s", Measure(RouteMetric.RTO_MIN, 2000), id="milliseconds"),
        pytest.param("rtt 3000", Measure(RouteMetric.RTT, 3000), id="without a unit, as the kernel has it"),
        pytest.param("features ecn", Measure(RouteMetric.FEATURES, 1), id="a feature"),
        pytest.param("quickack 0", Measure(RouteMetric.QUICKACK, 0), id="off is not nothing"),
        pytest.param(
            "congctl lock reno",
            Measure(RouteMetric.CONGESTION_CONTROL, "reno", lock=True),
            id="a locked name",
        ),
    ],
)
def test_a_measure_of_the_way_means(text: str, wanted: Measure) -> None:
    assert made(f"10.1.0.0/16 via 10.0.0.2 {text}").measures == (wanted,)


def test_tunnels_of_labels_and_locators_are_read() -> None:
    labels = made("10.1.0.0/16 via 10.0.0.2 encap mpls 100/200").hops[0].encapsulation
    locator = made("2001:db8::/32 via fe80::1 dev eth0 encap ila 1:2:3:4").hops[0].encapsulation

    assert labels == LabelEncapsulation((100, 200))
    assert locator == LocatorEncapsulation(0x0001000200030004)


@pytest.mark.behaviour("AD-08", "AD-09")
def test_a_rule_means_what_it_says() -> None:
    text = "inet6 from 2001:db8::/32 fwmark 5/0xf uidrange 4-5 dport 53 ipproto udp table main preference 9"

    made_ = host_rule(rule(text), BUILT_IN, Preferences())

    assert (made_.family, made_.preference, made_.table) == (Family.IPV6, 9, 254)
    assert (made_.mark, made_.users, made_.destination_ports) == (Mark(5, 15), Span(4, 5), Span(53, 53))
    assert made_.ip_protocol == 17


@pytest.mark.behaviour("AD-07")
@pytest.mark.parametrize(
    ("text", "action"),
    [
        pytest.param("from 10.1.0.0/16 table 100", RuleAction.TABLE, id="a table"),
        pytest.param("from 10.1.0.0/16 goto 9", RuleAction.GOTO, id="another rule"),
        pytest.param("from 10.1.0.0/16 nop", RuleAction.NOP, id="nothing"),
        pytest.param("from 10.1.0.0/16 prohibit", RuleAction.PROHIBIT, id="prohibit"),
        pytest.param("from 10.1.0.0/16 unreachable", RuleAction.UNREACHABLE, id="unreachable"),
        pytest.param("from 10.1.0.0/16 blackhole", RuleAction.BLACKHOLE, id="blackhole"),
    ],
)
def test_an_action_is_the_kernels(text: str, action: RuleAction) -> None:
    assert host_rule(rule(text), BUILT_IN, Preferences()).action is action


@pytest.mark.behaviour("AD-06")
def test_rules_without_a_preference_count_down_in_each_family() -> None:
    texts = ["table 1", "inet6 table 1", "table 2 preference 5", "table 3"]
    config = Config(static_rules=tuple(rule(text) for text in texts))

    items = routed_of(config).static.routing

    assert [item.preference for item in items if not isinstance(item, HostRoute)] == [16384, 16384, 5, 16383]


@pytest.mark.behaviour("AD-11")
def test_the_routers_of_a_track_group_depend_on_its_entries() -> None:
    config = Config(
        static_routes=(replace(route("10.1.0.0/16 via 10.0.0.2"), track_group="TG"),),
        track_groups=(TrackGroup(name="TG", group=("VI_1", "VI_2")),),
    )

    static = routed_of(config).static

    assert static.dependents == ((static.routing[0].key, ("VI_1", "VI_2")),)


def test_an_entry_with_a_name_that_means_nothing_here_is_left_out_and_said() -> None:
    config = Config(
        static_routes=(route("10.1.0.0/16 via 10.0.0.2 table blue"), route("blackhole 10.2.0.0/16"))
    )

    routed = routed_of(config)

    assert [str(item) for item in routed.static.routing] == ["blackhole 10.2.0.0/16"]
    assert routed.left_out == ("a route is left out: there is no routing table named 'blue'",)


def test_names_come_from_the_tables_of_this_host(tmp_path: Path) -> None:
    (tmp_path / "rt_tables.d").mkdir()
    (tmp_path / "rt_tables").write_text("# comment\n100 blue # mine\n0x65 green\nnonsense\n")
    (tmp_path / "rt_tables.d" / "more.conf").write_text("102 red\n353 default\n")

    tables = read_route_names((tmp_path,)).tables

    assert [tables[name] for name in ("blue", "green", "red", "default")] == [100, 101, 102, 253]


@pytest.mark.parametrize("text", ["blue", "256", "-1", "0x100", ""])
def test_what_is_no_number_in_range_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="protocol"):
        number_of(text, {}, "routing protocol", most=255)
