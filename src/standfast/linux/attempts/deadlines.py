"""The deadlines of attempts: those that began together share one alarm of the loop.

An alarm of its own would cost an attempt as much as two system calls, and be taken back nearly every time.
Attempts begin together (`CHECK_TOGETHER`), all at the same moment; those of one patience have the same deadline.
"""

import asyncio
from collections.abc import Callable
from typing import Final

from standfast.base.times import SECOND, Instant

Ring = Callable[[], None]

_SECOND: Final = float(SECOND)


class Deadlines:
    """Rings for whoever is still waiting when the time has come."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._alarms: dict[Instant, tuple[asyncio.TimerHandle, dict[Ring, None]]] = {}

    def set(self, due: Instant, ring: Ring) -> None:
        """Ring then."""
        alarm = self._alarms.get(due)
        if alarm is None:
            handle = self._loop.call_at(due / _SECOND, self._come, due)
            alarm = self._alarms[due] = handle, {}
        alarm[1][ring] = None

    def forget(self, due: Instant, ring: Ring) -> None:
        """Do not; it may have rung."""
        alarm = self._alarms.get(due)
        if alarm is None:
            return
        handle, rings = alarm
        rings.pop(ring, None)
        if not rings:
            handle.cancel()
            del self._alarms[due]

    def _come(self, due: Instant) -> None:
        _, rings = self._alarms.pop(due)
        for ring in rings:
            ring()
