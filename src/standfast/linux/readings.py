"""Readings of the kernel's tables on a loop, a slice at a time: everybody else has a turn in between."""

import asyncio
from collections.abc import Callable
from typing import Generic, TypeVar

from standfast.linux.dump import Dump

D = TypeVar("D", bound=Dump)


class Readings(Generic[D]):
    """One reading at a time."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        *,
        done: Callable[[D], None],
        failed: Callable[[OSError], None],
    ) -> None:
        """Make it; nothing is read yet.

        Args:
            loop: that answers are waited for on.
            done: gets a reading that has read all; it is under way until `end`.
            failed: gets the reason why there is none, or no end of one.
        """
        self._loop = loop
        self._done = done
        self._failed = failed
        self._reading: D | None = None

    @property
    def under_way(self) -> bool:
        """Whether there is one."""
        return self._reading is not None

    def begin(self, make: Callable[[], D]) -> None:
        """Begin one, and end the one that is under way."""
        self.end()
        try:
            self._reading = make()
        except OSError as error:
            self._failed(error)
            return
        self._loop.add_reader(self._reading.fileno(), self._read_on)

    def end(self) -> None:
        """Give back what the present one holds; nothing more is told of it."""
        if self._reading is not None:
            self._loop.remove_reader(self._reading.fileno())
            self._reading.close()
            self._reading = None

    def _read_on(self) -> None:
        reading = self._reading
        if reading is None:
            return
        try:
            done = reading.advance()
        except OSError as error:
            self.end()
            self._failed(error)
            return
        self._loop.remove_reader(reading.fileno())
        if done:
            self._done(reading)
        elif reading.waiting:
            self._loop.call_soon(self._read_on)
        else:
            self._loop.add_reader(reading.fileno(), self._read_on)
