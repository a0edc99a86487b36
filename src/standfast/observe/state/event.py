"""Something that happened: a line of the history, and of `standfast events`."""

from typing import Any, Final

from msgspec import Struct

NAMING: Final = (
    "router",
    "group",
    "server",
    "virtual",
    "session",
    "child",
    "name",
)  # fields, the nearest first


class Event(Struct, frozen=True, kw_only=True):
    """Something that happened."""

    number: int = 0  # counts up while the daemon runs; 0: not numbered yet
    at: float  # time of day
    process: str  # parent, vrrp, checker, bfd, messenger
    kind: str  # router-changed, tracker-changed …
    about: str = ""  # the name of the instance, group, tracker or server
    level: str = "info"  # error, warning, notice, info
    text: str  # as the log says it
    facts: dict[str, Any] = {}  # what the words are made of, by name
