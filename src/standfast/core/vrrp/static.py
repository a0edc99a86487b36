"""What the host has from the start of the process to its end, whoever is master (behaviours AD-10, AD-11)."""

from collections.abc import Collection, Mapping
from typing import Final

from standfast.base.addresses import HostAddress
from standfast.base.frozen import frozen
from standfast.base.limits import REINSTATE_BURST, REINSTATE_WINDOW
from standfast.base.routes import Routing, RoutingKey
from standfast.base.times import Instant, between
from standfast.core.vrrp.effects import (
    AddressMissing,
    AddressNotHeld,
    Effects,
    HoldAddresses,
    ReadAddresses,
)
from standfast.core.vrrp.events import AddressKey
from standfast.core.vrrp.router import AD_HOC, Link, Part, sliced

StaticKey = AddressKey | RoutingKey
NOBODY: Final = ""  # the name of the router in facts about what is static


@frozen
class Static:
    """The static addresses, routes and rules of a configuration."""

    addresses: tuple[HostAddress, ...] = ()
    routing: tuple[Routing, ...] = ()
    untracked: frozenset[AddressKey] = frozenset()  # that nobody puts back (no_track)
    untracked_routing: frozenset[RoutingKey] = frozenset()
    dependents: tuple[
        tuple[StaticKey, tuple[str, ...]], ...
    ] = ()  # routers at fault without it (track_group)

    def lost(self, lacking: Collection[StaticKey]) -> dict[str, tuple[str, ...]]:
        """Why routers cannot take part when this is lacking, by their names (behaviour AD-11)."""
        named: dict[StaticKey, HostAddress | Routing] = {item.key: item for item in self.addresses}
        named |= {item.key: item for item in self.routing}
        faults: dict[str, tuple[str, ...]] = {}
        for key, routers in self.dependents:
            if key in lacking:
                for router in routers:
                    faults[router] = (*faults.get(router, ()), f"static-lost:{named[key]}")
        return faults


NOTHING: Final = Static()


class StaticAddresses:
    """The static addresses at work."""

    def __init__(self) -> None:
        self._static = NOTHING
        self.wanted: Mapping[AddressKey, HostAddress] = {}
        self.lacking: set[AddressKey] = set()  # refused or gone, and not seen since
        self._reinstated: dict[AddressKey, tuple[Instant, ...]] = {}

    def configure(self, static: Static) -> None:
        """From now on these are wanted."""
        self._static = static
        self.wanted = {address.key: address for address in static.addresses}
        self.lacking &= self.wanted.keys()

    def start(self) -> Effects:
        """Hold all, and read back: the first address of an interface may be one that adverts come from."""
        return (*_hold(self._static.addresses), ReadAddresses()) if self.wanted else ()

    def appeared(self, link: Link, old: Link | None) -> Effects:
        """An interface is there, or up, that was not: what it should have is held again (behaviour AD-10)."""
        if not link.up or (old is not None and old.up and old.index == link.index):
            return ()
        here = tuple(a for a in self._static.addresses if a.interface == link.name)
        return (*_hold(here), ReadAddresses()) if here else ()

    def gone(self, key: AddressKey, now: Instant) -> Effects:
        """Somebody removed it: it is put back at once, but not with no_track, nor again and again."""
        address = self.wanted[key]
        if key in self._static.untracked:
            return (AddressMissing(NOBODY, address, "left"),)
        recent = tuple(at for at in self._reinstated.get(key, ()) if between(at, now) < REINSTATE_WINDOW)
        may = len(recent) < REINSTATE_BURST
        self._reinstated[key] = (*recent, now) if may else recent
        if may:
            return (*_hold((address,)), AddressMissing(NOBODY, address, "reinstated"))
        self.lacking.add(key)
        return (AddressMissing(NOBODY, address, "later"),)

    def read(self, present: Collection[AddressKey]) -> Effects:
        """Read back: put back what is missing."""
        missing = tuple(
            address
            for key, address in self.wanted.items()
            if key not in present and key not in self._static.untracked
        )
        again = {address.key for address in missing} & self.lacking
        self.lacking = again
        facts = (
            AddressMissing(NOBODY, address, "retried" if address.key in again else "refilled")
            for address in missing
        )
        return (*_hold(missing), *facts)

    def refused(self, key: AddressKey, words: str) -> Effects:
        """The kernel does not take it; said once."""
        told = key in self.lacking
        self.lacking.add(key)
        return () if told else (AddressNotHeld(NOBODY, self.wanted[key], words),)


def _hold(addresses: tuple[HostAddress, ...]) -> Effects:
    return tuple(HoldAddresses(Part(NOBODY, AD_HOC, piece)) for piece in sliced(addresses))
