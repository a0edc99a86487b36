"""Events for people, a line each."""

from collections.abc import Iterator
from typing import Final

import msgspec

from standfast.cli.tables import Paper
from standfast.observe.spans import clock
from standfast.observe.state.event import Event

_COLOURS: Final = {"error": "bad", "warning": "odd", "notice": "strong"}


class Past(msgspec.Struct, frozen=True):
    """The answer to `history`."""

    events: tuple[Event, ...]
    unwritten: int = 0


def lines_of(event: Event, sheet: Paper, now: float) -> Iterator[str]:
    """The time, the process, and what happened; wrapped under itself."""
    head = f"{clock(event.at, now)}  {event.process:<7}"
    yield from sheet.pairs([(head, (event.text, _COLOURS.get(event.level, "")))], indent=0)
