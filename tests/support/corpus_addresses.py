"""Addresses, routes and rules in the notation of the summaries that the corpus recorded."""

from collections.abc import Iterable, Iterator
from ipaddress import IPv4Address, IPv6Address
from itertools import count
from typing import Final

from standfast.base.addresses import FOREVER
from standfast.base.route_names import SCOPES
from standfast.base.times import MILLISECOND, SECOND
from standfast.model.kinds.prefixes import Prefix
from standfast.model.routes import Metric, NextHop, Route
from standfast.model.rules import Rule
from standfast.model.virtual_address import VirtualAddress

TABLES: Final = {"default": 253, "main": 254, "local": 255}
METRICS: Final = (
    "rtt", "rttvar", "rto_min", "features", "mtu", "window", "ssthresh", "cwnd", "advmss", "reordering",
    "hoplimit", "initcwnd", "initrwnd", "quickack", "congctl", "fastopen_no_cookie", "ttl_propagate",
)  # fmt: skip
TIMES: Final = ("rtt", "rttvar", "rto_min")


def address_text(one: VirtualAddress, interface: str) -> str:
    """An address as `ip address` would be told."""
    ipv4 = one.address.version == 4
    parts = [str(one.address) if one.prefix == one.address.max_prefixlen else str(one)]
    parts += [] if one.broadcast is None else [f"brd {one.broadcast}"]
    parts += [f"dev {one.dev or interface}", f"scope {_scope(one.scope) if ipv4 else 'global'}"]
    parts += [f"label {one.label}"] if one.label else []
    parts += [] if one.peer is None else [f"peer {one.peer}/{one.peer_prefix}"]
    flags = {"home": one.home, "-nodad": one.dad, "mngtmpaddr": one.mngtmpaddr}
    flags |= {"noprefixroute": one.noprefixroute, "autojoin": one.autojoin, "no_track": one.no_track}
    parts += [word for word, given in flags.items() if given]
    parts += [f"track_group {one.track_group}"] if one.track_group else []
    return " ".join(parts + _lifetime(one))


def _lifetime(one: VirtualAddress) -> list[str]:
    """Told where it is not the usual one; nothing stands for ever but with a full prefix of IPv6."""
    if one.preferred_seconds == 0:
        return ["deprecated"] if one.address.version == 6 else []
    if one.preferred_seconds != FOREVER:
        return [f"preferred_lft {one.preferred_seconds}"]
    return ["preferred_lft forever"] if one.address.version == 6 and one.prefix == 128 else []


def _scope(number: int) -> str:
    return next(name for name, value in SCOPES.items() if value == number)


def route_text(route: Route) -> str:
    """A route as `ip route` would be told."""
    parts = ["append" if route.append else "add" if route.add else "prepend"]
    parts += [] if route.type == "unicast" else [route.type]
    ipv6 = _is_ipv6(route)
    parts.append(
        ("::/0" if ipv6 else "0.0.0.0/0") if route.destination.address is None else short(route.destination)
    )
    parts += [] if route.src is None else [f"src {route.src}"]
    parts += [] if route.via is None or route.or_ is not None else [_via(route.via)]
    parts += [f"tos {int(route.tos, 0)}"] if route.tos else []
    parts += [f"dev {route.dev}"] if route.dev else []
    parts += [f"table {TABLES.get(route.table, route.table)}"] if route.table else []
    parts += _protocol("proto", route)
    parts += [f"scope {_number(route.scope)}"] if route.scope else []
    parts += [] if route.metric is None else [f"metric {route.metric}"]
    parts += [f"realm {int(route.realms.rpartition('/')[2], 0)}"] if route.realms else []
    parts += [text for name in METRICS for text in _metric(route, name)]
    parts += [hop_text(hop) for hop in _hops(route)]
    parts += ["no_track"] if route.no_track else []
    parts += [f"track_group {route.track_group}"] if route.track_group else []
    return " ".join(parts)


def short(prefix: Prefix) -> str:
    """A prefix without the length of a single address."""
    whole = prefix.address is not None and prefix.length == prefix.address.max_prefixlen
    return str(prefix.address) if whole else str(prefix)


def _metric(route: Route, name: str) -> list[str]:
    value = getattr(route, name)
    if value is None or value == "":
        return []
    lock = "lock " if isinstance(value, Metric) and value.lock else ""
    number = value.value if isinstance(value, Metric) else value
    word = name.replace("ttl_", "ttl-")
    return [f"{word} {lock}{_time(number) if name in TIMES else number}"]


def _time(microseconds: int) -> str:
    """Seconds if they are whole, else milliseconds."""
    if microseconds % SECOND == 0:
        return f"{microseconds // SECOND}s"
    return (
        f"{microseconds / MILLISECOND:g}ms"
        if microseconds % MILLISECOND
        else f"{microseconds // MILLISECOND}ms"
    )


def _protocol(word: str, one: Route | Rule) -> list[str]:
    """Ours by default; what is not tracked need not be known again and has none."""
    if one.no_track and not one.protocol:
        return []
    return [f"{word} {'18' if one.protocol in ('', 'keepalived') else one.protocol}"]


def _number(scope: str) -> int:
    return SCOPES[scope] if scope in SCOPES else int(scope)


def _is_ipv6(route: Route) -> bool:
    addresses = (route.destination.address, route.via, route.src, *(hop.via for hop in route.nexthop))
    return (
        route.inet6
        or route.destination.family == 6
        or any(a is not None and a.version == 6 for a in addresses)
    )


def _hops(route: Route) -> tuple[NextHop, ...]:
    """The ways of a route; the old word `or` gives two."""
    if route.or_ is not None:
        return NextHop(via=route.via), NextHop(via=route.or_)
    return route.nexthop


def _via(gateway: IPv4Address | IPv6Address) -> str:
    return f"via inet{'6' if gateway.version == 6 else ''} {gateway}"


def hop_text(hop: NextHop) -> str:
    """One way of several."""
    parts = ["nexthop", *([] if hop.via is None else [_via(hop.via)])]
    parts += [f"dev {hop.dev}"] if hop.dev else []
    parts += [f"weight {hop.weight}"] if hop.weight != 1 else []
    return " ".join(parts + (["onlink"] if hop.onlink else []))


# ---- rules


def rules_text(groups: Iterable[Iterable[Rule]]) -> Iterator[list[str]]:
    """Each group of rules, as `ip rule` would be told; those without a preference count down (AD-06)."""
    free = {False: count(16_384, -1), True: count(16_384, -1)}  # one for each family
    for rules in groups:
        yield [
            _rule(one, next(free[_ipv6_rule(one)]) if one.preference is None else one.preference)
            for one in rules
        ]


def _ipv6_rule(one: Rule) -> bool:
    return one.inet6 or any(
        p is not None and p.address is not None and p.address.version == 6 for p in (one.from_, one.to)
    )


def _rule(one: Rule, preference: int) -> str:
    parts = ["not"] if one.not_ else []
    parts += [f"from {_or_any(one.from_)}"] if one.from_ is not None else []
    parts += [f"to {_or_any(one.to)}"] if one.to is not None else []
    parts += [f"priority {preference}", f"tos {int(one.tos or '0', 0):#x}"]
    parts += (
        ["fwmark " + "/".join(f"{int(part, 0):#x}" for part in one.fwmark.split("/"))] if one.fwmark else []
    )
    parts += [f"iif {one.dev}"] if one.dev else []
    parts += [f"oif {one.oif}"] if one.oif else []
    parts += [] if one.tunnel_id is None else [f"tunnel-id {one.tunnel_id}"]
    parts += [] if one.suppress_prefixlength is None else [f"suppress_prefixlen {one.suppress_prefixlength}"]
    parts += [f"suppress_ifgroup {one.suppress_ifgroup}"] if one.suppress_ifgroup else []
    parts += [] if one.uidrange is None else [f"uidrange {one.uidrange.low}-{one.uidrange.high}"]
    parts += ["l3mdev"] if one.l3mdev else []
    parts += _protocol("protocol", one)
    parts += [f"realms {one.realms}"] if one.realms else []
    parts += [f"lookup {TABLES.get(one.table, one.table or 0)}"] if one.goto is None else [f"goto {one.goto}"]
    parts += ["no_track"] if one.no_track else []
    return " ".join(parts + ([f"track_group {one.track_group}"] if one.track_group else []))


def _or_any(prefix: Prefix) -> str:
    return "0.0.0.0/0" if prefix.address is None else short(prefix)
