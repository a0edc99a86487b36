"""Virtual servers and their groups in the notation of the summaries that the corpus recorded."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from standfast.base.times import SECOND
from standfast.model.config import Config
from standfast.model.kinds.servers import Endpoint, GroupMember, Method, Service
from standfast.model.virtual_server import RealServer, VirtualServer, VirtualServerGroup

FLAGS: Final = {
    "Using HA suspend": ("ha_suspend",),
    "alpha is ON": ("alpha",),
    "omega is ON": ("omega",),
    "Inhibit on failure is ON": ("inhibit_on_failure", "sorry_server_inhibit"),
}


def group_text(one: VirtualServerGroup) -> dict[str, Any]:
    families = {member.first.version for member in one.members if member.first is not None}
    said = ", ".join(f"IPv{family} = {'yes' if family in families else 'no'}" for family in (4, 6))
    entries = sorted(one.members, key=lambda member: member.fwmark is not None)
    return {"name": f"{one.name}, {said}", "entries": [_member(member) for member in entries]}


def _member(member: GroupMember) -> str:
    if member.fwmark is not None:
        return f"{member.fwmark} IPv{member.family}" if member.family else str(member.fwmark)
    last = f"-{member.last}" if member.last is not None else ""
    return f"{member.first}{last}, VPORT = {member.port}"


def servers_of(config: Config) -> Iterator[dict[str, Any]]:
    uses: Counter[str] = Counter()  # a group is told with the number of its use
    for one in config.virtual_servers:
        protocol = "none" if _is_marks(config, one.service) else one.protocol
        yield _server(one, uses[one.service.group], protocol)
        uses[one.service.group] += 1


def _is_marks(config: Config, service: Service) -> bool:
    members = [
        m for group in config.virtual_server_groups if group.name == service.group for m in group.members
    ]
    return service.fwmark is not None or (bool(members) and all(m.fwmark is not None for m in members))


def _server(one: VirtualServer, use: int, protocol: str) -> dict[str, Any]:
    found = {
        **_service(one.service, use),
        "delay_loop": one.delay_loop / SECOND,
        "sched": one.lvs_sched,
        "persistence": one.persistence_timeout,
        "protocol": protocol,
        "flags": [words for words, names in FLAGS.items() if any(getattr(one, name) for name in names)],
        "forward": _method(one.lvs_method or Method()),
        "quorum": f"{one.quorum}, hysteresis = {one.hysteresis}"
        if one.quorum > 1 or one.hysteresis
        else None,
        "virtualhost": one.virtualhost,
        "sorry_server": _sorry(one.sorry_server, protocol),
        "real_servers": [_real(server) for server in one.real_servers],
    }
    return {name: value for name, value in found.items() if value or name in ("port", "real_servers")}


def _service(service: Service, use: int) -> dict[str, Any]:
    if service.endpoint is not None:
        return {"vip": str(service.endpoint.address), "port": service.endpoint.port}
    return {"fwmark": service.fwmark} if service.fwmark is not None else {"group": f"[{service.group}]:{use}"}


def _method(one: Method) -> str:
    return f"TUN, type = {(one.tunnel or 'ipip').upper()}" if one.kind == "TUN" else one.kind


def _sorry(one: Endpoint | None, protocol: str) -> str | None:
    return None if one is None else f"[{one.address}]:{protocol.lower()}:{one.port}"


def _real(server: RealServer) -> list[Any]:
    return [str(server.endpoint.address), server.endpoint.port, server.weight]


def checkers_of(config: Config) -> Counter[str]:
    found: Counter[str] = Counter()
    for virtual in config.virtual_servers:
        for real in virtual.real_servers:
            found.update(f"HTTP_GET, http protocol {one.http_protocol}" for one in real.http_get)
            found.update(f"SSL_GET, http protocol {one.http_protocol}" for one in real.ssl_get)
            found["SMTP_CHECK"] += sum(len(one.host) for one in real.smtp_check)
            for name in ("tcp", "udp", "ping", "misc", "smtp", "dns", "bfd"):
                checks = getattr(real, f"{name}_check")
                found[f"{name.upper()}_CHECK"] += len(checks)
    return +found
