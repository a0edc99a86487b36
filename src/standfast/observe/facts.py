"""What the edge itself has to tell: facts that no machine knows."""

from msgspec import Struct

from standfast.base.times import Duration


class DaemonStarted(Struct, frozen=True):
    """The daemon begins."""

    version: str
    system: str  # the kernel's name and release
    command: tuple[str, ...]
    config: str  # path


class DaemonStopped(Struct, frozen=True):
    """The daemon has ended in order; its last line."""

    version: str


class ConfigComplaint(Struct, frozen=True):
    """Something in the configuration is not as it should be, and what was done about it."""

    place: str  # file:line:column
    severity: str  # error, warning, notice
    slug: str
    words: str
    hint: str = ""


class ConfigSummary(Struct, frozen=True):
    """A configuration was read."""

    path: str
    errors: int
    warnings: int
    untold: int = 0  # complaints beyond the bound, counted only


class NothingToRun(Struct, frozen=True):
    """A configuration was read that has no work for any process."""

    path: str


class ConfigUnchanged(Struct, frozen=True):
    """A reload found nothing to do."""


class ReloadPlanned(Struct, frozen=True):
    """A reload begins, and is going to do this."""

    count: int
    changes: tuple[str, ...]


class OrderGiven(Struct, frozen=True):
    """An operator has ordered something; it stands until it is taken back or ends."""

    what: str
    name: str  # of an instance, a sync group or a virtual server; empty: everything
    owner: str
    reason: str
    for_s: float | None  # None: without an end
    server: str = ""  # of a real server
    weight: int | None = None  # that is ordered


class OrderOver(Struct, frozen=True):
    """An order was taken back, or has ended."""

    what: str
    name: str
    why: str
    server: str = ""


class ReloadAppointed(Struct, frozen=True):
    """A file has planned a reload."""

    path: str
    at: str  # time of day, for people
    moment: float  # the same, in seconds since 1970


class ReloadNotAppointed(Struct, frozen=True):
    """A file plans no reload: it cannot be understood, is gone, or its time is over."""

    path: str
    why: str


class NotBeforeRestart(Struct, frozen=True):
    """A reload leaves a changed keyword as it was: only a restart of the daemon brings it into effect."""

    keyword: str
    block: str
    because: str


class OptionWithoutEffect(Struct, frozen=True):
    """An option was accepted that does nothing in this version."""

    option: str


class HostTrouble(Struct, frozen=True):
    """The kernel does not do or tell what we need of it; it is tried again."""

    words: str


class Crashed(Struct, frozen=True):
    """A mistake of ours stopped the process; the parent starts a new one."""

    error: str
    where: str  # the innermost places, file and line


class ChildStood(Struct, frozen=True):
    """A child was ended by a signal, or did not answer: this is where one of its threads stood."""

    child: str
    thread: str  # current, other
    places: tuple[str, ...]  # the innermost first, file and line


class ConfigShown(Struct, frozen=True):
    """A line of the configuration that is run, its secrets as stars."""

    line: str


class AddressSeen(Struct, frozen=True):
    """The kernel tells of an address that came or went."""

    interface: str
    address: str
    gone: bool


class MemoryLocked(Struct, frozen=True):
    """The memory of this process stays where it is."""

    kib: int  # now
    at_once: bool  # also what has not been used yet


class PriorityRaised(Struct, frozen=True):
    """Because an alarm rang late, this process runs before more others from now on."""

    priority: int  # real-time
    late: Duration


class WorksWithout(Struct, frozen=True):
    """Something that would be good to have cannot be had; the work goes on without."""

    what: str
    why: str
    remedy: str = ""


class ProgramReplaced(Struct, frozen=True):
    """The parent begins anew as a fresh start of its program; the children go on meanwhile."""

    program: str


class WentOn(Struct, frozen=True):
    """Every process goes on where its predecessor stopped: nobody else has noticed."""

    children: tuple[str, ...]


class NothingInherited(Struct, frozen=True):
    """A process begins like a first one: what its predecessor left cannot be used."""

    child: str
    why: str  # a slug, or the system's words


class Failed(Struct, frozen=True):
    """Something that was asked for could not be done; nothing else is affected."""

    what: str
    why: str


class FileWritten(Struct, frozen=True):
    """A dump was written because somebody asked for it."""

    what: str
    path: str


class ScriptRan(Struct, frozen=True):
    """A notify script has ended."""

    router: str
    script: str
    state: str
    status: int  # exit status; negative: the signal that killed it
    took: Duration
    stderr: str = ""  # the beginning of what it complained about


class ScriptTimedOut(Struct, frozen=True):
    """A notify script took too long and was stopped."""

    router: str
    script: str
    state: str
    after: Duration
    stderr: str = ""


class ScriptNotRun(Struct, frozen=True):
    """A notify script was not run."""

    router: str
    script: str
    state: str
    why: str


class ScriptsSuperseded(Struct, frozen=True):
    """Notifications that waited for a slow script were overtaken by a later one of the same state."""

    router: str
    state: str
    count: int


class LinesLost(Struct, frozen=True):
    """The reader of the log was too slow; these lines are gone."""

    count: int


class FifoUnusable(Struct, frozen=True):
    """A notification pipe cannot be made or opened; it is tried again."""

    path: str
    why: str


class FifoLinesLost(Struct, frozen=True):
    """The reader of a notification pipe was too slow, or there was none; these lines are gone."""

    path: str
    count: int


class FifoScriptEnded(Struct, frozen=True):
    """The script that reads a notification pipe has ended, or could not be started; it is started again."""

    path: str
    script: str
    status: int  # exit status; negative: the signal that killed it
    again_in: Duration
    said: str = ""  # why it could not be started, or the beginning of what it complained about


class NoticesLost(Struct, frozen=True):
    """Who carries notices out of the daemon was too slow; these are gone."""

    count: int


class DeliveryFailed(Struct, frozen=True):
    """A mail or a webhook's message could not be delivered; it is tried again."""

    to: str
    why: str
    again_in: Duration


class DeliveryRefused(Struct, frozen=True):
    """A mail or a webhook's message was refused for good, or could not be delivered for too long."""

    to: str
    what: str
    why: str


class DeliveriesLost(Struct, frozen=True):
    """More mails or messages waited than are kept, or we end; these are gone."""

    to: str
    count: int
    why: str
