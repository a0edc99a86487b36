"""Facts are told after the work that caused them: an advert never waits for a line of the log."""

from collections import deque
from collections.abc import Callable, Sequence
from typing import Protocol

from standfast.base.limits import FACTS_A_TURN, FACTS_SHARE
from standfast.base.times import Instant


class Hearer(Protocol):
    """A listener, as the engine knows it."""

    def wants(self, kind: type) -> bool:
        """Whether facts of this class are to be told."""
        ...

    def tell(self, fact: object, now: Instant) -> None:
        """Something is true now."""
        ...


class Later:
    """Keeps facts until the loop has nothing more urgent, then tells them, in order and in slices."""

    def __init__(self, hearers: Sequence[Hearer], soon: Callable[[Callable[[], None]], object]) -> None:
        """Make one.

        Args:
            hearers: who is told, in this order.
            soon: has a function called in the next round of the loop.
        """
        self._hearers = tuple(hearers)
        self._soon = soon
        self._kept: deque[tuple[object, Instant]] = deque()

    def wants(self, kind: type) -> bool:
        """Whether any of the hearers wants facts of this class."""
        return any(hearer.wants(kind) for hearer in self._hearers)

    def tell(self, fact: object, now: Instant) -> None:
        """Keep the fact."""
        if not self._kept:
            self._soon(self._turn)
        self._kept.append((fact, now))

    def flush(self) -> None:
        """Tell all that is kept, now."""
        while self._kept:
            self._tell_next()

    def _turn(self) -> None:
        kept = len(self._kept)
        # A part of the whole, at least: then no inflow can make the queue grow without end.
        for _ in range(min(kept, max(FACTS_A_TURN, kept // FACTS_SHARE))):
            self._tell_next()
        if self._kept:
            self._soon(self._turn)

    def _tell_next(self) -> None:
        fact, now = self._kept.popleft()
        for hearer in self._hearers:
            if hearer.wants(type(fact)):
                hearer.tell(fact, now)
