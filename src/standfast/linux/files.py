"""Tracked files on this host: each is read when it was written, moved or removed (behaviour TR-09).

The path of a file is followed with all its links, and every directory on the way is watched: a file may come with
its directory, or change because a link leads elsewhere. What changed is collected, and read a slice at a time:
a thousand files that change at once are a few rounds of the loop, with adverts in between.
"""

import asyncio
import errno
import os
import stat
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from standfast.base.errors import Refused
from standfast.base.limits import SCRIPT_LINKS, TRACK_FILE_BYTES, TRACK_RETRY, TRACK_SLICE
from standfast.base.times import SECOND
from standfast.engine.track_ports import FileCheck, FileContent, FilesRead, InitialFile, TrackTell
from standfast.linux.filesystems import refuse_remote
from standfast.linux.inotify import CLOSE_WRITE, IGNORED, NAMES, OVERFLOW, Inotify

_ABSENT: Final = (errno.ENOENT, errno.ENOTDIR)
_WATCHES: Final = "more directories cannot be watched; raise the sysctl fs.inotify.max_user_watches"
_QUEUES: Final = "no more can be watched; raise the sysctl fs.inotify.max_user_instances"

Place = tuple[int, bytes]  # a watch, and the name of an entry in its directory


class Step(NamedTuple):
    """One step on the way to a file."""

    directory: str
    entry: str
    last: bool  # if the entry is no link, it is the file


class Files:
    """Reads tracked files, now and when they change (`ports.FilePort`)."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, tell: TrackTell, complain: Callable[[str], None]
    ) -> None:
        """Make it; nothing is watched yet.

        Args:
            loop: that the news are waited for on.
            tell: gets what was read.
            complain: gets words about what is wrong but no event.
        """
        self._loop = loop
        self._tell = tell
        self._complain = complain
        self._paths: dict[str, str] = {}  # by the names of the trackers
        self._inotify: Inotify | None = None
        self._at: dict[Place, set[str]] = {}  # who is to be looked at when this entry changes
        self._places: dict[str, set[Place]] = {}
        self._entries: dict[int, int] = {}  # by watch: how many of its entries matter
        self._changed: dict[str, None] = {}  # to be read soon, in order
        self._refused: dict[str, None] = {}  # to be tried again later
        self._retry: asyncio.TimerHandle | None = None
        self._turn: asyncio.Handle | None = None

    # ---- the port

    def watch(self, files: Sequence[FileCheck]) -> None:
        """Read these now and whenever they change, and no others; before the loop runs all at once."""
        self._forget_all()
        self._paths = {file.name: file.path for file in files}
        if not self._paths:
            return
        self._open()
        self._changed = dict.fromkeys(self._paths)
        if self._loop.is_running():
            self._soon()
            return
        while self._changed:
            self._read_slice()

    def write(self, name: str, path: str, initial: InitialFile) -> None:
        """Write the number if there is no such file, or if it is to be overwritten (behaviour TR-11)."""
        mode = os.O_TRUNC if initial.overwrite else os.O_EXCL
        try:
            refuse_remote(os.path.dirname(path) or "/")  # noqa: PTH120 (of a string)
            written = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | mode, 0o644)
        except FileExistsError:
            return
        except (OSError, Refused) as error:
            why = error.strerror if isinstance(error, OSError) else error
            self._complain(f"the track_file {name} cannot be written: {path}: {why}")
            return
        # A full disk shows when it is read.
        with os.fdopen(written, "wb", buffering=0) as file, suppress(OSError):
            file.write(b"%d\n" % initial.value)

    def close(self) -> None:
        """Watch nothing any more, and give the descriptors back."""
        self._forget_all()

    # ---- news

    def _open(self) -> None:
        with suppress(OSError):  # each file says so
            self._inotify = Inotify()
            self._loop.add_reader(self._inotify.fileno(), self._hear)

    def _hear(self) -> None:
        """Note who is concerned by a batch of news; they are looked at in the rounds that follow."""
        if self._inotify is None:
            return
        for watch, mask, name in self._inotify.receive():
            if mask & OVERFLOW:
                self._changed = dict.fromkeys(self._paths)
            elif mask & IGNORED:
                self._entries.pop(watch, None)
                lost = [place for place in self._at if place[0] == watch]
                self._changed.update(dict.fromkeys(each for place in lost for each in self._at[place]))
            else:
                self._changed.update(dict.fromkeys(sorted(self._at.get((watch, name), ()))))
        self._soon()

    def _soon(self) -> None:
        if self._changed and self._turn is None:
            self._turn = self._loop.call_soon(self._take_turn)

    def _take_turn(self) -> None:
        self._turn = None
        self._read_slice()
        self._soon()

    def _read_slice(self) -> None:
        names = list(self._changed)[:TRACK_SLICE]
        for name in names:
            del self._changed[name]
        found = {name: self._look(name) for name in names}
        for name, content in found.items():
            if content.refusal:
                self._refused[name] = None
        if self._refused and self._retry is None:
            self._retry = self._loop.call_later(TRACK_RETRY / SECOND, self._try_again)
        self._tell(FilesRead(found))

    def _try_again(self) -> None:
        self._retry = None
        self._changed.update(self._refused)
        self._refused = {}
        self._soon()

    # ---- one file

    def _look(self, name: str) -> FileContent:
        """Watch the way to a file, then read it: what changes in between is told."""
        places: set[Place] = set()
        try:
            path = self._watch_way(self._paths[name], places)
            content = FileContent() if path is None else _read(path)
        except Refused as refusal:
            content = FileContent(refusal=str(refusal))
        except OSError as error:
            content = FileContent(refusal=f"{self._paths[name]}: {error.strerror}")
        self._place(name, places)
        return content

    def _watch_way(self, path: str, places: set[Place]) -> str | None:
        """Watch every directory on the way; where the file is, None if it is nowhere.

        Raises:
            Refused: something on the way cannot be watched.
            OSError: something on the way cannot be read.
        """
        step = None
        try:
            for step in _way(path):
                if step.last:
                    refuse_remote(step.directory)
                mask = NAMES | CLOSE_WRITE if step.last else NAMES
                places.add((self._watch(step.directory, mask), os.fsencode(step.entry)))
        except OSError as error:
            if error.errno in _ABSENT:
                return None
            raise
        return None if step is None else os.path.join(step.directory, step.entry)  # noqa: PTH118 (of strings)

    def _watch(self, directory: str, mask: int) -> int:
        if self._inotify is None:
            raise Refused("no-watch", _QUEUES)
        try:
            return self._inotify.watch(directory, mask)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise Refused("no-watch", _WATCHES) from error
            raise

    def _place(self, name: str, places: set[Place]) -> None:
        """Remember which entries matter for this file, and stop watching directories that matter for none."""
        before = self._places.get(name, set())
        self._places[name] = places
        for place in places - before:
            self._at.setdefault(place, set()).add(name)
            if len(self._at[place]) == 1:
                self._entries[place[0]] = self._entries.get(place[0], 0) + 1
        for place in before - places:
            self._at[place].discard(name)
            if not self._at[place]:
                del self._at[place]
                self._leave(place[0])

    def _leave(self, watch: int) -> None:
        left = self._entries.get(watch, 0) - 1
        if left > 0:
            self._entries[watch] = left
        elif self._entries.pop(watch, None) is not None and self._inotify is not None:
            self._inotify.forget(watch)

    def _forget_all(self) -> None:
        for handle in (self._retry, self._turn):
            if handle is not None:
                handle.cancel()
        self._retry = self._turn = None
        if self._inotify is not None:
            self._loop.remove_reader(self._inotify.fileno())
            self._inotify.close()
            self._inotify = None
        self._paths, self._at, self._places, self._entries = {}, {}, {}, {}
        self._changed, self._refused = {}, {}


def _way(path: str) -> Iterator[Step]:
    """All directories on the way to a file, links followed, each with the entry that leads on.

    Raises:
        OSError: the way ends before its end; what was passed until then was told.
    """
    left = deque(os.path.abspath(path).split("/")[1:])  # noqa: PTH100 (resolve() would follow links)
    place, links = "/", 0
    while left:
        part = left.popleft()
        if part == os.pardir:
            place = os.path.dirname(place)  # noqa: PTH120 (of a string)
            continue
        if part in {"", os.curdir}:
            continue
        yield Step(place, part, last=not left)
        here = os.path.join(place, part)  # noqa: PTH118 (of strings)
        if not stat.S_ISLNK(os.lstat(here).st_mode):
            place = here
            continue
        links += 1
        if links > SCRIPT_LINKS:
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
        target = os.readlink(here)  # noqa: PTH115 (of a string)
        if target.startswith("/"):
            place = "/"
        left.extendleft(reversed(target.split("/")))


def _read(path: str) -> FileContent:
    """The beginning of a file.

    Raises:
        OSError: it cannot be read.
    """
    try:
        opened = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except OSError as error:
        if error.errno in _ABSENT:
            return FileContent()
        raise
    try:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            return FileContent(refusal=f"{path} is not a file")
        return FileContent(os.read(opened, TRACK_FILE_BYTES))
    finally:
        os.close(opened)
