"""The states of a virtual router (RFC 9568, section 6.3; behaviour SM-01).

Each says only what is true in it: *what happened when*. What must happen next follows from that, in `timing`.
"""

from dataclasses import dataclass, replace
from typing import Final

from standfast.base.addresses import IpAddress
from standfast.base.times import Duration, Instant
from standfast.core.vrrp.announce import Announcing


@dataclass(frozen=True, slots=True)
class Init:
    """Not started yet, or stopped."""


@dataclass(frozen=True, slots=True)
class Backup:
    """Somebody else is master, as far as we hear."""

    quiet_since: Instant  # arrival of the last advert that counted
    interval: Duration  # the master's; version 3 learns it from its adverts
    master: IpAddress | None = None  # who sent that advert; None: nobody yet
    master_priority: int = 0
    master_left: bool = False  # it said so, with priority 0
    weaker_since: Instant | None = None  # first advert of a weaker master since one that counted
    doubted: bool = False  # we overslept the end of the silence once, and gave the master more time


@dataclass(frozen=True, slots=True)
class Master:
    """We answer for the addresses."""

    since: Instant
    beat: Instant  # when our last advert was due: the grid that the next ones stand on
    announcing: Announcing
    answers: int = 0  # adverts sent out of turn since the last beat
    displaced: IpAddress | None = None  # the master whose silence made us one
    elsewhere: Announcing | None = None  # addresses on other interfaces (behaviour GA-11)


@dataclass(frozen=True, slots=True)
class Fault:
    """We cannot take part."""

    reasons: tuple[str, ...]


State = Init | Backup | Master | Fault


def no_less_patient(state: State, *, lower: bool, now: Instant) -> State:
    """A backup that was about to preempt, and has less right to now, first listens to whom it would preempt."""
    if lower and isinstance(state, Backup) and state.weaker_since is not None:
        return replace(state, quiet_since=now, weaker_since=None)
    return state


NAMES: Final[dict[type, str]] = {Init: "init", Backup: "backup", Master: "master", Fault: "fault"}


def name_of(state: State) -> str:
    """The state's name in facts, logs and metrics."""
    return NAMES[type(state)]
