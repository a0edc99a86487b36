"""Which of the configured routes and rules the kernel tells about: it fills in what was left to it.

A route without an interface is given one; one without a metric, that of its family. So a report is compared only
in what the configuration says.
"""

from collections.abc import Iterable, Iterator
from typing import Final, Protocol

from standfast.base.addresses import Family
from standfast.base.routes import Hop, HostRoute, HostRule, Routing, RoutingKey, RuleKey
from standfast.wire.rtnetlink import Report
from standfast.wire.rtnetlink_route import HopReport, RouteReport
from standfast.wire.rtnetlink_rule import RuleReport

_A_VRF: Final = 0  # stands for the table of a VRF (`HostRoute.key`)
_Place = tuple[object, ...]  # family, table, destination, source, TOS, metric


class Links(Protocol):
    """What must be known of the host's links."""

    def index_of(self, name: str) -> int:
        """The index of an interface; 0 if there is none of that name."""
        ...

    def table_of(self, vrf: str) -> int:
        """The routing table of a VRF; 0 if there is none of that name."""
        ...


class RoutingTable:
    """The configured routes and rules, to be found by what the kernel reports."""

    def __init__(self, ours: Iterable[Routing], links: Links) -> None:
        """Make it.

        Args:
            ours: the configured ones.
            links: of the host.
        """
        self._links = links
        self._routes: dict[_Place, list[HostRoute]] = {}
        self._rules: set[RuleKey] = set()
        for item in ours:
            if isinstance(item, HostRule):
                self._rules.add(item.key)
            else:
                self._routes.setdefault(item.key[:6], []).append(item)

    def present(self, reports: Iterable[Report]) -> frozenset[RoutingKey]:
        """Which of ours are there, according to a reading."""
        return frozenset(key for report in reports for key in self._found(report, whole=True))

    def touched(self, report: Report) -> tuple[RoutingKey, ...]:
        """Which of ours the news are about; of an IPv6 route of several ways perhaps one way only."""
        return tuple(self._found(report, whole=False))

    def like(self, report: RouteReport) -> bool:
        """Whether one of ours stands in the place of this route, whoever put it there."""
        return bool(self._in_the_place_of(report))

    def _found(self, report: Report, *, whole: bool) -> Iterator[RoutingKey]:
        if isinstance(report, RuleReport):
            if report.rule.key in self._rules:
                yield report.rule.key
        elif isinstance(report, RouteReport):
            for route in self._in_the_place_of(report):
                marked = (route.type, route.protocol) == (report.type, report.protocol)
                if marked and self._same_ways(route, report.hops, whole=whole):
                    yield route.key

    def _in_the_place_of(self, report: RouteReport) -> list[HostRoute]:
        """Ours that would be in the same place; of a VRF's route the key has no table."""
        here = self._routes.get(_place(report, report.table), [])
        of_vrfs = self._routes.get(_place(report, _A_VRF), [])
        return here + [route for route in of_vrfs if self._links.table_of(route.vrf) == report.table]

    def _same_ways(self, route: HostRoute, hops: tuple[HopReport, ...], *, whole: bool) -> bool:
        if not route.hops:
            return True
        matched = [any(self._same(hop, one) for one in hops) for hop in route.hops]
        if route.family is Family.IPV4:
            return len(hops) == len(route.hops) and all(matched)
        return all(matched) if whole else any(matched)

    def _same(self, hop: Hop, report: HopReport) -> bool:
        if hop.via != report.via:
            return False
        return not hop.interface or self._links.index_of(hop.interface) == report.index


def _place(report: RouteReport, table: int) -> _Place:
    return report.family, table, report.destination, report.source, report.tos, report.metric
