"""The virtual servers in the form of `keepalived_check.data` (FILE-03): Keepalived's headings, rows and words."""

from collections.abc import Iterator, Mapping
from typing import Final

from standfast.base.addresses import Family, IpAddress
from standfast.base.frozen import frozen
from standfast.core.lvs.configured import names_of
from standfast.core.lvs.snapshot import BalancerSnapshot, VirtualSnapshot
from standfast.core.track.verdict import TrackerKey, TrackerKind, Verdict
from standfast.model import virtual_server as model
from standfast.model.config import Config
from standfast.model.kinds.servers import Granularity, GroupMember, Method
from standfast.observe import dump_words as words
from standfast.observe.state.moment import Moment

_VERSION: Final = "1.2.1"  # of IPVS, as its headers have had it since 2004
_CHECKSUMS: Final = {"csum": ", checksum", "remcsum": ", remote checksum"}
_SILENT: Final = Verdict(up=False)
_HASHING: Final = ("sh", "mh")


@frozen
class ServersSeen:
    """All that a dump of the virtual servers is made of."""

    snapshot: BalancerSnapshot
    verdicts: Mapping[TrackerKey, Verdict]  # of the files and sessions that real servers follow
    config: Config
    moment: Moment  # when the snapshot was taken
    account: words.Account

    @property
    def virtuals(self) -> Iterator[tuple[model.VirtualServer, VirtualSnapshot]]:
        """Each configured virtual server, and how it is."""
        found = {one.virtual.name: one for one in self.snapshot.virtuals}
        return ((block, found[name]) for name, block in names_of(self.config) if name in found)

    def verdict(self, key: TrackerKey) -> Verdict:
        """What a file or session says; one that nobody looks after is down."""
        return self.verdicts.get(key, _SILENT)


def servers_text(seen: ServersSeen) -> str:
    """The sections of certificates, groups and virtual servers."""
    lines = ["------< SSL definitions >------", *_certificates(seen.config)]
    lines += ["------< LVS Topology >------", f" System is compiled with LVS v{_VERSION}"]
    groups = seen.config.virtual_server_groups
    if groups:
        lines.append(" ------< Virtual server group >------")
        lines += (line for group in groups for line in _group(group, seen.config))
    for block, one in seen.virtuals:
        lines += [" ------< Virtual server >------", f" VS {_service(block)}"]
        lines += (f"   {row}" for row in _virtual(block, one, seen))
    return "\n".join(lines) + "\n"


def virtual_name(block: model.VirtualServer, one: VirtualSnapshot) -> str:
    """How Keepalived's dump calls a virtual server."""
    return f"[{block.service.group}]:0" if block.service.group else one.virtual.name


def _certificates(config: Config) -> Iterator[str]:
    ssl = config.ssl
    if ssl is None:
        yield " Using autogen SSL context"
        return
    if ssl.password is not None:
        yield f" Password : {words.MASKED}"
    for name, path in (("CA-file", ssl.ca), ("Certificate file", ssl.certificate), ("Key file", ssl.key)):
        if path:
            yield f" {name} : {path}"


# ---- groups


def _group(group: model.VirtualServerGroup, config: Config) -> Iterator[str]:
    families = {one.first.version for one in group.members if one.first is not None}
    ipv4, ipv6 = words.yes(4 in families), words.yes(6 in families)
    yield f" Virtual Server Group = {group.name}, IPv4 = {ipv4}, IPv6 = {ipv6}"
    users = [one for one in config.virtual_servers if one.service.group == group.name]
    # Ranges stand behind addresses, and marks behind both.
    for one in sorted(group.members, key=_sort_of):
        yield f"   {_member(one)}"
        yield f"     Alive: {_uses(one, users)}"
        yield "     reloaded = False"


def _sort_of(one: GroupMember) -> int:
    return 2 if one.first is None else int(one.last is not None)


def _member(one: GroupMember) -> str:
    if one.first is None:
        return f"FWMARK = {one.fwmark}"
    if one.last is not None:
        return f"VIP Range = {one.first}-{one.last}, VPORT = {one.port}"
    length = "" if one.prefix is None else f"/{one.prefix}"
    return f"VIP = {one.first}{length}, VPORT = {one.port}"


def _uses(one: GroupMember, users: list[model.VirtualServer]) -> str:
    """How many virtual servers have the member, protocol by protocol, or for a mark family by family."""
    if one.first is not None:
        counts = ((name, sum(user.protocol == name for user in users)) for name in ("TCP", "UDP", "SCTP"))
        return ", ".join(f"{count} {name.lower()}" for name, count in counts)
    newer = sum(_of_ipv6(user) for user in users)
    return f"{len(users) - newer} IPv4, {newer} IPv6"


def _of_ipv6(block: model.VirtualServer) -> bool:
    return any(server.endpoint.address.version == 6 for server in block.real_servers)


# ---- virtual servers


def _service(block: model.VirtualServer) -> str:
    service = block.service
    if service.group:
        return f"GROUP = [{service.group}]:0"
    if service.endpoint is None:
        return f"FWMARK = {service.fwmark}"
    return f"VIP = {service.endpoint.address}, VPORT = {service.endpoint.port}"


def _virtual(block: model.VirtualServer, one: VirtualSnapshot, seen: ServersSeen) -> Iterator[str]:
    if block.virtualhost:
        yield f"VirtualHost = {block.virtualhost}"
    yield f"Address family = {_family(one)}"
    yield f"connection timeout = {words.exact_seconds(block.connect_timeout)}"
    yield f"delay_loop = {words.exact_seconds(block.delay_loop)}"
    yield from _scheduling(block)
    yield f"alpha is {_switch(block.alpha)}"
    yield f"omega is {_switch(block.omega)}"
    yield from _retries(block)
    yield f"Inhibit on failure is {_switch(block.inhibit_on_failure)}"
    yield f"quorum = {block.quorum}, hysteresis = {block.hysteresis}"
    for word, script in (("up", block.quorum_up), ("down", block.quorum_down)):
        if script is not None:
            yield f"Quorum {word} notify script = {words.command(script)}, uid:gid {seen.account(script)}"
    if block.ha_suspend:
        yield "Using HA suspend"
    yield f"Using smtp notification = {words.yes(block.smtp_alert)}"
    method = block.lvs_method or Method()
    usual = "" if method.tunnel in ("gue", "gre") else "default "  # those it has forgotten
    yield f"{usual}{_forwarding(method)}"
    yield from _sorry(block, one)
    yield f"alive = {int(not one.refused)}"
    yield f"quorum_state_up = {int(one.pool.quorum)}"
    yield "reloaded = 0"
    view = _view(block, one, seen)
    for place in range(len(block.real_servers)):
        yield "------< Real server >------"
        yield from _real(place, view)


def _family(one: VirtualSnapshot) -> str:
    families = {service.key.family for service in one.virtual.services}
    if len(families) > 1:
        return "IPv4 & IPv6"
    return "inet6" if Family.IPV6 in families else "inet"


def _scheduling(block: model.VirtualServer) -> Iterator[str]:
    yield f"lvs_sched = {block.lvs_sched}"
    yield f"Hashed = {words.enabled(block.hashed)}"
    if block.lvs_sched in _HASHING:
        for option in ("port", "fallback"):
            on = getattr(block, f"{block.lvs_sched}_{option}")
            yield f"{block.lvs_sched}-{option} = {words.enabled(on)}"
    else:
        for number in (1, 2, 3):
            yield f"flag-{number} = {words.enabled(getattr(block, f'flag_{number}'))}"
    yield f"One packet scheduling = {words.enabled(block.ops)}"
    if block.persistence_timeout is not None:
        yield f"persistence timeout = {block.persistence_timeout}"
    if block.persistence_granularity is not None:
        (size,) = Granularity().write(block.persistence_granularity)
        yield f"persistence granularity = {size}"
    yield f"protocol = {'none' if block.service.fwmark is not None else block.protocol}"


def _sorry(block: model.VirtualServer, one: VirtualSnapshot) -> Iterator[str]:
    if block.sorry_server is None:
        return
    method = block.sorry_server_lvs_method or block.lvs_method or Method()
    yield f"sorry server = {one.virtual.sorry_name}"
    yield f"  {_forwarding(method)}"
    yield f"  Inhibit on failure is {_switch(block.sorry_server_inhibit)}"


def _forwarding(method: Method) -> str:
    if method.kind != "TUN":
        return f"forwarding method = {method.kind}"
    checksum = "" if method.tunnel in ("", "ipip") else _CHECKSUMS.get(method.checksum, ", no checksum")
    port = f", port = {method.port}" if method.tunnel == "gue" else ""
    return f"forwarding method = TUN, type = {(method.tunnel or 'ipip').upper()}{port}{checksum}"


# ---- real servers


@frozen
class _View:
    """A virtual server, with what its real servers are looked up in."""

    block: model.VirtualServer
    one: VirtualSnapshot
    present: frozenset[IpAddress]  # the servers that are in the kernel's table
    seen: ServersSeen


def _view(block: model.VirtualServer, one: VirtualSnapshot, seen: ServersSeen) -> _View:
    entries = (each for entry in one.table for each in entry.destinations.values())
    return _View(block, one, frozenset(each.address for each in entries), seen)


def _real(place: int, view: _View) -> Iterator[str]:
    server, run = view.block.real_servers[place], view.one.virtual.servers[place]
    standing = view.one.pool.standings[place]
    address, port = server.endpoint.address, server.endpoint.port
    yield f"RIP = {address}, RPORT = {port}, WEIGHT = {standing.weight} EFF WEIGHT = {standing.weight}"
    yield _forwarding(server.lvs_method or Method())
    yield from _server_settings(server, view)
    yield f"initial weight = {server.weight}"
    yield f"effective weight = {standing.weight}"
    yield "previous effective_weight = 0"
    yield f"alive = {int(standing.up)}"
    yield f"num failed checkers = {_failed(place, view)}"
    yield f"RS set = {int(address in view.present)}"
    yield "reloaded = 0"
    if server.file_check:
        yield "Tracked Files"
        for followed in run.follows:
            if followed.key.kind is TrackerKind.FILE:
                yield f"  {followed.key.name}, weight {followed.multiplier}"
    if server.bfd_check:
        yield "Tracked BFDs"
        yield from (f"  {each.name}" for each in server.bfd_check)


def _server_settings(server: model.RealServer, view: _View) -> Iterator[str]:
    yield f"Alpha is {_switch(server.alpha)}"
    yield f"connection timeout = {words.exact_seconds(server.connect_timeout)}"
    yield f"connection limit range = {server.lthreshold} -> {server.uthreshold}"
    yield f"Delay loop = {words.exact_seconds(server.delay_loop)}"
    yield from _retries(server)
    yield f"Inhibit on failure is {_switch(server.inhibit_on_failure)}"
    for word, script in (("up", server.notify_up), ("down", server.notify_down)):
        if script is not None:
            account = view.seen.account(script)
            yield f"  RS {word} notify script = {words.command(script)}, uid:gid {account}"
    if server.virtualhost != view.block.virtualhost:
        yield f" VirtualHost = '{server.virtualhost}'"
    yield f"Using smtp notification = {words.yes(server.smtp_alert)}"


def _failed(place: int, view: _View) -> int:
    """How many of its checks, files and sessions are against it."""
    follows = view.one.virtual.servers[place].follows
    against = sum(not view.seen.verdict(each.key).up for each in follows)
    return sum(not check.state.up for check in view.one.checks[place]) + against


def _retries(block: model.VirtualServer | model.RealServer) -> Iterator[str]:
    """What is said for checks below; nothing where each has its own."""
    if block.retry is not None:
        yield f"Retry count = {block.retry}"
    if block.delay_before_retry is not None:
        yield f"Retry delay = {words.exact_seconds(block.delay_before_retry)}"
    if block.warmup is not None:
        yield f"Warmup = {words.exact_seconds(block.warmup)}"


def _switch(on: bool) -> str:
    return "ON" if on else "OFF"
