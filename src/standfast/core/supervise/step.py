"""What happens to one child.

    absent ──> starting ──> running ──> leaving ──> absent          it was asked to end
                  ^  │         ├──────> silent ───┐                 it did not answer hellos: it says where it
                  │  └──────┐  │                  │                 stands, and is killed
                  │         v  v                  │
                  └────── waiting <───────────────┘                 it died

One function a state, one case a rule. What one child's end means for the others is decided in `node`.
"""

from dataclasses import replace
from typing import assert_never

from standfast.base.limits import CHILD_LATE, HELLO_MISSES
from standfast.base.times import Instant, between
from standfast.core.supervise.effects import (
    Abort,
    ChildEnded,
    ChildLate,
    ChildLingers,
    ChildNotStarted,
    ChildReady,
    ChildSilent,
    ChildStarted,
    Effects,
    Kill,
    SendHello,
    Spawn,
    Terminate,
)
from standfast.core.supervise.events import (
    Answered,
    ChildEvent,
    Dismissed,
    Due,
    Ended,
    Ready,
    Spawned,
    SpawnFailed,
    Wanted,
)
from standfast.core.supervise.state import Absent, Child, Leaving, Running, Silent, Starting, Waiting
from standfast.core.supervise.timing import deadline, wait_after_death
from standfast.core.supervise.watch import FATAL_EXITS, Watch

Step = tuple[Child, Effects]


def step(watch: Watch, name: str, child: Child, event: ChildEvent, now: Instant) -> Step:
    """The child's state after the event, and what follows from it, in the order in which it is to be done."""
    due = deadline(watch, child)
    if isinstance(event, Due) and (due is None or now < due):
        return child, ()
    match child:
        case Absent():
            return _absent(name, child, event)
        case Starting():
            return _starting(name, child, event, now)
        case Running():
            return _running(watch, name, child, event, now)
        case Silent():
            return _silent(watch, name, child, event, now)
        case Waiting():
            return _waiting(name, child, event)
        case Leaving():
            return _leaving(name, child, event, now)
        case _:
            assert_never(child)


def ends_daemon(watch: Watch, status: int) -> bool:
    """Whether a child's end ends the daemon (behaviour PR-05)."""
    return status in FATAL_EXITS or not watch.respawn


def _absent(name: str, child: Absent, event: ChildEvent) -> Step:
    match event:
        case Wanted():
            return Starting(restarts=0), (Spawn(name),)
        case Spawned() | SpawnFailed() | Ready() | Answered() | Ended() | Due() | Dismissed():
            return child, ()
        case _:
            assert_never(event)


def _starting(name: str, child: Starting, event: ChildEvent, now: Instant) -> Step:
    match event:
        case Spawned(_, pid):
            running = Running(since=now, restarts=child.restarts, asked_at=now)
            return running, (ChildStarted(name, pid, child.restarts),)
        case SpawnFailed(_, words):
            waiting = wait_after_death(now, child.restarts, now)
            return waiting, (ChildNotStarted(name, words, waiting.delay),)
        case Ready() | Answered() | Ended() | Due() | Wanted() | Dismissed():
            return child, ()
        case _:
            assert_never(event)


def _running(watch: Watch, name: str, child: Running, event: ChildEvent, now: Instant) -> Step:
    match event:
        case Ready():
            return replace(child, ready=True), (ChildReady(name),)
        case Answered(_, late_us):
            late = (ChildLate(name, late_us),) if late_us >= CHILD_LATE else ()
            return replace(child, unanswered=0), late
        case Due() if child.unanswered >= HELLO_MISSES:
            silent = Silent(child.since, child.restarts, aborted_at=now)
            return silent, (ChildSilent(name, child.unanswered), Abort(name))
        case Due():
            # From now, not from when it was due: after a pause of our own the child gets its time to answer.
            return replace(child, asked_at=now, unanswered=child.unanswered + 1), (SendHello(name),)
        case Dismissed():
            return Leaving(asked_at=now), (Terminate(name),)
        case Ended(_, status):
            return _died(watch, name, child, status, now)
        case Spawned() | SpawnFailed() | Wanted():
            return child, ()
        case _:
            assert_never(event)


def _silent(watch: Watch, name: str, child: Silent, event: ChildEvent, now: Instant) -> Step:
    match event:
        case Ended(_, status):
            return _died(watch, name, child, status, now)
        case Due():
            return replace(child, killed=True), (Kill(name),)
        case Dismissed():
            return Leaving(asked_at=now, killed=True), (Kill(name),)
        case Spawned() | SpawnFailed() | Ready() | Answered() | Wanted():
            return child, ()
        case _:
            assert_never(event)


def _waiting(name: str, child: Waiting, event: ChildEvent) -> Step:
    match event:
        case Due():
            return Starting(child.restarts), (Spawn(name),)
        case Dismissed():
            return Absent(), ()
        case Spawned() | SpawnFailed() | Ready() | Answered() | Ended() | Wanted():
            return child, ()
        case _:
            assert_never(event)


def _leaving(name: str, child: Leaving, event: ChildEvent, now: Instant) -> Step:
    match event:
        case Due():
            lingers = ChildLingers(name, between(child.asked_at, now))
            return replace(child, killed=True), (lingers, Kill(name))
        case Ended(_, status):
            return Absent(), (ChildEnded(name, status, "asked"),)
        case Spawned() | SpawnFailed() | Ready() | Answered() | Wanted() | Dismissed():
            return child, ()
        case _:
            assert_never(event)


def _died(watch: Watch, name: str, child: Running | Silent, status: int, now: Instant) -> Step:
    """Nobody asked it to end: the only door to a restart."""
    if ends_daemon(watch, status):
        return Absent(), (ChildEnded(name, status, "ends-daemon"),)
    waiting = wait_after_death(child.since, child.restarts, now)
    return waiting, (ChildEnded(name, status, "respawn", waiting.delay),)
