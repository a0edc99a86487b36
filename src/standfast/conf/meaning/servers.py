"""The rules of `virtual_server` (behaviours LV-03 to LV-07, LV-21, LV-23, CF-08)."""

from collections.abc import Callable
from typing import Final

from standfast.base.frozen import changed
from standfast.base.nearest import nearest
from standfast.conf.meaning.built import Built
from standfast.conf.meaning.checkers import checkers_are_complete
from standfast.conf.meaning.connections import checkers_can_connect
from standfast.conf.meaning.draft import Draft
from standfast.conf.meaning.engine import engine_can_do_it
from standfast.conf.meaning.server_options import SERVER_OPTION_RULES, group_is_of_few_sorts
from standfast.conf.origin import Origin
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.kinds.servers import Endpoint, Method
from standfast.model.virtual_server import RealServer, VirtualServer

Server = Built[VirtualServer]
ServerRule = Callable[[Server, Draft], None]

_USUAL_PERSISTENCE: Final = 360  # seconds (LV-05)


def check_server_groups(draft: Draft) -> None:
    """A group without entries serves nothing."""
    for it in draft.virtual_server_groups:
        if not it.value.members:
            it.reject("empty-group", f"virtual_server_group {it.value.name} has no entries; it is left out")
        else:
            group_is_of_few_sorts(it)


def has_real_servers(it: Server, _: Draft) -> None:
    """A service without servers is left out (LV-07)."""
    if not it.value.real_servers:
        words = f"virtual server {it.value.service} has no real servers; it is left out"
        it.reject(
            "no-real-servers", words, hint="write `real_server IPADDR PORT { … }` into it, or remove it"
        )


def group_exists(it: Server, draft: Draft) -> None:
    """The named group is there."""
    name = it.value.service.group
    if name and not (name in draft.server_groups and draft.server_groups[name].usable):
        names = [group.value.name for group in draft.virtual_server_groups if group.usable]
        words = f"there is no virtual_server_group {name}; its virtual server is left out"
        it.reject("unknown-group", words, hint=nearest(name, names) or "define it, at any place of the file")


def has_its_basics(it: Server, draft: Draft) -> None:
    """Scheduler, forwarding method and protocol are better said (LV-03)."""
    name = it.value.service
    if not it.given("lvs_sched"):
        it.complain(
            "no-scheduler",
            f"virtual server {name} names no scheduler; using wlc",
            hint="write `lvs_sched wlc`",
        )
    methods_given = all(rs.lvs_method is not None for rs in it.value.real_servers)
    if not it.given("lvs_method") and not methods_given:
        it.complain(
            "no-method", f"virtual server {name} names no method; using NAT", hint="write `lvs_method NAT`"
        )
    if it.value.lvs_method is None:
        inherited = (changed(rs, lvs_method=rs.lvs_method or Method()) for rs in it.value.real_servers)
        it.change(lvs_method=Method(), real_servers=tuple(inherited))
    marked = it.value.service.fwmark is not None or _is_marks(it, draft)
    if it.given("protocol") and marked:
        it.complain(
            "protocol-unused",
            f"virtual server {name} serves firewall marks; protocol does nothing",
            field="protocol",
        )
    elif not it.given("protocol") and not marked:
        it.complain(
            "no-protocol", f"virtual server {name} names no protocol; using UDP", hint="write `protocol TCP`"
        )


def _is_marks(it: Server, draft: Draft) -> bool:
    group = draft.server_groups.get(it.value.service.group)
    return group is not None and all(member.fwmark is not None for member in group.value.members)


def ports_default_to_the_services(it: Server, _: Draft) -> None:
    """A server that is written without a port has the port of the service."""
    service = it.value.service.endpoint
    if service is None or not service.port or all(server.endpoint.port for server in it.value.real_servers):
        return
    servers = tuple(
        server if server.endpoint.port else changed(server, endpoint=_with_port(server.endpoint, service))
        for server in it.value.real_servers
    )
    it.change(real_servers=servers)


def _with_port(endpoint: Endpoint, service: Endpoint) -> Endpoint:
    return Endpoint(endpoint.address, service.port)


def ports_agree(it: Server, draft: Draft) -> None:
    """Without NAT a real server's port is the service's (LV-04)."""
    service = it.value.service
    marked = service.fwmark is not None or _is_marks(it, draft)
    servers = []
    for server, origin in zip(it.value.real_servers, it.origin.blocks.get("real_servers", []), strict=True):
        kept = server
        method = server.lvs_method or it.value.lvs_method or Method()
        port = server.endpoint.port
        if marked and port and method.kind != "NAT":
            it.complain(
                "port-unused",
                f"a service of firewall marks has no port for real server {server.endpoint.address}",
                line=origin.line,
            )
            kept = changed(server, endpoint=Endpoint(server.endpoint.address, 0))
        elif service.endpoint is not None and method.kind != "NAT" and port != service.endpoint.port:
            it.complain(
                "port-differs",
                f"port {port} of {server.endpoint.address} must be {service.endpoint.port} with {method.kind}",
                line=origin.line,
                hint="only NAT can change the port",
            )
            kept = changed(server, endpoint=_with_port(server.endpoint, service.endpoint))
        servers.append(kept)
    if any(kept is not server for kept, server in zip(servers, it.value.real_servers, strict=True)):
        it.change(real_servers=tuple(servers))


def servers_are_distinct(it: Server, _: Draft) -> None:
    """A server stands once in a service (LV-21)."""
    _keep_once(it, Severity.WARNING, ErrorClass.WARNING)


def servers_stay_distinct(it: Server, _: Draft) -> None:
    """Two servers that the service's port makes one are one; Keepalived notices it only when it runs."""
    _keep_once(it, Severity.NOTICE, ErrorClass.NONE)


def _keep_once(it: Server, severity: Severity, error_class: ErrorClass) -> None:
    servers = it.value.real_servers
    if len({server.endpoint for server in servers}) == len(servers):
        return
    kept: dict[Endpoint, tuple[RealServer, Origin]] = {}
    for server, origin in zip(servers, it.origin.blocks.get("real_servers", []), strict=True):
        if server.endpoint in kept:
            words = f"real server {server.endpoint.address} stands in {it.value.service} already"
            it.complain(
                "duplicate-server", words, line=origin.line, severity=severity, error_class=error_class
            )
        kept.setdefault(server.endpoint, (server, origin))
    it.change(real_servers=tuple(server for server, _ in kept.values()))
    it.origin.blocks["real_servers"] = [origin for _, origin in kept.values()]


def quorum_can_be_reached(it: Server, _: Draft) -> None:
    """The quorum is no more than all servers together weigh, and the margin less than the quorum (LV-23)."""
    total = sum(server.weight for server in it.value.real_servers)
    quorum, hysteresis = it.value.quorum, it.value.hysteresis
    if quorum > total and (it.given("quorum") or not total):
        it.complain(
            "quorum",
            f"quorum {quorum} of {it.value.service} is more than all servers weigh; using {total}",
            field="quorum",
            at=1,
            hint="lower the quorum, or give the servers more weight",
        )
        it.change(quorum=max(total, 1))
    if hysteresis and hysteresis >= it.value.quorum:
        words = f"hysteresis {hysteresis} of {it.value.service} must be less than its quorum; using 0"
        it.complain("hysteresis", words, field="hysteresis", at=1)
        it.change(hysteresis=0)


def packets_are_udp(it: Server, _: Draft) -> None:
    """One-packet scheduling is for UDP (LV-06)."""
    if it.value.ops and it.value.protocol != "UDP":
        it.complain("ops", "ops is for UDP only; it is switched off", field="ops")
        it.change(ops=False)


def every_port_needs_persistence(it: Server, draft: Draft) -> None:
    """A service of every port keeps a client with its server (LV-05)."""
    endpoint = it.value.service.endpoint
    group = draft.server_groups.get(it.value.service.group)
    ports = [] if group is None else [member.port for member in group.value.members if member.fwmark is None]
    if endpoint is not None:
        ports.append(endpoint.port)
    if 0 in ports and it.value.persistence_timeout is None:
        words = (
            f"virtual server {it.value.service} serves every port and needs persistence_timeout; "
            f"using {_USUAL_PERSISTENCE}"
        )
        it.complain("persistence", words, severity=Severity.WARNING)
        it.change(persistence_timeout=_USUAL_PERSISTENCE)


def granularity_needs_persistence(it: Server, _: Draft) -> None:
    """Who counts networks as clients keeps them with a server, for the usual time if none is said (LV-05)."""
    if it.value.persistence_granularity is not None and it.value.persistence_timeout is None:
        it.change(persistence_timeout=_USUAL_PERSISTENCE)


def sorry_server_has_the_port(it: Server, draft: Draft) -> None:
    """Without NAT the sorry server's port is the service's, too; with NAT it may stay open."""
    sorry, service = it.value.sorry_server, it.value.service
    if sorry is None:
        return
    method = it.value.sorry_server_lvs_method or it.value.lvs_method or Method()
    marked = service.fwmark is not None or _is_marks(it, draft)
    if method.kind == "NAT":
        return
    if marked and sorry.port:
        it.complain(
            "port-unused",
            "a service of firewall marks has no port for the sorry server",
            field="sorry_server",
        )
        it.change(sorry_server=Endpoint(sorry.address))
    elif service.endpoint is not None and sorry.port != service.endpoint.port:
        if sorry.port:
            words = f"the sorry server's port {sorry.port} must be {service.endpoint.port} with {method.kind}"
            it.complain("port-differs", words, field="sorry_server")
        it.change(sorry_server=_with_port(sorry, service.endpoint))


SERVER_RULES: Final[tuple[ServerRule, ...]] = (
    group_exists,
    *SERVER_OPTION_RULES,
    has_real_servers,
    has_its_basics,
    servers_are_distinct,
    ports_default_to_the_services,
    ports_agree,
    checkers_are_complete,
    checkers_can_connect,
    servers_stay_distinct,
    sorry_server_has_the_port,
    quorum_can_be_reached,
    packets_are_udp,
    every_port_needs_persistence,
    granularity_needs_persistence,
    engine_can_do_it,
)


def check_servers(draft: Draft) -> None:
    """The rules of each virtual server, as long as it is usable."""
    for it in draft.virtual_servers:
        for rule in SERVER_RULES:
            if it.usable:
                rule(it, draft)
