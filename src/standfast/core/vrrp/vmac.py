"""Which interfaces of their own the routers run on, and which addresses are held there (VM-01, VM-02, VM-08).

A router may run on a macvlan that has the virtual router's Ethernet address (`use_vmac`; RFC 9568, section 7.3) or
on an ipvlan (`use_ipvlan`). Addresses on other interfaces may have macvlans, too (`use_vmac_addr`, or the word
`use_vmac` behind an address). Two that would stand on one parent with one Ethernet address are the same interface.

All follows from the configuration and the links that are there. Names are the business of `own_names`; what leads
from the links that are there to those that should be is that of `own_delta`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from standfast.base.addresses import Family, HostAddress
from standfast.base.frozen import changed, field, frozen
from standfast.base.own_links import OwnKind, OwnLink
from standfast.core.vrrp.own_names import Links, Seat, Wish, names_of
from standfast.model.config import Config
from standfast.model.global_defs import GlobalDefs
from standfast.model.kinds.interfaces import Ipvlan
from standfast.model.virtual_address import VirtualAddress
from standfast.model.vrrp_instance import VrrpInstance

_MAC_OF: Final = {Family.IPV4: bytes.fromhex("00005e0001"), Family.IPV6: bytes.fromhex("00005e0002")}
_IPVLAN_FLAGS: Final = {"bridge": 0, "private": 1, "vepa": 2}  # IPVLAN_F_*


@frozen
class OwnLinks:
    """The interfaces of a configuration, and what runs on which."""

    links: tuple[OwnLink, ...] = ()
    complaints: tuple[str, ...] = ()  # names that cannot be had
    of_instances: Mapping[str, OwnLink] = field(default_factory=dict)
    of_all: Mapping[str, tuple[OwnLink, ...]] = field(default_factory=dict)  # also those of its addresses
    of_addresses: Mapping[tuple[str, str, Family], OwnLink] = field(default_factory=dict)
    default_interface: str = ""  # of addresses whose instance has none (behaviour WI-20)

    @property
    def parents(self) -> Mapping[str, str]:
        """By interface of our own, the one below it."""
        return {link.name: link.parent for link in self.links}

    def held(self, instance: VrrpInstance, address: VirtualAddress) -> HostAddress:
        """An address of the instance, on the interface that holds it."""
        own = self.of_instances.get(instance.name)
        on = address.on(instance.interface or self.default_interface)
        extra = self.of_addresses.get((instance.name, on.interface, address.family))
        if extra is not None and _wants_its_own(instance, address):
            return changed(on, interface=extra.name)
        if own is not None and on.interface == instance.interface and _stands_on(own, instance, address):
            return changed(on, interface=own.name)
        return on


def own_links_of(
    config: Config,
    present: Links = {},  # noqa: B006  (a Mapping is only read)
    *,
    ours: Collection[str] = (),
    groups: Mapping[str, int] = {},
) -> OwnLinks:
    """The interfaces that a configuration asks for.

    Args:
        config: the configuration.
        present: the links of the host: whose name is taken, and which of them is one of these already.
        ours: names of links that we have made: none of them is taken, for we remove what nobody wants.
        groups: the numbers of groups of links that have a name.
    """
    wishes = [wish for each in config.vrrp_instances for wish in _wishes(each, config.global_defs)]
    if not wishes:
        return OwnLinks(default_interface=config.global_defs.default_interface)
    names, complaints = names_of(wishes, present, ours)
    of_seats: dict[Seat, list[Wish]] = {}
    for wish in wishes:
        of_seats.setdefault(wish.seat, []).append(wish)
    made = {seat: _made(names[seat], mine, groups) for seat, mine in of_seats.items()}
    return OwnLinks(
        default_interface=config.global_defs.default_interface,
        links=tuple(made.values()),
        complaints=(*complaints, *_unknown_groups(wishes, groups)),
        of_instances={w.instance.name: made[w.seat] for w in wishes if w.own is not None},
        of_all=_all_of(wishes, made),
        of_addresses={
            (w.instance.name, w.seat.parent, w.family): made[w.seat]
            for w in wishes
            if w.seat.kind is OwnKind.MACVLAN
        },
    )


def vmac_of(vrid: int, family: Family) -> bytes:
    """The virtual router's Ethernet address (RFC 9568, section 7.3)."""
    return _MAC_OF[family] + bytes((vrid,))


# ---- what is wanted


def _wishes(instance: VrrpInstance, defaults: GlobalDefs) -> Iterator[Wish]:
    """The instance's own interface first, then those of its addresses."""
    if instance.interface:
        if instance.use_ipvlan is not None:
            seat = Seat(instance.interface, OwnKind.IPVLAN, b"", instance.name)
            yield Wish(seat, instance, instance.family, defaults.vmac_prefix, ipvlan=instance.use_ipvlan)
        elif instance.use_vmac is not None:
            seat = _seat(instance, instance.interface, instance.family)
            yield Wish(seat, instance, instance.family, defaults.vmac_prefix, vmac=instance.use_vmac)
    for address in (*instance.virtual_ipaddress, *instance.virtual_ipaddress_excluded):
        device = address.dev or instance.interface
        if device and _wants_its_own(instance, address):
            seat = _seat(instance, device, address.family)
            yield Wish(seat, instance, address.family, defaults.vmac_addr_prefix)


def _wants_its_own(instance: VrrpInstance, address: VirtualAddress) -> bool:
    elsewhere = address.dev not in ("", instance.interface) or address.family is not instance.family
    return address.use_vmac or (instance.use_vmac_addr and elsewhere)


def _stands_on(own: OwnLink, instance: VrrpInstance, address: VirtualAddress) -> bool:
    """A VMAC has the Ethernet address of one family (RFC 9568, section 7.3): the other one stays below it."""
    return own.kind is OwnKind.IPVLAN or address.family is instance.family


def _seat(instance: VrrpInstance, parent: str, family: Family) -> Seat:
    """A macvlan; a configured Ethernet address is for the other family only where it does not meet itself."""
    rfc = vmac_of(instance.virtual_router_id, family)
    given = instance.use_vmac.mac if instance.use_vmac is not None else ""
    if not given or (parent == instance.interface and family is not instance.family):
        return Seat(parent, OwnKind.MACVLAN, rfc)
    octets = bytes(int(octet, 16) for octet in given.split(":"))
    return Seat(parent, OwnKind.MACVLAN, (octets + rfc[-1:])[: len(rfc)])  # five are a beginning


def _all_of(wishes: Iterable[Wish], made: Mapping[Seat, OwnLink]) -> dict[str, tuple[OwnLink, ...]]:
    """The interfaces that each instance wants for itself or its addresses, by its name."""
    found: dict[str, dict[Seat, OwnLink]] = {}
    for wish in wishes:
        found.setdefault(wish.instance.name, {})[wish.seat] = made[wish.seat]
    return {name: tuple(links.values()) for name, links in found.items()}


def _made(name: str, mine: Sequence[Wish], groups: Mapping[str, int]) -> OwnLink:
    """What an interface looks like, for all who want the same one."""
    seat = mine[0].seat
    families = {family for wish in mine for family in _families(wish)}
    group = next((wish.own.group for wish in mine if wish.own is not None and wish.own.group), "")
    ipvlan = mine[0].ipvlan
    return OwnLink(
        name=name,
        parent=seat.parent,
        kind=seat.kind,
        mac=seat.mac,
        flags=_IPVLAN_FLAGS[ipvlan.mode] if ipvlan is not None else 0,
        group=_number_of(group, groups),
        speaks_ipv4=Family.IPV4 in families,
        speaks_ipv6=Family.IPV6 in families,
        address=_address_of(ipvlan, name),
        tells_parent=any(wish.vmac is not None and wish.vmac.netlink_notify_msg for wish in mine),
    )


def _families(wish: Wish) -> Iterator[Family]:
    """The families that are spoken on it: that of the adverts, and those of the addresses on it."""
    yield wish.family
    instance = wish.instance
    if wish.own is not None:
        for address in (*instance.virtual_ipaddress, *instance.virtual_ipaddress_excluded):
            here = address.dev in ("", instance.interface) and not _wants_its_own(instance, address)
            if here and (wish.ipvlan is not None or address.family is instance.family):
                yield address.family


def _address_of(ipvlan: Ipvlan | None, name: str) -> HostAddress | None:
    if ipvlan is None or ipvlan.address is None:
        return None
    bits = 32 if ipvlan.address.version == 4 else 128
    return HostAddress(ipvlan.address, bits if ipvlan.prefix is None else ipvlan.prefix, name)


def _number_of(group: str, groups: Mapping[str, int]) -> int | None:
    if group in groups:
        return groups[group]
    return int(group) if group.isdecimal() and group.isascii() else None


def _unknown_groups(wishes: Iterable[Wish], groups: Mapping[str, int]) -> Iterator[str]:
    for wish in wishes:
        own = wish.own
        if own is not None and own.group and _number_of(own.group, groups) is None:
            yield (
                f"({wish.instance.name}) there is no group of links {own.group}; its interface is in the group of "
                f"{wish.seat.parent} (name it in /etc/iproute2/group, or write a number)"
            )
