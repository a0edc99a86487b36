"""What the trackers ask for (commands) and what they tell (facts), carried out in the order given."""

from msgspec import Struct

from standfast.base.times import Duration
from standfast.core.track.parameters import FileCheck
from standfast.core.track.verdict import TrackerKey, Verdict
from standfast.model.kinds.initial import InitialFile
from standfast.model.kinds.scripts import Script

# ---- commands


class RunScript(Struct, frozen=True):
    """Start a run of this script; the answer is a `ScriptEnded` of the same number."""

    name: str
    run: int
    script: Script


class EndScript(Struct, frozen=True):
    """Ask a run to end (TERM), or make it end (KILL), with all that it started."""

    name: str
    run: int
    kill: bool = False


class WriteFile(Struct, frozen=True):
    """Write the first number of a tracked file (behaviour TR-11)."""

    name: str
    path: str
    initial: InitialFile


class WatchFiles(Struct, frozen=True):
    """Read these files now and whenever they change, and no others."""

    files: tuple[FileCheck, ...]


class WatchProcesses(Struct, frozen=True):
    """Read all processes now, and follow what happens to them."""

    wanted: bool  # False: nobody asks about processes any more
    commands: bool  # whether the command lines are asked for, too


# ---- facts


class TrackerChanged(Struct, frozen=True):
    """What a tracker says is not what it said before."""

    key: TrackerKey
    verdict: Verdict
    before: Verdict
    said: str = ""  # the beginning of what a failed script complained about


class RunSkipped(Struct, frozen=True):
    """A script was due, but its last run has not ended (behaviour TR-02)."""

    name: str
    since: Duration  # how long that run goes on


class ProcessesPolled(Struct, frozen=True):
    """Processes are no longer told by the kernel but read again and again, or the other way round."""

    reason: str  # empty: they are told


TrackCommand = RunScript | EndScript | WriteFile | WatchFiles | WatchProcesses
TrackFact = TrackerChanged | RunSkipped | ProcessesPolled
TrackEffect = TrackCommand | TrackFact
TrackEffects = tuple[TrackEffect, ...]
