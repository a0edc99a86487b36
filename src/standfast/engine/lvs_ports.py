"""What virtual servers need of the world, beside the ports of all machines.

The words that the port speaks are the core's; those who implement it take them from here (`__all__`).
"""

from standfast.core.lvs.effects import (
    AddDestination,
    AddService,
    EditDestination,
    EditService,
    RemoveDestination,
    RemoveService,
    TableCommand,
)

__all__ = [
    "AddDestination",
    "AddService",
    "EditDestination",
    "EditService",
    "RemoveDestination",
    "RemoveService",
    "TableCommand",
]
