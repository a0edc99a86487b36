"""One tracker, as programs and people are told of it."""

from msgspec import Struct


class Tracker(Struct, frozen=True, kw_only=True, gc=False):
    """Something that instances track."""

    kind: str  # interface, script, file, process, bfd
    name: str
    up: bool  # it is good
    reason: str = ""  # why it is not good
    since: float  # time of day
    value: int = 0  # of a file: its number; of processes: how many there are
    waiting: bool = False  # there is no result yet
    last_run: float | None = None  # of a script
    took: float | None = None  # seconds of the last run
    running: bool = False  # a run is under way
    said: str = ""  # the beginning of what a script complained about
    next: float | None = None  # seconds until the next run
