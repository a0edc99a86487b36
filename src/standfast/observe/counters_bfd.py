"""What is counted of BFD sessions, bound to facts."""

from collections.abc import Mapping
from typing import Final

from standfast.core.bfd.effects import ControlHeard, PacketDropped, SendControl, SessionChanged
from standfast.observe.tally import Tally, WordsOf


class SessionCounters(Tally):
    """What is counted of each session: `sent`, `heard`, `became-up`, `went-down`, and drops by slug."""

    def __init__(self) -> None:
        super().__init__(_COUNTED, "session")


def _changed(fact: SessionChanged) -> tuple[str, ...]:
    became = ("became-up",) if fact.new == "Up" else ()
    return became + (("went-down",) if fact.old == "Up" else ())


_COUNTED: Final[Mapping[type, WordsOf]] = {
    SendControl: lambda _: ("sent",),
    ControlHeard: lambda _: ("heard",),
    PacketDropped: lambda fact: ("dropped", fact.reason),
    SessionChanged: _changed,
}
