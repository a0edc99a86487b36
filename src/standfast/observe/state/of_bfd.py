"""From the snapshots of BFD sessions to what programs and people are told."""

from typing import Final

from standfast.core.bfd.snapshot import SessionSnapshot
from standfast.core.bfd.step import NAMES
from standfast.observe.state.moment import Moment, seconds_of
from standfast.observe.state.session import Session
from standfast.observe.words_bfd import diagnostic_words

_STATES: Final = {"AdminDown": "admin-down", "Down": "down", "Init": "init", "Up": "up"}


def session_of(one: SessionSnapshot, moment: Moment) -> Session:
    """One session."""
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
    )
