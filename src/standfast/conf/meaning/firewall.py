"""The rule of addresses that the firewall closes (VM-10)."""

from standfast.base.addresses import IpAddress
from standfast.conf.meaning.draft import Draft
from standfast.model.complaint import ErrorClass
from standfast.model.vrrp_instance import VrrpInstance

_LISTS = ("virtual_ipaddress", "virtual_ipaddress_excluded")


def check_firewalled_addresses(draft: Draft) -> None:
    """An address of an instance that accepts is closed all the same, if another one with it does not.

    Rules about addresses hold for the whole host, except about link-local ones, which name their interface.
    """
    accepting: dict[IpAddress, str] = {}
    for it in draft.vrrp_instances:
        if it.usable and _accepts(it.value):
            for field in _LISTS:
                accepting |= {each.address: it.value.name for each in getattr(it.value, field)}
    if not accepting:
        return
    for it in draft.vrrp_instances:
        if not it.usable or _accepts(it.value):
            continue
        for field in _LISTS:
            lines = it.origin.entries.get(field, [])
            for entry, line in zip(getattr(it.value, field), lines, strict=False):
                other = accepting.get(entry.address)
                if other is not None and not entry.address.is_link_local:
                    it.complain(
                        "closed-address",
                        f"{it.value.name} does not accept packets to {entry.address}: "
                        f"they are dropped for {other}, too, which does",
                        line=line,
                        error_class=ErrorClass.NONE,
                        hint="let both accept, or neither",
                    )


def _accepts(value: VrrpInstance) -> bool:
    return value.accept or value.owner
