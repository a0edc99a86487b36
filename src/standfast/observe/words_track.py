"""The words for what the trackers tell."""

from typing import Final

from standfast.base.times import in_seconds
from standfast.core.track.effects import ProcessesPolled, RunSkipped, TrackerChanged
from standfast.core.track.verdict import WAITING, TrackerKind
from standfast.observe.line import Level, Line, line
from standfast.observe.wording import words

_WHAT: Final = {
    TrackerKind.SCRIPT: "VRRP_Script",
    TrackerKind.FILE: "Track_File",
    TrackerKind.PROCESS: "VRRP_Track_Process",
    TrackerKind.BFD: "BFD_Instance",
    TrackerKind.INTERFACE: "Interface",
}
_GOOD: Final = {
    TrackerKind.SCRIPT: "succeeded",
    TrackerKind.FILE: "can be read",
    TrackerKind.PROCESS: "has its quorum",
    TrackerKind.BFD: "is up",
    TrackerKind.INTERFACE: "is up",
}
_BAD: Final = {
    TrackerKind.SCRIPT: "failed",
    TrackerKind.FILE: "cannot be used",
    TrackerKind.PROCESS: "has no quorum",
    TrackerKind.BFD: "is down",
    TrackerKind.INTERFACE: "is down",
}


@words(TrackerChanged, same=lambda fact: (fact.key, fact.verdict))
def changed(fact: TrackerChanged) -> Line:
    """A tracker says something else; the first words of scripts are those that operators grep for."""
    kind, name = fact.key
    who, now = f"{_WHAT[kind]}({name})", fact.verdict
    if not now.up:
        level = Level.WARNING if fact.before.up or fact.before == WAITING else Level.INFO
        return line(level, f"{who} {_BAD[kind]}", reason=now.reason, said=fact.said)
    if fact.before.up:
        return line(Level.INFO, f"{who} holds another number", value=now.value, was=fact.before.value)
    level = Level.INFO if fact.before == WAITING else Level.NOTICE
    if kind is TrackerKind.FILE:
        return line(level, f"{who} {_GOOD[kind]}", value=now.value)
    return line(level, f"{who} {_GOOD[kind]}")


@words(RunSkipped, same=lambda fact: fact.name)
def skipped(fact: RunSkipped) -> Line:
    """A script takes longer than its interval (behaviour TR-02)."""
    return line(
        Level.WARNING,
        f"VRRP_Script({fact.name}) is still running, so a run is skipped",
        since=f"{in_seconds(fact.since)} s",
    )


@words(ProcessesPolled)
def polled(fact: ProcessesPolled) -> Line:
    """What starts and ends between two readings is not seen."""
    if not fact.reason:
        return line(Level.INFO, "The kernel tells of processes")
    return line(Level.NOTICE, "Processes are looked for in /proc every second", reason=fact.reason)
