"""The words for what the edge itself tells."""

from typing import Final

from standfast.base.times import in_seconds
from standfast.observe.facts import (
    AddressSeen,
    ConfigComplaint,
    ConfigShown,
    ConfigSummary,
    ConfigUnchanged,
    Crashed,
    DaemonStarted,
    DaemonStopped,
    Failed,
    FileWritten,
    HostTrouble,
    LinesLost,
    MemoryLocked,
    NotBeforeRestart,
    NothingInherited,
    NothingToRun,
    OptionWithoutEffect,
    OrderGiven,
    OrderOver,
    PriorityRaised,
    ProgramReplaced,
    ReloadAppointed,
    ReloadNotAppointed,
    ReloadPlanned,
    ScriptNotRun,
    ScriptRan,
    ScriptsSuperseded,
    ScriptTimedOut,
    WentOn,
    WorksWithout,
)
from standfast.observe.line import Level, Line, line
from standfast.observe.wording import words

_SEVERITIES: Final = {"error": Level.ERROR, "warning": Level.WARNING, "notice": Level.NOTICE}


@words(DaemonStarted)
def started(fact: DaemonStarted) -> Line:
    """Behaviour LOG-03."""
    command = " ".join(f"'{word}'" for word in fact.command)
    return line(
        Level.NOTICE,
        f"Starting Standfast v{fact.version}",
        system=fact.system,
        command=command,
        config=fact.config,
    )


@words(DaemonStopped)
def stopped(fact: DaemonStopped) -> Line:
    """Behaviour LOG-03: the last line."""
    return line(Level.NOTICE, f"Stopped Standfast v{fact.version}")


@words(ConfigComplaint)
def complaint(fact: ConfigComplaint) -> Line:
    """Where, what was wrong and what was expected."""
    level = _SEVERITIES.get(fact.severity, Level.NOTICE)
    return line(level, f"{fact.place}: {fact.severity}: {fact.words} [{fact.slug}]", hint=fact.hint)


@words(OrderGiven)
def order_given(fact: OrderGiven) -> Line:
    """Who ordered what, and why."""
    ends = "" if fact.for_s is None else f"{fact.for_s:g}"
    what = fact.what if fact.weight is None else f"{fact.what} {fact.weight}"
    text = f"{_ordered(fact)}: {what} ordered by {fact.owner}"
    return line(Level.NOTICE, text, reason=fact.reason, for_s=ends)


@words(OrderOver)
def order_over(fact: OrderOver) -> Line:
    """It stands no longer."""
    return line(Level.NOTICE, f"{_ordered(fact)}: {fact.what} is over", why=fact.why)


def _ordered(fact: OrderGiven | OrderOver) -> str:
    """What an order is about."""
    return f"{fact.server} of {fact.name}" if fact.server else fact.name or "Everything"


@words(ReloadPlanned)
def plan(fact: ReloadPlanned) -> Line:
    """How much a reload does; the history has each change."""
    first = fact.changes[0] if fact.changes else ""
    return line(
        Level.INFO, f"Reloading: {fact.count} {'change' if fact.count == 1 else 'changes'}", first=first
    )


@words(ReloadAppointed)
def appointed(fact: ReloadAppointed) -> Line:
    """Behaviour RL-09."""
    return line(Level.NOTICE, f"A reload is planned for {fact.at}", path=fact.path)


@words(ReloadNotAppointed)
def not_appointed(fact: ReloadNotAppointed) -> Line:
    """Behaviour RL-09."""
    return line(Level.NOTICE, "No reload is planned any more", path=fact.path, why=fact.why)


@words(NotBeforeRestart)
def not_before_restart(fact: NotBeforeRestart) -> Line:
    """Behaviour RL-08."""
    where = f"{fact.block}: {fact.keyword}" if fact.block else fact.keyword
    return line(
        Level.WARNING,
        f"{where} stays as it was until the daemon is restarted",
        because=fact.because,
        hint="restart standfastd when it suits",
    )


@words(ConfigSummary)
def summary(fact: ConfigSummary) -> Line:
    """How much the complaints were."""
    if not fact.errors and not fact.warnings:
        return line(Level.DEBUG, f"Read {fact.path}")
    data = {"errors": fact.errors, "warnings": fact.warnings}
    return line(
        Level.WARNING, f"Read {fact.path}", **data, **({"untold": fact.untold} if fact.untold else {})
    )


@words(NothingToRun)
def nothing_to_run(fact: NothingToRun) -> Line:
    """A daemon that runs and does nothing should not look like one that works."""
    return line(
        Level.WARNING,
        f"Nothing to do: {fact.path} has no vrrp_instance and no virtual_server that can run",
        hint="correct it and reload",
    )


@words(ConfigUnchanged)
def unchanged(_fact: ConfigUnchanged) -> Line:
    """A reload of what runs already."""
    return line(Level.INFO, "The configuration has not changed; there is nothing to do")


@words(OptionWithoutEffect)
def without_effect(fact: OptionWithoutEffect) -> Line:
    """An option of Keepalived that waits for its work."""
    return line(Level.NOTICE, f"Option {fact.option} is accepted, and has no effect in this version")


@words(HostTrouble, same=lambda fact: fact.words)
def trouble(fact: HostTrouble) -> Line:
    """What the kernel does not do for us."""
    return line(Level.ERROR, fact.words)


@words(Crashed)
def crashed(fact: Crashed) -> Line:
    """A mistake of ours."""
    return line(Level.ERROR, f"A mistake in Standfast stops this process: {fact.error}", where=fact.where)


@words(ConfigShown)
def config_shown(fact: ConfigShown) -> Line:
    """A line of the configuration."""
    return line(Level.INFO, fact.line or " ")


@words(AddressSeen)
def address_seen(fact: AddressSeen) -> Line:
    """What became of an address."""
    what = "gone" if fact.gone else "there"
    return line(Level.INFO, f"The address {fact.address} is {what}", interface=fact.interface)


@words(MemoryLocked)
def memory_locked(fact: MemoryLocked) -> Line:
    """What stays in memory."""
    what = "all that was there, and what is used" if fact.at_once else "what is used"
    return line(Level.INFO, f"The memory of this process is locked: {what}", kib=fact.kib)


@words(PriorityRaised)
def priority_raised(fact: PriorityRaised) -> Line:
    """Why we are in a hurry."""
    text = f"Runs with real-time priority {fact.priority} from now on"
    return line(Level.NOTICE, text, late=in_seconds(fact.late))


@words(WorksWithout)
def works_without(fact: WorksWithout) -> Line:
    """What we do not get."""
    return line(Level.NOTICE, f"Works without {fact.what}", why=fact.why, remedy=fact.remedy)


@words(ProgramReplaced)
def replaced(fact: ProgramReplaced) -> Line:
    """A restart that nobody should notice begins."""
    return line(Level.NOTICE, "The program is replaced by a fresh start", program=fact.program)


@words(WentOn)
def went_on(fact: WentOn) -> Line:
    """That restart is over."""
    return line(Level.NOTICE, "Restart complete; nothing was given up", children=", ".join(fact.children))


@words(NothingInherited)
def nothing_inherited(fact: NothingInherited) -> Line:
    """A restart that others can notice."""
    text = f"The {fact.child} process begins anew: it has nothing of its predecessor's state"
    return line(Level.WARNING, text, why=fact.why)


@words(Failed)
def failed(fact: Failed) -> Line:
    """What could not be done."""
    return line(Level.ERROR, f"Cannot {fact.what}", why=fact.why)


@words(FileWritten)
def written(fact: FileWritten) -> Line:
    """Where a dump went."""
    return line(Level.INFO, f"Wrote {fact.what}", path=fact.path)


@words(ScriptRan)
def ran(fact: ScriptRan) -> Line:
    """How a script ended."""
    level = Level.WARNING if fact.status else Level.DEBUG
    return line(
        level,
        f"({fact.router}) Script {fact.script} ended",
        state=fact.state,
        status=fact.status,
        took_s=in_seconds(fact.took),
        stderr=fact.stderr,
    )


@words(ScriptTimedOut)
def timed_out(fact: ScriptTimedOut) -> Line:
    """A script that hung."""
    return line(
        Level.WARNING,
        f"({fact.router}) Script {fact.script} did not end in {in_seconds(fact.after)} s and was stopped",
        state=fact.state,
        stderr=fact.stderr,
    )


@words(ScriptNotRun)
def not_run(fact: ScriptNotRun) -> Line:
    """A script that could not be run."""
    text = f"({fact.router}) Script {fact.script} was not run"
    return line(Level.ERROR, text, state=fact.state, why=fact.why)


@words(ScriptsSuperseded)
def superseded(fact: ScriptsSuperseded) -> Line:
    """Scripts are slower than the states change."""
    return line(
        Level.WARNING,
        f"({fact.router}) Scripts for {fact.state} waited too long; a later change stands for them",
        left_out=fact.count,
    )


@words(LinesLost)
def lost(fact: LinesLost) -> Line:
    """The log was too slow."""
    return line(Level.ERROR, f"{fact.count} lines of this log were lost: its reader was too slow")
