"""Which addresses the host should hold: derived from the states, compared with what is there.

Nothing is added or removed because of what was done before; `delta` finds the way from what the kernel has to
what should be (design law 3).
"""

from collections.abc import Collection, Iterable, Mapping

from standfast.base.addresses import OUR_PROTOCOL, HostAddress
from standfast.base.frozen import frozen
from standfast.core.vrrp.effects import (
    AddressMissing,
    Announce,
    Effect,
    Effects,
    HoldAddresses,
    ReleaseAddresses,
)
from standfast.core.vrrp.events import AddressKey
from standfast.core.vrrp.router import AD_HOC, Part, Router, sliced
from standfast.core.vrrp.state import Master, State

Wanted = Mapping[AddressKey, HostAddress]


@frozen
class Delta:
    """What leads from the addresses that are there to those that should be."""

    missing: tuple[HostAddress, ...]
    extra: tuple[AddressKey, ...]


def held_by(router: Router, state: State) -> tuple[HostAddress, ...]:
    """What the host should hold for this router."""
    return router.held if isinstance(state, Master) else ()


def wanted(routers: Iterable[tuple[Router, State]]) -> Wanted:
    """What the host should hold for all of them."""
    return {address.key: address for router, state in routers for address in held_by(router, state)}


def delta(have: Collection[AddressKey], want: Wanted) -> Delta:
    """Additions in the order wanted, removals in the order found."""
    return Delta(
        missing=tuple(address for key, address in want.items() if key not in have),
        extra=tuple(key for key in have if key not in want),
    )


def left_over(present: Mapping[AddressKey, int], routers: Iterable[Router]) -> tuple[HostAddress, ...]:
    """Addresses of these routers that are on the host although nobody holds them yet.

    Whatever put them there, a host that is not master must not answer for them (behaviour SM-21): a process
    that was killed leaves them, and not every kernel can tell whose they are. Only an owner's address without
    our mark is the host's own and stays (the quirk SM-22 is not copied).
    """
    return tuple(
        address
        for router in routers
        for address in router.held
        if (protocol := present.get(address.key)) is not None
        and (not router.owner or protocol == OUR_PROTOCOL)
    )


def abandoned(
    present: Mapping[AddressKey, int], former: Iterable[HostAddress], routers: Iterable[Router]
) -> tuple[HostAddress, ...]:
    """Addresses that a killed process of ours may have held, and that no router has any more.

    Only with our mark: somebody may have given the host that address since.
    """
    configured = {address.key for router in routers for address in router.held}
    return tuple(
        address
        for address in former
        if present.get(address.key) == OUR_PROTOCOL and address.key not in configured
    )


def shared(routers: Iterable[Router]) -> frozenset[AddressKey]:
    """Addresses that more than one router has: one that lets go must not take them from another that holds."""
    once: set[AddressKey] = set()
    twice: set[AddressKey] = set()
    for router in routers:
        keys = {address.key for address in router.held}
        twice |= once & keys
        once |= keys
    return frozenset(twice)


def unmarked(present: Mapping[AddressKey, int]) -> frozenset[AddressKey]:
    """Addresses without our mark: somebody else put them there."""
    return frozenset(key for key, protocol in present.items() if protocol != OUR_PROTOCOL)


def exchanged(router: str, before: Wanted, addresses: Iterable[HostAddress]) -> Effects:
    """Hold these instead of what stood there before.

    The kernel changes lifetimes and flags in place, but neither label, broadcast, scope nor peer: an address that
    differs in those goes for the moment between two requests.
    """
    effects: list[Effect] = []
    for piece in sliced(tuple(addresses)):
        old = tuple(before[a.key] for a in piece if a.key in before and _is_another(before[a.key], a))
        effects += [ReleaseAddresses(router, old)] if old else []
        effects.append(HoldAddresses(Part(router, AD_HOC, piece)))
    return tuple(effects)


def _is_another(old: HostAddress, new: HostAddress) -> bool:
    return (old.label, old.broadcast, old.scope, old.peer) != (new.label, new.broadcast, new.scope, new.peer)


def released(router: str, addresses: Iterable[HostAddress], keep: Collection[AddressKey]) -> Effects:
    """Let go of these addresses but those in `keep`, in slices: adverts find their way in between."""
    going = tuple(address for address in addresses if address.key not in keep)
    return tuple(ReleaseAddresses(router, piece) for piece in sliced(going))


def address_of(router: Router, key: AddressKey) -> HostAddress | None:
    """The router's address that the kernel knows by this key."""
    return next((address for address in router.held if address.key == key), None)


def to_reinstate(router: Router, missing: Collection[AddressKey]) -> tuple[HostAddress, ...]:
    """The router's addresses among the missing ones, less those that nobody puts back (no_track)."""
    return tuple(a for a in router.held if a.key in missing and a.key not in router.untracked)


def reinstate(router: Router, addresses: tuple[HostAddress, ...]) -> Effects:
    """Put back and announce what somebody else removed (behaviour TR-21)."""
    facts = (AddressMissing(router.name, address, "reinstated") for address in addresses)
    return (*_held_again(router, addresses), *facts)


def refill(router: Router, addresses: tuple[HostAddress, ...], refused: Collection[AddressKey]) -> Effects:
    """Put back and announce what a reading misses; the kernel may have refused it before."""
    answers = ("retried" if address.key in refused else "refilled" for address in addresses)
    facts = (AddressMissing(router.name, *each) for each in zip(addresses, answers, strict=True))
    return (*_held_again(router, addresses), *facts)


def _held_again(router: Router, addresses: tuple[HostAddress, ...]) -> Effects:
    parts = (Part(router.name, AD_HOC, piece) for piece in sliced(addresses))
    return tuple(effect for part in parts for effect in (HoldAddresses(part), Announce(part)))


def strays(present: Mapping[AddressKey, int], configured: Wanted, want: Wanted) -> tuple[HostAddress, ...]:
    """Configured addresses with our mark that nobody holds: somebody else put them (back) there."""
    have = {key for key in configured if present.get(key) == OUR_PROTOCOL}
    return tuple(configured[key] for key in delta(have, want).extra)
