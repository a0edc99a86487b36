"""The text of all trackers, for the dump that a signal asks for (FILE-03)."""

from collections.abc import Iterator

from standfast.base.limits import PROCESS_POLL
from standfast.base.times import Instant, between, in_seconds
from standfast.core.track.snapshot import TrackerSnapshot, TrackersSnapshot
from standfast.core.track.verdict import TrackerKind
from standfast.observe.line import one_line


def trackers_text(snapshot: TrackersSnapshot) -> str:
    """What every tracker says, since when, and why."""
    lines: list[str] = []
    for one in snapshot.trackers:
        lines.append(f"Tracked {one.key.kind} = {one.key.name}")
        lines += (f"  {name} = {value}" for name, value in _rows(one, snapshot.taken_at))
    return "\n".join(lines) + "\n" if lines else ""


def _rows(one: TrackerSnapshot, now: Instant) -> Iterator[tuple[str, str]]:
    yield "State", "up" if one.verdict.up else f"not up: {one.verdict.reason}"
    yield "Since", f"{in_seconds(between(one.since, now))} s ago"
    match one.key.kind:
        case TrackerKind.SCRIPT:
            yield from _script(one, now)
        case TrackerKind.FILE:
            yield "Number", str(one.verdict.value)
        case TrackerKind.PROCESS:
            yield "Found", str(one.count)
            if one.polled:
                yield "Seen by", f"reading /proc every {in_seconds(PROCESS_POLL)} s: {one.polled}"


def _script(one: TrackerSnapshot, now: Instant) -> Iterator[tuple[str, str]]:
    if one.last_run is not None and one.took is not None:
        ago, took = in_seconds(between(one.last_run, now)), in_seconds(one.took)
        yield "Last run", f"{ago} s ago, took {took} s: {one.result or 'success'}"
    if one.said:
        yield "It complained", one_line(one.said.splitlines()[0])
    if one.running:
        yield "Now", "running"
    if one.next_run is not None:
        yield "Next run", f"in {in_seconds(between(now, one.next_run))} s"
