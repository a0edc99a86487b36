"""The rules of `global_defs`."""

from standfast.conf.meaning.draft import Draft
from standfast.model.complaint import ErrorClass


def check_globals(draft: Draft) -> None:
    """Say what Keepalived says about global settings."""
    it = draft.global_defs
    if it.given("vrrp_iptables"):
        it.complain(
            "iptables",
            "iptables is not used; the rules are made with nftables",
            field="vrrp_iptables",
            hint="write nftables instead of vrrp_iptables and vrrp_ipsets",
        )
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
