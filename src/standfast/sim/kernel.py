"""The addresses, routes and rules of a simulated host: its kernel's tables, which outlive every process."""

from collections.abc import Callable, Sequence

from standfast.base.addresses import OUR_PROTOCOL, HostAddress
from standfast.base.routes import Routing, RoutingKey
from standfast.engine.ports import (
    AddressesRead,
    AddressGone,
    AddressKey,
    AddressRefused,
    Event,
    Part,
    RoutingGone,
    RoutingRead,
    RoutingRefused,
)


class KernelRouting:
    """The routes and rules, and the engine's way to them (`ports.RoutingPort`).

    As on Linux, nothing is told of what the process did itself.
    """

    def __init__(self, tell: Callable[[Event], None]) -> None:
        """Make empty tables.

        Args:
            tell: gives news to the process that runs, if one does, a moment later.
        """
        self.table: dict[RoutingKey, Routing] = {}
        self.refusing = False  # whether it takes nothing new
        self.hurt: set[RoutingKey] = set()  # refused, or removed by somebody, and not there since
        self.changed = True  # whether the table was touched since somebody last looked
        self._tell = tell

    def hold(self, items: Sequence[Routing]) -> None:
        """Add these; one that is already there is fine."""
        self.changed = True
        for item in items:
            if self.refusing and item.key not in self.table:
                self.hurt.add(item.key)
                self._tell(RoutingRefused(item.key, "no room"))
            else:
                self.table[item.key] = item
                self.hurt.discard(item.key)

    def release(self, items: Sequence[Routing]) -> None:
        """Remove these; one that is not there is fine."""
        self.changed = True
        for item in items:
            self.hurt.discard(item.key)
            self.table.pop(item.key, None)

    def read(self) -> None:
        """Read all back."""
        self._tell(RoutingRead(frozenset(self.table)))

    def remove(self, key: RoutingKey) -> None:
        """Somebody takes one away."""
        if self.table.pop(key, None) is not None:
            self.changed = True
            self.hurt.add(key)
            self._tell(RoutingGone(key))

    def clear(self) -> None:
        """The machine is off."""
        self.table.clear()


class KernelAddresses:
    """The table, and the engine's way to it (`ports.AddressPort`).

    As on Linux, the news of a removal does not say who removed: a process hears of its own removals as well.
    """

    def __init__(self, tell: Callable[[Event], None]) -> None:
        """Make an empty table.

        Args:
            tell: gives news to the process that runs, if one does, a moment later.
        """
        self.table: dict[AddressKey, int] = {}  # each with the protocol that marks who put it there
        self.refusing = False  # whether it takes no new address
        self.removals: list[AddressKey] = []  # all that went, whoever asked for it
        self.changed = True  # whether the table was touched since somebody last looked
        self._tell = tell

    def prepare(self, parts: Sequence[Part]) -> None:
        """Nothing has to be made ready here."""

    def hold(self, part: Part) -> None:
        """Add the addresses of this part; one that is already there is fine."""
        self.changed = True
        for address in part.addresses:
            if self.refusing and address.key not in self.table:
                self._tell(AddressRefused(address.key, "no room"))
            else:
                self.table[address.key] = OUR_PROTOCOL

    def release(self, addresses: Sequence[HostAddress]) -> None:
        """Remove these addresses; one that is not there is fine."""
        for address in addresses:
            self.remove(address.key)

    def read(self) -> None:
        """Read all addresses back."""
        self._tell(AddressesRead(dict(self.table)))

    def forget(self, router: str) -> None:
        """Nothing was made ready."""

    def remove(self, key: AddressKey) -> None:
        """Take an address away, whoever asks for it."""
        self.changed = True
        if self.table.pop(key, None) is not None:
            self.removals.append(key)
            self._tell(AddressGone(key))

    def clear(self) -> None:
        """The machine is off."""
        self.changed = True
        self.table.clear()
