"""Which links of the host lead to the same network: packets that go back where they came from need masking."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from standfast.base.limits import NEWS_BATCH
from standfast.linux.netlink import NetlinkSocket, Overrun, reports_in
from standfast.linux.reading import Reading
from standfast.wire.rtnetlink import GROUP_LINK, Report
from standfast.wire.rtnetlink_link import IPVLAN, MACVLAN, LinkReport, request_links

_SHARING: Final = (MACVLAN, IPVLAN)  # kinds that share the network of the link that they stand on

Pair = tuple[str, str]


class LinkPairs:
    """Follows the links of the host."""

    def __init__(self, loop: asyncio.AbstractEventLoop, changed: Callable[[], None]) -> None:
        """Make it; nothing is followed yet.

        Args:
            loop: that the news are waited for on.
            changed: called when there are other pairs than before.
        """
        self._loop = loop
        self._changed = changed
        self._links: dict[int, LinkReport] = {}
        self._told: frozenset[Pair] = frozenset()
        self._news: NetlinkSocket | None = None

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Each link with itself and with the one that it stands on; sorted."""
        return tuple(sorted(self._told))

    def open(self) -> None:
        """Read the links, and follow them from now on.

        Raises:
            OSError: the kernel does not tell.
        """
        self._news = NetlinkSocket(GROUP_LINK)
        self._read()
        self._told = self._pairs()
        self._loop.add_reader(self._news.fileno(), self._hear)

    def close(self) -> None:
        """Follow nothing."""
        if self._news is not None:
            self._loop.remove_reader(self._news.fileno())
            self._news.close()
            self._news = None

    def _read(self) -> None:
        reading = Reading((request_links,))
        try:
            reading.finish()
        finally:
            reading.close()
        self._links.clear()
        self._take(reading.reports)

    def _hear(self) -> None:
        try:
            for _ in range(NEWS_BATCH):
                messages = self._news.receive() if self._news is not None else None
                if messages is None:
                    break
                self._take(reports_in(messages))
        except (Overrun, OSError):
            with suppress(OSError):  # the next news bring another try
                self._read()
        found = self._pairs()
        if found != self._told:
            self._told = found
            self._changed()

    def _take(self, reports: Iterable[Report]) -> None:
        for report in reports:
            if isinstance(report, LinkReport):
                if report.gone:
                    self._links.pop(report.index, None)
                else:
                    self._links[report.index] = report

    def _pairs(self) -> frozenset[Pair]:
        found: set[Pair] = set()
        for link in self._links.values():
            found.add((link.name, link.name))
            base = self._links.get(link.parent)
            if link.kind in _SHARING and base is not None and not link.parent_elsewhere:
                found |= {(link.name, base.name), (base.name, link.name)}
        return frozenset(found)
