"""The state of the vrrp child, slice by slice."""

from collections.abc import Callable, Iterator

from standfast.base.limits import STATE_EACH, STATE_SLICE, STATE_SLICE_LEAST
from standfast.base.times import Instant, between
from standfast.core.track.snapshot import TrackersSnapshot
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.state import name_of
from standfast.daemon.telling import Piece
from standfast.observe.counters import Counters
from standfast.observe.state.instances import Instances
from standfast.observe.state.moment import Moment
from standfast.observe.state.of_track import tracker_of
from standfast.observe.state.of_vrrp import drops, firewall_of, groups_of


def vrrp_slices(
    node: Node,
    instances: Instances,
    counters: Counters,
    trackers: Callable[[], TrackersSnapshot],
    moment: Callable[[], Moment],
    names: tuple[str, ...],
) -> Iterator[Piece]:
    """Routers in slices that fit between two adverts, then what is told of all of them together.

    Args:
        node: the routers.
        instances: tells of each of them.
        counters: what was counted.
        trackers: gives their trackers.
        moment: gives the present moment; each slice has its own.
        names: of the routers and sync groups asked about; empty: all.
    """
    groups: dict[str, tuple[str, str]] = {}
    every, at = node.names, 0
    while at < len(every):
        now = moment()
        until = at + _room(node, now.now)
        slice_, at = node.snapshot(now.now, every[at:until]).routers, until
        groups |= {one.router.name: (one.router.sync_group, name_of(one.state)) for one in slice_}
        asked = [one for one in slice_ if not names or {one.router.name, one.router.sync_group} & {*names}]
        told = [instances.tell(one, now) for one in asked]
        yield {"instances": [each for each, _ in told], "held": [held for _, held in told]}
    instances.keep(every)
    now = moment()
    yield {
        "groups": groups_of(groups),
        "trackers": [tracker_of(one, now) for one in trackers().trackers],
        "firewall": [firewall_of(node.snapshot(now.now, ()).shield)],
        "unknown_drops": [drops(counters.look(""))],
    }


def _room(node: Node, now: Instant) -> int:
    """How many routers can be told of before the next advert is due; some even then: who asks must be answered."""
    due = node.deadline()
    if due is None:
        return STATE_SLICE
    return max(STATE_SLICE_LEAST, min(STATE_SLICE, between(now, due) // STATE_EACH))
