"""All trackers of one process: the machine that the vrrp child and the simulator drive.

It keeps what each script, file, process and session says, and tells it when it changes. What one script does is
`script`, what a file says `file`, who has a quorum `process`. Interfaces are `interface`: the routers know them.
"""

from collections.abc import Iterable, Mapping
from typing import Final, assert_never

from standfast.base.agenda import Agenda
from standfast.base.limits import SCRIPT_KILL_AFTER
from standfast.base.times import Instant, after
from standfast.core.track import process, script
from standfast.core.track.effects import (
    EndScript,
    ProcessesPolled,
    TrackEffect,
    TrackEffects,
    TrackerChanged,
    WatchFiles,
    WatchProcesses,
    WriteFile,
)
from standfast.core.track.events import (
    Due,
    FilesRead,
    ProcessesRead,
    ProcessesUnseen,
    ProcessNews,
    ScriptEnded,
    SessionJudged,
    Stop,
    TrackEvent,
)
from standfast.core.track.file import verdict_of
from standfast.core.track.legacy import TrackerLegacy, legacies
from standfast.core.track.parameters import Match, ProcessCheck, ScriptCheck, Tracked
from standfast.core.track.process import Population, ProcessState
from standfast.core.track.script import Busy, Ending, ScriptState
from standfast.core.track.snapshot import TrackerSnapshot, TrackersSnapshot
from standfast.core.track.verdict import GOOD, WAITING, TrackerKey, TrackerKind, Verdict

_LEAVING: Final = "leaving"  # who is due in the agenda when a run that nobody waits for is made to end


class Trackers:
    """The machine of the trackers. Give it `start` first."""

    def __init__(self) -> None:
        self._tracked = Tracked()
        self._verdicts: dict[TrackerKey, Verdict] = {}
        self._since: dict[TrackerKey, Instant] = {}
        self._checks: dict[str, ScriptCheck] = {}
        self._scripts: dict[str, ScriptState] = {}
        self._leaving: dict[tuple[str, int], Instant] = {}  # runs that a reload has made needless, asked when
        self._processes: dict[str, ProcessState] = {}
        self._population = Population(())
        self._polled = ""  # why processes are read again and again; empty: the kernel tells of them
        self._agenda = Agenda()
        self._left: dict[TrackerKey, TrackerLegacy] = {}  # by another process, until the start

    # ---- the machine

    def give_legacy(self, legacy: Iterable[TrackerLegacy]) -> None:
        """Before the start: go on where another process stopped."""
        self._left = {one.key: one for one in legacy}
        self._verdicts = {key: one.verdict for key, one in self._left.items()}
        self._since = {key: one.since for key, one in self._left.items()}

    def bequeath(self) -> tuple[TrackerLegacy, ...]:
        """What another process needs to go on."""
        return tuple(legacies(self._verdicts, self._since, scripts=self._scripts, processes=self._processes))

    def start(self, tracked: Tracked, now: Instant) -> TrackEffects:
        """Track these."""
        return self.reload(tracked, now)

    def reload(self, tracked: Tracked, now: Instant) -> TrackEffects:
        """Go on with these; what stays the same keeps its word (behaviour TR-23)."""
        before, self._tracked = self._tracked, tracked
        self._name(now)
        files, scripts = self._reload_files(before), self._reload_scripts(before, now)
        processes = self._reload_processes(before)
        self._left = {}
        return (*scripts, *files, *processes)

    def handle(self, event: TrackEvent, now: Instant) -> TrackEffects:
        """What follows from the event, in the order in which it is to be done."""
        match event:
            case ScriptEnded():
                return self._ended(event, now)
            case FilesRead(files):
                read = {TrackerKey(TrackerKind.FILE, name): verdict_of(one) for name, one in files.items()}
                return self._say(read, now)
            case ProcessesRead() | ProcessNews() | ProcessesUnseen():
                return self._processes_told(event, now)
            case SessionJudged(name, up, reason):
                key = TrackerKey(TrackerKind.BFD, name)
                return self._say({key: GOOD if up else Verdict(up=False, reason=reason)}, now)
            case Due():
                return self._due(now)
            case Stop():
                return self._stop()
            case _:
                assert_never(event)

    def deadline(self) -> Instant | None:
        """When it must be told `Due`."""
        return self._agenda.first()

    def verdicts(self) -> Mapping[TrackerKey, Verdict]:
        """What all trackers say now."""
        return dict(self._verdicts)

    def snapshot(self, now: Instant) -> TrackersSnapshot:
        """All trackers at this moment."""
        return TrackersSnapshot(
            now, tuple(self._shown(key, verdict) for key, verdict in self._verdicts.items())
        )

    # ---- what is said

    def _name(self, now: Instant) -> None:
        """Know exactly the trackers that are configured; one that is new has no result yet."""
        tracked = self._tracked
        keys = (
            *(TrackerKey(TrackerKind.SCRIPT, check.name) for check in tracked.scripts),
            *(TrackerKey(TrackerKind.FILE, check.name) for check in tracked.files),
            *(TrackerKey(TrackerKind.PROCESS, check.name) for check in tracked.processes),
            *(TrackerKey(TrackerKind.BFD, name) for name in tracked.sessions),
        )
        self._verdicts = {key: self._verdicts.get(key, WAITING) for key in keys}
        self._since = {key: self._since.get(key, now) for key in keys}

    def _say(self, verdicts: Mapping[TrackerKey, Verdict], now: Instant, said: str = "") -> TrackEffects:
        """Tell what is new of these; who is not tracked any more is not asked."""
        effects: list[TrackEffect] = []
        for key, verdict in verdicts.items():
            before = self._verdicts.get(key)
            if before is None or before == verdict:
                continue
            self._verdicts[key] = verdict
            if before.up != verdict.up:
                self._since[key] = now
            effects.append(TrackerChanged(key, verdict, before, said))
        return tuple(effects)

    # ---- scripts

    def _reload_scripts(self, before: Tracked, now: Instant) -> TrackEffects:
        former = {check.name: check for check in before.scripts}
        old, self._scripts = self._scripts, {}
        self._checks = {check.name: check for check in self._tracked.scripts}
        effects: list[TrackEffect] = []
        said: dict[TrackerKey, Verdict] = {}
        for check in self._tracked.scripts:
            state = old.pop(check.name, None)
            left = self._left.get(TrackerKey(TrackerKind.SCRIPT, check.name))
            if state is None and left is not None:
                state = left.as_script(now)
            elif state is None:
                run = max((run for name, run in self._leaving if name == check.name), default=0)
                state = script.first_state(check, now, run=run)
            elif former[check.name].script != check.script:
                effects += self._send_away(check.name, state, now)
                state = script.first_state(check, now, run=state.run, former=state)
            said[TrackerKey(TrackerKind.SCRIPT, check.name)] = state.verdict
            self._scripts[check.name] = state
            self._schedule(check.name)
        for name, state in old.items():
            effects += self._send_away(name, state, now)
            self._agenda.set(_due_name(TrackerKind.SCRIPT, name), None)
        return (*effects, *self._say(said, now))

    def _send_away(self, name: str, state: ScriptState, now: Instant) -> TrackEffects:
        """Nobody waits for this run any more."""
        if not isinstance(state.phase, Busy):
            return ()
        asked = state.phase.asked if isinstance(state.phase, Ending) else now
        self._leaving[name, state.run] = asked
        self._agenda.bring_forward(_LEAVING, after(asked, SCRIPT_KILL_AFTER))
        return () if isinstance(state.phase, Ending) else (EndScript(name, state.run),)

    def _make_leave(self, now: Instant) -> TrackEffects:
        late = [run for run, asked in self._leaving.items() if now >= after(asked, SCRIPT_KILL_AFTER)]
        for run in late:
            del self._leaving[run]
        if self._leaving:
            self._agenda.set(_LEAVING, after(min(self._leaving.values()), SCRIPT_KILL_AFTER))
        return tuple(EndScript(name, run, kill=True) for name, run in late)

    def _ended(self, event: ScriptEnded, now: Instant) -> TrackEffects:
        if self._leaving.pop((event.name, event.run), None) is not None:
            return ()
        return self._step(event.name, event, now) if event.name in self._scripts else ()

    def _step(self, name: str, event: Due | ScriptEnded, now: Instant) -> TrackEffects:
        check = self._checks[name]
        state, effects = script.step(check, self._scripts[name], event, now)
        self._scripts[name] = state
        self._schedule(name)
        said = event.said if isinstance(event, ScriptEnded) else ""
        return (*effects, *self._say({TrackerKey(TrackerKind.SCRIPT, name): state.verdict}, now, said))

    def _schedule(self, name: str) -> None:
        due = script.deadline(self._checks[name], self._scripts[name])
        self._agenda.set(_due_name(TrackerKind.SCRIPT, name), due)

    # ---- files

    def _reload_files(self, before: Tracked) -> TrackEffects:
        """Watch them anew if they are others: each is read then, and says so itself."""
        now = self._tracked.files
        if now == before.files:
            return ()
        old = {(check.name, check.path) for check in before.files}
        fresh = [check for check in now if (check.name, check.path) not in old]
        fresh = [check for check in fresh if TrackerKey(TrackerKind.FILE, check.name) not in self._left]
        writes = (WriteFile(c.name, c.path, c.init_file) for c in fresh if c.init_file is not None)
        return (*writes, WatchFiles(now))

    # ---- processes

    def _reload_processes(self, before: Tracked) -> TrackEffects:
        checks = self._tracked.processes
        if checks == before.processes:
            return ()
        sought = {check.name: (check.words, check.match) for check in before.processes}
        self._processes = {
            check.name: self._processes.get(check.name, ProcessState())
            if sought.get(check.name) == (check.words, check.match)
            else self._left_processes(check.name)
            for check in checks
        }
        for name in sought.keys() - self._processes.keys():
            self._agenda.set(_due_name(TrackerKind.PROCESS, name), None)
        self._population = Population(checks)
        if not checks:
            return (WatchProcesses(wanted=False, commands=False),)
        commands = any(check.match is not Match.NAME for check in checks)
        return (WatchProcesses(wanted=True, commands=commands),)

    def _left_processes(self, name: str) -> ProcessState:
        left = self._left.get(TrackerKey(TrackerKind.PROCESS, name))
        return ProcessState() if left is None else left.as_processes()

    def _processes_told(
        self, event: ProcessesRead | ProcessNews | ProcessesUnseen, now: Instant
    ) -> TrackEffects:
        checks = {check.name: check for check in self._tracked.processes}
        touched: Iterable[str] = checks
        told: TrackEffects = ()
        match event:
            case ProcessesUnseen(words):
                self._processes = {name: ProcessState(unseen=words) for name in checks}
                return self._say_processes(checks.values(), now)
            case ProcessesRead(running, polled):
                told = () if polled == self._polled else (ProcessesPolled(polled),)
                self._polled = polled
                self._population.read(running)
            case ProcessNews(changes):
                touched = {name for change in changes for name in self._population.apply(change)}
            case _:
                assert_never(event)
        for name in touched:
            state, count = self._processes[name], self._population.count(name)
            self._processes[name] = process.counted(checks[name], state, count, now)
        said = self._say_processes([check for name, check in checks.items() if name in touched], now)
        return (*told, *said)

    def _say_processes(self, checks: Iterable[ProcessCheck], now: Instant) -> TrackEffects:
        said: dict[TrackerKey, Verdict] = {}
        for check in checks:
            state = self._processes[check.name]
            said[TrackerKey(TrackerKind.PROCESS, check.name)] = state.verdict(check)
            self._agenda.set(_due_name(TrackerKind.PROCESS, check.name), process.deadline_of(check, state))
        return self._say(said, now)

    # ---- time, and the end

    def _due(self, now: Instant) -> TrackEffects:
        effects: list[TrackEffect] = []
        settled: list[ProcessCheck] = []
        checks = {check.name: check for check in self._tracked.processes}
        for owner in self._agenda.due(now):
            kind, _, name = owner.partition(" ")
            if owner == _LEAVING:
                effects += self._make_leave(now)
            elif kind == TrackerKind.SCRIPT:
                effects += self._step(name, Due(), now)
            else:
                self._processes[name] = process.due(checks[name], self._processes[name], now)
                settled.append(checks[name])
        return (*effects, *self._say_processes(settled, now))

    def _stop(self) -> TrackEffects:
        """Ask the scripts that run to end (behaviour SE-08); what is said from now on matters to nobody."""
        ends = [
            EndScript(name, state.run)
            for name, state in self._scripts.items()
            if isinstance(state.phase, Busy)
        ]
        self._tracked, self._scripts, self._processes = Tracked(), {}, {}
        self._verdicts, self._since, self._agenda = {}, {}, Agenda()
        return (*ends, WatchFiles(()), WatchProcesses(wanted=False, commands=False))

    # ---- what is shown

    def _shown(self, key: TrackerKey, verdict: Verdict) -> TrackerSnapshot:
        since = self._since[key]
        match key.kind:
            case TrackerKind.SCRIPT:
                return self._shown_script(key, verdict, since)
            case TrackerKind.PROCESS:
                state = self._processes[key.name]
                check = next(check for check in self._tracked.processes if check.name == key.name)
                due = process.deadline_of(check, state)
                return TrackerSnapshot(
                    key, verdict, since, next_run=due, count=state.count, polled=self._polled
                )
            case _:
                return TrackerSnapshot(key, verdict, since)

    def _shown_script(self, key: TrackerKey, verdict: Verdict, since: Instant) -> TrackerSnapshot:
        state, check = self._scripts[key.name], self._checks[key.name]
        last = state.last
        return TrackerSnapshot(
            key,
            verdict,
            since,
            last_run=None if last is None else last.began,
            took=None if last is None else last.took,
            result="" if last is None else last.result,
            said="" if last is None else last.said,
            next_run=script.next_run(check, state),
            running=isinstance(state.phase, Busy),
        )


def _due_name(kind: TrackerKind, name: str) -> str:
    """Who is due in the agenda; `_LEAVING` has no space in it."""
    return f"{kind} {name}"
