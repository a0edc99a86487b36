"""What is due when: RFC 5880, sections 6.8.2 to 6.8.4 and 6.8.7; behaviours BF-02 and BF-03.

Deadlines are computed from the parameters and from what happened, never stored: a shorter interval of the
neighbour counts from our last packet on, at once, as section 6.8.3 wants it.
"""

from typing import Final

from standfast.base.limits import BFD_FAREWELL
from standfast.base.times import Duration, Instant, after, times
from standfast.core.bfd.dice import LUCK, luck
from standfast.core.bfd.session import Pace, Session
from standfast.core.bfd.state import Remote, State
from standfast.wire.bfd import SessionState

_SHORTEST: Final = 75  # percent of the interval (section 6.8.7)
_LONGEST: Final = 100
_LONGEST_IF_ONE: Final = 90  # where the loss of one packet counts


def said_pace(session: Session, phase: SessionState) -> Pace:
    """The intervals that our packets say; not faster than a second while the session is not up (6.8.3)."""
    if phase is SessionState.UP:
        return Pace(session.min_tx, session.min_rx)
    return Pace(max(session.min_tx, session.idle_tx), session.min_rx)


def agreed_interval(state: State) -> Duration:
    """Between two periodic packets of ours, before it is shortened (section 6.8.7)."""
    return state.in_force.tx if state.remote is None else max(state.in_force.tx, state.remote.min_rx)


def shortened(interval: Duration, dice: int, *, multiplier: int) -> Duration:
    """The interval less 0 to 25 %, or 10 to 25 % if one lost packet ends the session (section 6.8.7)."""
    longest = _LONGEST_IF_ONE if multiplier == 1 else _LONGEST
    least, most = interval * _SHORTEST // 100, interval * longest // 100
    return Duration(least + (most - least) * luck(dice) // (LUCK - 1))


def detection_time(state: State, remote: Remote) -> Duration:
    """How long the neighbour may be silent (section 6.8.4)."""
    return times(remote.multiplier, max(state.in_force.rx, remote.min_tx))


def silence_ends(state: State) -> Instant | None:
    """When the neighbour has been silent for too long; None: there is none to be heard."""
    if state.remote is None:
        return None
    return after(state.remote.heard_at, detection_time(state, state.remote))


def speaks(session: Session, state: State) -> bool:
    """Whether a packet may be sent at all: a passive side waits for the neighbour (section 6.8.7)."""
    return state.remote is not None or not session.passive


def speak_due(session: Session, state: State) -> Instant | None:
    """When the next periodic packet is due; None: none is sent (section 6.8.7)."""
    if not speaks(session, state):
        return None
    if state.remote is not None:
        if state.remote.min_rx == 0:
            return None
        if demanded(state, state.remote) and not state.poll.asks:
            return None
    if state.spoken is None:
        return state.since
    interval = shortened(agreed_interval(state), state.dice, multiplier=session.multiplier)
    return after(state.spoken.at, interval)


def demanded(state: State, remote: Remote) -> bool:
    """Whether the neighbour wants no periodic packets now (Demand mode, section 6.6)."""
    return remote.demand and state.phase is remote.state is SessionState.UP


def farewell_ends(session: Session, state: State) -> Instant:
    """Until when a session that was taken down goes on to say so: a Detection Time (section 6.8.16)."""
    if state.remote is None:
        return state.since
    theirs = times(session.multiplier, agreed_interval(state))
    return after(state.since, min(theirs, BFD_FAREWELL))


def deadline(session: Session, state: State) -> Instant | None:
    """When this session must be told `Due`."""
    speak = speak_due(session, state)
    ends = silence_ends(state)
    if state.phase is SessionState.ADMIN_DOWN:
        ends = farewell_ends(session, state)
    if speak is None or ends is None:
        return ends if speak is None else speak
    return min(speak, ends)
