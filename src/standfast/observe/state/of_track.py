"""From the snapshots of the trackers to what programs and people are told."""

from standfast.core.track.snapshot import TrackerSnapshot
from standfast.core.track.verdict import WAITING
from standfast.observe.state.moment import Moment, seconds_of
from standfast.observe.state.tracker import Tracker


def tracker_of(one: TrackerSnapshot, moment: Moment) -> Tracker:
    """One tracker."""
    kind, name = one.key
    return Tracker(
        kind=kind,
        name=name,
        up=one.verdict.up,
        reason=one.verdict.reason,
        since=moment.at(one.since),
        value=one.verdict.value or one.count,
        waiting=one.verdict == WAITING,
        last_run=None if one.last_run is None else moment.at(one.last_run),
        took=None if one.took is None else seconds_of(one.took),
        running=one.running,
        said=one.said,
        next=moment.until(one.next_run),
    )
