"""From the snapshots of virtual servers and checks to what programs and people are told."""

from collections.abc import Callable, Collection, Mapping

from msgspec.structs import replace

from standfast.base.errors import Refused
from standfast.base.services import Destination, DestinationKey, Forwarding, ServiceKey
from standfast.base.times import Instant
from standfast.core.check.snapshot import CheckSnapshot
from standfast.core.check.state import Suspended, Trying
from standfast.core.lvs.parameters import RealServer as Server
from standfast.core.lvs.pool import Standing
from standfast.core.lvs.snapshot import VirtualSnapshot
from standfast.core.track.verdict import WAITING
from standfast.observe.state.moment import Moment, seconds_of
from standfast.observe.state.server_times import ServerTimes
from standfast.observe.state.service import CheckState, RealServer, VirtualServer

Count = Callable[[Collection[ServiceKey], Collection[DestinationKey]], Mapping[DestinationKey, int]]


def virtual_server_of(
    one: VirtualSnapshot, moment: Moment, times: ServerTimes, *, count: Count | None = None
) -> VirtualServer:
    """One virtual server, with all that stands behind it.

    Args:
        one: its snapshot.
        moment: when it was taken.
        times: since when all is as it is.
        count: counts connections to destinations of services, or raises `Refused`; None: nobody asks for them.
    """
    counts, uncounted = ({}, "") if count is None else _counts(one, count)
    virtual, pool = one.virtual, one.pool
    servers = zip(virtual.servers, pool.standings, one.checks, strict=True)
    return VirtualServer(
        name=virtual.name,
        up=pool.quorum,
        since=_at(times.of_virtual(virtual.name), moment),
        quorum=virtual.quorum,
        live=pool.live,
        idle=one.idle,
        sorry_server=virtual.sorry_name,
        sorry=virtual.sorry is not None and not pool.quorum,
        servers=tuple(
            replace(
                _server(server, standing, checks, moment, counts),
                since=_at(times.of_server(virtual.name, server.name), moment),
            )
            for server, standing, checks in servers
        ),
        uncounted=uncounted,
        refused=one.refused,
    )


def _server(
    server: Server,
    standing: Standing,
    checks: tuple[CheckSnapshot, ...],
    moment: Moment,
    counts: Mapping[DestinationKey, int],
) -> RealServer:
    return RealServer(
        name=server.name,
        up=standing.up,
        weight=standing.weight,
        configured_weight=server.destination.weight,
        reason=standing.reason,
        ordered=standing.ordered,
        connections=_connections(server.destination, counts),
        checks=tuple(check_of(check, moment) for check in checks),
    )


def _at(instant: Instant | None, moment: Moment) -> float | None:
    return None if instant is None else moment.at(instant)


def _counts(one: VirtualSnapshot, count: Count) -> tuple[Mapping[DestinationKey, int], str]:
    """The connections, or why there are none to be had."""
    keys = [service.key for service in one.virtual.services]
    try:
        return count(keys, [server.destination.key for server in one.virtual.servers]), ""
    except Refused as refusal:
        return {}, refusal.words


def _connections(destination: Destination, counts: Mapping[DestinationKey, int]) -> int | None:
    """Of one server: but for NAT, its port is that of each service."""
    address, nat = destination.address, destination.forwarding is Forwarding.NAT
    found = [n for (at, port), n in counts.items() if at == address and (not nat or port == destination.port)]
    return sum(found) if found else None


def check_of(one: CheckSnapshot, moment: Moment) -> CheckState:
    """One check, with what its last attempt came to."""
    state, last = one.state, one.state.last
    return CheckState(
        kind=one.check.kind,
        up=state.up,
        waiting=state.verdict == WAITING,
        active=not isinstance(state.phase, Suspended),
        trying=isinstance(state.phase, Trying),
        failures=state.failures,
        reason=state.verdict.reason,
        last_phase="" if last is None else last.phase,
        last_detail="" if last is None else last.detail,
        last=None if state.last_at is None else moment.at(state.last_at),
        took=None if last is None else seconds_of(last.took),
        next=moment.until(one.next),
    )
