"""A frozen view of the trackers: the only thing that dumps, status and metrics read."""

from standfast.base.frozen import frozen
from standfast.base.times import Duration, Instant
from standfast.core.track.verdict import TrackerKey, Verdict


@frozen
class TrackerSnapshot:
    """One tracker at one moment."""

    key: TrackerKey
    verdict: Verdict
    since: Instant  # when it began to be up, or not to be
    last_run: Instant | None = None  # of a script: when its last run that has a result began
    took: Duration | None = None  # how long that run lasted
    result: str = ""  # why it failed; empty: it succeeded
    said: str = ""  # the beginning of what it complained about
    next_run: Instant | None = None  # of a script: when it begins next; of a delay: when it is over
    running: bool = False  # of a script: a run is under way
    count: int = 0  # of processes: how many were found
    polled: str = ""  # of processes: why they are read again and again; empty: the kernel tells of them


@frozen
class TrackersSnapshot:
    """All trackers of one process at one moment, in the order of the configuration."""

    taken_at: Instant
    trackers: tuple[TrackerSnapshot, ...]
