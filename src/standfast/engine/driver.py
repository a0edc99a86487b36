"""Where events meet time: gives one machine its events and its `now`, and keeps one timer armed for it."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from standfast.base.limits import APPROACH, DRAIN_ROUNDS
from standfast.base.times import Duration, Instant, after, between
from standfast.engine.ports import Clock, Timer

Event_contra = TypeVar("Event_contra", contravariant=True)
Effect_co = TypeVar("Effect_co", covariant=True)
Event = TypeVar("Event")
Effect = TypeVar("Effect")


class Machine(Protocol[Event_contra, Effect_co]):
    """A decision core: events in, effects out, and when it must be told that time has passed."""

    def handle(self, event: Event_contra, now: Instant) -> Iterable[Effect_co]:
        """What follows from the event."""
        ...

    def deadline(self) -> Instant | None:
        """When it must be told `Due`; None: only an event matters."""
        ...


class Rehearsal(Protocol):
    """What is done just before a deadline that is rare and matters to the tenth of a millisecond.

    Code that has not run for seconds has left the processor's caches, and is several times slower than code
    that ran a moment ago. So the process is awake in time, and goes through it once in thought.
    """

    def pays(self) -> bool:
        """Whether what is due next is such a deadline."""
        ...

    def run(self) -> None:
        """Go through what is due next, without any consequence."""
        ...


@dataclass(slots=True)
class Lateness:
    """How late the alarm rang: of a process that decides by time, the first thing to know."""

    rings: int = 0
    worst: Duration = Duration(0)
    last: Duration = Duration(0)
    heed: Callable[[Duration], None] | None = None  # is told of each

    def note(self, late: Duration) -> None:
        """One more ring."""
        self.rings += 1
        self.last = late
        self.worst = max(self.worst, late)
        if self.heed is not None:
            self.heed(late)

    def take_worst(self) -> Duration:
        """The worst since it was last asked for."""
        worst, self.worst = self.worst, Duration(0)
        return worst


def _nothing(_: Instant) -> bool:
    """There is nothing that could have arrived."""
    return False


class Driver(Generic[Event, Effect]):
    """The only place that asks for the time. The simulator has the same driver with another clock."""

    def __init__(
        self,
        machine: Machine[Event, Effect],
        *,
        clock: Clock,
        run: Callable[[Iterable[Effect]], None],
        due: Event,
        drain: Callable[[Instant], bool] = _nothing,
        rehearsal: Rehearsal | None = None,
    ) -> None:
        """Make a driver; `arm` gives it its timer.

        Args:
            machine: what is driven.
            clock: where `now` comes from.
            run: carries out effects.
            due: the event that says that the deadline has come.
            drain: gives what has arrived; True if there may be more that arrived until the moment it is given.
            rehearsal: what to do just before a deadline for which it pays.
        """
        self.lateness = Lateness()
        self._machine = machine
        self._clock = clock
        self._run = run
        self._drain = drain
        self._due = due
        self._rehearsal = rehearsal
        self._timer: Timer | None = None
        self._armed: Instant | None = None
        self._waiting: deque[Callable[[Instant], Iterable[Effect]]] = deque()
        self._busy = False
        self._halted = False

    def halt(self) -> None:
        """Let the machine rest for good: somebody else goes on with what it was, and nothing must change it."""
        self._halted = True
        if self._timer is not None:
            self._timer.set(None)

    def arm(self, timer: Timer) -> None:
        """Use this timer, whose alarm calls `ring`."""
        self._timer = timer
        self._rearm()

    def give(self, event: Event) -> None:
        """Let the machine handle an event."""
        self.do(lambda now: self._machine.handle(event, now))

    def give_all(self, events: Sequence[Event]) -> None:
        """Let the machine handle events that came together, each after what follows from the one before."""
        handle = self._machine.handle
        self.do(lambda now: (effect for event in events for effect in handle(event, now)))

    def do(self, act: Callable[[Instant], Iterable[Effect]]) -> None:
        """Let the machine do something, and carry out what follows.

        What an effect brings back at once (a socket that cannot be had) waits until the effects of the
        present event are done: their order is part of their meaning.
        """
        if self._halted:
            return
        self._waiting.append(act)
        if self._busy:
            return
        self._busy = True
        try:
            while self._waiting:
                self._run(self._waiting.popleft()(self._clock.now()))
        finally:
            self._busy = False
            self._rearm()

    def ring(self) -> None:
        """The alarm: hear first what has arrived, then ask whether the deadline still stands."""
        armed, self._armed = self._armed, None
        if self._halted:
            return
        if armed is not None:
            self.lateness.note(between(armed, self._clock.now()))
        self._hear()
        deadline = self._machine.deadline()
        if deadline is not None and self._await(deadline):
            self._hear()
            deadline = self._machine.deadline()
        if deadline is not None and deadline <= self._clock.now():
            self.give(self._due)
        else:
            self._rearm()

    def _hear(self) -> None:
        """Hear what arrived until now; what a flood brings meanwhile has its turn after the deadline."""
        now = self._clock.now()
        for _ in range(DRAIN_ROUNDS):
            if not self._drain(now):
                break

    def _await(self, deadline: Instant) -> bool:
        """Rehearse a deadline that is near, and stay awake until it has come; False: it is not worth it."""
        left = between(self._clock.now(), deadline)
        if self._rehearsal is None or not 0 < left <= APPROACH or not self._rehearsal.pays():
            return False
        self._rehearsal.run()
        while self._clock.now() < deadline:
            pass
        return True

    def _rearm(self) -> None:
        if self._halted:
            return
        alarm = self._machine.deadline()
        if alarm is not None and self._rehearsal is not None and self._rehearsal.pays():
            alarm = after(alarm, Duration(-APPROACH))
        if self._timer is not None and alarm != self._armed:
            self._armed = alarm
            self._timer.set(alarm)
