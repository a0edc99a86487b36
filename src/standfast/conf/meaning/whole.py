"""The rules between blocks."""

from collections.abc import Sequence
from dataclasses import replace

from standfast.base.addresses import IpAddress
from standfast.conf.meaning.draft import Draft
from standfast.conf.meaning.host import Host
from standfast.conf.meaning.instances import Instance
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.global_defs import GlobalDefs
from standfast.model.vrrp_instance import VrrpInstance


def names_are_distinct(draft: Draft) -> None:
    """A second instance of the same name is left out, and nothing else is said about it (CF-04)."""
    first: dict[str, Instance] = {}
    for it in draft.vrrp_instances:
        if first.setdefault(it.value.name, it) is not it:
            it.reject("duplicate-name", f"an instance {it.value.name} stands above; this one is left out")
    draft.vrrp_instances = list(first.values())


def own_names_are_distinct(instances: Sequence[Instance]) -> None:
    """Two instances cannot run on one VMAC of the same name."""
    taken: dict[str, str] = {}
    for it in instances:
        vmac = it.value.use_vmac
        if vmac is None or not vmac.name or not it.usable:
            continue
        if vmac.name in taken:
            words = f"{taken[vmac.name]} uses the name {vmac.name} already; {it.value.name} gets another"
            it.complain("vmac-name", words, field="use_vmac")
            it.change(use_vmac=replace(vmac, name=""))
        taken.setdefault(vmac.name, it.value.name)


def interfaces_exist(draft: Draft) -> None:
    """The interfaces that the file names are there; with dynamic_interfaces they may come later (TR-20)."""
    host = draft.host
    if host is None or draft.defs.dynamic_interfaces:
        return
    ours = {it.value.use_vmac.name for it in draft.vrrp_instances if it.value.use_vmac is not None}
    for it in draft.vrrp_instances:
        name = it.value.interface
        if it.usable and name and name not in ours and not host.has_interface(name):
            it.complain(
                "no-interface",
                f"there is no interface {name} on this host",
                field="interface",
                at=1,
                severity=Severity.ERROR,
                hint="`ip link` lists them; dynamic_interfaces in global_defs lets it come later",
            )
        for field in ("virtual_ipaddress", "virtual_ipaddress_excluded"):
            _devices_exist(it, field, host)
    delays = draft.rest.get("interface_up_down_delays", ())
    for delay, line in zip(delays, draft.origin.entries.get("interface_up_down_delays", []), strict=True):
        if not host.has_interface(delay.interface):
            words = f"there is no interface {delay.interface} on this host"
            draft.global_defs.complain("no-interface", words, line=line, error_class=ErrorClass.BAD_INTERFACE)


def _devices_exist(it: Instance, field: str, host: Host) -> None:
    """An address whose own interface is not there is held by nobody (CF-07)."""
    addresses = getattr(it.value, field)
    for address, line in zip(addresses, it.origin.entries.get(field, []), strict=False):
        if address.dev and address.dev != it.value.interface and not host.has_interface(address.dev):
            words = f"there is no interface {address.dev} on this host for {address.address}"
            it.complain("no-interface", words, line=line, severity=Severity.ERROR)


def routers_are_distinct(instances: Sequence[Instance], defs: GlobalDefs) -> None:
    """A VRID is used once per interface, family, and group or overlapping peers (WI-18)."""
    used: dict[tuple[str, int, int, IpAddress | None], list[Instance]] = {}
    for it in instances:
        if not it.usable:
            continue
        value = it.value
        others = used.setdefault(
            (value.interface, value.virtual_router_id, value.family, _group(value, defs)), []
        )
        for other in others:
            if _overlap(value, other.value):
                it.reject(
                    "duplicate-vrid",
                    f"virtual_router_id {value.virtual_router_id} is used by {other.value.name} on the same "
                    f"interface; {value.name} is left out",
                    field="virtual_router_id",
                    hint="give each instance of an interface a number of its own",
                )
                break
        else:
            others.append(it)


def _group(value: VrrpInstance, defs: GlobalDefs) -> IpAddress | None:
    if value.unicast:
        return None
    if value.mcast_dst_ip is not None:
        return value.mcast_dst_ip
    return defs.vrrp_mcast_group4 if value.family == 4 else defs.vrrp_mcast_group6


def _overlap(one: VrrpInstance, other: VrrpInstance) -> bool:
    if not one.unicast:
        return True
    theirs = {peer.address for peer in other.unicast_peer}
    return any(peer.address in theirs for peer in one.unicast_peer)
