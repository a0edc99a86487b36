"""The state of the vrrp child, slice by slice."""

from collections.abc import Callable, Iterator

from standfast.base.limits import STATE_AHEAD, STATE_SLICE, STATE_STEP
from standfast.base.times import Duration, Instant, after
from standfast.core.track.snapshot import TrackersSnapshot
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.state import name_of
from standfast.daemon.telling import Piece
from standfast.observe.counters import Counters
from standfast.observe.state.instances import Instances, Told
from standfast.observe.state.moment import Moment
from standfast.observe.state.of_track import tracker_of
from standfast.observe.state.of_vrrp import drops, firewall_of, groups_of
from standfast.wire.ipc import several


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
        begin, now, told = at, moment(), list[Told]()
        ends = _ends(node, now.now)
        while at < len(every) and (at == begin or now.now < ends):
            some, at = node.glimpse(every[at : at + STATE_STEP]), at + STATE_STEP
            groups |= {
                one.router.name: (one.router.sync_group, name_of(one.state))
                for one in some
                if one.router.sync_group
            }
            told += [instances.tell(one, now) for one in some if not names or _is_asked(one.router, names)]
            now = moment()
        yield {"instances": several([each for each, _ in told]), "held": several([held for _, held in told])}
    instances.keep(every)
    now = moment()
    yield {
        "groups": groups_of(groups),
        "trackers": [tracker_of(one, now) for one in trackers().trackers],
        "firewall": [firewall_of(node.snapshot(now.now, ()).shield)],
        "unknown_drops": [drops(counters.look(""))],
    }


def _is_asked(router: Router, names: tuple[str, ...]) -> bool:
    return router.name in names or bool(router.sync_group and router.sync_group in names)


def _ends(node: Node, now: Instant) -> Instant:
    """When a slice that begins now is over: soon, and sooner if an advert is due."""
    ends, due = after(now, STATE_SLICE), node.deadline()
    return ends if due is None else min(ends, after(due, Duration(-STATE_AHEAD)))
