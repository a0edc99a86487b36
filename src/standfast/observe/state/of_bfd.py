"""From the snapshots of BFD sessions to what programs and people are told."""

from collections.abc import Mapping
from typing import Final

from standfast.core.bfd.snapshot import SessionSnapshot
from standfast.core.bfd.step import NAMES
from standfast.observe.state.moment import Moment, seconds_of
from standfast.observe.state.session import Session
from standfast.observe.words_bfd import diagnostic_words

_STATES: Final = {"AdminDown": "admin-down", "Down": "down", "Init": "init", "Up": "up"}


_NO_DROPS: Final = frozenset({"sent", "heard", "became-up", "went-down", "dropped"})


def session_of(one: SessionSnapshot, counts: Mapping[str, int], moment: Moment) -> Session:
    """One session, with what was counted of it."""
    state, remote = one.state, one.state.remote
    return Session(
        name=one.session.name,
        state=_STATES[one.phase],
        up=one.phase == "Up",
        since=moment.at(state.since),
        neighbour=str(one.session.neighbor),
        diagnostic=diagnostic_words(state.diagnostic) if state.diagnostic else "",
        remote_state=_STATES[NAMES[remote.state]] if remote is not None else "",
        interval=seconds_of(one.interval),
        detection=None if one.detection is None else seconds_of(one.detection),
        sent=counts.get("sent", 0),
        heard=counts.get("heard", 0),
        downs=counts.get("went-down", 0),
        drops=drops_of(counts),
    )


def drops_of(counts: Mapping[str, int]) -> dict[str, int]:
    """What did not count, by reason; of the empty name, what was for no session here."""
    return {word: count for word, count in counts.items() if word not in _NO_DROPS}
