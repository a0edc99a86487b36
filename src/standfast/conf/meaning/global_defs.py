"""The rules of `global_defs`."""

import re
from typing import Final

from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.model.complaint import ErrorClass
from standfast.model.global_defs import GlobalDefs

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,27}")  # a chain of iptables has at most 28 characters


def check_globals(draft: Draft) -> None:
    """Say what Keepalived says about global settings."""
    it = draft.global_defs
    _check_firewall(it)
    if it.given("notification_email") and not it.value.notification_email:
        it.complain("empty-block", "notification_email names nobody", field="notification_email")
    host = draft.host
    if host is None:
        return
    for field in ("vrrp_cpu_affinity", "checker_cpu_affinity", "bfd_cpu_affinity"):
        beyond = [cpu for cpu in getattr(it.value, field) if cpu >= host.cpus()]
        if beyond:
            it.complain(
                "cpu",
                f"this host has {host.cpus()} CPUs, numbered from 0; there is no {beyond[0]}",
                field=field,
                error_class=ErrorClass.BAD_NUMBER,
            )


def _check_firewall(it: Built[GlobalDefs]) -> None:
    """One tool, and names that its language takes as names."""
    value = it.value
    if value.nftables and value.vrrp_iptables is not None:
        it.complain(
            "iptables",
            "nftables is configured, too: vrrp_iptables does nothing",
            field="vrrp_iptables",
            hint="remove one of them",
        )
    elif value.vrrp_iptables is not None:
        it.complain(
            "iptables",
            "a Keepalived that is built without iptables uses nftables instead, and says so",
            field="vrrp_iptables",
            hint="write nftables, which means the same to every build",
        )
    for field, names in (
        ("nftables", (value.nftables,)),
        ("vrrp_iptables", value.vrrp_iptables or ()),
        ("vrrp_ipsets", value.vrrp_ipsets or ()),
    ):
        wrong = next((name for name in names if name and not _NAME.fullmatch(name)), None)
        if wrong is not None:
            it.complain(
                "firewall-name",
                f"{wrong} cannot be a name in the firewall; {field} is as if it were not there",
                field=field,
                at=1,
                hint="use letters, digits, - and _, at most 28 of them, and begin with a letter",
            )
            it.change(**{field: "" if field == "nftables" else None})
