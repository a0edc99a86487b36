"""Which of the configured routes and rules the kernel tells about: it fills in what was left to it.

A route without an interface is given one; one without a metric, that of its family. So a report is compared only
in what the configuration says.
"""

from collections.abc import Callable, Iterable, Iterator

from standfast.base.addresses import Family
from standfast.base.routes import Hop, HostRoute, HostRule, Routing, RoutingKey, RuleKey
from standfast.wire.rtnetlink import Report
from standfast.wire.rtnetlink_route import HopReport, RouteReport
from standfast.wire.rtnetlink_rule import RuleReport

_Place = tuple[object, ...]  # family, table, destination, source, TOS, metric


class RoutingTable:
    """The configured routes and rules, to be found by what the kernel reports."""

    def __init__(self, ours: Iterable[Routing], index_of: Callable[[str], int]) -> None:
        """Make it.

        Args:
            ours: the configured ones.
            index_of: gives the index of an interface; 0 if there is none of that name.
        """
        self._index_of = index_of
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
        return bool(self._routes.get(_place(report)))

    def _found(self, report: Report, *, whole: bool) -> Iterator[RoutingKey]:
        if isinstance(report, RuleReport):
            if report.rule.key in self._rules:
                yield report.rule.key
        elif isinstance(report, RouteReport):
            for route in self._routes.get(_place(report), ()):
                marked = (route.type, route.protocol) == (report.type, report.protocol)
                if marked and self._same_ways(route, report.hops, whole=whole):
                    yield route.key

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
        return not hop.interface or self._index_of(hop.interface) == report.index


def _place(report: RouteReport) -> _Place:
    return report.family, report.table, report.destination, report.source, report.tos, report.metric
