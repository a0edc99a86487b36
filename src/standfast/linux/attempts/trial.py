"""One attempt under way: drives its coroutine, ends it at its deadline, and makes an outcome of how it ends.

It does what an asyncio task and a timeout would do, at a third of their cost: a check of a TCP port is a few
system calls, and the rest of its price would be futures and callbacks.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Coroutine, Generator
from typing import Any, Final

from standfast.base.times import CENTISECOND, Duration, Instant, after, between, in_seconds
from standfast.engine.check_ports import Outcome
from standfast.linux.attempts.deadlines import Deadlines
from standfast.linux.attempts.failure import Failed
from standfast.linux.attempts.readiness import Readiness
from standfast.linux.loop import MonotonicClock

Attempt = Coroutine[Any, Any, int | None]  # returns the weight that a program asks for, or None


class _Turn:
    """Awaiting it gives the trial's driver its turn; it comes back with what the attempt was told."""

    def __await__(self) -> Generator[None, object, object]:
        return (yield)


_TURN: Final = _Turn()
_CLOCK: Final = MonotonicClock()


Over = Callable[[Outcome], None]  # called at most once, maybe from within `start`


class TimedOut(Failed):
    """The deadline has come."""


class Trial:
    """One attempt: what it waits for, until when, and how it ends."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        readiness: Readiness,
        deadlines: Deadlines,
        *,
        deadline: Instant,
        over: Over,
    ) -> None:
        """Make it; `start` begins.

        Args:
            loop: that it runs on.
            readiness: where its sockets wait.
            deadlines: where it waits for its end.
            deadline: when it has failed, whatever it does.
            over: told how it ended.
        """
        self.loop = loop
        self.missing = "no end"  # what has not come yet, for people: "no connection"
        self.where: Callable[[], str] = str  # the place that it deals with, for people
        self._readiness = readiness
        self._deadlines = deadlines
        self._deadline = self._end_of_all = deadline
        self._over = over
        self._began = self._part_began = Instant(0)
        self._coroutine: Attempt | None = None
        self._waits_for: object = None  # a descriptor, or a token of its own

    # ---- from outside

    def start(self, attempt: Attempt) -> None:
        """Begin; it may end at once."""
        self._began = self._part_began = _CLOCK.now()
        self._coroutine = attempt
        self._go_on()
        if self._coroutine is not None:  # it has not ended at once
            self._deadlines.set(self._deadline, self._expire)

    def abandon(self) -> None:
        """End it now; nothing is told of it."""
        coroutine = self._finish()
        if coroutine is not None:
            coroutine.close()

    # ---- for the attempt

    def allow(self, time: Duration) -> None:
        """The next part of it has so long, and not longer than what was left for it and the parts behind it."""
        self._part_began = _CLOCK.now()
        until = min(after(self._part_began, time), self._end_of_all)
        self._deadlines.forget(self._deadline, self._expire)
        self._deadline = until
        self._deadlines.set(until, self._expire)

    def ready(self, sock: socket.socket, events: int) -> Awaitable[object]:
        """Waits until one of these events happens on a connected socket.

        Events of another kind than were waited for last are told if they have happened already. Who waits once
        more for the same tries before.
        """
        self._waits_for = self._readiness.watch(sock, self._wake, events)
        return _TURN

    def leave(self, sock: socket.socket) -> None:
        """Close a socket."""
        self._readiness.forget(sock)
        sock.close()

    def told(self, ask: Callable[[Callable[[object], None]], None]) -> Awaitable[object]:
        """Asks somebody for an answer, and waits for it.

        Args:
            ask: is given the function that is to be called with the answer, later.
        """
        token = self._waits_for = object()
        ask(lambda answer: self._wake(token, answer))
        return _TURN

    def pause(self, seconds: float) -> Awaitable[object]:
        """Lets others have their turn, and time pass."""
        token = self._waits_for = object()
        self.loop.call_later(seconds, self._wake, token)
        return _TURN

    @property
    def place(self) -> str:
        """Where it is at, for people."""
        return self.where()

    @property
    def left(self) -> Duration:
        """How long to the deadline."""
        return between(_CLOCK.now(), self._deadline)

    @property
    def limit(self) -> str:
        """Seconds from the beginning of this part to its deadline, for people, to the hundredth."""
        whole = between(self._part_began, self._deadline)
        return in_seconds(Duration(round(whole / CENTISECOND) * CENTISECOND))

    # ---- the driver

    def _wake(self, source: object, answer: object = None) -> None:
        if self._waits_for == source and self._coroutine is not None:
            self._waits_for = None
            self._go_on(answer)

    def _expire(self) -> None:
        self._go_on(thrown=TimedOut("timeout", f"{self.place}: {self.missing} within {self.limit} s"))

    def _go_on(self, answer: object = None, thrown: Failed | None = None) -> None:
        coroutine = self._coroutine
        if coroutine is None:
            return
        try:
            if thrown is None:
                coroutine.send(answer)
            else:
                coroutine.throw(thrown)
        except StopIteration as end:
            self._end(ok=True, value=end.value)
        except Failed as failure:
            self._end(ok=False, phase=failure.phase, detail=failure.detail)
        except Exception as error:  # a check whose code is wrong has failed; the others go on
            words = f"{self.place}: an error of our own: {type(error).__name__}: {error}"
            self._end(ok=False, phase="cannot-run", detail=words)
        else:
            if thrown is not None:  # it has caught its own end; nothing may outlive the deadline
                coroutine.close()
                self._end(ok=False, phase=thrown.phase, detail=thrown.detail)

    def _end(self, *, ok: bool, phase: str = "", detail: str = "", value: int | None = None) -> None:
        outcome = Outcome(
            ok=ok, phase=phase, detail=detail, value=value, took=between(self._began, _CLOCK.now())
        )
        self._finish()
        self._over(outcome)

    def _finish(self) -> Attempt | None:
        coroutine, self._coroutine = self._coroutine, None
        self._deadlines.forget(self._deadline, self._expire)
        return coroutine
