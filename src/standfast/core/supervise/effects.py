"""What the parent asks for (commands) and what it tells (facts), carried out in the order given."""

from dataclasses import dataclass

from standfast.base.times import Duration

# ---- commands


@dataclass(frozen=True, slots=True)
class Spawn:
    """Make this child; the answer is `Spawned` or `SpawnFailed`."""

    child: str


@dataclass(frozen=True, slots=True)
class SendHello:
    """Ask this child for a sign of life."""

    child: str


@dataclass(frozen=True, slots=True)
class Terminate:
    """Ask this child to end."""

    child: str


@dataclass(frozen=True, slots=True)
class Kill:
    """End this child."""

    child: str


@dataclass(frozen=True, slots=True)
class ReadConfig:
    """Read and check the configuration; the answer is `ConfigRead` or `ConfigRefused`."""


@dataclass(frozen=True, slots=True)
class GiveConfig:
    """Hand this child the configuration that was read last; the answer is `Took`."""

    child: str


@dataclass(frozen=True, slots=True)
class GiveBack:
    """Hand this child the configuration that stays in force, because another one refused the new."""

    child: str


@dataclass(frozen=True, slots=True)
class Adopt:
    """What was read last is the configuration from now on."""


@dataclass(frozen=True, slots=True)
class Discard:
    """What was read last is forgotten; the old configuration stays."""


@dataclass(frozen=True, slots=True)
class End:
    """All children are gone: end with this exit status."""

    status: int


# ---- facts


@dataclass(frozen=True, slots=True)
class ChildStarted:
    """A child lives."""

    child: str
    pid: int
    restarts: int  # in the present series of short lives


@dataclass(frozen=True, slots=True)
class ChildNotStarted:
    """The kernel did not make a child; it is tried again."""

    child: str
    words: str
    again_in: Duration


@dataclass(frozen=True, slots=True)
class ChildReady:
    """A child does its work."""

    child: str


@dataclass(frozen=True, slots=True)
class ChildLate:
    """A child's loop ran so late that adverts may have been late."""

    child: str
    late_us: int


@dataclass(frozen=True, slots=True)
class ChildSilent:
    """A child does not answer and is killed."""

    child: str
    unanswered: int


@dataclass(frozen=True, slots=True)
class ChildEnded:
    """A child is no more."""

    child: str
    status: int  # exit status; negative: the signal that killed it
    answer: str  # slug: asked, respawn, ends-daemon
    again_in: Duration = Duration(0)


@dataclass(frozen=True, slots=True)
class ChildLingers:
    """A child that was asked to end did not do so in time and is killed."""

    child: str
    waited: Duration


@dataclass(frozen=True, slots=True)
class StartupComplete:
    """All children do their work."""


@dataclass(frozen=True, slots=True)
class ReloadQueued:
    """A reload was asked for while one runs; it follows."""


@dataclass(frozen=True, slots=True)
class ReloadComplete:
    """All children run on the new configuration."""


@dataclass(frozen=True, slots=True)
class ReloadRefused:
    """The old configuration stays in force."""

    by: str  # the child that refused; empty: the configuration itself is not usable
    words: str


@dataclass(frozen=True, slots=True)
class Stopping:
    """The daemon ends."""

    reason: str  # slug


Command = Spawn | SendHello | Terminate | Kill | ReadConfig | GiveConfig | GiveBack | Adopt | Discard | End
Fact = (
    ChildStarted
    | ChildNotStarted
    | ChildReady
    | ChildLate
    | ChildSilent
    | ChildEnded
    | ChildLingers
    | StartupComplete
    | ReloadQueued
    | ReloadComplete
    | ReloadRefused
    | Stopping
)
Effect = Command | Fact
Effects = tuple[Effect, ...]
