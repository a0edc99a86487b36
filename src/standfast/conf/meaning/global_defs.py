"""The rules of `global_defs`."""

from typing import Final

from standfast.base.patterns import late
from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.global_defs import GlobalDefs

_TABLE: Final = "keepalived"  # the usual one
_LONGEST: Final = 256  # NFT_NAME_MAXLEN
_IPVS_ALONE: Final = ("lvs_timeouts", "lvs_sync_daemon", "nftables_ipvs")
_NAME: Final = late(r"[A-Za-z][A-Za-z0-9_-]{0,27}")  # a chain of iptables has at most 28 characters


def check_globals(draft: Draft) -> None:
    """Say what Keepalived says about global settings."""
    it = draft.global_defs
    _check_firewall(it)
    _check_engine(it)
    if it.given("notification_email") and not it.value.notification_email:
        it.complain("empty-block", "notification_email names nobody", field="notification_email")
    host = draft.host
    if host is None:
        return
    server = it.value.smtp_server
    if server is not None and not host.knows_host(server.host):
        it.complain(
            "unknown-host",
            f"smtp_server {server.host} is no address and no name that is found; no mail is sent",
            field="smtp_server",
            at=1,
            severity=Severity.ERROR,
            hint=f"correct the name, or add it to /etc/hosts; `getent hosts {server.host}` tells what is found",
        )
    for field in ("vrrp_cpu_affinity", "checker_cpu_affinity", "bfd_cpu_affinity"):
        beyond = [cpu for cpu in getattr(it.value, field) if cpu >= host.cpus()]
        if beyond:
            it.complain(
                "cpu",
                f"this host has {host.cpus()} CPUs, numbered from 0; there is no {beyond[0]}",
                hint=f"write numbers from 0 to {host.cpus() - 1}",
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
        wrong = next((name for name in names if name and not _NAME().fullmatch(name)), None)
        if wrong is not None:
            table = field == "nftables"
            taken = table and len(wrong) < _LONGEST  # by Keepalived, which does not write it as text
            it.complain(
                "firewall-name",
                f"{wrong} cannot be a name in the firewall; "
                + ("the table is called keepalived" if table else f"{field} is as if it were not there"),
                field=field,
                at=1,
                error_class=ErrorClass.NONE if taken else ErrorClass.GENERAL,
                hint="use letters, digits, - and _, at most 28 of them, and begin with a letter",
            )
            it.change(**{field: _TABLE if table else None})


def _check_engine(it: Built[GlobalDefs]) -> None:
    """Settings of IPVS as a whole do nothing for the other engine."""
    if it.value.lvs_engine != "nftables":
        return
    for field in _IPVS_ALONE:
        if getattr(it.value, field):
            it.complain(
                "needs-ipvs",
                f"{field} does nothing: nftables balances",
                field=field,
                error_class=ErrorClass.NONE,
                hint="remove it, or write `lvs_engine ipvs`",
            )
