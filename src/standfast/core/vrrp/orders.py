"""What operators have ordered for routers: an order keeps a router from taking part while it stands.

An order is a fault like those that the host and the trackers know, so nothing has to be remembered of it: when it
is taken back, the router is again what the facts make of it (design law 3).
"""

from collections.abc import Collection, Iterable
from enum import StrEnum

from standfast.base.frozen import frozen


class What(StrEnum):
    """What is ordered; the word is also the reason of the transition."""

    MAINTENANCE = "maintenance"  # of the host, or of one router
    FAILOVER = "failover"  # of one router: another host is to be master


@frozen
class Order:
    """One order, as long as it stands."""

    what: What
    owner: str  # who gave it
    name: str = ""  # of a router or a sync group; empty: all
    reason: str = ""  # the owner's words


def order_faults(names: Collection[str], orders: Iterable[Order]) -> tuple[str, ...]:
    """Why orders keep the router with these names, its own and its sync group's, from taking part."""
    return tuple(_fault(order) for order in orders if not order.name or order.name in names)


def _fault(order: Order) -> str:
    because = f": {order.reason}" if order.reason else ""
    return f"{order.what}: ordered by {order.owner}{because}"
