"""A bounded queue before a reader of the log that may be slow: nobody waits for it."""

from collections import deque
from collections.abc import Callable
from typing import NamedTuple, Protocol

from standfast.base.limits import LOG_QUEUE
from standfast.observe.facts import LinesLost
from standfast.observe.line import Line
from standfast.observe.words import line_of


class Record(NamedTuple):
    """A line with the wall-clock time at which it was said."""

    at: float  # seconds since 1970
    line: Line


class Sink(Protocol):
    """Where lines go."""

    def write(self, record: Record) -> bool:
        """Hand the line over without waiting; False: not now, try it again later."""
        ...


class Outlet:
    """One sink and what waits for it."""

    def __init__(self, sink: Sink, wall: Callable[[], float], bound: int = LOG_QUEUE) -> None:
        self._sink = sink
        self._wall = wall
        self._bound = bound
        self._waiting: deque[Record] = deque()
        self._lost = 0

    @property
    def waiting(self) -> int:
        """Lines that are not handed over yet."""
        return len(self._waiting)

    def put(self, record: Record) -> None:
        """Hand the line over, or keep it, or count it as lost."""
        if self.flush() and self._sink.write(record):
            return
        if len(self._waiting) >= self._bound:
            self._lost += 1  # the oldest are kept: they tell how it began
            return
        self._waiting.append(record)

    def flush(self) -> bool:
        """Hand over what waits, as far as the sink takes it; True if nothing is left."""
        while self._waiting:
            if not self._sink.write(self._waiting[0]):
                return False
            self._waiting.popleft()
        return self._tell_lost()

    def _tell_lost(self) -> bool:
        line = line_of(LinesLost(self._lost)) if self._lost else None
        if line is not None:
            if not self._sink.write(Record(self._wall(), line)):
                return False
            self._lost = 0
        return True
