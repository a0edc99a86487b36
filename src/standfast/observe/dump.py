"""The texts that a signal asks for: statistics (FILE-05) and the state of each process (FILE-03)."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from standfast.base.times import Instant, between, in_seconds
from standfast.core.supervise.snapshot import ParentSnapshot
from standfast.core.supervise.state import Child, Running, Waiting
from standfast.core.vrrp.snapshot import NodeSnapshot, RouterSnapshot, ShieldSnapshot
from standfast.core.vrrp.state import Backup, Fault, Master, name_of
from standfast.observe.counters import Counters
from standfast.observe.dump_words import inside
from standfast.observe.state.of_vrrp import drops

OURS: Final = "------< Standfast >------\n"  # the section of what Keepalived has no words for

_STATISTICS: Final[dict[str, dict[str, str]]] = {
    "Advertisements": {"Received": "advert_rcvd", "Sent": "advert_sent"},
    "": {"Became master": "become_master", "Released master": "release_master"},
    "Packet Errors": {
        "Length": "packet_len_err",
        "TTL": "ip_ttl_err",
        "Invalid Type": "invalid_type_rcvd",
        "Advertisement Interval": "advert_interval_err",
        "Address List": "addr_list_err",
    },
    "Authentication Errors": {
        "Invalid Type": "invalid_authtype",
        "Type Mismatch": "authtype_mismatch",
        "Failure": "auth_failure",
    },
    "Authentication Extension Errors": {
        "Missing": "auth_ext_missing",
        "Malformed": "auth_ext_malformed",
        "Unknown Key": "auth_ext_unknown_key",
        "Invalid HMAC": "auth_ext_invalid_hmac",
        "Stale": "auth_ext_stale",
        "Replay": "auth_ext_replay",
    },
    "Priority Zero": {"Received": "pri_zero_rcvd", "Sent": "pri_zero_sent"},
}


def statistics_text(counters: Counters, routers: Iterable[str]) -> str:
    """The statistics of the routers, in Keepalived's form."""
    return "".join(_statistics_of(counters, router) for router in routers)


def _statistics_of(counters: Counters, router: str) -> str:
    numbers = counters.statistics(router)
    lines = [f"VRRP Instance: {router}"]
    for group, names in _STATISTICS.items():
        if group:
            lines.append(f"  {group}:")
        indent = "    " if group else "  "
        lines += [f"{indent}{words}: {numbers[name]}" for words, name in names.items()]
    return "\n".join(lines) + "\n"


def node_text(snapshot: NodeSnapshot, counters: Counters) -> str:
    """The state of all routers."""
    lines: list[str] = []
    for one in snapshot.routers:
        lines += [f"Router = {one.router.name}", *inside(_router(one, snapshot.taken_at))]
        lines += inside(f"Dropped, {word} = {n}" for word, n in drops(counters.look(one.router.name)).items())
    lines += _shield(snapshot.shield)
    lines += [f"Dropped, for no router here, {word} = {n}" for word, n in drops(counters.look("")).items()]
    return "\n".join(lines) + "\n"


def _router(one: RouterSnapshot, now: Instant) -> Iterator[str]:
    router, state = one.router, one.state
    yield f"State = {name_of(state).upper()}"
    yield f"Since = {in_seconds(between(one.changed_at, now))} s"
    yield f"Reason = {one.reason}"
    if one.detail:
        yield f"Why = {one.detail}"
    yield f"Interface = {router.interface}"
    yield f"Virtual router id = {router.vrid}"
    yield f"Version = {router.version}"
    yield f"Effective priority = {router.priority}"
    yield f"Priority = {one.arithmetic}"
    yield from (f"Waits for = {key.kind} {key.name}" for key in one.standing.waits_for)
    if router.sync_group:
        yield f"Sync group = {router.sync_group}"
    yield f"Advert interval = {in_seconds(router.interval)} s"
    yield f"Preempt = {'yes' if router.preempt else 'no'}"
    if isinstance(state, Backup) and state.master is not None:
        yield f"Master = {state.master}, priority {state.master_priority}"
    if isinstance(state, Fault):
        yield f"Faults = {', '.join(state.reasons)}"
    if one.deadline is not None:
        yield f"Next deadline in = {in_seconds(between(now, one.deadline))} s"
    accepting = "" if router.accept else ", not accepting"
    yield f"Addresses = {len(router.held)}, held {len(one.held)}{accepting}"
    yield from inside(str(address) for address in router.held)
    if router.routing:
        here = "held" if isinstance(state, Master) else "not held"
        yield f"Routes and rules = {len(router.routing)}, {here}"
        yield from inside(str(item) for item in router.routing)


def _shield(shield: ShieldSnapshot) -> list[str]:
    rules = shield.wanted
    if not rules.families:
        return []
    state = "in force" if shield.in_force else shield.refusal or "not in force yet"
    closed = f"{len(rules.closed)} addresses, {len(rules.vmacs)} VMACs"
    return [f"Firewall = {rules.means.tool.value}, {closed}, {state}"]


def parent_text(snapshot: ParentSnapshot, facts: Mapping[str, str]) -> str:
    """The state of the parent: what it was started with, and its children."""
    lines = [f"{name} = {value}" for name, value in facts.items()]
    for name, child in snapshot.children:
        lines += [f"Child = {name}", *inside(_child(child, snapshot.taken_at))]
    return "\n".join(lines) + "\n"


def _child(child: Child, now: Instant) -> Iterator[str]:
    yield f"State = {type(child).__name__.lower()}"
    match child:
        case Running(since=since, restarts=restarts, unanswered=unanswered):
            yield f"Since = {in_seconds(between(since, now))} s"
            yield f"Restarts = {restarts}"
            yield f"Unanswered hellos = {unanswered}"
        case Waiting(died_at=died_at, delay=delay):
            yield f"Starts in = {in_seconds(between(now, Instant(died_at + delay)))} s"
        case _:
            return
