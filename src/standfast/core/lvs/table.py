"""A table of services and their destinations: as the kernel has it, or as it should be.

Two tables that mean the same are equal: `balanced` writes in one way what can be said in several. The kernel's own
words come out in that way, too (`wire.ipvs`).
"""

from collections.abc import Iterable, Mapping

from standfast.base.frozen import changed, frozen
from standfast.base.services import (
    IPIP,
    Destination,
    DestinationKey,
    Forwarding,
    Service,
    ServiceKey,
    Tunnel,
    TunnelKind,
)


@frozen
class Balanced:
    """A service and what it is balanced over."""

    service: Service
    destinations: Mapping[DestinationKey, Destination]


Table = Mapping[ServiceKey, Balanced]


def balanced(service: Service, destinations: Iterable[Destination] = ()) -> Balanced:
    """A service with its destinations; of two with one key, the first counts (behaviour LV-21)."""
    found: dict[DestinationKey, Destination] = {}
    for destination in destinations:
        found.setdefault(destination.key, _plain(destination))
    return Balanced(_plain_service(service), found)


def table_of(entries: Iterable[Balanced]) -> Table:
    """A table of these services; of two with one key, the first counts."""
    found: dict[ServiceKey, Balanced] = {}
    for entry in entries:
        found.setdefault(entry.service.key, entry)
    return found


def only(table: Table, keys: Iterable[ServiceKey]) -> Table:
    """The part of a table that is ours: services that somebody else put there are left alone."""
    return {key: table[key] for key in keys if key in table}


def _plain_service(service: Service) -> Service:
    """A network as long as an address is an address."""
    persistence = service.persistence
    if persistence is None or persistence.prefix != service.key.family.bits:
        return service
    return changed(service, persistence=changed(persistence, prefix=None))


def _plain(destination: Destination) -> Destination:
    """Where nothing is tunnelled, there is no wrapping; a plain one has neither port nor checksum."""
    tunnel = destination.tunnel
    if tunnel == IPIP:
        return destination
    if destination.forwarding is not Forwarding.TUNNEL or tunnel.kind is TunnelKind.IPIP:
        return changed(destination, tunnel=IPIP)
    if tunnel.kind is TunnelKind.GRE and tunnel.port:
        return changed(destination, tunnel=Tunnel(tunnel.kind, 0, tunnel.checksum))
    return destination
