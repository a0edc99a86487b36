"""From the snapshots of virtual servers and checks to what programs and people are told."""

from standfast.core.check.snapshot import CheckSnapshot
from standfast.core.check.state import Suspended, Trying
from standfast.core.lvs.params import RealServer as Server
from standfast.core.lvs.pool import Standing
from standfast.core.lvs.snapshot import VirtualSnapshot
from standfast.core.track.verdict import WAITING
from standfast.observe.state.moment import Moment, seconds_of
from standfast.observe.state.service import CheckState, RealServer, VirtualServer


def virtual_server_of(one: VirtualSnapshot, moment: Moment) -> VirtualServer:
    """One virtual server, with all that stands behind it."""
    virtual, pool = one.virtual, one.pool
    servers = zip(virtual.servers, pool.standings, one.checks, strict=True)
    return VirtualServer(
        name=virtual.name,
        up=pool.quorum,
        quorum=virtual.quorum,
        live=pool.live,
        idle=one.idle,
        sorry_server=virtual.sorry_name,
        sorry=virtual.sorry is not None and not pool.quorum,
        servers=tuple(_server(server, standing, checks, moment) for server, standing, checks in servers),
        refused=one.refused,
    )


def _server(
    server: Server, standing: Standing, checks: tuple[CheckSnapshot, ...], moment: Moment
) -> RealServer:
    return RealServer(
        name=server.name,
        up=standing.up,
        weight=standing.weight,
        configured_weight=server.destination.weight,
        reason=standing.reason,
        checks=tuple(check_of(check, moment) for check in checks),
    )


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
