"""What the edge itself has to tell: facts that no machine knows."""

from dataclasses import dataclass

from standfast.base.times import Duration


@dataclass(frozen=True, slots=True)
class DaemonStarted:
    """The daemon begins."""

    version: str
    system: str  # the kernel's name and release
    command: tuple[str, ...]
    config: str  # path


@dataclass(frozen=True, slots=True)
class DaemonStopped:
    """The daemon has ended in order; its last line."""

    version: str


@dataclass(frozen=True, slots=True)
class ConfigComplaint:
    """Something in the configuration is not as it should be, and what was done about it."""

    place: str  # file:line:column
    severity: str  # error, warning, notice
    slug: str
    words: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class ConfigSummary:
    """A configuration was read."""

    path: str
    errors: int
    warnings: int
    untold: int = 0  # complaints beyond the bound, counted only


@dataclass(frozen=True, slots=True)
class ConfigUnchanged:
    """A reload found nothing to do."""


@dataclass(frozen=True, slots=True)
class OptionWithoutEffect:
    """An option was accepted that does nothing in this version."""

    option: str


@dataclass(frozen=True, slots=True)
class SignalWithoutEffect:
    """A signal came that does nothing in this version."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class HostTrouble:
    """The kernel does not do or tell what we need of it; it is tried again."""

    words: str


@dataclass(frozen=True, slots=True)
class Crashed:
    """A mistake of ours stopped the process; the parent starts a new one."""

    error: str
    where: str  # the innermost places, file and line


@dataclass(frozen=True, slots=True)
class WorksWithout:
    """Something that would be good to have cannot be had; the work goes on without."""

    what: str
    why: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Failed:
    """Something that was asked for could not be done; nothing else is affected."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class FileWritten:
    """A dump was written because somebody asked for it."""

    what: str
    path: str


@dataclass(frozen=True, slots=True)
class ScriptRan:
    """A notify script has ended."""

    router: str
    script: str
    state: str
    status: int  # exit status; negative: the signal that killed it
    took: Duration
    stderr: str = ""  # the beginning of what it complained about


@dataclass(frozen=True, slots=True)
class ScriptTimedOut:
    """A notify script took too long and was stopped."""

    router: str
    script: str
    state: str
    after: Duration
    stderr: str = ""


@dataclass(frozen=True, slots=True)
class ScriptNotRun:
    """A notify script was not run."""

    router: str
    script: str
    state: str
    why: str


@dataclass(frozen=True, slots=True)
class ScriptsSuperseded:
    """Notifications that waited for a slow script were overtaken by a later one of the same state."""

    router: str
    state: str
    count: int


@dataclass(frozen=True, slots=True)
class LinesLost:
    """The reader of the log was too slow; these lines are gone."""

    count: int
