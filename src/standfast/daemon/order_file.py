"""The orders of operators on the disk: they outlive reloads, restarts and crashes of the daemon.

The file is in the state directory (`serving.history_path`), where the history is unless `history_file` names
another place. It stays there whatever that keyword says: an order that is not found again is one taken back.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

import msgspec

from standfast.base.limits import ORDERS_BYTES

What = Literal["maintenance", "failover", "drain", "weight", "disable"]  # the words of `core.*.orders`

_MODE = 0o640  # reasons are nobody else's business


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order that stands."""

    what: What
    name: str = ""  # of an instance, a sync group or a virtual server; empty: everything
    server: str = ""  # of a real server of that virtual server; empty: it is for routers
    weight: int = 0  # of an order for a weight
    owner: str
    reason: str = ""
    since: float  # time of day
    until: float | None = None  # time of day; None: until it is taken back

    @property
    def about(self) -> tuple[str, str, str]:
        """What there is one order for at most: a real server has one, a router one of each sort."""
        return ("", self.name, self.server) if self.server else (self.what, self.name, "")


_ORDERS = msgspec.json.Decoder(tuple[Order, ...])


class OrderFile:
    """The file, beside the history."""

    def __init__(self, history: str) -> None:
        self._path = Path(f"{history.removesuffix('.history')}.orders")

    def read(self) -> tuple[Order, ...]:
        """What was written last; nothing if there is no file, or it is damaged."""
        try:
            with self._path.open("rb") as file:
                return _ORDERS.decode(file.read(ORDERS_BYTES))
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
            return ()

    def write(self, orders: Iterable[Order]) -> None:
        """Write these instead, whole or not at all.

        Raises:
            OSError: it cannot be written; the former ones are as they were.
        """
        new = self._path.with_name(f"{self._path.name}.new")
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
        with os.fdopen(os.open(new, flags, _MODE), "wb") as file:
            file.write(msgspec.json.encode(tuple(orders)))
        os.replace(new, self._path)  # noqa: PTH105  (the name says what happens)
