"""From the snapshot of the parent to what programs and people are told of the processes."""

from collections.abc import Mapping
from typing import assert_never

from standfast.base.frozen import frozen
from standfast.base.times import Instant, after
from standfast.core.supervise.snapshot import ParentSnapshot
from standfast.core.supervise.state import Absent, Child, Leaving, Running, Silent, Starting, Waiting
from standfast.observe.state.moment import Moment
from standfast.observe.state.process import Process


@frozen
class Known:
    """What the parent remembers of a child besides."""

    pid: int = 0
    late_us: int = 0
    latest_us: int = 0
    rings: int = 0
    events_lost: int = 0


def processes_of(snapshot: ParentSnapshot, known: Mapping[str, Known], moment: Moment) -> tuple[Process, ...]:
    """The children that there are or should be."""
    return tuple(
        _process_of(name, child, known.get(name, Known()), moment)
        for name, child in snapshot.children
        if name in snapshot.watch.needed or not isinstance(child, Absent)
    )


def _process_of(name: str, child: Child, known: Known, moment: Moment) -> Process:
    """One child."""
    since, restarts, unanswered = _life(child)
    return Process(
        name=name,
        state=type(child).__name__.lower() if not _starts(child) else "starting",
        pid=known.pid,
        since=None if since is None else moment.at(since),
        restarts=restarts,
        unanswered=unanswered,
        late=known.late_us / 1e6,
        latest=known.latest_us / 1e6,
        rings=known.rings,
        events_lost=known.events_lost,
    )


def _starts(child: Child) -> bool:
    return isinstance(child, Starting) or (isinstance(child, Running) and not child.ready)


def _life(child: Child) -> tuple[Instant | None, int, int]:
    """Since when it is so, how often it was restarted, and how many hellos it did not answer."""
    match child:
        case Running():
            return child.since, child.restarts, child.unanswered
        case Silent():
            return child.since, child.restarts, 0
        case Waiting():
            return after(child.died_at, child.delay), child.restarts, 0
        case Starting():
            return None, child.restarts, 0
        case Leaving():
            return child.asked_at, 0, 0
        case Absent():
            return None, 0, 0
        case _:
            assert_never(child)
