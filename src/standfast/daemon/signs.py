"""Signs of life: what a child answers to a hello, and the pulse of one that has no deadlines of its own."""

import asyncio
from typing import Final

from standfast.base.times import SECOND, Instant, after, between
from standfast.engine.driver import Lateness
from standfast.linux.loop import LoopTimer, MonotonicClock
from standfast.wire import ipc

_BEAT: Final = SECOND


def alive(number: int, lateness: Lateness) -> ipc.Alive:
    """The answer to the hello of this number; what is worst begins anew with it."""
    return ipc.Alive(number, lateness.take_worst(), lateness.rings)


class Pulse:
    """An alarm that does nothing but show how late the loop is."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.lateness = Lateness()
        self._clock = MonotonicClock()
        self._timer = LoopTimer(loop, self._ring)
        self._due = Instant(0)
        self._set()

    def _set(self) -> None:
        self._due = after(self._clock.now(), _BEAT)
        self._timer.set(self._due)

    def _ring(self) -> None:
        self.lateness.note(between(self._due, self._clock.now()))
        self._set()
