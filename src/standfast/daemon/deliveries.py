"""Messages for one receiver, in order: each is tried until it is taken, refused, or too old."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

from standfast.base.errors import Refused
from standfast.base.frozen import frozen
from standfast.base.limits import (
    DELIVERIES_WAITING,
    DELIVERY_AGAIN,
    DELIVERY_AGAIN_MAX,
    DELIVERY_PATIENCE,
)
from standfast.base.times import SECOND, Duration, times
from standfast.observe.facts import DeliveriesLost, DeliveryFailed, DeliveryRefused

M = TypeVar("M")


@frozen
class _Waiting(Generic[M]):
    """A message, and since when it waits."""

    message: M
    since: float  # of the monotonic clock


class Deliveries(Generic[M]):
    """What waits for one receiver; nobody else waits for it.

    One that cannot be reached keeps all its messages waiting: the next would not fare better, and their order
    is their meaning. Of too many the oldest go.
    """

    def __init__(
        self,
        to: str,
        deliver: Callable[[M], Awaitable[None]],
        *,
        tell: Callable[[object], None],
        bound: int = DELIVERIES_WAITING,
    ) -> None:
        """Make it; `run` does the work.

        Args:
            to: the receiver, for people.
            deliver: tries once; raises `Refused` if it is in vain for ever, `OSError` if another time may do.
            tell: is told what failed and what was lost.
            bound: messages that wait.
        """
        self.to = to
        self._deliver = deliver
        self._tell = tell
        self._bound = bound
        self._waiting: deque[_Waiting[M]] = deque()
        self._news = asyncio.Event()
        self._lost = 0
        self._task: asyncio.Task[None] | None = None

    @property
    def busy(self) -> bool:
        """Whether something waits or is on its way."""
        return bool(self._waiting)

    def put(self, message: M) -> None:
        """Have a message delivered."""
        if len(self._waiting) >= self._bound:
            del self._waiting[1]  # the first may be on its way
            self._lost += 1
        self._waiting.append(_Waiting(message, self._now()))
        self._news.set()

    def start(self, loop: asyncio.AbstractEventLoop, ended: Callable[[asyncio.Task[None]], None]) -> None:
        """Begin to deliver.

        Args:
            loop: on which it is done.
            ended: is called with the task when it has ended, which it does after `close` only.
        """
        self._task = loop.create_task(self.run())
        self._task.add_done_callback(ended)

    def close(self) -> None:
        """Deliver nothing any more, and say what was lost by that."""
        if self._task is not None:
            self._task.cancel()
        self._lost += len(self._waiting)
        self._waiting.clear()
        self._tell_lost("the daemon ends, or is to tell somebody else")

    async def run(self) -> None:
        """Deliver what comes, until somebody cancels it."""
        failures = 0
        while True:
            while not self._waiting:
                self._news.clear()
                await self._news.wait()
            first = self._waiting[0]
            why = await self._try(first.message)
            if why is None:
                failures = 0
            elif self._now() - first.since >= DELIVERY_PATIENCE / SECOND:
                self._tell(DeliveryRefused(self.to, str(first.message), why))
            else:
                delay = again_in(failures)
                failures += 1
                self._tell(DeliveryFailed(self.to, why, delay))
                await asyncio.sleep(delay / SECOND)
                continue
            self._waiting.popleft()
            self._tell_lost("too many waited")

    @staticmethod
    def _now() -> float:
        return time.monotonic()

    async def _try(self, message: M) -> str | None:
        """Deliver a message; None: it is done with, otherwise why not now."""
        try:
            await self._deliver(message)
        except Refused as refusal:
            self._tell(DeliveryRefused(self.to, str(message), str(refusal)))
        except OSError as error:  # of which TimeoutError is one
            return error.strerror or str(error) or type(error).__name__
        return None

    def _tell_lost(self, why: str) -> None:
        if self._lost:
            self._tell(DeliveriesLost(self.to, self._lost, why))
            self._lost = 0


def again_in(failures: int) -> Duration:
    """How long after a failure it is tried again: 2, 4, 8 … seconds, at most five minutes."""
    return min(times(1 << min(failures, 16), DELIVERY_AGAIN), DELIVERY_AGAIN_MAX)
