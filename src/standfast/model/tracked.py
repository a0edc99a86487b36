"""What can be tracked: `vrrp_script`, `vrrp_track_process`, `track_file`."""

from standfast.base.times import SECOND, ZERO, Duration
from standfast.model.declare import Reload, Repeat, argument, block, kw
from standfast.model.kinds.composed import CommandWords, OptionalChoice
from standfast.model.kinds.initial import InitialFile, InitialFileKind
from standfast.model.kinds.names import Flag, Word
from standfast.model.kinds.numbers import Seconds, Whole
from standfast.model.kinds.scripts import CommandLine, Script
from standfast.model.kinds.users import Account, User
from standfast.model.kinds.weights import WEIGHT_WORDS, Weight, WeightKind

_NAME = Word("NAME")


@block("vrrp_script", reload=Reload.LIVE)
class VrrpScript:
    """A script that is run again and again; what it exits with counts."""

    name: str = argument(_NAME, doc="Name that trackers use.")
    script: Script = kw(CommandLine(), doc="Command to run; exit code 0 is success.", reload=Reload.RESTART)
    interval: Duration = kw(Seconds("0.001"), default=SECOND, doc="Time between runs.")
    timeout: Duration = kw(
        Seconds("0.001"),
        default=ZERO,
        doc="Longest run; a longer one has failed.",
        default_words="the interval",
    )
    weight: Weight = kw(WeightKind(253, reach=254), default=Weight(), doc=WEIGHT_WORDS)
    rise: int = kw(Whole(1, 0x7FFF_FFFF), default=1, doc="Successes in a row that make it good.")
    fall: int = kw(Whole(1, 0x7FFF_FFFF), default=1, doc="Failures in a row that make it bad.")
    user: User = kw(Account(), default=User(), doc="Account that it runs as.", default_words="script_user")
    init_fail: bool = kw(Flag(), default=False, doc="Count as bad until it has succeeded.")


@block("vrrp_track_process", reload=Reload.LIVE)
class VrrpTrackProcess:
    """A process that must run."""

    name: str = argument(_NAME, doc="Name that trackers use.")
    process: tuple[str, ...] = kw(
        CommandWords("NAME", 1), repeat=Repeat.FIRST, doc="Process to look for, perhaps with its arguments."
    )
    param_match: str | None = kw(
        OptionalChoice("initial", "partial", when_bare=""), default=None,
        default_words="exact when arguments are given", doc="How its arguments are compared.",
    )  # fmt: skip
    weight: Weight = kw(WeightKind(254), default=Weight(), repeat=Repeat.FIRST, doc=WEIGHT_WORDS)
    quorum: int = kw(Whole(1, 65_535), default=1, doc="Least number of such processes.")
    quorum_max: int | None = kw(
        Whole(0, 65_535), default=None, doc="Most such processes allowed.", default_words="unlimited"
    )
    fork_delay: Duration = kw(
        Seconds("0.000001", "3600"), default=ZERO, doc="Time to wait when the quorum is gained."
    )
    terminate_delay: Duration = kw(
        Seconds("0.000001", "3600"), default=ZERO, doc="Time to wait when the quorum is lost."
    )
    delay: Duration | None = kw(
        Seconds("0.000001", "3600"), default=None, doc="Both delays at once.", default_words="0"
    )
    full_command: bool = kw(
        Flag(), default=False, doc="Compare the whole command line, not the process's name."
    )


@block("track_file", reload=Reload.LIVE)
class TrackFile:
    """A file that holds a number."""

    name: str = argument(_NAME, doc="Name that trackers use.")
    file: str = kw(Word("PATH"), repeat=Repeat.FIRST, doc="File to watch.")
    weight: Weight = kw(
        WeightKind(254),
        default=Weight(1),
        repeat=Repeat.FIRST,
        doc="Factor of the number; the product is added to the priority.",
    )
    init_file: InitialFile | None = kw(
        InitialFileKind(),
        default=None,
        doc="Make the file at the start if it is missing.",
        default_words="off",
    )
