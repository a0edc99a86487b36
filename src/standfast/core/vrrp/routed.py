"""The routes and rules, and what is static, that a configuration asks for: with numbers for all names."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from standfast.base.frozen import frozen
from standfast.base.route_names import BUILT_IN, RouteNames
from standfast.base.routes import Routing, RoutingKey
from standfast.core.vrrp.routes import host_route
from standfast.core.vrrp.rules import Preferences, host_rule
from standfast.core.vrrp.static import Static, StaticKey
from standfast.model.config import Config
from standfast.model.routes import Route
from standfast.model.rules import Rule

Entry = Route | Rule
E = TypeVar("E", Route, Rule)


@frozen
class Routed:
    """What one configuration routes."""

    of_instances: Mapping[str, tuple[Routing, ...]]
    untracked: frozenset[RoutingKey]
    static: Static
    left_out: tuple[str, ...]  # why entries are not there: their names mean nothing on this host


def routed_of(config: Config, names: RouteNames = BUILT_IN) -> Routed:
    """The routes and rules of all instances, and what is static.

    An entry with a name that this host does not know is left out, as Keepalived does; `left_out` says so.
    Rules without a preference are numbered in one order: the static ones, then instance by instance (AD-06).
    """
    reading = _Reading(names)
    static = reading.all_of(config.static_routes, config.static_rules)
    of_instances = {
        instance.name: reading.all_of(instance.virtual_routes, instance.virtual_rules)
        for instance in config.vrrp_instances
    }
    return Routed(
        of_instances={name: tuple(item for item, _ in pairs) for name, pairs in of_instances.items()},
        untracked=_untracked(pair for pairs in of_instances.values() for pair in pairs),
        static=_static(config, static),
        left_out=tuple(reading.left_out),
    )


class _Reading:
    """Reads entries one after the other."""

    def __init__(self, names: RouteNames) -> None:
        self._names = names
        self._preferences = Preferences()
        self.left_out: list[str] = []

    def all_of(self, routes: Iterable[Route], rules: Iterable[Rule]) -> list[tuple[Routing, Entry]]:
        """The routes and then the rules, each with its entry."""
        found = self._each(routes, lambda route: host_route(route, self._names))
        return found + self._each(rules, lambda rule: host_rule(rule, self._names, self._preferences))

    def _each(self, entries: Iterable[E], read: Callable[[E], Routing]) -> list[tuple[Routing, Entry]]:
        found: list[tuple[Routing, Entry]] = []
        for entry in entries:
            try:
                found.append((read(entry), entry))
            except ValueError as wrong:
                kind = "route" if isinstance(entry, Route) else "rule"
                self.left_out.append(f"a {kind} is left out: {wrong}")
        return found


def _untracked(pairs: Iterable[tuple[Routing, Entry]]) -> frozenset[RoutingKey]:
    return frozenset(item.key for item, entry in pairs if entry.no_track)


def _static(config: Config, pairs: list[tuple[Routing, Entry]]) -> Static:
    groups = {group.name: group.group for group in config.track_groups}
    default = config.global_defs.default_interface
    addresses = [(entry.on(default), entry) for entry in config.static_ipaddress]
    dependents: list[tuple[StaticKey, tuple[str, ...]]] = [
        (item.key, groups[entry.track_group])
        for item, entry in (*addresses, *pairs)
        if entry.track_group in groups
    ]
    return Static(
        addresses=tuple(address for address, _ in addresses),
        routing=tuple(item for item, _ in pairs),
        untracked=frozenset(address.key for address, entry in addresses if entry.no_track),
        untracked_routing=_untracked(pairs),
        dependents=tuple(dependents),
    )
