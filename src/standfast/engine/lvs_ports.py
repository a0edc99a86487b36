"""What virtual servers need of the world, beside the ports of all machines.

The words that the ports speak are the core's; those who implement them take them from here (`__all__`).
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from standfast.core.lvs.effects import (
    AddDestination,
    AddService,
    EditDestination,
    EditService,
    RemoveDestination,
    RemoveService,
    TableCommand,
)
from standfast.core.lvs.events import (
    AddressesPresent,
    BalancerEvent,
    EngineChosen,
    Refusal,
    TableAnswered,
    TableRead,
    TableUnread,
)
from standfast.core.lvs.marking import MarkedRange, Marking
from standfast.core.lvs.table import Table, balanced, table_of

__all__ = [
    "AddDestination",
    "AddService",
    "AddressesPresent",
    "BalancerTell",
    "EditDestination",
    "EditService",
    "EngineChosen",
    "MarkedRange",
    "Marking",
    "Refusal",
    "RemoveDestination",
    "RemoveService",
    "Table",
    "TableAnswered",
    "TableCommand",
    "TablePort",
    "TableRead",
    "TableUnread",
    "balanced",
    "table_of",
]

BalancerTell = Callable[[BalancerEvent], None]  # how the ports give the balancer what the outside says


class TablePort(Protocol):
    """The table of services that something balances: IPVS, or what does its work."""

    def change(self, commands: Sequence[TableCommand]) -> None:
        """Carry these out in their order; what was refused or met another table is told as `TableAnswered`."""
        ...

    def read(self) -> None:
        """Read the whole table; it is told as `TableRead` or `TableUnread`, in time."""
        ...

    def flush(self) -> None:
        """Have no services at all, not even those of others."""
        ...
