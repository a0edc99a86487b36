"""What a virtual server serves: one key for each address, port and mark of it (behaviours LV-18, LV-19)."""

from collections.abc import Iterator
from ipaddress import ip_network
from itertools import islice
from typing import Final

from standfast.base.addresses import Family, IpAddress, family_of
from standfast.base.limits import SERVICES_OF_A_GROUP
from standfast.base.services import Endpoint, Mark, ServiceKey, Transport
from standfast.model.kinds.servers import GroupMember
from standfast.model.virtual_server import VirtualServer, VirtualServerGroup

_FAMILIES: Final = {"inet": Family.IPV4, "inet6": Family.IPV6}


def keys_of(
    block: VirtualServer, group: VirtualServerGroup | None, *, left_out: list[str], mark: int = 0
) -> tuple[ServiceKey, ...]:
    """The keys of a virtual server, each once.

    Args:
        block: the virtual server.
        group: that it names.
        left_out: gets words about addresses that are too many.
        mark: that packets to the addresses of its group get; 0: none, each address is a service.
    """
    service, transport = block.service, Transport[block.protocol]
    if service.endpoint is not None:
        return (Endpoint(transport, service.endpoint.address, service.endpoint.port),)
    if service.fwmark is not None:
        return (Mark(service.fwmark, _family_of_mark(block, group)),)
    found: dict[ServiceKey, None] = {}
    for member in group.members if group is not None else ():
        if mark and member.first is not None:
            found[Mark(mark, family_of(member.first))] = None
        else:
            found |= dict.fromkeys(_keys(member, block, group, transport, left_out))
    return tuple(found)


def _keys(
    member: GroupMember,
    block: VirtualServer,
    group: VirtualServerGroup | None,
    transport: Transport,
    left_out: list[str],
) -> Iterator[ServiceKey]:
    if member.fwmark is not None:
        family = Family(member.family) if member.family else _family_of_mark(block, group)
        yield Mark(member.fwmark, family)
        return
    count, addresses = _addresses(member)
    if count > SERVICES_OF_A_GROUP:
        words = f"virtual_server_group {block.service.group}: of the {count} addresses from {member.first} on"
        left_out.append(f"{words} only the first {SERVICES_OF_A_GROUP} are served")
    for address in islice(addresses, SERVICES_OF_A_GROUP):
        yield Endpoint(transport, address, member.port)


def _addresses(member: GroupMember) -> tuple[int, Iterator[IpAddress]]:
    """How many, and which."""
    first = member.first
    if first is None:
        return 0, iter(())
    if member.prefix is not None:
        network = ip_network((first, member.prefix), strict=False)
        return network.num_addresses, iter(network)
    count = 1 if member.last is None else int(member.last) - int(first) + 1
    return count, (first + number for number in range(count))


def _family_of_mark(block: VirtualServer, group: VirtualServerGroup | None) -> Family:
    """What is said; else what the addresses round it say, else the servers, else IPv4."""
    if block.ip_family:
        return _FAMILIES[block.ip_family]
    for member in group.members if group is not None else ():
        if member.first is not None:
            return family_of(member.first)
    return next((family_of(server.endpoint.address) for server in block.real_servers), Family.IPV4)
