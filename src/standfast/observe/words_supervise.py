"""The words for what the parent tells about its children."""

import signal

from standfast.base.times import Duration, in_seconds
from standfast.core.supervise.effects import (
    ChildEnded,
    ChildLate,
    ChildLingers,
    ChildNotStarted,
    ChildReady,
    ChildSilent,
    ChildStarted,
    ConfirmationAwaited,
    ReloadComplete,
    ReloadConfirmed,
    ReloadNotBegun,
    ReloadQueued,
    ReloadRefused,
    ReloadUndone,
    StartupComplete,
    Stopping,
)
from standfast.observe.facts import ChildStood
from standfast.observe.line import Level, Line, line
from standfast.observe.wording import words


@words(ChildStarted)
def started(fact: ChildStarted) -> Line:
    """A child lives."""
    verb = "Restarted" if fact.restarts else "Started"
    again = {"restarts": fact.restarts} if fact.restarts else {}
    return line(Level.INFO, f"{verb} the {fact.child} process", pid=fact.pid, **again)


@words(ChildNotStarted)
def not_started(fact: ChildNotStarted) -> Line:
    """The kernel did not make a child."""
    return line(
        Level.ERROR,
        f"Cannot start the {fact.child} process",
        why=fact.words,
        again_in_s=in_seconds(fact.again_in),
    )


@words(ChildReady)
def ready(fact: ChildReady) -> Line:
    """A child does its work."""
    return line(Level.DEBUG, f"The {fact.child} process is ready")


@words(ChildLate)
def late(fact: ChildLate) -> Line:
    """A child's loop ran late."""
    return line(
        Level.WARNING,
        f"The {fact.child} process ran {in_seconds(Duration(fact.late_us))} s late",
        hint="the machine is overloaded, or was paused",
    )


@words(ChildSilent)
def silent(fact: ChildSilent) -> Line:
    """A child does not answer."""
    return line(
        Level.ERROR,
        f"The {fact.child} process does not answer and is killed",
        unanswered=fact.unanswered,
    )


@words(ChildStood)
def stood(fact: ChildStood) -> Line:
    """Where a thread of a child stood when the child was ended."""
    thread = "" if fact.thread == "current" else ", another thread"
    return line(Level.ERROR, f"The {fact.child} process stood here{thread}", where=" < ".join(fact.places))


@words(ChildEnded)
def ended(fact: ChildEnded) -> Line:
    """A child is no more."""
    level = Level.INFO if fact.answer == "asked" else Level.ERROR
    answers = {
        "asked": "",
        "respawn": f"restart in {in_seconds(fact.again_in)} s" if fact.again_in else "restart at once",
        "ends-daemon": "the daemon ends",
    }
    return line(
        level,
        f"The {fact.child} process {_end(fact.status)}",
        answer=answers.get(fact.answer, fact.answer),
    )


@words(ChildLingers)
def lingers(fact: ChildLingers) -> Line:
    """A child did not end when it was asked to."""
    waited = in_seconds(fact.waited)
    return line(Level.ERROR, f"The {fact.child} process has not ended after {waited} s and is killed")


@words(StartupComplete)
def complete(_fact: StartupComplete) -> Line:
    """Behaviour LOG-05."""
    return line(Level.NOTICE, "Startup complete")


@words(ReloadQueued)
def queued(_fact: ReloadQueued) -> Line:
    """Behaviour RL-06."""
    return line(Level.INFO, "A reload runs; the next one follows it")


@words(ReloadComplete)
def reloaded(_fact: ReloadComplete) -> Line:
    """Behaviour LOG-05."""
    return line(Level.NOTICE, "Reload complete")


@words(ConfirmationAwaited)
def awaited(fact: ConfirmationAwaited) -> Line:
    """The new configuration is on trial."""
    text = f"The new configuration is undone in {in_seconds(fact.within)} s unless somebody confirms it"
    return line(Level.NOTICE, text, hint="standfast reload --confirm, or --back")


@words(ReloadConfirmed)
def confirmed(fact: ReloadConfirmed) -> Line:
    """It stays."""
    return line(Level.NOTICE, f"The configuration was confirmed by {fact.by}")


@words(ReloadUndone)
def undone(fact: ReloadUndone) -> Line:
    """It goes; the file still has it."""
    return line(
        Level.WARNING,
        "Going back to the former configuration",
        why=fact.why,
        hint="the file on the disk still has the new one",
    )


@words(ReloadNotBegun)
def not_begun(fact: ReloadNotBegun) -> Line:
    """Nothing was even read."""
    return line(Level.ERROR, "No reload now", why=fact.words)


@words(ReloadRefused)
def refused(fact: ReloadRefused) -> Line:
    """The old configuration stays."""
    return line(
        Level.ERROR,
        "Reload refused; the running configuration is unchanged",
        by=f"the {fact.by} process" if fact.by else "",
        why=fact.words,
    )


@words(Stopping)
def stopping(fact: Stopping) -> Line:
    """The daemon ends."""
    return line(Level.NOTICE, "Stopping", reason=fact.reason)


def _end(status: int) -> str:
    if status >= 0:
        return f"ended with status {status}"
    try:
        return f"was killed by {signal.Signals(-status).name}"
    except ValueError:
        return f"was killed by signal {-status}"
