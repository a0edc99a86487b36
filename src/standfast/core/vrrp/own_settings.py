"""Which settings of the kernel interfaces of our own need (behaviours VM-03, VM-04), as paths below /proc/sys.

A host with two interfaces on one link answers ARP for an address of one on the other, unless it is told not to; it
drops what comes in where it would not go out; and it takes its own addresses for forged ones. A path has slashes,
for the name of an interface may have dots.
"""

from collections.abc import Iterable, Mapping
from typing import Final

from standfast.base.addresses import Family
from standfast.base.own_links import OwnKind, OwnLink
from standfast.core.vrrp.vmac import OwnLinks
from standfast.model.config import Config
from standfast.model.vrrp_instance import VrrpInstance

ALL: Final = "net/ipv4/conf/all/rp_filter"
LOCAL_IGMP: Final = "net/ipv4/igmp_link_local_mcast_reports"

# Answer only for addresses of the interface itself; and ask in the name of one of those, lest a host learn from a
# question that a virtual address has the Ethernet address of this interface (RFC 9568, section 8.1.2).
_BELOW: Final = {"arp_ignore": "1", "arp_filter": "1", "arp_announce": "2"}

_WITHOUT: Final = {
    "arp_ignore": "the host may answer ARP for virtual addresses with another Ethernet address than theirs",
    "arp_filter": "the host may answer ARP for virtual addresses with another Ethernet address than theirs",
    "arp_announce": "hosts may learn another Ethernet address for virtual addresses than theirs",
    "accept_local": "adverts of a peer that has the same Ethernet address may be dropped",
    "rp_filter": "packets to the virtual addresses may be dropped as forged",
    "promote_secondaries": "with one virtual address the kernel may remove others",
    "disable_ipv6": "the interface says on the link that it speaks IPv6",
    "router_solicitations": "the interface asks for routers with the virtual Ethernet address",
    "accept_ra": "the interface may give itself an address of a router's network",
    "igmp_link_local_mcast_reports": "the host reports groups 224.0.0.x by IGMP",
}


def settings_of_link(link: OwnLink) -> Mapping[str, str]:
    """What an interface of ours is told, before it is set up; it goes with the interface."""
    if link.kind is not OwnKind.MACVLAN:
        return {}
    ipv4, ipv6 = f"net/ipv4/conf/{link.name}", f"net/ipv6/conf/{link.name}"
    settings = {
        f"{ipv6}/disable_ipv6": "0" if link.speaks_ipv6 else "1",
        f"{ipv6}/accept_ra": "0",
        f"{ipv6}/router_solicitations": "0",
        f"{ipv4}/arp_ignore": "1",  # one of IPv6, too: it would answer for the addresses of all others
    }
    if link.speaks_ipv4:
        settings |= {
            f"{ipv4}/accept_local": "1",
            f"{ipv4}/arp_announce": "2",
            f"{ipv4}/rp_filter": "0",
            f"{ipv4}/promote_secondaries": "1",
        }
    return settings


def promoting_of(config: Config, own: OwnLinks) -> tuple[str, ...]:
    """The interfaces where `promote_secondaries` is asked for: of an instance, and of its IPv4 addresses.

    Keepalived has its own interface in mind only; an address with `dev` would lose its neighbours all the same.
    One of ours promotes anyway.
    """
    asking = (instance for instance in config.vrrp_instances if instance.promote_secondaries)
    names = (
        name
        for instance in asking
        for name in _ipv4_places(instance, own)
        if name and name not in {link.name for link in own.links}
    )
    return tuple(dict.fromkeys(names))


def _ipv4_places(instance: VrrpInstance, own: OwnLinks) -> Iterable[str]:
    if instance.name not in own.of_instances:
        yield instance.interface
    addresses = (*instance.virtual_ipaddress, *instance.virtual_ipaddress_excluded)
    yield from (own.held(instance, each).interface for each in addresses if each.family is Family.IPV4)


def settings_of_host(
    links: Iterable[OwnLink],
    rp_filters: Mapping[str, int],
    *,
    no_local_igmp: bool,
    promoting: Iterable[str] = (),
) -> Mapping[str, str]:
    """What the interfaces below are told, and the host as a whole; these are put back when nobody needs them.

    Args:
        links: of our own.
        rp_filters: the reverse path filter of each interface, of `all` and `default`, as we found it.
        no_local_igmp: whether the configuration says `disable_local_igmp`.
        promoting: interfaces whose other addresses stay when one of their network is removed.
    """
    parents = dict.fromkeys(
        link.parent for link in links if link.kind is OwnKind.MACVLAN and link.speaks_ipv4
    )
    settings = {
        f"net/ipv4/conf/{parent}/{name}": value for parent in parents for name, value in _BELOW.items()
    }
    settings |= {f"net/ipv4/conf/{name}/promote_secondaries": "1" for name in promoting}
    if parents:
        settings |= _spread(rp_filters)
    if no_local_igmp:
        settings[LOCAL_IGMP] = "0"
    return settings


def _spread(rp_filters: Mapping[str, int]) -> dict[str, str]:
    """Of its own value and that of `all` the greater counts for an interface; ours need one of 0 (VM-04).

    So each interface gets what counts for it now, and `all` 0 then.
    """
    of_all = rp_filters.get("all", 0)
    if not of_all:
        return {}
    each = {
        f"net/ipv4/conf/{name}/rp_filter": str(of_all)
        for name, own in rp_filters.items()
        if name != "all" and own < of_all
    }
    return {**each, ALL: "0"}


def without(path: str) -> str:
    """What does not work as long as a setting cannot be had."""
    return _WITHOUT.get(path.rpartition("/")[2], "")
