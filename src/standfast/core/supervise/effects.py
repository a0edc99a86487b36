"""What the parent asks for (commands) and what it tells (facts), carried out in the order given."""

from msgspec import Struct

from standfast.base.times import Duration

# ---- commands


class Spawn(Struct, frozen=True):
    """Make this child; the answer is `Spawned` or `SpawnFailed`."""

    child: str


class SendHello(Struct, frozen=True):
    """Ask this child for a sign of life."""

    child: str


class Terminate(Struct, frozen=True):
    """Ask this child to end."""

    child: str


class Abort(Struct, frozen=True):
    """Have this child write where it stands, and end; it may be stopped, or caught in a loop."""

    child: str


class Kill(Struct, frozen=True):
    """End this child."""

    child: str


class ReadConfig(Struct, frozen=True):
    """Read and check the configuration; the answer is `ConfigRead` or `ConfigRefused`."""


class GiveConfig(Struct, frozen=True):
    """Hand this child the configuration that was read last; the answer is `Took`."""

    child: str


class GiveBack(Struct, frozen=True):
    """Hand this child the configuration that stays in force, because another one refused the new."""

    child: str


class Adopt(Struct, frozen=True):
    """What was read last is the configuration from now on."""


class Discard(Struct, frozen=True):
    """What was read last is forgotten; the old configuration stays."""


class KeepFormer(Struct, frozen=True):
    """The configuration in force may have to come back: keep it when the next one is adopted."""


class RecallFormer(Struct, frozen=True):
    """Take the configuration that was kept as if it had been read; the answer is `ConfigRead`."""


class ForgetFormer(Struct, frozen=True):
    """The configuration that was kept will not come back."""


class End(Struct, frozen=True):
    """All children are gone: end with this exit status."""

    status: int


# ---- facts


class ChildStarted(Struct, frozen=True):
    """A child lives."""

    child: str
    pid: int
    restarts: int  # in the present series of short lives


class ChildNotStarted(Struct, frozen=True):
    """The kernel did not make a child; it is tried again."""

    child: str
    words: str
    again_in: Duration


class ChildReady(Struct, frozen=True):
    """A child does its work."""

    child: str


class ChildLate(Struct, frozen=True):
    """A child's loop ran so late that adverts may have been late."""

    child: str
    late_us: int


class ChildSilent(Struct, frozen=True):
    """A child does not answer and is killed."""

    child: str
    unanswered: int


class ChildEnded(Struct, frozen=True):
    """A child is no more."""

    child: str
    status: int  # exit status; negative: the signal that killed it
    answer: str  # slug: asked, respawn, ends-daemon
    again_in: Duration = Duration(0)


class ChildLingers(Struct, frozen=True):
    """A child that was asked to end did not do so in time and is killed."""

    child: str
    waited: Duration


class StartupComplete(Struct, frozen=True):
    """All children do their work."""


class ReloadQueued(Struct, frozen=True):
    """A reload was asked for while one runs; it follows."""


class ReloadComplete(Struct, frozen=True):
    """All children run on the new configuration."""


class ConfirmationAwaited(Struct, frozen=True):
    """The configuration that comes into force now stays only if somebody confirms it in time."""

    within: Duration


class ReloadConfirmed(Struct, frozen=True):
    """The configuration in force stays."""

    by: str


class ReloadUndone(Struct, frozen=True):
    """The former configuration comes back."""

    why: str


class ReloadNotBegun(Struct, frozen=True):
    """A reload was asked for that cannot be done now; the configuration was not even read."""

    words: str


class ReloadRefused(Struct, frozen=True):
    """The old configuration stays in force."""

    by: str  # the child that refused; empty: the configuration itself is not usable
    words: str


class Stopping(Struct, frozen=True):
    """The daemon ends."""

    reason: str  # slug


# A step of a reload.
ConfigEffect = ReadConfig | GiveConfig | GiveBack | Adopt | Discard | KeepFormer | RecallFormer | ForgetFormer
Command = Spawn | SendHello | Terminate | Abort | Kill | ConfigEffect | End
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
    | ConfirmationAwaited
    | ReloadConfirmed
    | ReloadUndone
    | ReloadNotBegun
    | ReloadRefused
    | Stopping
)
Effect = Command | Fact
Effects = tuple[Effect, ...]
