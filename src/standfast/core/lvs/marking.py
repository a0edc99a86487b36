"""One mark for each group of addresses (`nftables_ipvs`, behaviour LV-18): who gets which, and what gets it."""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_network

from standfast.base.addresses import Family, IpAddress, family_of
from standfast.base.frozen import frozen
from standfast.base.services import Transport
from standfast.model.config import Config
from standfast.model.globals.lvs import Lvs
from standfast.model.kinds.servers import GroupMember

GroupKey = tuple[str, Transport]  # a group, and the protocol of the virtual server that names it


@frozen
class MarkedRange:
    """Packets to one of these addresses get this mark."""

    transport: Transport
    first: IpAddress
    last: IpAddress
    port: int  # 0: any
    mark: int

    @property
    def family(self) -> Family:
        """Of the addresses."""
        return family_of(self.first)


@frozen
class Marking:
    """All that is marked; no address and port of a protocol stands in it twice."""

    table: str = ""  # of nftables; empty: nothing is to be marked
    priority: int = -1  # of the chain
    ranges: tuple[MarkedRange, ...] = ()


class GroupMarks:
    """The marks of groups: a group keeps its own as long as it is there, whatever comes and goes round it."""

    def __init__(self) -> None:
        self._first = 0
        self._marks: dict[GroupKey, int] = {}

    def configure(self, config: Config, *, possible: bool = True) -> Mapping[GroupKey, int]:
        """The marks under this configuration; none, unless it asks for them.

        Args:
            config: it.
            possible: whether what balances knows marks that nftables sets.
        """
        lvs: Lvs = config.global_defs
        wanted = dict.fromkeys(_groups_in_use(config)) if lvs.nftables_ipvs and possible else {}
        kept = {key: mark for key, mark in self._marks.items() if key in wanted}
        if lvs.nftables_ipvs_start_fwmark != self._first:
            kept, self._first = {}, lvs.nftables_ipvs_start_fwmark
        taken = {*kept.values(), *_marks_of_others(config)}
        mark = self._first
        for key in wanted:
            while mark in taken:
                mark += 1
            if key not in kept:
                kept[key] = mark
                taken.add(mark)
        self._marks = {key: kept[key] for key in wanted}
        return self._marks


def marking_of(config: Config, marks: Mapping[GroupKey, int]) -> Marking:
    """What is to be marked.

    Args:
        config: it.
        marks: of its groups.
    """
    if not marks:
        return Marking()
    members = {group.name: group.members for group in config.virtual_server_groups}
    ranges = (
        MarkedRange(transport, *ends, member.port, mark)
        for (name, transport), mark in marks.items()
        for member in members.get(name, ())
        if (ends := ends_of(member)) is not None
    )
    lvs: Lvs = config.global_defs
    return Marking(lvs.nftables_ipvs, lvs.nftables_ipvs_priority, tuple(disjoint(ranges)))


def ends_of(member: GroupMember) -> tuple[IpAddress, IpAddress] | None:
    """The first and the last address of a member; None if it is a mark."""
    if member.first is None:
        return None
    if member.prefix is not None:
        network = ip_network((member.first, member.prefix), strict=False)
        return network.network_address, network.broadcast_address
    return member.first, member.last or member.first


def disjoint(ranges: Iterable[MarkedRange]) -> Iterator[MarkedRange]:
    """The same without overlaps: what was named first counts, since a set of nftables takes nothing twice."""
    taken: dict[tuple[Transport, Family, int], list[tuple[int, int]]] = {}
    for one in ranges:
        others = taken.setdefault((one.transport, one.family, one.port), [])
        for first, last in _gaps(int(one.first), int(one.last), others):
            yield MarkedRange(
                one.transport,
                one.first + (first - int(one.first)),
                one.first + (last - int(one.first)),
                one.port,
                one.mark,
            )
            others.append((first, last))


def _gaps(first: int, last: int, others: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """What of a range none of the others holds."""
    for begin, end in sorted(others):
        if end < first or begin > last:
            continue
        if begin > first:
            yield first, begin - 1
        first = end + 1
    if first <= last:
        yield first, last


def _groups_in_use(config: Config) -> Iterator[GroupKey]:
    """The groups of addresses that virtual servers name; one of marks alone needs none."""
    members = {group.name: group.members for group in config.virtual_server_groups}
    for block in config.virtual_servers:
        name = block.service.group
        if any(member.first is not None for member in members.get(name, ())):
            yield name, Transport[block.protocol]


def _marks_of_others(config: Config) -> Iterator[int]:
    """Marks that the configuration names itself."""
    for block in config.virtual_servers:
        if block.service.fwmark is not None:
            yield block.service.fwmark
    for group in config.virtual_server_groups:
        yield from (member.fwmark for member in group.members if member.fwmark is not None)
