"""What the host looks like: its links and addresses, kept up to date from what the kernel reports.

Nothing here knows a socket. Addresses that bear our mark are not kept: they are no source of adverts, and there
may be thousands of them.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from standfast.base.addresses import OUR_PROTOCOL, IpAddress
from standfast.engine.ports import AddressKey, Link
from standfast.wire.rtnetlink import Report
from standfast.wire.rtnetlink_address import AddressReport
from standfast.wire.rtnetlink_link import LinkReport

_SECONDARY: Final = 0x01  # IFA_F_SECONDARY (IPv4)
_UNUSABLE: Final = 0x08 | 0x40  # IFA_F_DADFAILED, IFA_F_TENTATIVE (IPv6): not to be sent from


class HostTable:
    """Links by index and name, and the addresses of each that no router put there."""

    def __init__(self) -> None:
        self._links: dict[int, LinkReport] = {}
        self._index_of: dict[str, int] = {}
        self._former: dict[str, int] = {}  # names that a link had before it was renamed
        self._addresses: dict[int, dict[tuple[IpAddress, int], AddressReport]] = {}
        self.ours: Collection[AddressKey] = frozenset()  # of the configured routers
        self.static: Collection[AddressKey] = frozenset()  # addresses that the host has whoever is master

    @property
    def names(self) -> Iterable[str]:
        """The names of all links."""
        return self._index_of.keys()

    def index_of(self, name: str) -> int:
        """The index of a link; 0 if there is none of that name."""
        return self._index_of.get(name, 0)

    def former_index_of(self, name: str) -> int:
        """The index of a link that had this name until it was renamed; 0 if there is none."""
        return self._former.get(name, 0)

    def link(self, name: str) -> Link | None:
        """An interface as the routers see it; None if there is none of that name."""
        report = self._links.get(self.index_of(name))
        if report is None:
            return None
        return Link(
            name=name,
            index=report.index,
            up=report.up,
            mac=report.mac,
            mtu=report.mtu,
            arp=report.arp,
            ipv4=self._ipv4_source(report),
            ipv6=self._ipv6_source(report),
            addresses=self._usable(report),
            kind=report.kind,
            parent=0 if report.parent_elsewhere else report.parent,
        )

    @property
    def reports(self) -> Mapping[str, LinkReport]:
        """All links by name, as the kernel reports them."""
        return {name: self._links[index] for name, index in self._index_of.items()}

    def has_unmarked(self, key: AddressKey) -> bool:
        """Whether the host has this address without our mark: somebody else put it there."""
        name, address, prefix = key
        report = self._addresses.get(self.index_of(name), {}).get((address, prefix))
        return report is not None and report.protocol != OUR_PROTOCOL

    def key_of(self, report: AddressReport) -> AddressKey | None:
        """What tells an address apart from others; None if its link is not known."""
        link = self._links.get(report.index)
        return None if link is None else (link.name, report.address, report.prefix)

    def apply(self, report: Report) -> tuple[str, ...]:
        """Take a report in; the names of links that may look different now."""
        match report:
            case LinkReport(gone=True):
                return self._drop_link(report.index)
            case LinkReport():
                return self._put_link(report)
            case AddressReport():
                return self._apply_address(report)
            case _:
                return ()

    def _put_link(self, report: LinkReport) -> tuple[str, ...]:
        old = self._links.get(report.index)
        self._links[report.index] = report
        renamed = old is not None and old.name != report.name
        if old is not None and renamed and self._index_of.get(old.name) == old.index:
            del self._index_of[old.name]
            self._former[old.name] = old.index
        self._index_of[report.name] = report.index
        self._former.pop(report.name, None)
        return (old.name, report.name) if old is not None and renamed else (report.name,)

    def _drop_link(self, index: int) -> tuple[str, ...]:
        old = self._links.pop(index, None)
        self._addresses.pop(index, None)
        self._former = {name: former for name, former in self._former.items() if former != index}
        if old is None:
            return ()
        if self._index_of.get(old.name) == index:
            del self._index_of[old.name]
        return (old.name,)

    def _apply_address(self, report: AddressReport) -> tuple[str, ...]:
        of_link = self._addresses.setdefault(report.index, {})
        key = report.address, report.prefix
        if report.gone:
            changed = of_link.pop(key, None) is not None
        else:
            changed = report.protocol != OUR_PROTOCOL or self._is_static(report)
            if changed:
                of_link[key] = report
        link = self._links.get(report.index)
        return (link.name,) if changed and link is not None else ()

    def _usable(self, link: LinkReport) -> frozenset[IpAddress]:
        return frozenset(a.address for a in self._of(link) if not a.flags & _UNUSABLE)

    def _ipv4_source(self, link: LinkReport) -> IpAddress | None:
        """The first primary address that no router holds, otherwise the first secondary one.

        Where nothing else is left, a configured address without our mark: that of an owner.
        """
        found = [a for a in self._of(link) if a.address.version == 4]
        found.sort(key=lambda a: (self._is_ours(link, a), bool(a.flags & _SECONDARY)))
        return found[0].address if found else None

    def _ipv6_source(self, link: LinkReport) -> IpAddress | None:
        """The first link-local address that can be sent from."""
        found = [
            a
            for a in self._of(link)
            if a.address.version == 6 and a.address.is_link_local and not a.flags & _UNUSABLE
        ]
        found.sort(key=lambda a: self._is_ours(link, a))
        return found[0].address if found else None

    def _of(self, link: LinkReport) -> Iterable[AddressReport]:
        return self._addresses.get(link.index, {}).values()

    def _is_static(self, report: AddressReport) -> bool:
        """Whether the configuration gives the host this address for good: adverts may come from it."""
        return bool(self.static) and self.key_of(report) in self.static

    def _is_ours(self, link: LinkReport, report: AddressReport) -> bool:
        return (link.name, report.address, report.prefix) in self.ours
