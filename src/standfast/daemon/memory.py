"""The memory debugging mode (`--debug-memory`): what a process holds, what a reload changed, what a stop left.

A process counts when it is asked (signal `MEMORY`, which the parent passes on), after each reload, and when it
ends. The whole census is written beside the pid file, for programs; the log has the differences.
"""

import signal
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from standfast.base.limits import MEMORY_REST, MEMORY_ROWS
from standfast.base.times import SECOND
from standfast.daemon.census import Census, differences, take_census
from standfast.daemon.signal_numbers import MEMORY
from standfast.daemon.whole_file import write_whole
from standfast.observe.facts_memory import (
    MemoryChanged,
    MemoryCounted,
    MemoryGrew,
    MemoryLeft,
    NothingLeft,
)

_FRAMES: Final = 4  # of a place that tracemalloc keeps: enough to come from the library into our code
_KIB: Final = 1024
_ENDING: Final = (
    "object core.",
    "object engine.",
    "object linux.",
    "object daemon.",
    "queue core.",
    "queue linux.",
)
# By the log: what it said last.
_REMEMBERED: Final = ("object core.track.verdict.", "object core.track.effects.")

Tell = Callable[[object], None]


class MemoryWatch:
    """Counts what one process holds."""

    def __init__(self, process: str, pid_file: str, tell: Tell) -> None:
        """Count for the first time.

        Args:
            process: its name.
            pid_file: of the parent; the census is beside it.
            tell: gets what is to be said.
        """
        self._rests_until = 0.0
        self._path = Path(f"{pid_file.removesuffix('.pid')}.memory.{process}")
        self._tell = tell
        self.pass_on: Callable[[int], None] = _to_nobody  # the signal, to the children
        if not tracemalloc.is_tracing():
            tracemalloc.start(_FRAMES)
        self._first = self._last = take_census()
        self._traced = _traced()

    def count(self, why: str) -> None:
        """Count, and tell what differs from the count before."""
        census, before = take_census(), self._last
        self._last = census
        traced, _ = tracemalloc.get_traced_memory()
        objects = sum(census.objects.values())
        ledger = census.ledger
        self._tell(MemoryCounted(why, objects, len(ledger.descriptors), len(ledger.children), traced // _KIB))
        for what, then, now in differences(before, census)[:MEMORY_ROWS]:
            self._tell(MemoryChanged(what, then, now))
        self._tell_growth()
        self._write(census, traced)

    def ask(self, why: str) -> None:
        """Count here, then in the children."""
        self.count(why)
        self.pass_on(MEMORY)

    def reloaded(self) -> None:
        """Count after a reload, unless the last one was only a moment ago: counting takes its time."""
        if time.monotonic() >= self._rests_until:
            self.ask("reload")
            self._rests_until = time.monotonic() + MEMORY_REST / SECOND

    def end(self) -> None:
        """Tell what is still there and was not at the beginning."""
        census = take_census()
        left = [*census.ledger.beyond(self._first.ledger), *self._machines_left(census)]
        for what in left[:MEMORY_ROWS]:
            self._tell(MemoryLeft(what))
        if not left:
            self._tell(NothingLeft())
        self._path.unlink(missing_ok=True)

    def _machines_left(self, census: Census) -> Iterator[str]:
        for what, before, now in differences(self._first, census):
            if now > before and what.startswith(_ENDING) and not what.startswith(_REMEMBERED):
                yield f"{now - before} of {what}"

    def _tell_growth(self) -> None:
        traced, before = _traced(), self._traced
        self._traced = traced
        grown = {place: size - before.get(place, 0) for place, size in traced.items()}
        for place, size in sorted(grown.items(), key=lambda each: -each[1])[:MEMORY_ROWS]:
            if size >= _KIB:
                self._tell(MemoryGrew(place, size // _KIB))

    def _write(self, census: Census, traced: int) -> None:
        content = {"schema": 1, "traced": traced, "counts": census.counts()}
        write_whole(self._path, msgspec.json.encode(content))


@contextmanager
def watched(process: str, pid_file: str, tell: Tell) -> Iterator[MemoryWatch]:
    """Watch over a process from here to the end of the block; the signal has it count."""
    watch = MemoryWatch(process, pid_file, tell)
    signal.signal(MEMORY, lambda *_: watch.ask("signal"))
    try:
        yield watch
    finally:
        signal.signal(MEMORY, signal.SIG_IGN)
        watch.end()


def _traced() -> dict[str, int]:
    """Bytes that each line of code has allocated and still holds."""
    held: dict[str, int] = {}
    for row in tracemalloc.take_snapshot().statistics("lineno"):
        frame = row.traceback[0]
        held[f"{Path(frame.filename).name}:{frame.lineno}"] = row.size
    return held


def _to_nobody(_: int) -> None:
    """There are no children."""
