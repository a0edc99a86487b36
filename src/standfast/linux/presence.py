"""Which of some addresses this host has: virtual servers rest while theirs is elsewhere (behaviour LV-17)."""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from standfast.base.addresses import IpAddress
from standfast.base.limits import NEWS_BATCH
from standfast.engine.lvs_ports import AddressesPresent, BalancerTell
from standfast.linux.netlink import NetlinkSocket, Overrun, reports_in
from standfast.linux.reading import Reading
from standfast.wire.rtnetlink import GROUP_IPV4_ADDRESS, GROUP_IPV6_ADDRESS, Report
from standfast.wire.rtnetlink_address import AddressReport, request_addresses

_ADDRESSES: Final = (request_addresses,)

Place = tuple[int, IpAddress, int]  # index of the link, address, prefix length


class Presence:
    """Follows the addresses of the host, as long as somebody wants to know of some."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, tell: BalancerTell, complain: Callable[[str], None]
    ) -> None:
        """Make it; nothing is followed yet.

        Args:
            loop: that the news are waited for on.
            tell: is told which of the addresses are there, whenever that changes.
            complain: gets words about what is wrong but no event.
        """
        self._loop = loop
        self._tell = tell
        self._complain = complain
        self._watched: frozenset[IpAddress] = frozenset()
        self._places: set[Place] = set()
        self._told: frozenset[IpAddress] = frozenset()
        self._news: NetlinkSocket | None = None
        self._unread = 0  # bytes of news that the socket may keep; 0: what is usual

    def watch(self, addresses: Iterable[IpAddress]) -> frozenset[IpAddress]:
        """Follow these and no others from now on; those that are there now."""
        self._watched = frozenset(addresses)
        if not self._watched:
            self.close()
        elif self._news is None:
            self._begin()
        self._told = self._present()
        return self._told

    def keep_unread(self, size: int) -> None:
        """Let the socket keep that many bytes of news, but never fewer than is usual."""
        self._unread = size
        if self._news is not None:
            self._news.keep_unread(size)

    def close(self) -> None:
        """Follow nothing."""
        if self._news is not None:
            self._loop.remove_reader(self._news.fileno())
            self._news.close()
            self._news = None
        self._places.clear()

    def _begin(self) -> None:
        try:
            self._news = NetlinkSocket(GROUP_IPV4_ADDRESS | GROUP_IPV6_ADDRESS)
            self._news.keep_unread(self._unread)
            self._read()
        except OSError as error:
            self._complain(f"cannot follow the host's addresses: {error}; ha_suspend rests its services")
            self.close()
            return
        self._loop.add_reader(self._news.fileno(), self._hear)

    def _read(self) -> None:
        """Read all addresses, waiting for them; news of what happens meanwhile come after."""
        reading = Reading(_ADDRESSES)
        try:
            reading.finish()
        finally:
            reading.close()
        self._places.clear()
        self._take(reading.reports)

    def _hear(self) -> None:
        try:
            for _ in range(NEWS_BATCH):
                messages = self._news.receive() if self._news is not None else None
                if messages is None:
                    break
                self._take(reports_in(messages))
        except (Overrun, OSError):
            self._read_again()
        present = self._present()
        if present != self._told:
            self._told = present
            self._tell(AddressesPresent(present))

    def _read_again(self) -> None:
        """News were lost."""
        try:
            self._read()
        except OSError as error:
            self._complain(f"cannot read the host's addresses: {error}")

    def _take(self, reports: Iterable[Report]) -> None:
        for report in reports:
            if isinstance(report, AddressReport):
                place = report.index, report.address, report.prefix
                (self._places.discard if report.gone else self._places.add)(place)

    def _present(self) -> frozenset[IpAddress]:
        return frozenset(address for _, address, _ in self._places) & self._watched
