"""The log: a listener that words facts, holds back repeated complaints, and never waits."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from standfast.base.times import Instant
from standfast.observe.complaints import Complaints
from standfast.observe.line import Level, Line
from standfast.observe.outlet import Outlet, Record
from standfast.observe.words import line_of, wording_of


class Log:
    """Says every fact that has words, on every outlet."""

    def __init__(
        self, outlets: Sequence[Outlet], *, wall: Callable[[], float], least: Level = Level.INFO
    ) -> None:
        """Make a log.

        Args:
            outlets: where its lines go.
            wall: the time of day, in seconds since 1970.
            least: lines that matter less are not said.
        """
        self._outlets = tuple(outlets)
        self._wall = wall
        self._least = least
        self._complaints = Complaints()

    def wants(self, kind: type) -> bool:
        """Whether facts of this class have words."""
        return wording_of(kind) is not None

    def tell(self, fact: object, now: Instant) -> None:
        """Say the fact, unless it is a complaint that was said a moment ago."""
        wording = wording_of(type(fact))
        if wording is None:
            return
        if wording.same is not None:
            key = (type(fact), wording.same(fact))
            if not self._complaints.admit(key, fact, now):
                return
        self._say(wording.say(fact))

    def tick(self, now: Instant) -> bool:
        """Say what was held back long enough, and what waits for a slow reader; True if nothing waits."""
        for fact, count in self._complaints.overdue(now):
            line = line_of(fact)
            if line is not None:
                self._say(replace(line, data=(*line.data, ("repeated", count))))
        flushed = [outlet.flush() for outlet in self._outlets]
        return all(flushed)

    def _say(self, line: Line) -> None:
        if line.level > self._least:
            return
        record = Record(self._wall(), line)
        for outlet in self._outlets:
            outlet.put(record)
