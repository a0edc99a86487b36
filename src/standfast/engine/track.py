"""Carries out what the trackers ask for, through the ports, and hands on what they say; decides nothing itself."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import assert_never

from standfast.core.track.effects import (
    EndScript,
    RunScript,
    TrackEffect,
    TrackerChanged,
    TrackFact,
    WatchFiles,
    WatchProcesses,
    WriteFile,
)
from standfast.core.track.verdict import TrackerKey, Verdict
from standfast.engine.audience import Audience
from standfast.engine.ports import Clock, Listener
from standfast.engine.track_ports import FilePort, ProcessPort, ScriptPort


class TrackEffects:
    """The interpreter of the trackers' effects."""

    def __init__(
        self,
        *,
        scripts: ScriptPort,
        files: FilePort,
        processes: ProcessPort,
        judged: Callable[[Mapping[TrackerKey, Verdict]], None],
        listeners: Sequence[Listener],
        clock: Clock,
    ) -> None:
        """Make it.

        Args:
            scripts: runs them.
            files: reads them.
            processes: tells of them.
            judged: gets the new verdicts that follow from one event, all at once: the routers.
            listeners: are told the facts, after that.
            clock: of this host.
        """
        self._scripts = scripts
        self._files = files
        self._processes = processes
        self._judged = judged
        self._audience = Audience(listeners, clock)

    def run(self, effects: Iterable[TrackEffect]) -> None:
        """Do in the order given; then hand on what was judged, and tell: routers come before words."""
        facts: list[TrackFact] = []
        for effect in effects:
            if isinstance(effect, TrackFact):
                facts.append(effect)
            else:
                self._do(effect)
        judgements = {fact.key: fact.verdict for fact in facts if isinstance(fact, TrackerChanged)}
        if judgements:
            self._judged(judgements)
        for fact in facts:
            self._audience.tell(fact)

    def _do(self, effect: RunScript | EndScript | WriteFile | WatchFiles | WatchProcesses) -> None:
        match effect:
            case RunScript(name, run, script):
                self._scripts.run(name, run, script)
            case EndScript(name, run, kill):
                self._scripts.end(name, run, kill=kill)
            case WriteFile(name, path, initial):
                self._files.write(name, path, initial)
            case WatchFiles(files):
                self._files.watch(files)
            case WatchProcesses(wanted, commands):
                self._processes.watch(wanted=wanted, commands=commands)
            case _:
                assert_never(effect)
