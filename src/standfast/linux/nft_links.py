"""Which links of the host lead to the same network: packets that go back where they came from need masking."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from standfast.linux.following import Following
from standfast.wire.rtnetlink import GROUP_LINK, Report
from standfast.wire.rtnetlink_link import IPVLAN, MACVLAN, LinkReport, request_links

_SHARING: Final = (MACVLAN, IPVLAN)  # kinds that share the network of the link that they stand on

Pair = tuple[str, str]


class LinkPairs:
    """Follows the links of the host (`Follower`)."""

    def __init__(self, loop: asyncio.AbstractEventLoop, changed: Callable[[], None]) -> None:
        """Make it; nothing is followed yet.

        Args:
            loop: that the news are waited for on.
            changed: called when there are other pairs than before.
        """
        self._changed = changed
        self._links: dict[int, LinkReport] = {}
        self._told: frozenset[Pair] = frozenset()
        self._news = Following(loop, GROUP_LINK, (request_links,), self)

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """Each link with itself and with the one that it stands on; sorted."""
        return tuple(sorted(self._told))

    def open(self) -> None:
        """Read the links, and follow them from now on.

        Raises:
            OSError: the kernel does not tell.
        """
        self._news.open()
        self._told = self._pairs()

    def close(self) -> None:
        """Follow nothing."""
        self._news.close()

    # ---- what is told

    def forget(self) -> None:
        """All links are told anew."""
        self._links.clear()

    def take(self, reports: Iterable[Report]) -> None:
        """Links come or go."""
        for report in reports:
            if isinstance(report, LinkReport):
                if report.gone:
                    self._links.pop(report.index, None)
                else:
                    self._links[report.index] = report

    def settle(self) -> None:
        """Tell it, if the pairs are others now."""
        found = self._pairs()
        if found != self._told:
            self._told = found
            self._changed()

    def unread(self, error: OSError) -> None:
        """They could not be read again: what is known is the best there is."""

    def _pairs(self) -> frozenset[Pair]:
        found: set[Pair] = set()
        for link in self._links.values():
            found.add((link.name, link.name))
            base = self._links.get(link.parent)
            if link.kind in _SHARING and base is not None and not link.parent_elsewhere:
                found |= {(link.name, base.name), (base.name, link.name)}
        return frozenset(found)
