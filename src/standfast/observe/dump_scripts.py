"""Tracked scripts, files, processes and sessions in the form of Keepalived's `keepalived.data` (FILE-03)."""

from collections.abc import Iterator, Mapping

from standfast.base.times import Duration
from standfast.core.track.configured import script_check
from standfast.core.track.snapshot import TrackerSnapshot, TrackersSnapshot
from standfast.core.track.verdict import Tracker, TrackerKey, TrackerKind
from standfast.model.tracked import TrackFile, VrrpScript, VrrpTrackProcess
from standfast.observe import dump_words as words
from standfast.observe.dump_vrrp import Seen

Found = Mapping[TrackerKey, TrackerSnapshot]


def tracked_text(seen: Seen, trackers: TrackersSnapshot) -> str:
    """The sections of what is tracked; a section without entries is left out."""
    found = {one.key: one for one in trackers.trackers}
    lines: list[str] = []
    for title, rows in (
        ("VRRP Scripts", _scripts(seen, found)),
        ("VRRP Track files", _files(seen, found)),
        ("VRRP Track processes", _processes(seen, found)),
        ("VRRP Track BFDs", _sessions(seen, found)),
    ):
        section = list(rows)
        if section:
            lines += (f"------< {title} >------", *section)
    return "".join(f"{line}\n" for line in lines)


def _scripts(seen: Seen, found: Found) -> Iterator[str]:
    for block in seen.config.vrrp_scripts:
        one = found.get(TrackerKey(TrackerKind.SCRIPT, block.name))
        yield f" VRRP Script = {block.name}"
        yield from (f"   {row}" for row in _script(block, one, seen))
        yield "   VRRP instances :"
        yield from _followers(seen, TrackerKey(TrackerKind.SCRIPT, block.name))
        yield f"   State = {'running' if one is not None and one.running else 'idle'}"


def _script(block: VrrpScript, one: TrackerSnapshot | None, seen: Seen) -> Iterator[str]:
    good = one is not None and one.verdict.up
    yield f"Command = {words.command(block.script)}"
    yield f"Interval = {words.number(block.interval)} sec"
    yield f"Timeout = {words.number(block.timeout)} sec"
    yield f"Weight = {block.weight.value}{' reverse' * block.weight.reverse}"
    yield f"Rise = {block.rise}"
    yield f"Fall = {block.fall}"
    yield "Insecure = no"
    yield f"Init state = {'failed' if block.init_fail else 'unknown'}"
    yield f"Status = {'GOOD' if good else 'BAD'}"
    yield f"Script uid:gid = {seen.account(script_check(block).script)}"


def _files(seen: Seen, found: Found) -> Iterator[str]:
    for block in seen.config.track_files:
        key = TrackerKey(TrackerKind.FILE, block.name)
        yield f" Track file = {block.name}"
        yield from (f"   {row}" for row in _file(block, found.get(key)))
        yield from _followers(seen, key)


def _file(block: TrackFile, one: TrackerSnapshot | None) -> Iterator[str]:
    yield f"File = {block.file}"
    yield f"Status = {0 if one is None else one.verdict.value}"
    yield f"Weight = {block.weight.value}{' reverse' * block.weight.reverse}"


def _processes(seen: Seen, found: Found) -> Iterator[str]:
    for block in seen.config.vrrp_track_processes:
        key = TrackerKey(TrackerKind.PROCESS, block.name)
        yield f" VRRP Track process = {block.name}"
        yield from (f"   {row}" for row in _process(block, found.get(key)))
        yield from _followers(seen, key)


def _sessions(seen: Seen, found: Found) -> Iterator[str]:
    for block in seen.config.bfd_instances:
        key = TrackerKey(TrackerKind.BFD, block.name)
        one = found.get(key)
        yield f" VRRP Track BFD = {block.name}"
        yield f"   Weight = {block.weight.value}{' reverse' * block.weight.reverse}"
        yield f"   Bfd is {'up' if one is not None and one.verdict.up else 'down'}"
        yield "   Tracking VRRP instances :"
        yield from _followers(seen, key)


def _process(block: VrrpTrackProcess, one: TrackerSnapshot | None) -> Iterator[str]:
    program, *arguments = block.process
    yield f"Process = {program}"
    if arguments:
        yield f"Parameters = {words.quoted(tuple(arguments))}"
    yield f"Min processes = {block.quorum}"
    if block.quorum_max is not None:
        yield f"Max processes = {block.quorum_max}"
    yield f"Current processes = {0 if one is None else one.count}"
    yield f"Have quorum = {words.truth(one is not None and one.verdict.up)}"
    yield f"Weight = {block.weight.value}{' reverse' * block.weight.reverse}"
    yield f"Terminate delay = {_delay(block.terminate_delay)}"
    yield f"Fork delay = {_delay(block.fork_delay)}"
    yield f"Fork delay timer {_timer(one, good=False)}running"
    yield f"Terminate delay timer {_timer(one, good=True)}running"
    yield f"Full command = {words.truth(block.full_command)}"


def _delay(duration: Duration) -> str:
    return f"{words.exact_seconds(duration)}s"


def _timer(one: TrackerSnapshot | None, *, good: bool) -> str:
    """What is up waits before it counts as down, and the other way round."""
    waits = one is not None and one.next_run is not None and one.verdict.up is good
    return "" if waits else "not "


def _followers(seen: Seen, key: TrackerKey) -> Iterator[str]:
    following = [
        (one.router.name, tracker)
        for one in seen.snapshot.routers
        for tracker in one.configured.trackers
        if tracker.key == key
    ]
    if following or key.kind is TrackerKind.SCRIPT:
        yield "   Tracking instances :"
    yield from (f"     {name}, {_weight(tracker)}" for name, tracker in following)


def _weight(tracker: Tracker) -> str:
    return f"weight {tracker.weight}{' reverse' * tracker.reverse}"
