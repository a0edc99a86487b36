"""The orders of operators on the disk: they outlive reloads, restarts and crashes of the daemon."""

import os
from collections.abc import Iterable
from pathlib import Path

import msgspec

from standfast.base.limits import ORDERS_BYTES
from standfast.core.vrrp.orders import What

_MODE = 0o640  # reasons are nobody else's business


class Order(msgspec.Struct, frozen=True, kw_only=True):
    """An order that stands."""

    what: What
    name: str = ""  # of an instance; empty: all
    owner: str
    reason: str = ""
    since: float  # time of day
    until: float | None = None  # time of day; None: until it is taken back


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
