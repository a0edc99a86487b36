"""nftables as the balancer's port (`lvs_ports.TablePort`): one transaction of `nft -f -` a change.

What was asked for while nft is at work is done when it has ended, all at once. A change touches the chains of
the services that it is about, so the others keep their place in the round and their clients. After a refusal, and
when somebody else had a hand in it, nobody knows what is there: then the tables are made anew, whole.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import sha256

from standfast.base.addresses import Family
from standfast.base.errors import Refused
from standfast.base.limits import TABLE_REST
from standfast.base.services import Destination, DestinationKey, Service, ServiceKey
from standfast.base.times import SECOND
from standfast.engine.lvs_ports import (
    AddDestination,
    AddService,
    BalancerTell,
    EditDestination,
    EditService,
    Refusal,
    RemoveDestination,
    RemoveService,
    Table,
    TableAnswered,
    TableCommand,
    TableRead,
    TableUnread,
    balanced,
    table_of,
)
from standfast.linux.commands import Plan
from standfast.linux.ipvs_settling import service_of
from standfast.linux.nft_lacking import lacking
from standfast.linux.nft_links import LinkPairs
from standfast.linux.nft_services import TABLE, Entry, change, link_pairs, make_table, remove_table
from standfast.linux.own_tables import OwnTables, Turn, spare
from standfast.linux.table_watch import is_ours


class NftTable:
    """NAT by nftables in the network namespace that the process runs in."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, tell: BalancerTell, complain: Callable[[str], None]
    ) -> None:
        """Make it; nothing is read or changed yet.

        Args:
            loop: that nft is waited for on.
            tell: gets the events.
            complain: gets words about what is wrong but no event.
        """
        self._loop = loop
        self._tell = tell
        self._complain = complain
        self._tables = OwnTables(loop, self._following, touched=self._touched, complain=complain)
        self._links = LinkPairs(loop, self._relink)
        self._wanted: dict[ServiceKey, tuple[Service, dict[DestinationKey, Destination]]] = {}
        self._there: dict[ServiceKey, Entry] = {}  # what nft has carried out
        self._pending: dict[ServiceKey, TableCommand] = {}  # the last command of each service to be changed
        self._unknown = True  # nobody knows what is there
        self._unlinked = False  # the links are others than nft was told
        self._why_not = ""  # the last refusal
        self._trusted = ""  # how another process of ours left the tables

    # ---- from one process to the next

    @property
    def looks(self) -> str:
        """What nft has carried out, in few characters; empty if nobody knows."""
        known = not (self._unknown or self._unlinked or self._pending or self._tables.busy)
        return _looks_of(self._there) if known else ""

    def trust(self, looks: str) -> None:
        """Before the start: tables that look so are left alone, with all that they remember of clients."""
        self._trusted = looks

    # ---- the port

    def start(self) -> Table:
        """What an earlier process left is replaced, so nothing of it counts."""
        try:
            self._links.open()
        except OSError as error:
            self._complain(f"cannot follow the host's links: {error.strerror}")
        self._tables.hear_of(TABLE)
        if any(is_ours(family, TABLE) for family in Family):
            self._loop.call_soon(self._tables.go_on)
        return {}

    def change(self, commands: Sequence[TableCommand]) -> None:
        """Have these carried out; what cannot be had is told."""
        for command in commands:
            self._note(command)
            self._pending[service_of(command)] = command
        refusals = tuple(self._refusals({service_of(command): command for command in commands}))
        if refusals:
            self._loop.call_soon(self._tell, TableAnswered(refusals))
        self._tables.go_on()

    def read(self) -> None:
        """Look whether the tables stand; what was put there and not touched since is there."""
        if self._unknown and self._why_not:
            self._loop.call_soon(self._tell, TableUnread(self._why_not))
            self._why_not = ""  # it is tried again
            self._tables.go_on()
            return
        if not self._tables.busy and not all(is_ours(family, TABLE) for family in self._families()):
            self._touched()
        self._loop.call_soon(self._tell, TableRead(self._believed()))

    def flush(self) -> None:
        """Have no services; those of others are not in our tables."""
        self._wanted.clear()
        self._pending.clear()
        self._unknown = True
        self._tables.go_on()

    @property
    def busy(self) -> bool:
        """Whether nft is at work."""
        return self._tables.busy

    def when_quiet(self, then: Callable[[], None]) -> None:
        """Call this when nft is at work no more."""
        self._tables.when_quiet(then)

    def close(self) -> None:
        """Give the descriptors back; the tables stay."""
        self._links.close()
        self._tables.close()

    # ---- what is wanted

    def _note(self, command: TableCommand) -> None:
        match command:
            case AddService(service) | EditService(service):
                _, destinations = self._wanted.get(service.key, (service, {}))
                self._wanted[service.key] = service, destinations
            case RemoveService(key):
                self._wanted.pop(key, None)
            case AddDestination(key, destination) | EditDestination(key, destination):
                self._wanted[key][1][destination.key] = destination
            case RemoveDestination(key, name):
                self._wanted[key][1].pop(name, None)

    def _refusals(self, last: dict[ServiceKey, TableCommand]) -> Iterator[Refusal]:
        for key, command in last.items():
            if key in self._wanted and (what := self._lacks(key)):
                yield Refusal(
                    command,
                    "needs-ipvs",
                    f"{key} is not served: nftables cannot do {what}; a kernel with IPVS can (modprobe ip_vs)",
                )

    def _lacks(self, key: ServiceKey) -> str:
        service, destinations = self._wanted[key]
        return lacking(service, destinations.values())

    def _served(self, key: ServiceKey) -> Entry | None:
        """What nft is to have of a service: what it cannot do well is refused to clients, too."""
        if key not in self._wanted:
            return None
        if self._lacks(key):
            return Service(key, "rr"), {}
        service, destinations = self._wanted[key]
        return service, dict(destinations)

    def _believed(self) -> Table:
        return table_of(
            balanced(service, destinations.values())
            for key, (service, destinations) in self._wanted.items()
            if not self._lacks(key)
        )

    def _families(self) -> set[Family]:
        return {key.family for key in self._wanted}

    # ---- one transaction after the other

    def _following(self) -> Turn | None:
        if not (self._pending or self._unlinked or (self._unknown and not self._why_not)):
            return None
        pending, self._pending = self._pending, {}
        keys = list(dict.fromkeys([*self._wanted, *self._there])) if self._unknown else list(pending)
        wanted = {key: self._served(key) for key in keys}
        whole, self._unknown = self._unknown, False
        stands = whole and bool(self._trusted) and self._trusted == _looks_of(wanted)
        self._trusted = ""
        if stands:
            lines = [line for family in self._families() for line in link_pairs(family, self._links.pairs)]
        else:
            lines = list(self._anew(wanted) if whole else self._changes(wanted))
        self._unlinked = False
        return self._plan(lines), partial(self._done, wanted, pending)

    def _anew(self, wanted: dict[ServiceKey, Entry | None]) -> Iterator[str]:
        for family in Family:
            entries = [one for key, one in wanted.items() if one is not None and key.family is family]
            if entries:
                yield from make_table(family, self._links.pairs)
                for entry in entries:
                    yield from change(None, entry)
            elif is_ours(family, TABLE):
                yield from remove_table(family)

    def _changes(self, wanted: dict[ServiceKey, Entry | None]) -> Iterator[str]:
        before, after = {key.family for key in self._there}, self._families()
        for family in sorted(before | after):
            if family not in after:
                yield from remove_table(family)
                continue
            if family not in before:
                yield from make_table(family, self._links.pairs)
            elif self._unlinked:
                yield from link_pairs(family, self._links.pairs)
            for key, entry in wanted.items():
                if key.family is family:
                    yield from change(self._there.get(key), entry)

    def _plan(self, lines: Iterable[str]) -> Plan:
        spare(TABLE, self._families())
        yield from self._tables.nft("".join(f"{line}\n" for line in lines), "the services")

    def _done(
        self,
        wanted: dict[ServiceKey, Entry | None],
        pending: dict[ServiceKey, TableCommand],
        refusal: Refused | None,
    ) -> None:
        self._why_not = "" if refusal is None else str(refusal)
        if refusal is None:
            for key, entry in wanted.items():
                if entry is None:
                    self._there.pop(key, None)
                else:
                    self._there[key] = entry
        else:
            self._unknown = True
            words = tuple(Refusal(command, refusal.reason, str(refusal)) for command in pending.values())
            if words:
                self._tell(TableAnswered(words))

    # ---- others

    def _touched(self) -> None:
        """Somebody else had a hand in our tables."""
        if self._unknown:
            return
        self._unknown = True
        self._complain(f"somebody has changed the tables {TABLE} of nftables; they are made anew")
        self._loop.call_later(TABLE_REST / SECOND, self._tables.go_on)

    def _relink(self) -> None:
        self._unlinked = bool(self._there)
        self._tables.go_on()


def _looks_of(entries: Mapping[ServiceKey, Entry | None]) -> str:
    """The same for the same tables."""
    each = sorted(
        f"{key} {entry[0]} {sorted(map(repr, entry[1].values()))}"
        for key, entry in entries.items()
        if entry is not None
    )
    return sha256("\n".join(each).encode()).hexdigest()
