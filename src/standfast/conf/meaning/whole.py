"""The rules between blocks."""

from standfast.base.addresses import IpAddress
from standfast.base.frozen import changed
from standfast.conf.meaning.draft import Draft
from standfast.conf.meaning.instances import Instance
from standfast.model.global_defs import GlobalDefs
from standfast.model.vrrp_instance import VrrpInstance


def names_are_distinct(draft: Draft) -> None:
    """A second instance of the same name is left out, and nothing else is said about it (CF-04)."""
    first: dict[str, Instance] = {}
    for it in draft.vrrp_instances:
        if first.setdefault(it.value.name, it) is not it:
            words = f"an instance {it.value.name} stands above; this one is left out"
            it.reject("duplicate-name", words, hint="give it a name of its own, or remove one of the two")
    draft.vrrp_instances = list(first.values())


def own_names_are_distinct(draft: Draft) -> None:
    """Two instances cannot run on one VMAC of the same name."""
    taken: dict[str, str] = {}
    for it in draft.vrrp_instances:
        vmac = it.value.use_vmac
        if vmac is None or not vmac.name or not it.usable:
            continue
        if vmac.name in taken:
            words = f"{taken[vmac.name]} uses the name {vmac.name} already; {it.value.name} gets another"
            it.complain("vmac-name", words, field="use_vmac")
            it.change(use_vmac=changed(vmac, name=""))
        taken.setdefault(vmac.name, it.value.name)


def routers_are_distinct(draft: Draft) -> None:
    """A VRID is used once per interface, family, and group or overlapping peers (WI-18)."""
    used: dict[tuple[str, int, int, IpAddress | None], list[Instance]] = {}
    for it in draft.vrrp_instances:
        if not it.usable:
            continue
        value = it.value
        others = used.setdefault(
            (value.interface, value.virtual_router_id, value.family, _group(value, draft.defs)), []
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
