"""The host's links and addresses, reflected: the kernel's news become events of the routers.

At first everything is read, then the news are followed. News that were lost (an overrun), and the wish to look
again, lead to a new reading; what happens while it is under way is applied on top of it.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import closing

from standfast.base.limits import NEWS_BATCH
from standfast.engine.ports import AddressesRead, AddressGone, AddressKey, Link, LinkChanged, LinkGone, Tell
from standfast.linux.filters import news
from standfast.linux.host_table import HostTable
from standfast.linux.netlink import NetlinkSocket, Overrun, reports_in
from standfast.linux.news_socket import NewsSocket
from standfast.linux.reading import Reading
from standfast.linux.readings import Readings
from standfast.wire.netlink import Message
from standfast.wire.rtnetlink import GROUP_IPV4_ADDRESS, GROUP_IPV6_ADDRESS, GROUP_LINK, Report
from standfast.wire.rtnetlink_address import NEW_ADDRESS, AddressReport
from standfast.wire.rtnetlink_link import LinkReport

_GROUPS = GROUP_LINK | GROUP_IPV4_ADDRESS | GROUP_IPV6_ADDRESS
_READ_AGAIN_AFTER = 1.0  # seconds, after the kernel refused a reading


class Links:
    """Follows the links and addresses of the host; give it `start` before the loop runs."""

    def __init__(self, loop: asyncio.AbstractEventLoop, tell: Tell, complain: Callable[[str], None]) -> None:
        """Make it; nothing is read yet.

        Args:
            loop: that the news are waited for on.
            tell: gets the events.
            complain: gets words about what is wrong but no event.
        """
        self.overruns = 0
        self._loop = loop
        self._tell = tell
        self._complain = complain
        self._table = HostTable()
        self._told: dict[str, Link] = {}
        self._watch: Callable[[Collection[str]], None] = _nobody
        self._present: dict[AddressKey, int] = {}
        self._news = NewsSocket(loop, self._hear)
        # Gets each that comes or goes (True).
        self.say_address: Callable[[AddressKey, bool], None] | None = None
        self._readings = Readings[Reading](loop, done=self._conclude, failed=self._reading_failed)
        self._meanwhile: list[Report] = []  # news since the reading began
        self._read_again = False
        self._retry: asyncio.TimerHandle | None = None
        self._removing: dict[
            AddressKey, int
        ] = {}  # how many removals of ours are still to be told by the kernel

    # ---- the start

    def start(self, ours: Collection[AddressKey], port: int, static: Collection[AddressKey] = ()) -> None:
        """Read everything, waiting for it, and follow the news from then on; tells nothing.

        Args:
            ours: addresses of all configured routers.
            port: of the socket that our requests go out on (`Requests.port`): its additions are no news.
            static: addresses that the host is given for good; adverts may come from them.

        Raises:
            OSError: the kernel does not tell.
        """
        self._table.ours, self._table.static = ours, static
        self._news.open(NetlinkSocket(_GROUPS, only=news(NEW_ADDRESS, port)))
        with closing(Reading()) as reading:
            reading.finish()
        self._take_over(reading.reports)
        self._told = dict(self._seen())

    def keep_unread(self, size: int) -> None:
        """Let the socket keep that many bytes of news, but never fewer than is usual."""
        self._news.keep_unread(size)

    def close(self) -> None:
        """Follow nothing any more, and give the descriptors back."""
        if self._retry is not None:
            self._retry.cancel()
        self._readings.end()
        self._news.close()

    # ---- what is known

    @property
    def links(self) -> Mapping[str, Link]:
        """The interfaces of the host by name, as they were told last."""
        return self._told

    @property
    def present(self) -> Mapping[AddressKey, int]:
        """All addresses of the host at the last reading, each with the protocol that marks who put it there."""
        return self._present

    @property
    def reports(self) -> Mapping[str, LinkReport]:
        """The interfaces by name, as the kernel reports them."""
        return self._table.reports

    def link(self, name: str) -> Link | None:
        """An interface as it is now; None if there is none of that name."""
        return self._table.link(name)

    def index_of(self, name: str) -> int:
        """The index of an interface; 0 if there is none of that name."""
        return self._table.index_of(name)

    def table_of(self, vrf: str) -> int:
        """The routing table of a VRF; 0 if there is none of that name."""
        report = self._table.reports.get(vrf)
        return 0 if report is None else report.table

    def former_index_of(self, name: str) -> int:
        """The index of an interface that had this name until it was renamed; 0 if there is none."""
        return self._table.former_index_of(name)

    def has_unmarked(self, key: AddressKey) -> bool:
        """Whether the host has this address without our mark: somebody else put it there."""
        return self._table.has_unmarked(key)

    # ---- what is asked

    def watch(self, watch: Callable[[Collection[str]], None]) -> None:
        """Call this with the names of links that may look different, when all about them has been told."""
        self._watch = watch

    def hear(self) -> None:
        """Take in all news that are there already."""
        while self._hear():
            pass

    def set_ours(self, ours: Collection[AddressKey], static: Collection[AddressKey] = ()) -> None:
        """From now on these are the addresses of the configured routers; tells the links that differ then."""
        self._table.ours, self._table.static = ours, static
        self._tell_links(self._table.names)

    def expect_removal(self, key: AddressKey) -> None:
        """We are about to remove this address ourselves: that it is gone is no news then."""
        self._removing[key] = self._removing.get(key, 0) + 1

    def removal_failed(self, key: AddressKey) -> None:
        """The address was not there: nothing will be told of its removal."""
        left = self._removing.pop(key, 0) - 1
        if left > 0:
            self._removing[key] = left

    def added(self) -> None:
        """We have added addresses, which is no news: a reading under way may miss them, and is done again."""
        self._read_again |= self._readings.under_way

    def read(self) -> None:
        """Read everything anew, and tell it as `AddressesRead` and what differs of the links."""
        if self._readings.under_way:
            self._read_again = True
            return
        self._meanwhile = []
        self._readings.begin(Reading)

    # ---- news

    def _hear(self) -> bool:
        """Take a batch of news in; whether there may be more.

        Links are told first: a router whose link went down has nothing to do with the addresses that went with it.
        """
        changed: dict[str, None] = {}
        gone: list[AddressKey] = []
        more, heard = True, 0
        try:
            for messages in self._news.batch():
                self._hear_one(messages, changed, gone)
                heard += 1
            more = heard == NEWS_BATCH
        except Overrun:
            self.overruns += 1
            self._removing.clear()
            self.read()
        except OSError as error:
            more = False
            self._complain(f"cannot follow the host's links and addresses: {error}")
        self._tell_links(changed)
        for key in gone:
            self._tell(AddressGone(key))
        if changed:
            self._watch(changed)
        return more

    def _hear_one(
        self, messages: Sequence[Message], changed: dict[str, None], gone: list[AddressKey]
    ) -> None:
        for report in reports_in(messages):
            if self._readings.under_way:
                self._meanwhile.append(report)
            if isinstance(report, AddressReport):
                self._say_address(report)
            if isinstance(report, AddressReport) and report.gone:
                gone += self._removed_by_others(report)
            changed |= dict.fromkeys(self._table.apply(report))

    def _say_address(self, report: AddressReport) -> None:
        key = self._table.key_of(report)
        if self.say_address is not None and key is not None:
            self.say_address(key, report.gone)

    def _removed_by_others(self, report: AddressReport) -> tuple[AddressKey, ...]:
        """The address, if it is one of ours and it was not we who removed it."""
        key = self._table.key_of(report)
        if key is None:
            return ()
        if key in self._removing:  # perhaps of a router that a reload has just removed
            self.removal_failed(key)
            return ()
        return (key,) if key in self._table.ours or key in self._table.static else ()

    def _tell_links(self, names: Iterable[str]) -> None:
        for name in tuple(names):
            link = self._table.link(name)
            if link == self._told.get(name):
                continue
            if link is None:
                del self._told[name]
                self._tell(LinkGone(name))
            else:
                self._told[name] = link
                self._tell(LinkChanged(link))

    # ---- a reading

    def _conclude(self, reading: Reading) -> None:
        """All is read; the news of before that come first, and they may be many."""
        if not self._readings.under_way:
            return
        if self._hear():
            self._loop.call_soon(self._conclude, reading)
            return
        self._readings.end()
        if self._read_again:
            self._read_again = False
            self.read()
            return
        self._take_over([*reading.reports, *self._meanwhile])
        self._meanwhile = []
        names = {*self._told, *self._table.names}
        self._tell_links(names)
        self._tell(AddressesRead(self._present))
        self._watch(names)

    def _reading_failed(self, error: OSError) -> None:
        self._complain(f"cannot read the host's links and addresses: {error}; trying again")
        self._retry = self._loop.call_later(_READ_AGAIN_AFTER, self.read)

    def _take_over(self, reports: Iterable[Report]) -> None:
        """Make the table and the addresses present from a reading and what was told since it began."""
        table = HostTable()
        table.ours, table.static = self._table.ours, self._table.static
        present: dict[AddressKey, int] = {}
        for report in reports:
            table.apply(report)
            if isinstance(report, AddressReport) and (key := table.key_of(report)) is not None:
                present.pop(key, None)
                if not report.gone:
                    present[key] = report.protocol
        self._table, self._present = table, present

    def _seen(self) -> Iterable[tuple[str, Link]]:
        for name in self._table.names:
            link = self._table.link(name)
            if link is not None:
                yield name, link


def _nobody(_names: Collection[str]) -> None:
    return None
