"""A configuration as Keepalived summarises it: the parts that the corpus recorded, in its notation."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from corpus_addresses import address_text, route_text, rules_text
from corpus_interfaces import OwnInterfaces
from corpus_servers import checkers_of, group_text, servers_of

from standfast.base.frozen import changed
from standfast.base.times import MILLISECOND, SECOND
from standfast.model.config import Config
from standfast.model.kinds.scripts import Script
from standfast.model.kinds.weights import Weight
from standfast.model.virtual_address import VirtualAddress
from standfast.model.vrrp_instance import VrrpInstance

USUAL_GARP: Final = [5, 5, 0, 1]


def summary_of(config: Config, interfaces: Iterable[str] = ()) -> dict[str, Any]:
    """All parts; those that are empty are left out."""
    own = OwnInterfaces(config, interfaces)
    groups = [config.static_rules, *(one.virtual_rules for one in config.vrrp_instances)]
    static_rules, *rules = rules_text(groups)
    instances = zip(config.vrrp_instances, rules, strict=True)
    whole = {
        "router_id": config.global_defs.router_id,
        "instances": [_instance(config, one, own) | _rules(told) for one, told in instances],
        "sync_groups": [{"name": g.name, "members": list(g.group)} for g in config.vrrp_sync_groups],
        "scripts": list(_scripts(config)),
        "processes": [
            {"name": p.name, "process": p.process[0], "weight": _weight(p.weight)}
            for p in config.vrrp_track_processes
        ],
        "static_addresses": [
            address_text(one, config.global_defs.default_interface) for one in config.static_ipaddress
        ],
        "static_routes": [route_text(one) for one in config.static_routes],
        "static_rules": static_rules,
        "virtual_server_groups": [group_text(one) for one in config.virtual_server_groups],
        "virtual_servers": list(servers_of(config)),
        "checkers": dict(checkers_of(config)),
    }
    return {name: value for name, value in whole.items() if value}


def _rules(told: list[str]) -> dict[str, list[str]]:
    return {"rules": told} if told else {}


# ---- instances


def _instance(config: Config, one: VrrpInstance, interfaces: OwnInterfaces) -> dict[str, Any]:
    groups = [group.name for group in config.vrrp_sync_groups if one.name in group.group]
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
        "vips": _addresses(one, one.virtual_ipaddress, interfaces),
        "vips_excluded": _addresses(one, one.virtual_ipaddress_excluded, interfaces),
        "routes": [route_text(route) for route in one.virtual_routes],
        "garp": _garp(one),
        "auth": one.authentication.auth_type if one.authentication is not None else None,
        "auth_ext": "HMAC-SHA256-128" if one.auth_hmac is not None else None,
        "vmac": interfaces.of[one.name] if one.use_vmac is not None else None,
        "sync_group": groups[0] if groups else None,
        "smtp_alert": one.smtp_alert,
        "notify": _notify(one),
        **_trackers(config, one),
        **_ipvlan(one, interfaces),
    }
    always = ("accept", "preempt", "name", "interface", "vrid", "priority", "version", "state", "advert_ms")
    return {name: value for name, value in found.items() if value or name in always}


def _addresses(
    one: VrrpInstance, addresses: Iterable[VirtualAddress], interfaces: OwnInterfaces
) -> list[str]:
    vmac = interfaces.of[one.name] if one.use_vmac is not None else None
    told = []
    for address in addresses:
        own = interfaces.of_address(one, address)
        told.append(
            address_text(address, (vmac if address.family is one.family else None) or one.interface)
            if own is None
            else address_text(changed(address, dev=own), "")
        )
    return told


def _ipvlan(one: VrrpInstance, interfaces: OwnInterfaces) -> dict[str, Any]:
    """An ipvlan stands where the interface does, and its address is the source."""
    if one.use_ipvlan is None:
        return {}
    name = interfaces.of[one.name]
    source = {"src_ip": str(one.use_ipvlan.address)} if one.use_ipvlan.address is not None else {}
    return {"interface": name, "ipvlan": name, **source}


def _garp(one: VrrpInstance) -> list[int] | None:
    garp = [
        one.garp_master_delay // SECOND, one.garp_master_repeat,
        one.garp_master_refresh // SECOND, one.garp_master_refresh_repeat,
    ]  # fmt: skip
    return garp if garp != USUAL_GARP else None


def _trackers(config: Config, one: VrrpInstance) -> dict[str, Any]:
    scripts = {script.name: script for script in config.vrrp_scripts}
    processes = {process.name: process for process in config.vrrp_track_processes}
    files = {file.name: file for file in config.track_files}
    bfds = {bfd.name: bfd for bfd in config.bfd_instances}
    return {
        "track_interfaces": [
            f"{it.name} weight {_turned(it.weight or 0, it.reverse)}" for it in one.track_interface
        ],
        "track_scripts": [f"{it.name} weight {_own(it, scripts)}" for it in one.track_script],
        "track_processes": [f"{it.name}, weight {_own(it, processes)}" for it in one.track_process],
        "track_files": [f"{it.name}, weight {_own(it, files)}" for it in one.track_file],
        "track_bfds": [f"{it.name}: weight {_own(it, bfds)}" for it in one.track_bfd],
    }


def _own(tracked: Any, blocks: dict[str, Any]) -> str:
    """The weight of a tracker, where none stands the one of what it tracks."""
    usual: Weight = blocks[tracked.name].weight
    value = usual.value if tracked.weight is None else tracked.weight
    return _turned(value, usual.reverse if tracked.reverse is None else tracked.reverse)


def _turned(weight: int, reverse: bool) -> str:
    return f"{weight} reverse" if reverse else str(weight)


def _weight(weight: Weight) -> int | str:
    return f"{weight.value} reverse" if weight.reverse else weight.value


def _notify(one: VrrpInstance) -> dict[str, str]:
    said = {
        "generic": one.notify, "master": one.notify_master, "backup": one.notify_backup,
        "fault": one.notify_fault, "stop": one.notify_stop, "deleted": one.notify_deleted,
        "master rx lower pri": one.notify_master_rx_lower_pri,
    }  # fmt: skip
    return {name: command_text(script) for name, script in said.items() if script is not None}


def command_text(script: Script) -> str:
    """Each word in single quotes; a program without a folder is told where it was found."""
    first, *further = script.words
    found = first if "/" in first else f"*/{first}"
    return " ".join(f"'{word}'" for word in (found, *further))


def _scripts(config: Config) -> Iterator[dict[str, Any]]:
    for one in config.vrrp_scripts:
        yield {
            "name": one.name, "command": command_text(one.script), "interval": one.interval / SECOND,
            "timeout": one.timeout / SECOND, "weight": _weight(one.weight), "rise": one.rise, "fall": one.fall,
        }  # fmt: skip
