"""A configuration as Keepalived summarises it: the parts that the corpus recorded, in its notation."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, Final

from standfast.base.times import MILLISECOND, SECOND
from standfast.model.config import Config
from standfast.model.kinds.scripts import Script
from standfast.model.kinds.servers import Endpoint, GroupMember, Method, Service
from standfast.model.routes import Metric, NextHop, Route
from standfast.model.virtual_address import SCOPES, VirtualAddress
from standfast.model.virtual_server import RealServer, VirtualServer, VirtualServerGroup
from standfast.model.vrrp_instance import VrrpInstance

USUAL_GARP: Final = [5, 5, 0, 1]
FLAGS: Final = {
    "Using HA suspend": ("ha_suspend",),
    "alpha is ON": ("alpha",),
    "omega is ON": ("omega",),
    "Inhibit on failure is ON": ("inhibit_on_failure", "sorry_server_inhibit"),
}


def summary_of(config: Config, interfaces: Iterable[str] = ()) -> dict[str, Any]:
    """All parts; those that are empty are left out."""
    vmacs = _vmacs(config, interfaces)
    whole = {
        "router_id": config.global_defs.router_id,
        "instances": [_instance(config, one, vmacs.get(one.name)) for one in config.vrrp_instances],
        "sync_groups": [{"name": g.name, "members": list(g.group)} for g in config.vrrp_sync_groups],
        "scripts": list(_scripts(config)),
        "processes": [
            {"name": p.name, "process": " ".join(p.process), "weight": p.weight.value}
            for p in config.vrrp_track_processes
        ],
        "static_addresses": [
            address_text(one, config.global_defs.default_interface) for one in config.static_ipaddress
        ],
        "static_routes": [route_text(one) for one in config.static_routes],
        "virtual_server_groups": [_group(one) for one in config.virtual_server_groups],
        "virtual_servers": list(_servers(config)),
        "checkers": dict(_checkers(config)),
    }
    return {name: value for name, value in whole.items() if value}


# ---- instances


def _vmacs(config: Config, interfaces: Iterable[str]) -> dict[str, str]:
    """The names of the VMACs and ipvlans: as configured, or the first that is free (VM-01)."""
    taken, names = set(interfaces), {}
    made = [one for one in config.vrrp_instances if one.use_vmac is not None or one.use_ipvlan is not None]
    for one in made:
        own = one.use_vmac or one.use_ipvlan
        assert own is not None
        prefix, number = config.global_defs.vmac_prefix, one.virtual_router_id
        sixth = ("6",) if one.family == 6 else ()
        further = ("", *sixth, *(str(count) for count in range(1, 256)))
        usual = (f"{prefix}{each}.{number}" for each in further)
        names[one.name] = own.name or next(name for name in usual if name not in taken)
        taken.add(names[one.name])
    return names


def _instance(config: Config, one: VrrpInstance, vmac: str | None) -> dict[str, Any]:
    on = vmac or one.interface
    groups = [group.name for group in config.vrrp_sync_groups if one.name in group.group]
    scripts = {script.name: script for script in config.vrrp_scripts}
    processes = {process.name: process for process in config.vrrp_track_processes}
    bfds = {bfd.name: bfd for bfd in config.bfd_instances}
    garp = [
        one.garp_master_delay // SECOND, one.garp_master_repeat,
        one.garp_master_refresh // SECOND, one.garp_master_refresh_repeat,
    ]  # fmt: skip
    found = {
        "name": one.name,
        "interface": one.interface or "not configured",
        "vrid": one.virtual_router_id,
        "version": one.version,
        "ipv6": one.family == 6,
        "state": one.state,
        "priority": one.priority,
        "advert_ms": one.advert_int // MILLISECOND,
        "preempt": one.preempt,
        "preempt_delay": one.preempt_delay // SECOND,
        "accept": one.accept,
        "src_ip": None if one.source is None else str(one.source),
        "unicast_peers": [str(peer.address) for peer in one.unicast_peer],
        "vips": [address_text(address, on) for address in one.virtual_ipaddress],
        "vips_excluded": [address_text(address, on) for address in one.virtual_ipaddress_excluded],
        "routes": [route_text(route) for route in one.virtual_routes],
        "garp": garp if garp != USUAL_GARP else None,
        "auth": one.authentication.auth_type if one.authentication is not None else None,
        "auth_ext": "HMAC-SHA256-128" if one.auth_hmac is not None else None,
        "vmac": vmac,
        "sync_group": groups[0] if groups else None,
        "smtp_alert": one.smtp_alert,
        "notify": _notify(one),
        "track_interfaces": [f"{it.name} weight {it.weight or 0}" for it in one.track_interface],
        "track_scripts": [f"{it.name} weight {_own(it, scripts)}" for it in one.track_script],
        "track_processes": [f"{it.name}, weight {_own(it, processes)}" for it in one.track_process],
        "track_bfds": [f"{it.name}: weight {_own(it, bfds)}" for it in one.track_bfd],
    }
    always = ("accept", "preempt", "name", "interface", "vrid", "priority", "version", "state", "advert_ms")
    return {name: value for name, value in found.items() if value or name in always}


def _own(tracked: Any, blocks: dict[str, Any]) -> int:
    weight: int = blocks[tracked.name].weight.value if tracked.weight is None else tracked.weight
    return weight


def _notify(one: VrrpInstance) -> dict[str, str]:
    said = {
        "generic": one.notify, "master": one.notify_master, "backup": one.notify_backup,
        "fault": one.notify_fault, "stop": one.notify_stop,
    }  # fmt: skip
    return {name: command_text(script) for name, script in said.items() if script is not None}


def command_text(script: Script) -> str:
    """Each word in single quotes."""
    return " ".join(f"'{word}'" for word in script.words)


def _scripts(config: Config) -> Iterator[dict[str, Any]]:
    for one in config.vrrp_scripts:
        yield {
            "name": one.name, "command": command_text(one.script), "interval": one.interval // SECOND,
            "timeout": one.timeout // SECOND, "weight": one.weight.value, "rise": one.rise, "fall": one.fall,
        }  # fmt: skip


# ---- addresses and routes


def address_text(one: VirtualAddress, interface: str) -> str:
    """An address as `ip address` would be told."""
    ipv4 = one.address.version == 4
    parts = [str(one.address) if one.prefix == one.address.max_prefixlen else str(one)]
    parts += [] if one.broadcast is None else [f"brd {one.broadcast}"]
    parts += [f"dev {one.dev or interface}", f"scope {_scope(one.scope) if ipv4 else 'global'}"]
    parts += [f"label {one.label}"] if one.label else []
    parts += ["noprefixroute"] if one.noprefixroute else []
    parts += ["no_track"] if one.no_track else []
    if not ipv4 and one.preferred_seconds == 0:
        parts.append("deprecated")
    return " ".join(parts)


def _scope(number: int) -> str:
    return next(name for name, value in SCOPES.items() if value == number)


def route_text(route: Route) -> str:
    """A route as `ip route` would be told."""
    parts = ["append" if route.append else "add" if route.add else "prepend"]
    parts += [] if route.type == "unicast" else [route.type]
    ipv6 = _is_ipv6(route)
    where = route.destination
    parts.append(("::/0" if ipv6 else "0.0.0.0/0") if where.address is None else str(where))
    parts += [] if route.src is None else [f"src {route.src}"]
    parts += [] if route.via is None else [f"via inet{'6' if ipv6 else ''} {route.via}"]
    parts += [f"dev {route.dev}"] if route.dev else []
    parts += [f"table {route.table}"] if route.table else []
    parts.append(f"proto {route.protocol or 18}")
    parts += [f"scope {_number(route.scope)}"] if route.scope else []
    parts += [] if route.metric is None else [f"metric {route.metric}"]
    parts += [f"{n} {m.value}" for n in ("mtu", "advmss") if isinstance(m := getattr(route, n), Metric)]
    parts += [hop_text(hop) for hop in route.nexthop]
    parts += ["no_track"] if route.no_track else []
    return " ".join(parts)


def _number(scope: str) -> int:
    return SCOPES[scope] if scope in SCOPES else int(scope)


def _is_ipv6(route: Route) -> bool:
    addresses = (route.destination.address, route.via, route.src, *(hop.via for hop in route.nexthop))
    return (
        route.inet6
        or route.destination.family == 6
        or any(a is not None and a.version == 6 for a in addresses)
    )


def hop_text(hop: NextHop) -> str:
    """One way of several."""
    family = "inet6" if hop.via is not None and hop.via.version == 6 else "inet"
    parts = ["nexthop", *([] if hop.via is None else [f"via {family} {hop.via}"])]
    parts += [f"dev {hop.dev}"] if hop.dev else []
    return " ".join(parts + (["onlink"] if hop.onlink else []))


# ---- servers


def _group(one: VirtualServerGroup) -> dict[str, Any]:
    families = {member.first.version for member in one.members if member.first is not None}
    said = ", ".join(f"IPv{family} = {'yes' if family in families else 'no'}" for family in (4, 6))
    entries = sorted(one.members, key=lambda member: member.fwmark is not None)
    return {"name": f"{one.name}, {said}", "entries": [_member(member) for member in entries]}


def _member(member: GroupMember) -> str:
    if member.fwmark is not None:
        return str(member.fwmark)
    last = f"-{member.last}" if member.last is not None else ""
    return f"{member.first}{last}, VPORT = {member.port}"


def _servers(config: Config) -> Iterator[dict[str, Any]]:
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


def _checkers(config: Config) -> Counter[str]:
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
