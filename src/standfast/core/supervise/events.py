"""What the outside tells the parent."""

from dataclasses import dataclass

from standfast.core.supervise.watch import Watch

# ---- about one child


@dataclass(frozen=True, slots=True)
class Spawned:
    """The child was made."""

    child: str
    pid: int


@dataclass(frozen=True, slots=True)
class SpawnFailed:
    """The kernel did not make the child."""

    child: str
    words: str


@dataclass(frozen=True, slots=True)
class Ready:
    """The child says that it does its work."""

    child: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The child's loop answered a hello, and says how late it was at its worst since the last one."""

    child: str
    late_us: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The child is no more."""

    child: str
    status: int  # its exit status; negative: the signal that killed it


@dataclass(frozen=True, slots=True)
class Took:
    """The child answers a configuration."""

    child: str
    refusal: str  # empty: it runs on the new one; otherwise why it keeps the old one


# ---- about all


@dataclass(frozen=True, slots=True)
class Begin:
    """Start what is needed."""


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline has come; everything that had arrived before was given first."""


@dataclass(frozen=True, slots=True)
class ReloadAsked:
    """Somebody wants the configuration to be read again."""


@dataclass(frozen=True, slots=True)
class ConfigRead:
    """The new configuration can be used; it needs these children."""

    watch: Watch


@dataclass(frozen=True, slots=True)
class ConfigSame:
    """The configuration says what it said before: there is nothing to do."""


@dataclass(frozen=True, slots=True)
class ConfigRefused:
    """The new configuration cannot be used."""

    words: str


@dataclass(frozen=True, slots=True)
class StopAsked:
    """Somebody wants the daemon to end."""

    reason: str  # slug: the signal


@dataclass(frozen=True, slots=True)
class Wanted:
    """To one child: there should be one."""


@dataclass(frozen=True, slots=True)
class Dismissed:
    """To one child: there should be none."""


ChildReport = Spawned | SpawnFailed | Ready | Answered | Ended
ChildEvent = ChildReport | Due | Wanted | Dismissed
Event = ChildReport | Took | Begin | Due | ReloadAsked | ConfigRead | ConfigSame | ConfigRefused | StopAsked
