"""What trackers leave to the process that takes the place of theirs: what they said, and on what grounds."""

from collections.abc import Iterable, Mapping

from standfast.base.frozen import changed, frozen
from standfast.base.times import Instant
from standfast.core.track.process import ProcessState
from standfast.core.track.script import Fresh, LastRun, Resting, ScriptState
from standfast.core.track.settling import Settling
from standfast.core.track.verdict import TrackerKey, TrackerKind, Verdict


@frozen
class TrackerLegacy:
    """One tracker."""

    kind: TrackerKind
    name: str
    verdict: Verdict
    since: Instant
    decided: bool = False  # of a script: a result has decided
    against: int = 0  # results in a row that speak against the verdict
    slot: Instant | None = None  # its last place on the grid
    last: LastRun | None = None
    settling: Settling | None = None  # of processes
    count: int = 0

    @property
    def key(self) -> TrackerKey:
        """Which one it is."""
        return TrackerKey(self.kind, self.name)

    def as_script(self, now: Instant) -> ScriptState:
        """A script that goes on: the run that was under way says nothing any more, its place is taken."""
        phase = Fresh(now) if self.slot is None else Resting(self.slot)
        return ScriptState(phase, self.verdict, self.decided, self.against, last=self.last)

    def as_processes(self) -> ProcessState:
        """A quorum that goes on."""
        return ProcessState(self.settling, self.count)


def legacies(
    verdicts: Mapping[TrackerKey, Verdict],
    since: Mapping[TrackerKey, Instant],
    *,
    scripts: Mapping[str, ScriptState],
    processes: Mapping[str, ProcessState],
) -> Iterable[TrackerLegacy]:
    """What all trackers leave."""
    for key, verdict in verdicts.items():
        one = TrackerLegacy(key.kind, key.name, verdict, since[key])
        script, count = scripts.get(key.name), processes.get(key.name)
        if key.kind is TrackerKind.SCRIPT and script is not None:
            slot = None if isinstance(script.phase, Fresh) else script.phase.slot
            yield changed(one, decided=script.decided, against=script.against, slot=slot, last=script.last)
        elif key.kind is TrackerKind.PROCESS and count is not None and not count.unseen:
            yield changed(one, settling=count.settling, count=count.count)
        else:
            yield one
