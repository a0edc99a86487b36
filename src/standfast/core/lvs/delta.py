"""The way from one table to another.

Additions come first, then edits, then removals: between the two a service has too many destinations, never none. A
service is removed by one command; the kernel drops its destinations with it. Within each of the three the order is
that of the tables, so that two runs ask the same.
"""

from collections.abc import Iterator

from standfast.base.services import ServiceKey
from standfast.core.lvs.effects import (
    AddDestination,
    AddService,
    EditDestination,
    EditService,
    RemoveDestination,
    RemoveService,
    TableCommand,
)
from standfast.core.lvs.table import Balanced, Table


def delta(have: Table, want: Table) -> tuple[TableCommand, ...]:
    """Commands that lead from `have` to `want`; none for what is the same in both.

    Args:
        have: what is there, of what is ours: the rest is not mentioned, and so not touched.
        want: what should be there.
    """
    return (*_additions(have, want), *_edits(have, want), *_removals(have, want))


def _additions(have: Table, want: Table) -> Iterator[TableCommand]:
    for key, wanted in want.items():
        there = have.get(key)
        if there is None:
            yield AddService(wanted.service)
        for name, destination in wanted.destinations.items():
            if there is None or name not in there.destinations:
                yield AddDestination(key, destination)


def _edits(have: Table, want: Table) -> Iterator[TableCommand]:
    for key, there, wanted in _both(have, want):
        if there.service != wanted.service:
            yield EditService(wanted.service)
        for name, destination in wanted.destinations.items():
            former = there.destinations.get(name, destination)
            if former is not destination and former != destination:
                yield EditDestination(key, destination)


def _removals(have: Table, want: Table) -> Iterator[TableCommand]:
    for key, there, wanted in _both(have, want):
        for name in there.destinations:
            if name not in wanted.destinations:
                yield RemoveDestination(key, name)
    for key in have:
        if key not in want:
            yield RemoveService(key)


def _both(have: Table, want: Table) -> Iterator[tuple[ServiceKey, Balanced, Balanced]]:
    for key, wanted in want.items():
        there = have.get(key)
        if there is not None and there is not wanted:
            yield key, there, wanted
