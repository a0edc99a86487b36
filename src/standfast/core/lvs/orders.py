"""What operators have ordered for real servers.

An order joins what the checks say, and the pool is derived from both: when it is taken back, nothing has to be
remembered of it, and the server is again what the facts make of it (design law 3).
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final

from standfast.base.frozen import frozen


class What(StrEnum):
    """What is ordered for a real server."""

    DRAIN = "drain"  # nothing new goes there, what is there may end: weight 0
    WEIGHT = "weight"  # a weight that takes the place of all others
    DISABLE = "disable"  # out of service, as if its checks had failed


@frozen
class Order:
    """One order, as long as it stands; a real server has at most one."""

    what: What
    owner: str  # who gave it
    virtual: str  # name of the virtual server
    server: str  # name of the real server
    weight: int = 0  # that is ordered; 0 unless it is a weight
    reason: str = ""  # the owner's words

    @property
    def words(self) -> str:
        """For people, on one line."""
        what = f"{self.what} {self.weight}" if self.what is What.WEIGHT else self.what.value
        because = f": {self.reason}" if self.reason else ""
        return f"{what} ordered by {self.owner}{because}"


Orders = Mapping[str, Mapping[str, Order]]  # by virtual server, then by real server

NO_ORDERS: Final[Mapping[str, Order]] = {}


def by_server(orders: Iterable[Order]) -> Orders:
    """The orders where they are looked for; of two for the same server the later one stands."""
    found: dict[str, dict[str, Order]] = {}
    for order in orders:
        found.setdefault(order.virtual, {})[order.server] = order
    return found
