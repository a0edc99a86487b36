"""The instances and groups in the form of Keepalived's `keepalived.data` (FILE-03).

Existing tools read it by its headings, its indents and the words before the equals sign: those are kept. What we
know besides stands in a section of its own at the end (`dump`).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from standfast.base.addresses import Family, HostAddress
from standfast.base.frozen import frozen
from standfast.base.routes import HostRule
from standfast.base.times import Duration
from standfast.core.track.verdict import TrackerKind
from standfast.core.vrrp.groups import state_of
from standfast.core.vrrp.router import Link, Router, source_of
from standfast.core.vrrp.snapshot import NodeSnapshot, RouterSnapshot
from standfast.core.vrrp.state import Backup, Fault, name_of
from standfast.core.vrrp.timing import master_down
from standfast.model.config import Config
from standfast.model.kinds.scripts import Script
from standfast.model.sync_group import VrrpSyncGroup
from standfast.model.vrrp_instance import VrrpInstance
from standfast.observe import dump_words as words
from standfast.observe.state.moment import Moment

_AUTHENTICATION: Final = {"PASS": "SIMPLE_PASSWORD", "AH": "IPSEC_AH"}
_TRACKED: Final = {
    TrackerKind.INTERFACE: ("Tracked interfaces", " "),
    TrackerKind.SCRIPT: ("Tracked scripts", " "),
    TrackerKind.FILE: ("Tracked files", ", "),
    TrackerKind.PROCESS: ("Tracked processes", ", "),
    TrackerKind.BFD: ("Tracked BFDs", ": "),
}
_SCRIPTS: Final = {
    "notify_backup": "Backup",
    "notify_master": "Master",
    "notify_fault": "Fault",
    "notify_stop": "Stop",
    "notify_deleted": "Deleted",
    "notify_master_rx_lower_pri": "Master rx lower pri",
    "notify": "Generic",
}


@frozen
class Seen:
    """All that a dump of the routers is made of."""

    snapshot: NodeSnapshot
    config: Config
    links: Mapping[str, Link]
    moment: Moment  # when the snapshot was taken
    account: words.Account


def topology_text(seen: Seen) -> str:
    """The sections of the instances and of the groups."""
    blocks = {one.name: one for one in seen.config.vrrp_instances}
    lines = ["------< VRRP Topology >------"]
    for one in seen.snapshot.routers:
        if one.router.name in blocks:
            lines.append(f" VRRP Instance = {one.router.name}")
            lines += (f"   {row}" for row in _instance(one, blocks[one.router.name], seen))
    if seen.config.vrrp_sync_groups:
        lines.append("------< VRRP Sync groups >------")
        for group in seen.config.vrrp_sync_groups:
            lines += _group(group, seen)
    return "\n".join(lines) + "\n"


def state_word(one: RouterSnapshot) -> str:
    """INIT, BACKUP, MASTER or FAULT."""
    return name_of(one.state).upper()


def held_words(one: RouterSnapshot, of: Iterable[HostAddress]) -> tuple[str, ...]:
    """Addresses of the router, out of its listed or its excluded ones, with all that the kernel is told."""
    below = {own.name: own.parent for own in (*one.router.own_links, *filter(None, [one.router.own]))}
    held = {address.key for address in one.held} - one.refused
    return tuple(
        words.address(
            address, below=below, tracked=address.key not in one.router.untracked, held=address.key in held
        )
        for address in of
    )


def _instance(one: RouterSnapshot, block: VrrpInstance, seen: Seen) -> Iterator[str]:
    yield from _who(one, block)
    yield from _standing(one, seen)
    yield from _network(one.router, block, seen)
    yield from _settings(one, block)
    yield from _password(block, one.router.version)
    yield from _holds(one)
    yield from _peers(one.router)
    yield from _tracks(one.configured)
    yield from _notifies(block, seen)


def _who(one: RouterSnapshot, block: VrrpInstance) -> Iterator[str]:
    yield f"VRRP Version = {one.router.version}"
    if one.router.sync_group:
        yield f"Sync group = {one.router.sync_group}"
    if one.router.family is Family.IPV6:
        yield "Using Native IPv6"
    yield f"State = {state_word(one)}"
    yield "Flags:" if block.unicast else "Flags: none"
    if block.unicast:
        yield "  Using unicast"


def _standing(one: RouterSnapshot, seen: Seen) -> Iterator[str]:
    faults = one.state.reasons if isinstance(one.state, Fault) else ()
    yield f"Wantstate = {state_word(one)}"
    yield "Number of config faults = 0"
    yield f"Number of interface and track script faults = {len(faults)}"
    yield f"Number of track scripts init = {len(one.standing.waits_for)}"
    yield f"Last transition = {words.moment(seen.moment.at(one.changed_at))}"
    due = "DISABLED" if one.deadline is None else words.moment(seen.moment.at(one.deadline))
    yield f"Read timeout = {due}"
    yield f"Master down timer = {master_down(one.router, master_interval(one))} usecs"


def master_interval(one: RouterSnapshot) -> Duration:
    """Of the master that is heard, or our own."""
    return one.state.interval if isinstance(one.state, Backup) else one.router.interval


def _network(router: Router, block: VrrpInstance, seen: Seen) -> Iterator[str]:
    own = router.own
    if own is not None:
        link = seen.links.get(own.name)
        up, base = words.truth(link is not None and link.up), words.truth(block.vmac_xmit_base)
        yield f"Use VMAC, i/f name {own.name}, is_up = {up}, xmit_base = {base}"
        yield f"Interface = {own.name}, vmac on {own.parent}{', xmit base i/f' * block.vmac_xmit_base}"
    else:
        yield f"Interface = {router.interface}"
    if not router.tracks_own:
        yield "VRRP interface tracking disabled"
    source = source_of(router, seen.links)
    yield f"Using src_ip = {source or '(none)'}{' (from configuration)' * (router.source is not None)}"
    if router.group is not None:
        link = seen.links.get(router.base)
        index = f", ifindex {link.index}" if link is not None and router.family is Family.IPV6 else ""
        yield f"Multicast address {router.group}{index}"


def _settings(one: RouterSnapshot, block: VrrpInstance) -> Iterator[str]:
    router = one.router
    yield f"Gratuitous ARP delay = {words.whole_seconds(block.garp_master_delay)}"
    yield f"Gratuitous ARP repeat = {block.garp_master_repeat}"
    yield f"Gratuitous ARP refresh = {words.whole_seconds(block.garp_master_refresh)}"
    yield f"Gratuitous ARP refresh repeat = {block.garp_master_refresh_repeat}"
    yield f"Gratuitous ARP lower priority delay = {words.whole_seconds(block.garp_lower_prio_delay)}"
    yield f"Gratuitous ARP lower priority repeat = {block.garp_lower_prio_repeat}"
    yield f"Down timer adverts = {router.down_timer_adverts}"
    yield f"Send advert after receive lower priority advert = {words.truth(router.answers_weaker)}"
    yield f"Send advert after receive higher priority advert = {words.truth(router.says_goodbye_to_stronger)}"
    yield f"Virtual Router ID = {router.vrid}"
    yield f"Priority = {one.configured.priority}"
    yield f"Effective priority = {router.priority}"
    yield f"Total priority = {router.priority}"
    yield f"Advert interval = {words.interval(router.interval, router.version)}"
    yield f"Accept = {words.enabled(router.accept)}"
    yield f"Preempt = {words.enabled(router.preempt)}"
    if router.preempt_delay:
        yield f"Preempt delay = {words.exact_seconds(router.preempt_delay)} secs"
    yield f"Promote_secondaries = {words.enabled(block.promote_secondaries)}"


def _password(block: VrrpInstance, version: int) -> Iterator[str]:
    given = block.authentication
    if given is None or not given.auth_type:
        yield from ["Authentication type = none"] * (version == 2)
    else:
        yield f"Authentication type = {_AUTHENTICATION[given.auth_type]}"
        if given.auth_type == "PASS":
            yield f"Password = {words.MASKED}"


def _holds(one: RouterSnapshot) -> Iterator[str]:
    router = one.router
    listed, excluded = held_words(one, router.addresses), held_words(one, router.excluded)
    yield f"Virtual IP ({len(listed)}):"
    yield from words.inside(listed)
    if excluded:
        yield "Virtual IP Excluded :"
        yield from words.inside(excluded)
    routes, rules = routing_words(router)
    if routes:
        yield "Virtual Routes :"
        yield from words.inside(routes)
    if rules:
        yield "Virtual Rules :"
        yield from words.inside(rules)


def routing_words(router: Router) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Its routes and its rules."""
    rules = tuple(str(item) for item in router.routing if isinstance(item, HostRule))
    return tuple(str(item) for item in router.routing if not isinstance(item, HostRule)), rules


def _peers(router: Router) -> Iterator[str]:
    if not router.peers:
        return
    limits = {limit.peer: limit for limit in router.hop_limits}
    yield f"Unicast TTL = {router.hop_limit}"
    yield f"Check unicast src : {words.yes(router.peers_only)}"
    yield "Unicast Peer :"
    for peer in router.peers:
        limit = limits.get(peer)
        least, most = (0, 255) if limit is None else (limit.least, limit.most)
        yield f"  {peer} min_ttl {least} max_ttl {most}"


def _tracks(router: Router) -> Iterator[str]:
    for kind, (heading, comma) in _TRACKED.items():
        of_kind = [tracker for tracker in router.trackers if tracker.key.kind is kind]
        if of_kind:
            yield f"{heading} :"
            yield from words.inside(
                f"{each.key.name}{comma}weight {each.weight}{' reverse' * each.reverse}" for each in of_kind
            )


def _notifies(block: VrrpInstance, seen: Seen) -> Iterator[str]:
    yield f"Using smtp notification = {words.yes(block.smtp_alert)}"
    yield f"Notify deleted = {'Fault' if block.notify_deleted is None else 'Deleted'}"
    yield from _scripts(block, seen)
    yield f"Notify priority changes = {words.truth(block.notify_priority_changes)}"


def _scripts(block: VrrpInstance | VrrpSyncGroup, seen: Seen) -> Iterator[str]:
    for field, when in _SCRIPTS.items():
        script: Script | None = getattr(block, field, None)
        if script is not None and script.words:
            account = seen.account(script)
            yield f"{when} state transition script = {words.command(script)}, uid:gid {account}"


def _group(group: VrrpSyncGroup, seen: Seen) -> Iterator[str]:
    members = [one for one in seen.snapshot.routers if one.router.name in group.group]
    state = state_of(name_of(one.state) for one in members).upper()
    failing = sum(isinstance(one.state, Fault) for one in members)
    waiting = sum(bool(one.standing.waits_for) for one in members)
    yield f" VRRP Sync Group = {group.name}, {state}"
    yield f"   Num member fault {failing}, num member init {waiting}"
    yield "   VRRP member instances :"
    yield from (f"     {name}" for name in group.group)
    yield f"   Using smtp notification = {words.yes(group.smtp_alert)}"
    yield from (f"   {row}" for row in _scripts(group, seen))
