"""The state of the checker child, slice by slice."""

from collections.abc import Callable, Iterator

from standfast.base.limits import SERVERS_SLICE
from standfast.core.lvs.node import Balancer
from standfast.core.track.snapshot import TrackersSnapshot
from standfast.daemon.telling import Piece
from standfast.observe.state.moment import Moment
from standfast.observe.state.of_lvs import Count, virtual_server_of
from standfast.observe.state.of_track import tracker_of
from standfast.observe.state.server_times import ServerTimes


def checker_slices(
    balancer: Balancer,
    trackers: Callable[[], TrackersSnapshot],
    moment: Callable[[], Moment],
    names: tuple[str, ...],
    *,
    times: ServerTimes,
    count: Count,
) -> Iterator[Piece]:
    """Virtual servers in slices, then the trackers.

    Args:
        balancer: the virtual servers.
        trackers: gives what real servers follow.
        moment: gives the present moment.
        names: of the virtual and real servers asked about; empty: all.
        times: since when all is as it is.
        count: counts connections; whoever asks for everything does not wait for that.
    """
    now = moment()
    shown = balancer.snapshot(now.now)
    asked = [
        one
        for one in shown.virtuals
        if not names or one.virtual.name in names or any(rs.name in names for rs in one.virtual.servers)
    ]
    for at in range(0, len(asked), SERVERS_SLICE):
        yield {
            "virtual_servers": [
                virtual_server_of(one, now, times, count=count if names else None)
                for one in asked[at : at + SERVERS_SLICE]
            ]
        }
    yield {
        "trackers": [tracker_of(one, now) for one in trackers().trackers],
        "balances": [shown.engine],
    }
