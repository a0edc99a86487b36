"""From the configuration to the virtual servers (behaviours LV-01 to LV-06, LV-18 to LV-21, LV-26)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from standfast.base.addresses import IpAddress
from standfast.base.frozen import frozen
from standfast.base.services import (
    Destination,
    Forwarding,
    Mark,
    Persistence,
    SchedulerFlag,
    Service,
    ServiceKey,
    Transport,
    Tunnel,
    TunnelChecksum,
    TunnelKind,
)
from standfast.core.check.configured import checks_of
from standfast.core.lvs.marking import GroupMarks, marking_of
from standfast.core.lvs.members import keys_of
from standfast.core.lvs.parameters import Followed, Plan, RealServer, VirtualServer
from standfast.core.track.verdict import TrackerKey, TrackerKind
from standfast.model import virtual_server as model
from standfast.model.certificates import Ssl
from standfast.model.config import Config
from standfast.model.kinds.servers import Endpoint, Method
from standfast.model.kinds.weights import Weight

_FORWARDING: Final = {"NAT": Forwarding.NAT, "DR": Forwarding.DIRECT, "TUN": Forwarding.TUNNEL}
_TUNNELS: Final = {"": TunnelKind.IPIP, "ipip": TunnelKind.IPIP, "gue": TunnelKind.GUE, "gre": TunnelKind.GRE}
_CHECKSUMS: Final = {
    "": TunnelChecksum.NONE,
    "nocsum": TunnelChecksum.NONE,
    "csum": TunnelChecksum.FULL,
    "remcsum": TunnelChecksum.REMOTE,
}
_FLAGS: Final = {
    "flag_1": SchedulerFlag.FLAG_1,
    "flag_2": SchedulerFlag.FLAG_2,
    "flag_3": SchedulerFlag.FLAG_3,
    "sh_fallback": SchedulerFlag.FLAG_1,
    "mh_fallback": SchedulerFlag.FLAG_1,
    "sh_port": SchedulerFlag.FLAG_2,
    "mh_port": SchedulerFlag.FLAG_2,
}


@frozen
class Around:
    """What of the configuration round a virtual server counts for it; equal ones make equal servers."""

    group: model.VirtualServerGroup | None
    ssl: Ssl | None
    files: Mapping[str, Weight]  # the weights of tracked files
    mark: int = 0  # that its group has for all its addresses (LV-18); 0: none


class Planner:
    """Makes plans of configurations; what was in the last one is not made anew: a reload is rarely large."""

    def __init__(self) -> None:
        self._made: dict[str, tuple[model.VirtualServer, Around, VirtualServer]] = {}
        self._marks = GroupMarks()

    def plan(self, config: Config, *, by_nft: bool = False) -> Plan:
        """The virtual servers of a configuration.

        Args:
            config: it.
            by_nft: nftables balances; its own services of many addresses need no mark.
        """
        groups = {group.name: group for group in config.virtual_server_groups}
        files = {file.name: file.weight for file in config.track_files}
        made: dict[str, tuple[model.VirtualServer, Around, VirtualServer]] = {}
        left_out: list[str] = []
        marks = self._marks.configure(config, possible=not by_nft)
        for block in config.virtual_servers:
            name = _unused(_name(block), made)
            group = block.service.group
            mark = marks.get((group, Transport[block.protocol]), 0)
            around = Around(groups.get(group), config.ssl, files, mark)
            former = self._made.get(name)
            if former is not None and former[0] == block and former[1] == around:
                made[name] = former
            else:
                made[name] = block, around, virtual_server(block, name, around, left_out=left_out)
        self._made = made
        servers = tuple(server for _, _, server in made.values())
        marking = marking_of(config, marks)
        return Plan(servers, config.global_defs.rs_init_notifies, tuple(left_out), marking)


def names_of(config: Config) -> Iterator[tuple[str, model.VirtualServer]]:
    """Each virtual server with the name that it gets in a plan."""
    used: dict[str, None] = {}
    for block in config.virtual_servers:
        name = _unused(_name(block), used)
        used[name] = None
        yield name, block


def virtual_server(
    block: model.VirtualServer, name: str, around: Around, *, left_out: list[str]
) -> VirtualServer:
    """One virtual server.

    Args:
        block: what is configured.
        name: that it gets.
        around: what else counts.
        left_out: gets words about what cannot be had.
    """
    keys = keys_of(block, around.group, mark=around.mark, left_out=left_out)
    sorry = block.sorry_server
    method = block.sorry_server_lvs_method or block.lvs_method or Method()
    return VirtualServer(
        name,
        tuple(_service(block, key) for key in keys),
        tuple(_real_server(one, name, block, around) for one in block.real_servers),
        quorum=block.quorum,
        hysteresis=block.hysteresis,
        sorry=None if sorry is None else _destination(sorry, method, weight=1),
        sorry_name="" if sorry is None else server_name(sorry, block),
        sorry_inhibit=block.sorry_server_inhibit,
        omega=block.omega,
        needs=_needed(block, around.group) if block.ha_suspend else frozenset(),
    )


def _needed(block: model.VirtualServer, group: model.VirtualServerGroup | None) -> frozenset[IpAddress]:
    """The addresses of which the host must have one; what is too many has been told of."""
    return frozenset(key.address for key in keys_of(block, group, left_out=[]) if not isinstance(key, Mark))


# ---- names


def _name(block: model.VirtualServer) -> str:
    service = block.service
    if service.endpoint is not None:
        return _trio(service.endpoint, block.protocol)
    if service.fwmark is not None:
        return f"FWM {service.fwmark}" + (" inet6" if block.ip_family == "inet6" else "")
    return f"{service.group}:{block.protocol.lower()}"


def server_name(endpoint: Endpoint, block: model.VirtualServer) -> str:
    """A real server for people and scripts, as Keepalived calls it."""
    return _trio(endpoint, "none" if block.service.fwmark is not None else block.protocol)


def _trio(endpoint: Endpoint, protocol: str) -> str:
    return f"[{endpoint.address}]:{protocol.lower()}:{endpoint.port}"


def _unused(name: str, used: Mapping[str, Any]) -> str:
    """The same service may stand twice (CF-04): then the second has a name of its own."""
    if name not in used:
        return name
    number = 2
    while f"{name} #{number}" in used:
        number += 1
    return f"{name} #{number}"


# ---- services


def _service(block: model.VirtualServer, key: ServiceKey) -> Service:
    return Service(key, block.lvs_sched, _flags(block), _persistence(block), block.ops and _is_udp(key))


def _is_udp(key: ServiceKey) -> bool:
    return isinstance(key, Mark) or key.transport is Transport.UDP


def _flags(block: model.VirtualServer) -> SchedulerFlag:
    flags = SchedulerFlag.NONE
    for field, flag in _FLAGS.items():
        if getattr(block, field) and field[:2] in ("fl", block.lvs_sched):
            flags |= flag
    return flags


def _persistence(block: model.VirtualServer) -> Persistence | None:
    if block.persistence_timeout is None:
        return None
    size = block.persistence_granularity
    return Persistence(
        block.persistence_timeout, None if size is None else size.length, block.persistence_engine
    )


# ---- servers


def _real_server(
    one: model.RealServer, service: str, block: model.VirtualServer, around: Around
) -> RealServer:
    name = server_name(one.endpoint, block)
    method = one.lvs_method or block.lvs_method or Method()
    return RealServer(
        name,
        _destination(one.endpoint, method, weight=one.weight, upper=one.uthreshold, lower=one.lthreshold),
        one.inhibit_on_failure,
        tuple(checks_of(one, service=service, server=name, ssl=around.ssl)),
        tuple(_followed(one, around.files)),
    )


def _destination(
    endpoint: Endpoint, method: Method, *, weight: int, upper: int = 0, lower: int = 0
) -> Destination:
    tunnel = Tunnel(_TUNNELS[method.tunnel], method.port, _CHECKSUMS[method.checksum])
    return Destination(
        endpoint.address, endpoint.port, _FORWARDING[method.kind], weight, upper, lower, tunnel
    )


def _followed(one: model.RealServer, files: Mapping[str, Weight]) -> Iterator[Followed]:
    for file in one.file_check:
        weight = file.weight or files.get(file.track_file) or Weight(0)
        sign = -1 if weight.reverse else 1
        yield Followed(TrackerKey(TrackerKind.FILE, file.track_file), sign * weight.value)
    for session in one.bfd_check:
        yield Followed(TrackerKey(TrackerKind.BFD, session.name), alpha=session.alpha)


def followed_by(config: Config) -> Sequence[TrackerKey]:
    """The files and sessions that real servers follow."""
    found: dict[TrackerKey, None] = {}
    for virtual in config.virtual_servers:
        for server in virtual.real_servers:
            found |= {TrackerKey(TrackerKind.FILE, one.track_file): None for one in server.file_check}
            found |= {TrackerKey(TrackerKind.BFD, one.name): None for one in server.bfd_check}
    return tuple(found)
