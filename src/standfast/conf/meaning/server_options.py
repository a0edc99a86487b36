"""Options of a `virtual_server` that do not go together (behaviours LV-05, LV-06, LV-17, LV-19, LV-26)."""

from collections.abc import Callable
from typing import Any, Final

from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.kinds.servers import NetworkSize
from standfast.model.virtual_server import VirtualServer, VirtualServerGroup

Server = Built[VirtualServer]

_HASHING: Final = ("sh", "mh")  # schedulers that have flags of their own
_FLAGS: Final = ("hashed", "sh_port", "sh_fallback", "mh_port", "mh_fallback")


def flags_fit_the_scheduler(it: Server, _: Draft) -> None:
    """Flags of the hashing schedulers do nothing for others."""
    scheduler = it.value.lvs_sched
    for field in _FLAGS:
        if not getattr(it.value, field):
            continue
        word, of = field.replace("_", "-"), field[:2] if field != "hashed" else "sh"
        if scheduler not in _HASHING:
            words = f"{word} is for scheduler {of}; {it.value.service} has {scheduler}"
            it.complain(
                "scheduler-flag", words, field=field, hint=f"write `lvs_sched {of}`, or remove {word}"
            )
            it.change(**{field: False})
        elif scheduler != of:
            words = f"{word} is for scheduler {of} and does nothing for {scheduler}"
            it.complain(
                "scheduler-flag", words, field=field, error_class=ErrorClass.NONE, hint=f"remove {word}"
            )


def marks_do_not_suspend(it: Server, _: Draft) -> None:
    """A mark has no address that could be absent (LV-17)."""
    if it.value.ha_suspend and it.value.service.fwmark is not None:
        words = f"ha_suspend does nothing for {it.value.service}: it has no address"
        it.complain("ha-suspend", words, field="ha_suspend", hint="remove it")
        it.change(ha_suspend=False)


def sorry_words_have_a_sorry_server(it: Server, _: Draft) -> None:
    """What is said of the sorry server needs one."""
    if it.value.sorry_server is None:
        for field in ("sorry_server_inhibit", "sorry_server_lvs_method"):
            if it.given(field):
                words = f"{field} does nothing: {it.value.service} has no sorry_server"
                it.complain("no-sorry-server", words, field=field, hint="remove it, or write sorry_server")
        if it.value.sorry_server_inhibit or it.value.sorry_server_lvs_method is not None:
            it.change(sorry_server_inhibit=False, sorry_server_lvs_method=None)
        return
    for server in it.value.real_servers:
        same = server.endpoint == it.value.sorry_server
        if same and server.inhibit_on_failure != it.value.sorry_server_inhibit:
            says = "has" if server.inhibit_on_failure else "has not"
            words = (
                f"the sorry server is a real server, too, which {says} inhibit_on_failure; it goes by that"
            )
            it.complain("sorry-inhibit", words, field="sorry_server")
            it.change(sorry_server_inhibit=server.inhibit_on_failure)


def servers_are_of_one_family(it: Server, _: Draft) -> None:
    """Servers are of the family of the service, except behind tunnels (LV-19)."""
    family = _family(it)
    if not family:
        return
    if it.value.ip_family and {"inet": 4, "inet6": 6}[it.value.ip_family] != family:
        words = f"ip_family {it.value.ip_family} is not that of {it.value.service}; it is ignored"
        it.complain("wrong-family", words, field="ip_family", at=1)
    origins = it.origin.blocks.get("real_servers", [])
    kept = []
    for one, where in zip(it.value.real_servers, origins, strict=True):
        if _fits(family, one.endpoint.address.version, _kind(it, one)):
            kept.append((one, where))
        else:
            words = f"real server {one.endpoint.address} is not IPv{family} like {it.value.service}"
            it.complain(
                "wrong-family",
                f"{words}; it is left out",
                line=where.line,
                severity=Severity.ERROR,
                hint="give it an address of that family, or a tunnel (`lvs_method TUN`)",
            )
    if len(kept) != len(origins):
        it.change(real_servers=tuple(one for one, _ in kept))
        it.origin.blocks["real_servers"] = [where for _, where in kept]
    sorry = it.value.sorry_server
    method = it.value.sorry_server_lvs_method or it.value.lvs_method
    if sorry is not None and not _fits(family, sorry.address.version, method.kind if method else "NAT"):
        words = f"sorry server {sorry.address} is not IPv{family} like {it.value.service}; it is left out"
        it.complain("wrong-family", words, field="sorry_server", at=1, severity=Severity.ERROR)
        it.change(sorry_server=None)


def _family(it: Server) -> int:
    """The family of the service; of a mark that of ip_family, or of the first server."""
    service = it.value.service
    if service.endpoint is not None:
        return service.endpoint.address.version
    if service.fwmark is None:
        return 0
    if it.value.ip_family:
        return {"inet": 4, "inet6": 6}[it.value.ip_family]
    first = next(iter(it.value.real_servers), None)
    return first.endpoint.address.version if first is not None else 0


def _kind(it: Server, server: Any) -> str:
    method = server.lvs_method or it.value.lvs_method
    return method.kind if method is not None else "NAT"


def _fits(family: int, version: int, method: str) -> bool:
    return family == version or method == "TUN"


def granularity_has_its_form(it: Server, _: Draft) -> None:
    """IPv4 takes a netmask, IPv6 a prefix length; the other form is read as what it must mean, if it can be."""
    size, family = it.value.persistence_granularity, _family(it)
    if size is None or not family or size.netmask is (family == 4):
        return
    fits = 1 <= size.length <= 32 if family == 4 else False
    form = "netmask" if family == 4 else "prefix length"
    it.complain(
        "granularity-form",
        f"persistence_granularity of an IPv{family} service is a {form}"
        + ("; Keepalived takes this number for the last octet of one" if family == 4 else "; it is ignored"),
        field="persistence_granularity",
        at=1,
        error_class=ErrorClass.NONE if family == 4 else ErrorClass.GENERAL,
        hint="write 255.255.255.0 for networks of 256 addresses" if family == 4 else "write 64, for instance",
    )
    it.change(persistence_granularity=NetworkSize(size.length, netmask=True) if fits else None)


SERVER_OPTION_RULES: Final[tuple[Callable[[Server, Draft], None], ...]] = (
    flags_fit_the_scheduler,
    marks_do_not_suspend,
    servers_are_of_one_family,
    sorry_words_have_a_sorry_server,
    granularity_has_its_form,
)


def group_is_of_few_sorts(it: Built[VirtualServerGroup]) -> None:
    """Beside addresses of both families a mark must say its own."""
    members = it.value.members
    families = {member.first.version for member in members if member.first is not None}
    if len(families) > 1 and any(member.fwmark is not None and not member.family for member in members):
        it.reject(
            "group-mixed",
            f"virtual_server_group {it.value.name} has IPv4, IPv6 and a mark of neither; it is left out",
            hint="write inet or inet6 behind the mark",
        )
