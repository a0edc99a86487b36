"""What is counted of BFD sessions, bound to facts; nothing counts from inside the logic."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from standfast.base.times import Instant
from standfast.core.bfd.effects import ControlHeard, PacketDropped, SendControl, SessionChanged


class SessionCounters:
    """A listener that counts, for each session; what is for none counts for the empty name."""

    def __init__(self) -> None:
        self._of: dict[str, Counter[str]] = {}

    def wants(self, kind: type) -> bool:
        """Whether facts of this class are counted."""
        return kind in _COUNTED

    def tell(self, fact: Any, now: Instant) -> None:  # noqa: ARG002  (counting needs no time)
        """Count the fact."""
        counts = self._of.get(fact.session)
        if counts is None:
            counts = self._of.setdefault(fact.session, Counter())
        for word in _COUNTED[type(fact)](fact):
            counts[word] += 1

    def of(self, session: str) -> Counter[str]:
        """All that was counted for a session: `sent`, `heard`, `became-up`, `went-down`, and drops by slug."""
        return Counter(self._of.get(session, {}))

    def everything(self) -> Mapping[str, Mapping[str, int]]:
        """All that was counted, for a process that goes on counting."""
        return self._of

    def recall(self, counted: Mapping[str, Mapping[str, int]]) -> None:
        """Go on from these numbers, which another process counted."""
        self._of = {name: Counter(counts) for name, counts in counted.items()}

    def clear(self) -> None:
        """Begin again at zero (behaviour SIG-06)."""
        self._of.clear()

    def keep(self, sessions: Iterable[str]) -> None:
        """Forget the sessions that a reload removed."""
        kept = {"", *sessions}
        self._of = {session: counts for session, counts in self._of.items() if session in kept}


def _changed(fact: SessionChanged) -> tuple[str, ...]:
    became = ("became-up",) if fact.new == "Up" else ()
    return became + (("went-down",) if fact.old == "Up" else ())


_COUNTED: Final[dict[type, Callable[[Any], tuple[str, ...]]]] = {
    SendControl: lambda _: ("sent",),
    ControlHeard: lambda _: ("heard",),
    PacketDropped: lambda fact: ("dropped", fact.reason),
    SessionChanged: _changed,
}
