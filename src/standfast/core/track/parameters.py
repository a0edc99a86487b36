"""What the trackers are told to be: one frozen value a tracker, replaced whole by a reload."""

from enum import Enum

from standfast.base.frozen import frozen
from standfast.base.times import SECOND, ZERO, Duration
from standfast.model.kinds.initial import InitialFile
from standfast.model.kinds.scripts import Script


@frozen
class ScriptCheck:
    """A script that is run again and again (`vrrp_script`)."""

    name: str
    script: Script  # with the account that it runs as
    interval: Duration = SECOND  # between the beginnings of two runs
    timeout: Duration = SECOND  # longest run
    rise: int = 1  # successes in a row that make it good
    fall: int = 1  # failures in a row that make it bad
    init_fail: bool = False  # bad until it has succeeded `rise` times


@frozen
class FileCheck:
    """A file that holds a number (`track_file`)."""

    name: str
    path: str
    init_file: InitialFile | None = None  # what to write at the start


class Match(Enum):
    """How a process is compared with what is looked for."""

    NAME = "its name, of which the kernel keeps 15 bytes"
    COMMAND = "its whole command line"
    PARTIAL = "the first words of its command line"
    INITIAL = "the beginning of its command line; its last word may be longer"


@frozen
class ProcessCheck:
    """A process that must run (`vrrp_track_process`)."""

    name: str
    words: tuple[str, ...]  # what is looked for: a name, perhaps with arguments
    match: Match = Match.NAME
    quorum: int = 1  # least number of such processes
    quorum_max: int | None = None  # most such processes; None: any number
    fork_delay: Duration = ZERO  # how long a gained quorum must last to count
    terminate_delay: Duration = ZERO  # how long a lost one must


@frozen
class Tracked:
    """Everything that is tracked by some instance or group, and nothing else (behaviour TR-24)."""

    scripts: tuple[ScriptCheck, ...] = ()
    files: tuple[FileCheck, ...] = ()
    processes: tuple[ProcessCheck, ...] = ()
    sessions: tuple[str, ...] = ()  # of BFD
