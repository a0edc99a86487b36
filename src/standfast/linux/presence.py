"""Which of some addresses this host has: virtual servers rest while theirs is elsewhere (behaviour LV-17)."""

import asyncio
from collections.abc import Callable, Iterable

from standfast.base.addresses import IpAddress
from standfast.engine.lvs_ports import AddressesPresent, BalancerTell
from standfast.linux.following import Following
from standfast.wire.rtnetlink import GROUP_IPV4_ADDRESS, GROUP_IPV6_ADDRESS, Report
from standfast.wire.rtnetlink_address import AddressReport, request_addresses

Place = tuple[int, IpAddress, int]  # index of the link, address, prefix length


class Presence:
    """Follows the addresses of the host (`Follower`), as long as somebody wants to know of some."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, tell: BalancerTell, complain: Callable[[str], None]
    ) -> None:
        """Make it; nothing is followed yet.

        Args:
            loop: that the news are waited for on.
            tell: is told which of the addresses are there, whenever that changes.
            complain: gets words about what is wrong but no event.
        """
        self._tell = tell
        self._complain = complain
        self._watched: frozenset[IpAddress] = frozenset()
        self._places: set[Place] = set()
        self._told: frozenset[IpAddress] = frozenset()
        groups = GROUP_IPV4_ADDRESS | GROUP_IPV6_ADDRESS
        self._news = Following(loop, groups, (request_addresses,), self)

    def watch(self, addresses: Iterable[IpAddress]) -> frozenset[IpAddress]:
        """Follow these and no others from now on; those that are there now."""
        self._watched = frozenset(addresses)
        if not self._watched:
            self.close()
        elif not self._news.is_open:
            self._begin()
        self._told = self._present()
        return self._told

    def keep_unread(self, size: int) -> None:
        """Let the socket keep that many bytes of news, but never fewer than is usual."""
        self._news.keep_unread(size)

    def close(self) -> None:
        """Follow nothing."""
        self._news.close()
        self._places.clear()

    def _begin(self) -> None:
        try:
            self._news.open()
        except OSError as error:
            self._complain(f"cannot follow the host's addresses: {error}; ha_suspend rests its services")

    # ---- what is told

    def forget(self) -> None:
        """All addresses are told anew."""
        self._places.clear()

    def take(self, reports: Iterable[Report]) -> None:
        """Addresses come or go."""
        for report in reports:
            if isinstance(report, AddressReport):
                place = report.index, report.address, report.prefix
                (self._places.discard if report.gone else self._places.add)(place)

    def settle(self) -> None:
        """Tell it, if those that matter are others now."""
        present = self._present()
        if present != self._told:
            self._told = present
            self._tell(AddressesPresent(present))

    def unread(self, error: OSError) -> None:
        """They could not be read again."""
        self._complain(f"cannot read the host's addresses: {error}")

    def _present(self) -> frozenset[IpAddress]:
        return frozenset(address for _, address, _ in self._places) & self._watched
