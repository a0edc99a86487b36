"""The history: what happened, one JSON object a line, in a file that has a bound.

There are two files of at most half the bound each: the present one, and the one before it. Whatever is wrong with
the disk never stops the work; what could not be written is counted.
"""

import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import msgspec

from standfast.base.limits import HISTORY_ANSWER, HISTORY_BYTES
from standfast.observe.state.event import Event

_MODE = 0o640  # names of hosts and scripts are nobody else's business


class History:
    """Keeps events, and finds them again."""

    def __init__(self, path: str, *, limit: int = HISTORY_BYTES) -> None:
        """Make it; what earlier processes wrote is kept.

        Args:
            path: of the file; the one before it has `.1` behind its name.
            limit: bytes that one of the two may have.
        """
        self._path = Path(path)
        self._before = Path(f"{path}.1")
        self._limit = limit
        self._number = max((event.number for event in islice(self._newest_first(), 1)), default=0)
        self.unwritten = 0  # events that could not be written
        self.trouble = ""  # why not, of the last one

    def add(self, event: Event) -> Event:
        """Write an event; the same with its number."""
        self._number += 1
        numbered = msgspec.structs.replace(event, number=self._number)
        try:
            self._write(msgspec.json.encode(numbered) + b"\n")
            self.trouble = ""
        except OSError as error:
            self.unwritten += 1
            self.trouble = error.strerror or str(error)
        return numbered

    def read(
        self, wanted: Callable[[Event], bool] = lambda _: True, *, count: int = HISTORY_ANSWER
    ) -> tuple[Event, ...]:
        """The last events that are wanted, the oldest first."""
        found = islice(filter(wanted, self._newest_first()), max(0, min(count, HISTORY_ANSWER)))
        return tuple(reversed(list(found)))

    def _write(self, line: bytes) -> None:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self._path, flags, _MODE)
        try:
            size = os.fstat(descriptor).st_size
            if size and size + len(line) > self._limit:
                os.replace(self._path, self._before)  # noqa: PTH105  (the name says what happens)
                os.close(descriptor)
                descriptor = os.open(self._path, flags, _MODE)
            if os.write(descriptor, line) < len(line):
                os.write(descriptor, b"\n")  # the disk is full: the next line begins anew
                raise OSError(0, "only a part of it could be written")
        finally:
            os.close(descriptor)

    def _newest_first(self) -> Iterator[Event]:
        for path in (self._path, self._before):
            for line in reversed(_lines(path)):
                try:
                    yield _decode(line)
                except (msgspec.MsgspecError, UnicodeDecodeError):
                    continue  # a process was killed while it wrote this


_decode = msgspec.json.Decoder(Event).decode


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines()
    except OSError:
        return []
