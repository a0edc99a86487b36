"""The states of one child, as its parent sees it; each says only what is true in it."""

from standfast.base.frozen import frozen
from standfast.base.times import Duration, Instant


@frozen
class Absent:
    """There is none, and none is on its way."""


@frozen
class Starting:
    """It was asked for, and the answer to that is on its way."""

    restarts: int  # in the present series of short lives


@frozen
class Running:
    """It lives."""

    since: Instant
    restarts: int
    asked_at: Instant  # our last hello; its start, if there was none yet
    unanswered: int = 0  # hellos since its last answer
    ready: bool = False  # it said that it does its work


@frozen
class Silent:
    """It did not answer and is ended; a new one follows when its end is reported."""

    since: Instant  # when this life began
    restarts: int
    aborted_at: Instant  # when it was told to say where it stands, and to end
    killed: bool = False  # it did not do so, either


@frozen
class Waiting:
    """It died; a new one starts after a delay."""

    died_at: Instant
    delay: Duration
    restarts: int  # what the next one is


@frozen
class Leaving:
    """It was asked to end."""

    asked_at: Instant
    killed: bool = False  # it took too long


Child = Absent | Starting | Running | Silent | Waiting | Leaving
