"""What one session does: its state machine (RFC 5880, sections 6.2 and 6.8).

    ours, theirs   AdminDown   Down     Init    Up
    Down            -           Init     Up      -
    Init            Down        -        Up      Up
    Up              Down        Down     -       -

Our own AdminDown hears nothing. A silence of a Detection Time leads from Init and Up to Down. Which packets count
is told by `accept`, when something is due by `timing`, which session a packet is for by `node`.

Whenever our packets would say something else than the last one said, one is sent at once, in place of the next
periodic one (section 6.8.7); so no transition has to remember to speak.
"""

from typing import Final

from standfast.base.frozen import changed
from standfast.base.times import Duration, Instant
from standfast.core.bfd.dice import rolled
from standfast.core.bfd.effects import Effect, Effects, PaceChanged, SendControl, SessionChanged, Tell
from standfast.core.bfd.session import Pace, Session
from standfast.core.bfd.state import Poll, Remote, Spoken, State
from standfast.core.bfd.timing import (
    agreed_interval,
    detection_time,
    said_pace,
    silence_ends,
    speak_due,
    speaks,
)
from standfast.wire.bfd import ControlPacket, Diagnostic, SessionState

Step = tuple[State, Effects]

NAMES: Final = {
    SessionState.ADMIN_DOWN: "AdminDown",
    SessionState.DOWN: "Down",
    SessionState.INIT: "Init",
    SessionState.UP: "Up",
}

EDGES: Final = frozenset(  # every way from one state to another that the functions below can take
    {
        ("Down", "Init"),
        ("Down", "Up"),
        ("Init", "Up"),
        ("Init", "Down"),
        ("Up", "Down"),
        ("Down", "AdminDown"),
        ("Init", "AdminDown"),
        ("Up", "AdminDown"),
    }
)

_WHY: Final = {  # reason: why a session is not up, for people
    "started": "it has only begun",
    "time-expired": "the neighbour was not heard for the detection time",
    "neighbour-down": "the neighbour says that it is down",
    "neighbour-admin-down": "the neighbour was taken down by its administrator",
    "removed": "it is no longer configured",
}


def begin(session: Session, *, discriminator: int, dice: int, now: Instant) -> State:
    """A new session (section 6.8.1); it is told `Due` for its first packet."""
    pace = said_pace(session, SessionState.DOWN)
    return State(SessionState.DOWN, now, discriminator, dice, pace)


# ---- what happens


def heard(session: Session, state: State, packet: ControlPacket, at: Instant, now: Instant) -> Step:
    """A packet that counts (section 6.8.6)."""
    remote = Remote(
        packet.mine,
        packet.state,
        packet.diagnostic,
        Duration(packet.desired_min_tx_us),
        Duration(packet.required_min_rx_us),
        packet.multiplier,
        packet.demand,
        at,
    )
    effects: list[Effect] = []
    state = changed(state, remote=remote)
    state = _answered(session, state, effects, final=packet.final)
    state = _follow(session, state, packet.state, effects, now)
    if packet.poll:
        said = contents(session, state)
        effects.append(SendControl(session.name, _with_final(said)))
        spoken = state.spoken or Spoken(now, said)
        state = changed(state, spoken=changed(spoken, said=said))
    return _speak_news(session, state, effects, now)


def steady(state: State, packet: ControlPacket) -> bool:
    """Whether a packet that says the same as the last one changes nothing but when the neighbour was heard."""
    return (
        packet.state is state.phase is SessionState.UP
        and not packet.poll
        and not packet.final
        and state.poll is Poll.NONE
        and state.remote is not None
    )


def heard_again(state: State, at: Instant) -> State:
    """The same packet once more, where that is `steady`: nearly all that ever come."""
    return changed(state, remote=None if state.remote is None else changed(state.remote, heard_at=at))


def due(session: Session, state: State, now: Instant) -> Step:
    """A deadline has come: a silence is over, or a periodic packet is due."""
    effects: list[Effect] = []
    ends = silence_ends(state)
    if ends is not None and ends <= now and state.phase is not SessionState.ADMIN_DOWN:
        state = _forget_neighbour(session, state, effects, now)
        state, news = _speak_news(session, state, effects, now)
        effects = list(news)
    speak = speak_due(session, state)
    if speak is not None and speak <= now:
        state = _speak(session, state, effects, now)
    return state, tuple(effects)


def adjust(before: Session, session: Session, state: State, now: Instant) -> Step:
    """A reload gave the session other parameters (section 6.8.3): it goes on."""
    effects: list[Effect] = []
    state = _pace(session, state, said_pace(before, state.phase))
    if _verdict(before, state.phase) != _verdict(session, state.phase):
        effects.append(tell(session, state.phase, ""))
    return _speak_news(session, state, effects, now)


def take_down(session: Session, state: State, now: Instant) -> Step:
    """The session is taken away (section 6.8.16)."""
    effects: list[Effect] = []
    state = _enter(
        session, state, SessionState.ADMIN_DOWN, effects, now, reason="removed", local=Diagnostic.ADMIN_DOWN
    )
    return _speak_news(session, state, effects, now)


# ---- the parts of it


def _follow(
    session: Session, state: State, theirs: SessionState, effects: list[Effect], now: Instant
) -> State:
    """The table above."""
    said_down = Diagnostic.NEIGHBOUR_SAID_DOWN
    match state.phase, theirs:
        case (SessionState.INIT | SessionState.UP, SessionState.ADMIN_DOWN):
            why = "neighbour-admin-down"
            return _enter(session, state, SessionState.DOWN, effects, now, reason=why, local=said_down)
        case (SessionState.UP, SessionState.DOWN):
            why = "neighbour-down"
            return _enter(session, state, SessionState.DOWN, effects, now, reason=why, local=said_down)
        case (SessionState.DOWN, SessionState.DOWN):
            return _enter(session, state, SessionState.INIT, effects, now, reason="neighbour-heard")
        case (SessionState.DOWN, SessionState.INIT) | (
            SessionState.INIT,
            SessionState.INIT | SessionState.UP,
        ):
            return _enter(session, state, SessionState.UP, effects, now, reason="three-ways")
        case _:
            return state


def _enter(
    session: Session,
    state: State,
    phase: SessionState,
    effects: list[Effect],
    now: Instant,
    *,
    reason: str,
    local: int | None = None,
    detection: Duration = Duration(0),
) -> State:
    """The one door into each state; `local` is why, for the neighbour (None: as it was; up, nothing is wrong)."""
    before = said_pace(session, state.phase)
    diagnostic = Diagnostic.NONE if phase is SessionState.UP else state.diagnostic if local is None else local
    theirs = Diagnostic.NONE if state.remote is None else state.remote.diagnostic
    if SessionState.UP in {state.phase, phase}:
        effects.append(tell(session, phase, reason))  # routers come before words
    old, new = NAMES[state.phase], NAMES[phase]
    effects.append(SessionChanged(session.name, old, new, reason, diagnostic, theirs, detection=detection))
    return _pace(session, changed(state, phase=phase, since=now, diagnostic=diagnostic), before)


def _forget_neighbour(session: Session, state: State, effects: list[Effect], now: Instant) -> State:
    """A Detection Time of silence: RemoteDiscr is 0, RemoteMinRxInterval 1 (6.8.1, 6.8.4, 6.8.18)."""
    remote = state.remote
    if remote is not None and state.phase is not SessionState.DOWN:
        expired = Diagnostic.TIME_EXPIRED
        waited = detection_time(state, remote)
        why = "time-expired"
        state = _enter(
            session, state, SessionState.DOWN, effects, now, reason=why, local=expired, detection=waited
        )
    return changed(state, remote=None, poll=Poll.NONE, in_force=said_pace(session, state.phase))


# ---- intervals


def _pace(session: Session, state: State, before: Pace) -> State:
    """What our packets say may be another pace than `before`: a Poll Sequence asks for it (section 6.8.3).

    Up, a slower pace of ours and a quicker one of the neighbour's wait for the answer; all else counts at once.
    """
    wanted = said_pace(session, state.phase)
    if state.remote is None:
        return changed(state, in_force=wanted, poll=Poll.NONE)
    in_force = wanted
    if state.phase is SessionState.UP:
        in_force = Pace(min(state.in_force.tx, wanted.tx), max(state.in_force.rx, wanted.rx))
    poll = state.poll
    if wanted != before and poll is not Poll.RESTING:
        poll = Poll.ASKED_BEFORE if poll.asks else Poll.ASKED
    return changed(state, in_force=in_force, poll=poll)


def _answered(session: Session, state: State, effects: list[Effect], *, final: bool) -> State:
    """What a packet, with F or without, means for a Poll Sequence (sections 6.5 and 6.8.3)."""
    match state.poll:
        case Poll.ASKED if final:
            state = changed(state, poll=Poll.NONE, in_force=said_pace(session, state.phase))
            if state.remote is not None:
                lasts = detection_time(state, state.remote)
                effects.append(PaceChanged(session.name, agreed_interval(state), lasts))
            return state
        case Poll.ASKED_BEFORE if final:
            return changed(state, poll=Poll.RESTING)
        case Poll.RESTING if not final:
            return changed(state, poll=Poll.ASKED)
        case _:
            return state


# ---- speaking


def contents(session: Session, state: State) -> ControlPacket:
    """What a packet of ours says now, P and F aside (section 6.8.7).

    Neither echo nor demand nor independence of the control plane is offered.
    """
    pace = said_pace(session, state.phase)
    return ControlPacket(
        state=state.phase,
        multiplier=session.multiplier,
        mine=state.discriminator,
        yours=0 if state.remote is None else state.remote.discriminator,
        desired_min_tx_us=pace.tx,
        required_min_rx_us=pace.rx,
        diagnostic=state.diagnostic,
    )


def _speak_news(session: Session, state: State, effects: list[Effect], now: Instant) -> Step:
    """Say at once what the neighbour was not told yet."""
    told = None if state.spoken is None else state.spoken.said
    if speaks(session, state) and contents(session, state) != told:
        state = _speak(session, state, effects, now)
    return state, tuple(effects)


def _speak(session: Session, state: State, effects: list[Effect], now: Instant) -> State:
    said = contents(session, state)
    if state.spoken is not None and state.spoken.said == said:
        said = state.spoken.said  # the very same: who has its bytes ready knows it again
    packet = _with_poll(said) if state.poll.asks else said
    effects.append(SendControl(session.name, packet))
    return changed(state, spoken=Spoken(now, said), dice=rolled(state.dice))


def _with_poll(packet: ControlPacket) -> ControlPacket:
    return _marked(packet, poll=True)


def _with_final(packet: ControlPacket) -> ControlPacket:
    return _marked(packet, final=True)


def _marked(packet: ControlPacket, *, poll: bool = False, final: bool = False) -> ControlPacket:
    return ControlPacket(
        state=packet.state,
        multiplier=packet.multiplier,
        mine=packet.mine,
        yours=packet.yours,
        desired_min_tx_us=packet.desired_min_tx_us,
        required_min_rx_us=packet.required_min_rx_us,
        diagnostic=packet.diagnostic,
        poll=poll,
        final=final,
    )


# ---- verdicts


def tell(session: Session, phase: SessionState, reason: str) -> Tell:
    """What trackers and checkers are to know (behaviours BF-04, TR-19)."""
    up = phase is SessionState.UP
    why = "" if up else _WHY.get(reason, "it is not up yet")
    return Tell(session.name, up, why, vrrp=session.tells_vrrp, checker=session.tells_checker)


def _verdict(session: Session, phase: SessionState) -> tuple[bool, bool, bool]:
    return phase is SessionState.UP, session.tells_vrrp, session.tells_checker
