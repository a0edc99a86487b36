"""What the outside tells the trackers: how a script ended, what a file holds, which processes run."""

from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct

# ---- scripts


class ScriptEnded(Struct, frozen=True):
    """A run of a script is over, or it could not be started."""

    name: str
    run: int
    status: int = 0  # exit status; negative: the signal that ended it
    refusal: str = ""  # why it could not be run; then the status means nothing
    said: str = ""  # the beginning of what it complained about


# ---- files


class FileContent(NamedTuple):
    """What was found at the path of a tracked file."""

    content: bytes | None = None  # its beginning; None: there is no such file
    refusal: str = ""  # why it is not read or not watched; then the content means nothing


class FilesRead(Struct, frozen=True):
    """These files were read, because they had changed."""

    files: Mapping[str, FileContent]  # by the name of the tracker


# ---- processes


class Process(NamedTuple):
    """What a process is called."""

    name: bytes  # at most 15 bytes, as the kernel cuts it
    command: bytes = b""  # its command line, each word with a NUL behind it; empty if nobody asked for it


class Forked(NamedTuple):
    """A process has made another one, which is called the same."""

    parent: int
    child: int


class Named(NamedTuple):
    """A process runs another program, or calls itself otherwise."""

    process: int
    called: Process


class Exited(NamedTuple):
    """A process is no more."""

    process: int


ProcessChange = Forked | Named | Exited


class ProcessesRead(Struct, frozen=True):
    """All processes of the host, by their numbers."""

    running: Mapping[int, Process]
    polled: str = ""  # why they are read again and again, instead of being told; empty: they are told


class ProcessNews(Struct, frozen=True):
    """What has happened since, in order."""

    changes: tuple[ProcessChange, ...]


class ProcessesUnseen(Struct, frozen=True):
    """Processes can neither be told nor read."""

    words: str  # why, and what would help


# ---- sessions, whose machine is elsewhere


class SessionJudged(Struct, frozen=True):
    """What a BFD session says (behaviour TR-19)."""

    name: str
    up: bool
    reason: str = ""


# ---- all


class Due(Struct, frozen=True):
    """A deadline has come."""


class Stop(Struct, frozen=True):
    """The process ends."""


TrackEvent = (
    ScriptEnded | FilesRead | ProcessesRead | ProcessNews | ProcessesUnseen | SessionJudged | Due | Stop
)
