"""Those who are told what happened: each of them the facts that it wants, at one time for all."""

from collections.abc import Sequence

from standfast.engine.ports import Clock, Listener


class Audience:
    """The listeners of one process."""

    def __init__(self, listeners: Sequence[Listener], clock: Clock) -> None:
        """Make one.

        Args:
            listeners: who is told, in this order.
            clock: of this host.
        """
        self._listeners = listeners
        self._clock = clock
        self._wanting: dict[type, tuple[Listener, ...]] = {}

    def tell(self, fact: object) -> None:
        """Tell a fact to all who want facts of its class."""
        kind = type(fact)
        hearers = self._wanting.get(kind)
        if hearers is None:
            hearers = tuple(listener for listener in self._listeners if listener.wants(kind))
            self._wanting[kind] = hearers
        if hearers:
            now = self._clock.now()
            for listener in hearers:
                listener.tell(fact, now)
