"""What nftables cannot do of what IPVS can: such a service is not served, and it is said why."""

from collections.abc import Iterable, Iterator
from typing import Final

from standfast.base.schedulers import NAT_SCHEDULERS
from standfast.base.services import Destination, Forwarding, Service

_METHODS: Final = {Forwarding.DIRECT: "DR", Forwarding.TUNNEL: "TUN", Forwarding.BYPASS: "bypass"}


def lacking(service: Service, destinations: Iterable[Destination]) -> str:
    """What of it needs IPVS, in words; empty if nothing does."""
    return ", ".join(dict.fromkeys([*_of_service(service), *_of_destinations(service, destinations)]))


def _of_service(service: Service) -> Iterator[str]:
    if service.scheduler not in NAT_SCHEDULERS:
        yield f"scheduler {service.scheduler}"
    if service.one_packet:
        yield "ops"
    if service.persistence is not None and service.persistence.engine:
        yield f"persistence_engine {service.persistence.engine}"


def _of_destinations(service: Service, destinations: Iterable[Destination]) -> Iterator[str]:
    for one in destinations:
        if one.forwarding in _METHODS:
            yield f"lvs_method {_METHODS[one.forwarding]}"
        elif one.address.version != service.key.family:
            yield f"a server of another family ({one})"
        if one.upper or one.lower:
            yield "uthreshold and lthreshold"
