"""What the outside tells the parent."""

from msgspec import Struct

from standfast.base.times import Duration
from standfast.core.supervise.watch import Watch

# ---- about one child


class Spawned(Struct, frozen=True):
    """The child was made."""

    child: str
    pid: int


class SpawnFailed(Struct, frozen=True):
    """The kernel did not make the child."""

    child: str
    words: str


class Ready(Struct, frozen=True):
    """The child says that it does its work."""

    child: str


class Answered(Struct, frozen=True):
    """The child's loop answered a hello, and says how late it was at its worst since the last one."""

    child: str
    late_us: int


class Ended(Struct, frozen=True):
    """The child is no more."""

    child: str
    status: int  # its exit status; negative: the signal that killed it


class Took(Struct, frozen=True):
    """The child answers a configuration."""

    child: str
    refusal: str  # empty: it runs on the new one; otherwise why it keeps the old one


# ---- about all


class Begin(Struct, frozen=True):
    """Start what is needed."""


class Due(Struct, frozen=True):
    """A deadline has come; everything that had arrived before was given first."""


class ReloadAsked(Struct, frozen=True):
    """Somebody wants the configuration to be read again."""

    # In which the new one must be confirmed, or the former comes back; None: never.
    within: Duration | None = None


class ConfirmAsked(Struct, frozen=True):
    """Somebody is content with the configuration that waits to be confirmed."""

    by: str


class ReturnAsked(Struct, frozen=True):
    """Somebody wants the former configuration back now, instead of the one that waits to be confirmed."""

    by: str


class ConfigRead(Struct, frozen=True):
    """The new configuration can be used; it needs these children."""

    watch: Watch


class ConfigSame(Struct, frozen=True):
    """The configuration says what it said before: there is nothing to do."""


class ConfigRefused(Struct, frozen=True):
    """The new configuration cannot be used."""

    words: str


class StopAsked(Struct, frozen=True):
    """Somebody wants the daemon to end."""

    reason: str  # slug: the signal


class Wanted(Struct, frozen=True):
    """To one child: there should be one."""


class Dismissed(Struct, frozen=True):
    """To one child: there should be none."""


ReloadEvent = ReloadAsked | ConfirmAsked | ReturnAsked | ConfigRead | ConfigSame | ConfigRefused
ChildReport = Spawned | SpawnFailed | Ready | Answered | Ended
ChildEvent = ChildReport | Due | Wanted | Dismissed
Event = ChildReport | ReloadEvent | Took | Begin | Due | StopAsked
