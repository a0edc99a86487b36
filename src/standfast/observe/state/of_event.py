"""From a fact to the event that the history keeps: as the log words it, with what the words are made of."""

import re
from typing import Any, Final

import msgspec
from msgspec import Struct

from standfast.observe.line import Level
from standfast.observe.state.event import NAMING, Event
from standfast.observe.words import line_of

_ABOUT: Final = ("router", "group", "server", "virtual", "session", "child", "name")  # the nearest first
_CAPITAL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def event_of(fact: object, *, process: str, at: float, least: Level = Level.INFO) -> Event | None:
    """The event of a fact; None if it has no words, or they are for debugging.

    Args:
        fact: what is true now.
        process: who tells it.
        at: time of day, in seconds since 1970.
        least: what matters less is no event.
    """
    line = line_of(fact)
    if line is None or line.level > least or not isinstance(fact, Struct):
        return None
    facts = {name: _plain(getattr(fact, name)) for name in fact.__struct_fields__}
    return Event(
        at=round(at, 3),
        process=process,
        kind=kind_of(type(fact)),
        about=_about(fact),
        level=line.level.name.lower(),
        text=str(line),
        facts=facts,
    )


def kind_of(kind: type) -> str:
    """`router-changed` for `RouterChanged`."""
    return _CAPITAL.sub("-", kind.__name__).lower()


def _about(fact: Struct) -> str:
    key = getattr(fact, "key", None)
    if isinstance(key, tuple):  # a tracker's
        return str(key[-1])
    return next((str(value) for field in NAMING if (value := getattr(fact, field, ""))), "")


def _plain(value: Any) -> Any:
    """A value that JSON has."""
    if isinstance(value, bool | int | str | float) or value is None:
        return value
    return msgspec.to_builtins(value, enc_hook=_in_words)


def _in_words(value: object) -> object:
    held = getattr(value, "__dict__", None)
    fields = getattr(value, "__dataclass_fields__", None)
    if fields is not None and type(value).__str__ is object.__str__ and held:
        return {name: _plain(each) for name, each in held.items() if name in fields}
    return str(value)
