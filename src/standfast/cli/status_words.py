"""The state for people: an overview in tables, and everything about what was named."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from standfast.cli.tables import Cell, Paper
from standfast.observe.reasons import DROPPED, reason_words
from standfast.observe.spans import ago, clock, span
from standfast.observe.state.instance import Address, Group, Instance, Tracks
from standfast.observe.state.process import Process
from standfast.observe.state.service import CheckState, RealServer, VirtualServer
from standfast.observe.state.session import Session
from standfast.observe.state.status import Status
from standfast.observe.state.tracker import Tracker
from standfast.observe.state.trouble import troubles
from standfast.observe.story import priority_words

_COLOURS: Final = {"master": "good", "backup": "strong", "fault": "bad", "init": "dim"}

_INSTANCES: Final = ("INSTANCE", "STATE", "SINCE", "PRIORITY", "MASTER", "ADDRESSES", "WHY")
_TRACKERS: Final = ("TRACKER", "STATE", "SINCE", "WHY")
_SESSIONS: Final = ("BFD SESSION", "STATE", "SINCE", "NEIGHBOUR", "WHY")


def overview(status: Status, paper: Paper) -> Iterator[str]:
    """Everything, a line each; first of all whether something is wrong."""
    yield from _trouble(status, paper)
    yield ""
    yield from _daemon(status, paper)
    if status.instances:
        yield ""
        yield from paper.table(_INSTANCES, (_instance(one, status.taken) for one in status.instances))
    if status.groups:
        yield ""
        yield from paper.table(("GROUP", "STATE", "MEMBERS"), map(_group, status.groups))
    if status.trackers:
        yield ""
        yield from paper.table(_TRACKERS, (_tracker(one, status.taken) for one in status.trackers))
    for virtual in status.virtual_servers:
        yield ""
        yield from _virtual_server(virtual, paper, status.taken)
    if status.sessions:
        yield ""
        yield from paper.table(_SESSIONS, (_session(one, status.taken) for one in status.sessions))


def details(status: Status, paper: Paper) -> Iterator[str]:
    """All that is known of what was named."""
    first = True
    blocks: list[Iterable[str]] = [
        *(_instance_details(one, status.taken, paper) for one in status.instances),
        *(paper.table(("GROUP", "STATE", "MEMBERS"), [_group(one)]) for one in status.groups),
        *(_tracker_details(one, status.taken, paper) for one in status.trackers),
        *(_virtual_server(one, paper, status.taken) for one in status.virtual_servers),
        *(_session_details(one, status.taken, paper) for one in status.sessions),
    ]
    for block in blocks:
        if not first:
            yield ""
        first = False
        yield from block


# ---- what is wrong, and the daemon


def _trouble(status: Status, paper: Paper) -> Iterator[str]:
    wrong = troubles(status)
    if not wrong:
        yield paper.paint("All is well.", "good")
        return
    count = f"{len(wrong)} things are" if len(wrong) > 1 else "One thing is"
    yield paper.paint(f"{count} wrong:", "bad")
    yield from paper.points(wrong)


def _daemon(status: Status, paper: Paper) -> Iterator[str]:
    config, now = status.configuration, status.taken
    rows: list[tuple[str, Cell]] = [
        ("standfastd", f"{status.version} on {status.host}, pid {status.pid}, for {_for(status.started, status)}"),
        ("configuration", f"{config.path}, generation {config.generation}, since {clock(config.since, now)}"),
    ]  # fmt: skip
    if config.reload is not None:
        rows.append(("last reload", _reload(status)))
    if config.reload_at is not None:
        rows.append(("next reload", f"planned for {clock(config.reload_at, now)}"))
    if config.confirm_by is not None:
        left = span(max(0.0, config.confirm_by - now))
        rows.append(("not confirmed", (f"undone in {left}, unless by standfast reload --confirm", "odd")))
    if config.warnings or config.errors:
        said = f"{config.errors} errors, {config.warnings} warnings; see standfast check {config.path}"
        rows.append(("", (said, "odd")))
    if config.without_effect:
        rows.append(("no effect yet", (", ".join(config.without_effect), "odd")))
    rows += (("process", _process(one, status)) for one in status.processes)
    rows += (("order", (_order(one, now), "odd")) for one in status.orders)
    yield from paper.pairs(rows, indent=0)


def _order(order: Mapping[str, Any], now: float) -> str:
    """What an operator ordered, and until when."""
    until = order.get("until")
    ends = f"until {clock(until, now)}" if until else "until it is taken back"
    because = f": {order['reason']}" if order.get("reason") else ""
    about = f"{order['server']} of {order['name']}" if order.get("server") else order["name"] or "everything"
    weight = f" {order['weight']}" if order["what"] == "weight" else ""
    return f"{order['what']}{weight} of {about}, by {order['owner']}, {ends}{because}"


def _for(then: float, status: Status) -> str:
    return span(status.taken - then)


def _reload(status: Status) -> Cell:
    done = status.configuration.reload
    if done is None:
        return ""
    when = clock(done.at, status.taken)
    if not done.ok:
        return f"{when}, {'undone' if done.undone else 'refused'}: {done.words}", "bad"
    return f"{when}, complete" if done.changed else f"{when}, nothing had changed"


def _process(one: Process, status: Status) -> Cell:
    since = f" for {_for(one.since, status)}" if one.since is not None else ""
    said = f"{one.name}: {one.state}{since}, pid {one.pid}"
    if one.restarts:
        said += f", restarts {one.restarts}"
    if one.latest >= 0.01:
        said += f", late by {span(one.late)}, at its worst {span(one.latest)}"
    if one.firewall is not None:
        state = "in force" if one.firewall.in_force else f"not in force: {one.firewall.refusal}"
        said += f"; firewall ({one.firewall.tool}, {one.firewall.addresses} addresses) {state}"
    if one.balances:
        said += f"; balances by {one.balances}"
    if one.unknown_drops:
        said += (
            f"; packets for nobody here: {', '.join(f'{n} {why}' for why, n in one.unknown_drops.items())}"
        )
    well = one.state == "running" and one.answered
    return said if well else (said, "bad")


# ---- instances


def _instance(one: Instance, now: float) -> tuple[Cell, ...]:
    wanted = sum(each.wanted for each in one.addresses)
    wrong = any(each.wanted != each.present for each in one.addresses)
    held = f"{sum(each.present for each in one.addresses)} of {len(one.addresses)}"
    master = "this host" if one.state == "master" else one.master or "-"
    return (
        one.name,
        (one.state.upper(), _COLOURS.get(one.state, "")),
        ago(one.since, now),
        str(one.priority) if one.priority == one.base_priority else f"{one.priority} ({one.base_priority})",
        (f"{master} !", "bad") if one.two_masters is not None else master,
        (held, "bad" if wrong and (wanted or not one.owner) else ""),
        reason_words(one.reason, one.detail),
    )


def _group(one: Group) -> tuple[Cell, ...]:
    return one.name, (one.state.upper(), _COLOURS.get(one.state, "")), ", ".join(one.members)


def _instance_details(one: Instance, now: float, paper: Paper) -> Iterator[str]:
    state = paper.paint(one.state.upper(), _COLOURS.get(one.state, ""))
    since = f"since {clock(one.since, now)} ({ago(one.since, now)})"
    yield f"{paper.paint(one.name, 'strong')} is {state} {since}"
    yield from paper.pairs(_rows(one, now))


def _rows(one: Instance, now: float) -> Iterator[tuple[str, Cell]]:
    yield "why", reason_words(one.reason, one.detail)
    yield from (("fault", (fault, "bad")) for fault in one.faults)
    yield from (("waits for", (name, "odd")) for name in one.waits_for)
    if one.two_masters is not None:
        two = one.two_masters
        said = f"{two.first.address} ({two.first.priority}) and {two.second.address} ({two.second.priority})"
        yield "two masters", (f"{said}, since {clock(two.since, now)}", "bad")
    yield "priority", priority_words(one)
    yield "master", _master(one)
    yield (
        "router",
        f"interface {one.interface}, id {one.virtual_router_id}, VRRP version {one.version}, {one.family}",
    )
    if one.group:
        yield "sync group", one.group
    yield "preempts", _preempts(one)
    yield "timers", _timers(one)
    yield from (("address", _address(each, one)) for each in one.addresses)
    yield from (("route, rule", route) for route in one.routes)
    yield from (("tracks", _tracks(each)) for each in one.trackers)
    yield from (
        ("heard", f"{peer.address}, priority {peer.priority}, {ago(peer.last, now)}") for peer in one.peers
    )
    yield "adverts", _adverts(one)
    yield from (
        ("dropped", (f"{n}: {DROPPED.get(reason, reason)} [{reason}]", "odd"))
        for reason, n in one.drops.items()
    )
    yield from (("differs", (f"{n} adverts: {what}", "odd")) for what, n in one.differs.items())


def _master(one: Instance) -> str:
    if one.state == "master":
        return "this host"
    if not one.master:
        return "nobody was heard" if one.state == "backup" else "not known"
    return f"{one.master}, priority {one.master_priority}"


def _preempts(one: Instance) -> str:
    if not one.preempt:
        return "no (nopreempt)"
    return f"yes, after {one.preempt_delay:g} s" if one.preempt_delay else "yes"


def _timers(one: Instance) -> str:
    said = f"adverts every {one.interval:g} s"
    if one.quiet is not None and one.patience is not None and one.next is not None:
        said += f"; last advert {one.quiet:.2f} s ago, takes over after {one.patience:.2f} s of silence"
        said += f" (in {one.next:.2f} s)"
    elif one.next is not None:
        said += f"; the next in {one.next:.2f} s"
    return said


def _address(each: Address, one: Instance) -> Cell:
    said = f"{each.address} on {each.interface}"
    if each.wanted:
        return f"{said}: held" if each.present else (f"{said}: THE KERNEL DOES NOT HAVE IT", "bad")
    if not each.present:
        return f"{said}: not here"
    return (
        f"{said}: here, the host's own" if one.owner else (f"{said}: HERE ALTHOUGH IT SHOULD NOT BE", "bad")
    )


def _tracks(each: Tracks) -> Cell:
    means = f"weight {each.weight}" if each.weight else "fault if it is not good"
    said = f"{each.kind} {each.name} ({means})"
    return f"{said}: good" if each.up else (f"{said}: {each.reason or 'not good'}", "bad")


def _adverts(one: Instance) -> str:
    numbers = one.statistics
    heard, sent = numbers.get("advert_rcvd", 0), numbers.get("advert_sent", 0)
    became, left = numbers.get("become_master", 0), numbers.get("release_master", 0)
    master = f"became master {_times(became)}" if became else "never master"
    gave_up = f", gave it up {_times(left)}" if left else ""
    return f"{heard} heard, {sent} sent; {master}{gave_up}"


def _times(number: int) -> str:
    return {1: "once", 2: "twice"}.get(number, f"{number} times")


# ---- trackers, servers, sessions


def _state_of(one: Tracker) -> Cell:
    if one.waiting:
        return "no result", "odd"
    return ("good", "good") if one.up else ("NOT GOOD", "bad")


def _tracker(one: Tracker, now: float) -> tuple[Cell, ...]:
    return f"{one.kind} {one.name}", _state_of(one), ago(one.since, now), one.reason


def _tracker_details(one: Tracker, now: float, paper: Paper) -> Iterator[str]:
    yield f"{one.kind} {paper.paint(one.name, 'strong')}"
    since = f"{clock(one.since, now)} ({ago(one.since, now)})"
    rows: list[tuple[str, Cell]] = [("state", _state_of(one)), ("since", since)]
    rows += [("why", one.reason)] if one.reason else []
    rows += [("number", str(one.value))] if one.kind in {"file", "process"} else []
    if one.last_run is not None:
        took = f", took {one.took:.3f} s" if one.took is not None else ""
        rows.append(("last run", f"{ago(one.last_run, now)}{took}"))
    rows += [("said", one.said)] if one.said else []
    rows += [("next", f"in {span(one.next)}")] if one.next is not None else []
    yield from paper.pairs(rows)


def _virtual_server(one: VirtualServer, paper: Paper, now: float) -> Iterator[str]:
    state = f"is {paper.paint('UP', 'good')}" if one.up else f"has {paper.paint('NO QUORUM', 'bad')}"
    idle = ", idle: its address is not on this host" if one.idle else ""
    sorry = f", {one.sorry_server} takes its place" if one.sorry else ""
    live = f"weight {one.live}, quorum {one.quorum}"
    since = "" if one.since is None else f" since {clock(one.since, now)} ({ago(one.since, now)})"
    yield f"virtual server {paper.paint(one.name, 'strong')} {state}{since}, {live}{sorry}{idle}"
    heads = ("  REAL SERVER", "STATE", "SINCE", "WEIGHT", "CHECK", "LAST", "WHY")
    yield from paper.table(heads, (row for server in one.servers for row in _real_server(server, now)))
    if one.uncounted:
        yield paper.paint(f"  {one.uncounted}", "dim")
    yield from (paper.paint(f"  the kernel refuses {service}", "bad") for service in one.refused)


def _real_server(one: RealServer, now: float) -> Iterator[tuple[Cell, ...]]:
    state: Cell = ("UP", "good") if one.up else ("DOWN", "bad")
    weight = (
        str(one.weight) if one.weight == one.configured_weight else f"{one.weight} ({one.configured_weight})"
    )
    since = "-" if one.since is None else ago(one.since, now)
    if not one.checks:
        yield f"  {one.name}", state, since, weight, "-", "-", "" if one.ordered else one.reason
    for number, check in enumerate(one.checks):
        head = (f"  {one.name}", state, since, weight) if number == 0 else ("", "", "", "")
        last = "never" if check.last is None else ago(check.last, now)
        yield *head, check.kind, last, _check(check)
    if one.ordered:
        yield "", "", "", "", "order", "-", (one.ordered, "odd")
    if one.connections is not None:
        yield "", "", "", "", "connections", "-", f"{one.connections} active"


def _check(one: CheckState) -> Cell:
    if not one.active:
        return "rests", "dim"
    if one.waiting:
        return "no result yet", "odd"
    last = f"{one.last_phase}: {one.last_detail}" if one.last_detail else one.last_phase
    if not one.up:
        return one.reason or last, "bad"
    if last:
        return f"good, but the last attempt failed: {last} ({one.failures} in a row)", "odd"
    if one.took is None:
        return "good" if one.next is None else ("no result yet; it counts as good until then", "odd")
    return f"good, took {one.took * 1000:.1f} ms"


def _session(one: Session, now: float) -> tuple[Cell, ...]:
    return one.name, _session_state(one), ago(one.since, now), one.neighbour, one.diagnostic


def _session_state(one: Session) -> Cell:
    return one.state.upper(), "good" if one.up else "bad"


def _session_details(one: Session, now: float, paper: Paper) -> Iterator[str]:
    yield f"BFD session {paper.paint(one.name, 'strong')} with {one.neighbour}"
    rows: list[tuple[str, Cell]] = [("state", _session_state(one)), ("since", ago(one.since, now))]
    rows += [("why", one.diagnostic)] if one.diagnostic else []
    rows += [("packets", f"every {one.interval:g} s")] if one.interval is not None else []
    rows += [("detection", f"after {one.detection:g} s of silence")] if one.detection is not None else []
    yield from paper.pairs(rows)
