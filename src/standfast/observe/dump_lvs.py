"""The text of all virtual servers, for the dump that a signal asks for (FILE-03)."""

from collections.abc import Iterator

from standfast.base.services import Destination
from standfast.base.times import Instant, between, in_seconds
from standfast.core.check.snapshot import CheckSnapshot
from standfast.core.check.state import Suspended, Trying
from standfast.core.lvs.pool import enough
from standfast.core.lvs.snapshot import BalancerSnapshot, VirtualSnapshot
from standfast.observe.dump_words import inside
from standfast.observe.line import one_line


def balancer_text(snapshot: BalancerSnapshot) -> str:
    """The state of all virtual servers."""
    lines = [f"Engine = {snapshot.engine}"] if snapshot.engine else []
    for one in snapshot.virtuals:
        lines += [f"Virtual server = {one.virtual.name}", *inside(_virtual(one, snapshot.taken_at))]
    return "\n".join(lines) + "\n" if lines else ""


def _virtual(one: VirtualSnapshot, now: Instant) -> Iterator[str]:
    virtual, pool = one.virtual, one.pool
    yield f"Quorum = {'up' if pool.quorum else 'down'}"
    yield f"Live weight = {pool.live}, of {enough(virtual, before=pool.quorum)} needed"
    if one.idle:
        yield "Idle = its address is not on this host"
    if virtual.sorry is not None:
        yield f"Sorry server = {virtual.sorry_name}, {'not used' if pool.quorum else 'used'}"
    for server, standing, checks in zip(virtual.servers, pool.standings, one.checks, strict=True):
        state = "up" if standing.up else f"down: {one_line(standing.reason)}"
        yield f"Real server = {server.name}, weight {standing.weight}, {state}"
        for check in checks:
            yield from inside(_check(check, now))
        yield from inside(f"Follows = {followed.key.kind} {followed.key.name}" for followed in server.follows)
    for entry in one.table:
        yield f"Service = {entry.service}, {entry.service.scheduler}"
        yield from inside(map(_destination, entry.destinations.values()))
    yield from (f"Refused = {service}" for service in one.refused)


def _destination(one: Destination) -> str:
    return f"{one} {one.forwarding.name.lower()} weight {one.weight}"


def _check(one: CheckSnapshot, now: Instant) -> Iterator[str]:
    state = one.state
    yield f"{one.check.kind} = {'up' if state.up else 'down'}"
    if state.last is not None and state.last_at is not None:
        ago = in_seconds(between(state.last_at, now))
        result = "success" if state.last.ok else one_line(state.last.words)
        yield f"  Last = {ago} s ago, took {in_seconds(state.last.took)} s: {result}"
    if state.failures:
        yield f"  Failures in a row = {state.failures}, of {one.check.retry + 1}"
    match state.phase:
        case Suspended():
            yield "  Next = suspended"
        case Trying(began=began):
            yield f"  Next = under way for {in_seconds(between(began, now))} s"
        case _ if one.next is not None:
            yield f"  Next = in {in_seconds(between(now, one.next))} s"
