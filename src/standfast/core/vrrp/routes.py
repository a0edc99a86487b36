"""From the words of a configuration to routes as the kernel is told to have them (ip-route(8))."""

from typing import Final

from standfast.base.addresses import Family, IpAddress, family_of
from standfast.base.route_names import RouteNames, number_of
from standfast.base.routes import (
    LOCAL_TABLE,
    MAIN_TABLE,
    OUR_ROUTING_PROTOCOL,
    Encapsulation,
    EncapsulationType,
    Hop,
    HostRoute,
    LabelEncapsulation,
    LocatorEncapsulation,
    Measure,
    Network,
    Placing,
    RouteMetric,
    RouteType,
    Scope,
    TunnelEncapsulation,
)
from standfast.base.times import MILLISECOND
from standfast.model.kinds.prefixes import Prefix
from standfast.model.routes import Encapsulation as Encap
from standfast.model.routes import Metric, NextHop, Route
from standfast.wire.rtnetlink_route import nowhere

_U32: Final = 0xFFFF_FFFF
_LOCAL: Final = frozenset({RouteType.LOCAL, RouteType.BROADCAST, RouteType.NAT})  # of the table `local`
_ON_THE_LINK: Final = frozenset({RouteType.BROADCAST, RouteType.MULTICAST})
_ON_THE_HOST: Final = frozenset({RouteType.LOCAL, RouteType.NAT})
_PREFERENCES: Final = {"medium": 0, "high": 1, "low": 3}  # RFC 4191, section 2.1
_TICKS: Final = {RouteMetric.RTT: 8, RouteMetric.RTTVAR: 4, RouteMetric.RTO_MIN: 1}  # in a millisecond
_LOCATOR_PARTS: Final = 4
_ECN: Final = 1  # RTAX_FEATURE_ECN


def host_route(route: Route, names: RouteNames) -> HostRoute:
    """The route, with numbers for its names.

    Raises:
        ValueError: a name means nothing on this host; with words for people.
    """
    type_ = RouteType[route.type.upper()]
    family = _family_of(route)
    hops = tuple(_hops(route, names))
    return HostRoute(
        family=family,
        destination=network_of(route.destination, family),
        type=type_,
        table=_table(route, type_, names),
        protocol=protocol_of(route.protocol, names),
        scope=_scope(route, type_, family, names),
        metric=route.metric,
        tos=number_of(route.tos, names.fields, "type of service", most=0xFF) if route.tos else 0,
        source=None if route.from_ is None or not route.from_.length else network_of(route.from_, family),
        preferred_source=route.src,
        hops=hops,
        measures=tuple(_measures(route)),
        expires_seconds=route.expires,
        preference=_PREFERENCES[route.pref] if route.pref else None,
        ttl_propagate=route.ttl_propagate == "enabled" if route.ttl_propagate else None,
        vrf=route.vrf,
        placing=Placing.ADD if route.add else Placing.APPEND if route.append else Placing.PREPEND,
    )


def protocol_of(word: str, names: RouteNames) -> int:
    """The mark of who put it there (behaviour AD-03)."""
    return number_of(word, names.protocols, "routing protocol", most=0xFF) if word else OUR_ROUTING_PROTOCOL


def realms_of(word: str, names: RouteNames) -> int:
    """`[SRC/]DST` as the kernel writes it: the source above the destination."""
    if not word:
        return 0
    source, slash, destination = word.partition("/")
    last = number_of(destination if slash else source, names.realms, "realm", most=0xFFFF)
    return (number_of(source, names.realms, "realm", most=0xFFFF) << 16 if slash else 0) | last


def network_of(prefix: Prefix, family: Family) -> Network:
    """The network, without the bits behind its length, which the kernel does not take."""
    if prefix.address is None:
        return Network(nowhere(family), 0)
    bits = family.bits - prefix.length
    return Network(type(prefix.address)(int(prefix.address) >> bits << bits), prefix.length)


def _family_of(route: Route) -> Family:
    """As the words say: `inet` or `inet6` first, then the addresses that stand in it."""
    if route.inet or route.inet6:
        return Family.IPV6 if route.inet6 else Family.IPV4
    if route.destination.address is not None:
        return family_of(route.destination.address)
    if route.destination.family:
        return Family(route.destination.family)
    others: tuple[IpAddress | None, ...] = (route.src, route.via, *(hop.via for hop in route.nexthop))
    return next((family_of(one) for one in others if one is not None), Family.IPV4)


def _table(route: Route, type_: RouteType, names: RouteNames) -> int:
    if route.table:
        return number_of(route.table, names.tables, "routing table", most=_U32)
    return LOCAL_TABLE if type_ in _LOCAL else MAIN_TABLE


def _scope(route: Route, type_: RouteType, family: Family, names: RouteNames) -> int:
    """As `ip route` has it when nothing is said."""
    if route.scope:
        return number_of(route.scope, names.scopes, "scope", most=0xFF)
    if family is Family.IPV6:
        return Scope.UNIVERSE
    if type_ in _ON_THE_HOST:
        return Scope.HOST
    if type_ in _ON_THE_LINK:
        return Scope.LINK
    direct = type_ is RouteType.UNICAST and route.via is None and not route.nexthop
    return Scope.LINK if direct else Scope.UNIVERSE


def _hops(route: Route, names: RouteNames) -> list[Hop]:
    if route.nexthop:
        return [_hop(hop, names) for hop in route.nexthop]
    if route.via is None and route.encap is None and not (route.dev or route.realms):
        return []
    first = NextHop(via=route.via, dev=route.dev, onlink=route.onlink, encap=route.encap, realms=route.realms)
    ways = [first] if route.or_ is None else [first, NextHop(via=route.or_, dev=route.dev)]
    return [_hop(way, names) for way in ways]


def _hop(hop: NextHop, names: RouteNames) -> Hop:
    return Hop(
        via=hop.via,
        interface=hop.dev,
        weight=hop.weight,
        onlink=hop.onlink,
        encapsulation=None if hop.encap is None else _encapsulation(hop.encap, names),
        realms=realms_of(hop.realms, names),
    )


def _encapsulation(encap: Encap, names: RouteNames) -> Encapsulation:
    if encap.type == "mpls":
        return LabelEncapsulation(tuple(_label(text) for text in encap.labels.split("/")))
    if encap.type == "ila":
        return LocatorEncapsulation(_locator(encap.locator))
    return TunnelEncapsulation(
        type=EncapsulationType.IP if encap.type == "ip" else EncapsulationType.IP6,
        id=encap.id,
        destination=encap.dst,
        source=encap.src,
        tos=number_of(encap.tos, names.fields, "type of service", most=0xFF) if encap.tos else None,
        ttl=encap.ttl,
        flags=encap.flags,
    )


def _label(text: str) -> int:
    return number_of(text, {}, "MPLS label", most=(1 << 20) - 1)


def _locator(text: str) -> int:
    """Four groups of 16 bits, as in the upper half of an IPv6 address."""
    groups = text.split(":")
    if len(groups) != _LOCATOR_PARTS:
        raise ValueError(f"{text!r} is no locator of four groups")
    numbers = (number_of(f"0x{group}", {}, "group of a locator", most=0xFFFF) for group in groups)
    return sum(number << 16 * (3 - place) for place, number in enumerate(numbers))


def _measures(route: Route) -> list[Measure]:
    """What is said of the way, in the kernel's order."""
    said = {
        RouteMetric.MTU: route.mtu,
        RouteMetric.WINDOW: route.window,
        RouteMetric.RTT: route.rtt,
        RouteMetric.RTTVAR: route.rttvar,
        RouteMetric.SSTHRESH: route.ssthresh,
        RouteMetric.CWND: route.cwnd,
        RouteMetric.ADVMSS: route.advmss,
        RouteMetric.REORDERING: route.reordering,
        RouteMetric.HOPLIMIT: route.hoplimit,
        RouteMetric.INITCWND: route.initcwnd,
        RouteMetric.FEATURES: _ECN if route.features else None,
        RouteMetric.RTO_MIN: route.rto_min,
        RouteMetric.INITRWND: route.initrwnd,
        RouteMetric.QUICKACK: route.quickack,
        RouteMetric.CONGESTION_CONTROL: route.congctl or None,
        RouteMetric.FASTOPEN_NO_COOKIE: route.fastopen_no_cookie,
    }
    return [_measure(metric, value) for metric, value in said.items() if value is not None]


def _measure(metric: RouteMetric, value: Metric | int | str) -> Measure:
    """Times in the kernel's own unit."""
    if isinstance(value, Metric):
        ticks = _TICKS.get(metric)
        number = value.value if ticks is None else value.value * ticks // MILLISECOND
        return Measure(metric, number, value.lock)
    if isinstance(value, str):
        lock, _, name = value.rpartition(" ")
        return Measure(metric, name, bool(lock))
    return Measure(metric, value)
