"""What the trackers need of the world, as `ports` says it for the routers.

No call here waits. What fails comes back as an event of the machine, never as an exception.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from standfast.core.track.events import (
    Exited,
    FileContent,
    FilesRead,
    Forked,
    Named,
    Process,
    ProcessChange,
    ProcessesRead,
    ProcessesUnseen,
    ProcessNews,
    TrackEvent,
)
from standfast.core.track.interface import LinkEvent, LinksPolled
from standfast.core.track.parameters import FileCheck
from standfast.model.kinds.initial import InitialFile
from standfast.model.kinds.scripts import Script

__all__ = [
    "Exited",
    "FileCheck",
    "FileContent",
    "FilePort",
    "FilesRead",
    "Forked",
    "InitialFile",
    "LinkEvent",
    "LinkbeatPort",
    "LinksPolled",
    "Named",
    "Process",
    "ProcessChange",
    "ProcessNews",
    "ProcessPort",
    "ProcessesRead",
    "ProcessesUnseen",
    "Script",
    "ScriptPort",
    "TrackEvent",
    "TrackTell",
]

TrackTell = Callable[[TrackEvent], None]  # how the ports give the trackers what the outside says


class ScriptPort(Protocol):
    """Runs of tracked scripts; each is told as `ScriptEnded`, exactly once, also if it could not be started."""

    def run(self, name: str, run: int, script: Script) -> None:
        """Start a run."""
        ...

    def end(self, name: str, run: int, *, kill: bool) -> None:
        """Ask a run and all that it started to end (TERM), or make it end (KILL); one that is over is fine."""
        ...


class FilePort(Protocol):
    """Tracked files."""

    def watch(self, files: Sequence[FileCheck]) -> None:
        """Read these now and whenever they change, and no others; each is told as `FilesRead`."""
        ...

    def write(self, name: str, path: str, initial: InitialFile) -> None:
        """Write the number if there is no such file, or if it is to be overwritten."""
        ...


class ProcessPort(Protocol):
    """The processes of the host."""

    def watch(self, *, wanted: bool, commands: bool) -> None:
        """Tell all processes as `ProcessesRead` (or `ProcessesUnseen`), and then what happens to them."""
        ...


class LinkbeatPort(Protocol):
    """The drivers of interfaces."""

    def poll(self, methods: Mapping[str, str]) -> None:
        """Ask about these links; the answer is told as `LinksPolled`."""
        ...
