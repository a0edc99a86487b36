"""Which packets the firewall keeps from a host's virtual addresses: one value, derived from who is configured.

A router that does not accept (RFC 9568, section 6.1: Accept_Mode false) forwards packets, but is no destination:
what is addressed to its virtual addresses is dropped, and what would leave with one of them as its source; only
neighbour discovery passes (behaviour VM-10). The rules are there as long as the router is configured, not only
while it is master: a host that does not hold an address receives nothing for it, so they change nothing on a
backup, and a takeover need not wait for a firewall. What VMACs must not say on their own is kept back, too
(behaviour VM-12).

Whether the rules are in force, and what follows if not, is the business of `shielding`.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address
from typing import NamedTuple

from standfast.base.addresses import Family, HostAddress, IpAddress
from standfast.base.frozen import frozen
from standfast.base.own_links import OwnKind, OwnLink
from standfast.core.vrrp.router import Link, Router


class Tool(StrEnum):
    """What enforces the rules."""

    NFTABLES = "nftables"
    IPTABLES = "iptables"


@frozen
class SetNames:
    """The names of the address sets that rules of iptables refer to."""

    ipv4: str = "keepalived"
    ipv6: str = "keepalived6"


@frozen
class Means:
    """How the rules are enforced (behaviour VM-11)."""

    tool: Tool = Tool.NFTABLES
    table: str = "keepalived"  # of nftables; ours alone
    priority: int = -1  # of its chains: before those that filter
    counters: bool = False
    by_index: bool = False  # tell link-local addresses apart by the index of their interface, not by its name
    chain_in: str = "INPUT"  # of iptables
    chain_out: str = "OUTPUT"  # empty: what leaves is not filtered
    sets: SetNames | None = SetNames()  # None: a rule for each address


class Scoped(NamedTuple):
    """A link-local address: it means something on its interface only."""

    address: IPv6Address
    interface: str
    ifindex: int = 0  # 0: the name tells it apart


class Vmac(NamedTuple):
    """An interface with a virtual hardware address, on top of another one."""

    name: str
    base: str
    base_index: int
    link_local: IpAddress | None = None  # its base's, which both have (behaviour VM-05)


Closed = IPv4Address | IPv6Address | Scoped


@frozen
class RuleSet:
    """Everything that the firewall should do for us; each part in order, so that equal rules are equal."""

    means: Means = Means()
    ipv4: tuple[IPv4Address, ...] = ()
    ipv6: tuple[IPv6Address, ...] = ()
    link_local: tuple[Scoped, ...] = ()
    vmacs: tuple[Vmac, ...] = ()

    @property
    def families(self) -> frozenset[Family]:
        """The families that there are rules for."""
        four = {Family.IPV4} if self.ipv4 or self.vmacs else set()
        six = {Family.IPV6} if self.ipv6 or self.link_local or self.vmacs else set()
        return frozenset(four | six)

    @property
    def closed(self) -> frozenset[Closed]:
        """All addresses that packets are kept from."""
        return frozenset((*self.ipv4, *self.ipv6, *self.link_local))


def rules_of(routers: Iterable[Router], links: Mapping[str, Link], means: Means) -> RuleSet:
    """The rules that these routers need.

    Args:
        routers: those that are configured, whatever their states.
        links: the host's interfaces; only what has an index can be told apart by it.
        means: how they are enforced.
    """
    every = tuple(routers)
    closed = {one for router in every for one in closed_of(router, links, means)}
    return RuleSet(
        means=means,
        ipv4=tuple(sorted(one for one in closed if isinstance(one, IPv4Address))),
        ipv6=tuple(sorted(one for one in closed if isinstance(one, IPv6Address))),
        link_local=tuple(sorted(one for one in closed if isinstance(one, Scoped))),
        vmacs=vmacs_of((own for router in every for own in router.own_links), links),
    )


def vmacs_of(own: Iterable[OwnLink], links: Mapping[str, Link]) -> tuple[Vmac, ...]:
    """Those of our interfaces that have a hardware address of their own and are there."""
    there = {
        each.name: Vmac(each.name, each.parent, base.index, base.ipv6 if each.speaks_ipv6 else None)
        for each in own
        if each.kind is OwnKind.MACVLAN and each.name in links and (base := links.get(each.parent))
    }
    return tuple(there[name] for name in sorted(there))


def closed_of(router: Router, links: Mapping[str, Link], means: Means) -> frozenset[Closed]:
    """What packets must be kept from before the router may hold its addresses."""
    if router.accept:
        return frozenset()
    return frozenset(one for address in router.held if (one := _closed(address, links, means)) is not None)


def _closed(address: HostAddress, links: Mapping[str, Link], means: Means) -> Closed | None:
    """None: its interface is not there, so nobody can hold it."""
    if not (isinstance(address.address, IPv6Address) and address.address.is_link_local):
        return address.address
    if not means.by_index:
        return Scoped(address.address, address.interface)
    link = links.get(address.interface)
    return None if link is None else Scoped(address.address, address.interface, link.index)
