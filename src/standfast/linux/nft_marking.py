"""Marks packets by nftables, so that IPVS takes all addresses of a group for one service (`nftables_ipvs`).

A table for each family, made anew as a whole in one transaction whenever something is marked otherwise. What comes
to the host is marked on its way in and what the host asks itself on its way out, each before IPVS looks at it.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from standfast.base.addresses import Family
from standfast.base.errors import Refused
from standfast.engine.lvs_ports import MarkedRange, Marking
from standfast.linux.commands import Plan
from standfast.linux.nftables import MARK, WORD
from standfast.linux.own_tables import OwnTables, Turn, spare
from standfast.linux.table_watch import is_ours

_TYPE: Final = {Family.IPV4: "ipv4_addr", Family.IPV6: "ipv6_addr"}
_USUAL: Final = "keepalived_ipvs"  # what a bare `nftables_ipvs` names: a killed process may have left it
_OUTGOING: Final = -150  # mangle of linux/netfilter_ipv4.h; IPVS takes what the host asks itself at -98


class Marker:
    """The tables that mark, in the network namespace that the process runs in."""

    def __init__(self, loop: asyncio.AbstractEventLoop, complain: Callable[[str], None]) -> None:
        """Make it; nothing is read or changed yet.

        Args:
            loop: that nft is waited for on.
            complain: gets words about what nft refuses, and about others who change the tables.
        """
        self._tables = OwnTables(loop, self._following, touched=self._touched, complain=complain)
        self._complain = complain
        self._there = Marking(_USUAL)
        self._next: Marking | None = None

    def mark(self, marking: Marking) -> None:
        """Have exactly this marked from now on; the same again is nothing to do."""
        if marking == (self._there if self._next is None else self._next):
            return
        self._next = marking
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
        self._tables.close()

    def _following(self) -> Turn | None:
        if self._next is None:
            return None
        before, wanted = self._there, self._next
        self._there, self._next = wanted, None
        if wanted.table:
            self._tables.hear_of(wanted.table)
        return self._plan(before, wanted), self._done

    def _plan(self, before: Marking, wanted: Marking) -> Plan:
        spare(wanted.table, {one.family for one in wanted.ranges}, keyword="nftables_ipvs")
        text = "".join(f"{line}\n" for line in lines(before, wanted))
        yield from self._tables.nft(text, "the marks of the groups")

    def _done(self, refusal: Refused | None) -> None:
        if refusal is not None:
            self._there = Marking(self._there.table)
            self._complain(f"{refusal}; groups of addresses are not balanced")

    def _touched(self) -> None:
        if self._tables.busy or not self._there.ranges:
            return
        self._complain(f"somebody has changed the tables {self._there.table} of nftables; they are made anew")
        self._next, self._there = self._there, Marking(self._there.table)
        self._tables.go_on()


def lines(before: Marking, wanted: Marking) -> Iterator[str]:
    """What leads from one marking to another, in the words of nft."""
    for family in Family:
        ranges = [one for one in wanted.ranges if one.family is family]
        for name in dict.fromkeys((before.table, wanted.table)):
            if name and ((ranges and name == wanted.table) or is_ours(family, name)):
                yield f"add table {WORD[family]} {name}"  # to add what is there is no mistake
                yield f"delete table {WORD[family]} {name}"
        if ranges:
            yield from _table(family, wanted, ranges)


def _table(family: Family, marking: Marking, ranges: Iterable[MarkedRange]) -> Iterator[str]:
    """The map of the addresses of all ports counts less: what names a port comes later, and marks anew."""
    word, table = WORD[family], f"{WORD[family]} {marking.table}"
    yield f"add table {table}"
    yield f"add chain {table} {MARK}"
    for name, priority in (("input", marking.priority), ("output", _OUTGOING)):
        yield f"add chain {table} {name} {{ type filter hook {name} priority {priority}; policy accept; }}"
    of_host, of_port = [one for one in ranges if not one.port], [one for one in ranges if one.port]
    for found, name, more, match in (
        (of_host, "by_host", "", ""),
        (of_port, "by_endpoint", " . inet_service", " . th dport"),
    ):
        if found:
            kind = f"inet_proto . {_TYPE[family]}{more}"
            elements = ", ".join(map(_element, found))
            yield f"add map {table} {name} {{ type {kind} : mark; flags interval; elements = {{ {elements} }}; }}"
            for chain in ("input", "output"):
                yield (
                    f"add rule {table} {chain} meta mark set meta l4proto . {word} daddr{match} map @{name}"
                )


def _element(one: MarkedRange) -> str:
    ends = str(one.first) if one.first == one.last else f"{one.first}-{one.last}"
    port = f" . {one.port}" if one.port else ""
    return f"{one.transport.name.lower()} . {ends}{port} : {one.mark}"
