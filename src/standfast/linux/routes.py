"""The routes and rules of the host: told to the kernel, read back, and missed when somebody takes them away.

Only what bears our mark is read and heard of: a host may have a million routes of others. IPv4 routes go without
a word when their interface or source address goes; whoever knows of that asks for a reading.
"""

import asyncio
import errno
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from functools import partial
from typing import Final

from standfast.base.addresses import Family
from standfast.base.limits import SLICE
from standfast.base.routes import HostRoute, Placing, Routing, RoutingKey
from standfast.engine.ports import RoutingGone, RoutingRead, RoutingRefused, Tell
from standfast.linux.filters import routing_news
from standfast.linux.links import Links
from standfast.linux.netlink import NetlinkSocket, Overrun, reports_in
from standfast.linux.news_socket import NewsSocket
from standfast.linux.reading import ROUTING, Reading
from standfast.linux.readings import Readings
from standfast.linux.refusals import refused
from standfast.linux.requests import Requests
from standfast.linux.routing_table import RoutingTable
from standfast.wire.netlink import Answer, Message
from standfast.wire.rtnetlink import (
    GROUP_IPV4_ROUTE,
    GROUP_IPV4_RULE,
    GROUP_IPV6_ROUTE,
    GROUP_IPV6_RULE,
    Report,
)
from standfast.wire.rtnetlink_route import RouteReport, add_route, delete_route
from standfast.wire.rtnetlink_rule import add_rule, delete_rule

_GROUPS: Final = GROUP_IPV4_ROUTE | GROUP_IPV6_ROUTE | GROUP_IPV4_RULE | GROUP_IPV6_RULE
_NOT_THERE: Final = frozenset(
    {errno.ESRCH, errno.ENOENT, errno.ENODEV, errno.EADDRNOTAVAIL, errno.ENETUNREACH, errno.ENETDOWN}
)
_READ_AGAIN_AFTER: Final = 1.0  # seconds, after the kernel refused a reading


class Routes:
    """The port of routes and rules (`ports.RoutingPort`)."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        requests: Requests,
        links: Links,
        *,
        tell: Tell,
        complain: Callable[[str], None],
    ) -> None:
        """Make it; nothing is read or changed yet."""
        self._loop = loop
        self._requests = requests
        self._links = links
        self._tell = tell
        self._complain = complain
        self._table = RoutingTable((), links)
        self._news = NewsSocket(loop, self._hear)
        self._readings = Readings[Reading](loop, done=self._conclude, failed=self._reading_failed)
        self._read_again = False
        self._retry: asyncio.TimerHandle | None = None
        self.overruns = 0

    def start(self, ours: Iterable[Routing]) -> frozenset[RoutingKey]:
        """Hear what becomes of these from now on, and read which of them are there.

        Raises:
            OSError: the kernel does not tell.
        """
        self.expect(ours)
        self._news.open(NetlinkSocket(_GROUPS, only=routing_news()))
        with closing(_reading()) as reading:
            reading.finish()
        return self._table.present(reading.reports)

    def expect(self, ours: Iterable[Routing]) -> None:
        """From now on these are configured."""
        self._table = RoutingTable(ours, self._links)

    def keep_unread(self, size: int) -> None:
        """Let the socket keep that many bytes of news, but never fewer than is usual."""
        self._news.keep_unread(size)

    def close(self) -> None:
        """Give the descriptors back."""
        if self._retry is not None:
            self._retry.cancel()
        self._readings.end()
        self._news.close()

    # ---- what is asked

    def hold(self, items: Sequence[Routing]) -> None:
        """Have these, in this order; one that is already there is fine."""
        self._change(items, self._adding, self._not_added)

    def release(self, items: Sequence[Routing]) -> None:
        """Have these no longer; one that is not there is fine."""
        self._change(items, self._removing, self._not_removed)

    def read(self) -> None:
        """Read back which of ours are there; the answer comes as `RoutingRead`."""
        if self._readings.under_way:
            self._read_again = True
        else:
            self._readings.begin(_reading)

    def _change(
        self,
        items: Sequence[Routing],
        messages: Callable[[Routing, int], bytes],
        refusal: Callable[[Sequence[Routing], int, Answer], None],
    ) -> None:
        self._read_again |= self._readings.under_way  # it may miss what is done now
        for at in range(0, len(items), SLICE):
            some = items[at : at + SLICE]
            start = self._requests.reserve(2 * len(some), partial(refusal, some))
            whole = b"".join(messages(item, start + 2 * place) for place, item in enumerate(some))
            try:
                if whole:
                    self._requests.send(whole)
            except OSError as error:
                for item in some:
                    self._refuse(item, "change", Answer(0, error.errno or 0))
            self._requests.settle()
            self._requests.give_back(start)

    def _adding(self, item: Routing, sequence: int) -> bytes:
        """The message that adds it.

        The kernel adds no IPv6 route of several ways of which it has one; so what is left of it goes first.
        """
        if not isinstance(item, HostRoute):
            return add_rule(item, sequence=sequence)
        indices = self._indices(item)
        if indices is None:
            self._refuse(item, "add", Answer(0, errno.ENODEV))
            return b""
        table = self._table_of(item)
        if not table:
            self._refuse(item, "add", Answer(0, errno.ENODEV, f"{item.vrf} is no VRF"))
            return b""
        before = b""
        if item.family is Family.IPV6 and len(item.hops) > 1:
            before = delete_route(item, indices, table=table, sequence=sequence)
        return before + add_route(item, indices, table=table, sequence=sequence + 1)

    def _removing(self, item: Routing, sequence: int) -> bytes:
        if not isinstance(item, HostRoute):
            return delete_rule(item, sequence=sequence)
        indices = self._indices(item)  # without its interface the kernel has no such route
        table = self._table_of(item)
        if indices is None or not table:
            return b""
        return delete_route(item, indices, table=table, sequence=sequence)

    def _table_of(self, route: HostRoute) -> int:
        """Where the route goes; 0 if there is no such VRF now."""
        return self._links.table_of(route.vrf) if route.vrf else route.table

    def _indices(self, route: HostRoute) -> dict[str, int] | None:
        """Of the links that the route names; None if one is not there."""
        found = {name: self._links.index_of(name) for name in route.interfaces}
        return found if all(found.values()) else None

    def _not_added(self, items: Sequence[Routing], place: int, answer: Answer) -> None:
        number, part = divmod(place, 2)
        item = items[number]
        if isinstance(item, HostRoute) and part == 0:  # there was nothing left of it
            return
        alone = isinstance(item, HostRoute) and item.placing is Placing.ADD
        if answer.error == errno.EEXIST and not alone:
            return
        self._refuse(item, "add", answer)

    def _not_removed(self, items: Sequence[Routing], place: int, answer: Answer) -> None:
        if answer.error not in _NOT_THERE:
            self._refuse(items[place // 2], "remove", answer)

    def _refuse(self, item: Routing, what: str, answer: Answer) -> None:
        says = refused(answer.error, f"{what} {item}", kernel_says=answer.words)
        self._tell(RoutingRefused(item.key, str(says)))

    # ---- news

    def _hear(self) -> None:
        """Take a batch of news in."""
        gone: dict[RoutingKey, None] = {}
        try:
            for messages in self._news.batch():
                self._hear_one(messages, gone)
        except Overrun:
            self.overruns += 1
            self.read()
        except OSError as error:
            self._complain(f"cannot follow the host's routes and rules: {error}")
        for key in gone:
            self._tell(RoutingGone(key))

    def _hear_one(self, messages: Sequence[Message], gone: dict[RoutingKey, None]) -> None:
        others = [message for message in messages if message.port != self._requests.port]
        for report in reports_in(others):
            if isinstance(report, RouteReport) and report.replaces:
                if self._table.like(report):  # ours may have been replaced
                    self.read()
            elif _gone(report):
                gone |= dict.fromkeys(self._table.touched(report))

    # ---- a reading

    def _conclude(self, reading: Reading) -> None:
        self._readings.end()
        if self._read_again:
            self._read_again = False
            self.read()
            return
        self._tell(RoutingRead(self._table.present(reading.reports)))

    def _reading_failed(self, error: OSError) -> None:
        self._complain(f"cannot read the host's routes and rules: {error}; trying again")
        self._retry = self._loop.call_later(_READ_AGAIN_AFTER, self.read)


def _reading() -> Reading:
    return Reading(ROUTING, strict=True)


def _gone(report: Report) -> bool:
    return bool(getattr(report, "gone", False))
