"""What is due when: RFC 5880, sections 6.8.2 to 6.8.4 and 6.8.7; Poll Sequences with a clock of our own."""

from statistics import mean
from typing import Any

import pytest
from bfd_made import (
    DOWN,
    INIT,
    MS,
    SESSION,
    UP,
    in_state,
    remote_of,
    said,
    sent,
    session,
)

from standfast.base.frozen import changed
from standfast.base.times import SECOND, Duration, Instant
from standfast.core.bfd.dice import rolled
from standfast.core.bfd.effects import PaceChanged
from standfast.core.bfd.session import Pace, Session
from standfast.core.bfd.state import Poll, Spoken, State
from standfast.core.bfd.step import adjust, contents, due, heard
from standfast.core.bfd.timing import (
    agreed_interval,
    deadline,
    detection_time,
    farewell_ends,
    said_pace,
    shortened,
    silence_ends,
    speak_due,
)
from standfast.wire.bfd import ControlPacket, SessionState

NOW = Instant(20_000)


def many(multiplier: int, interval: Duration = SECOND, count: int = 2_000) -> list[Duration]:
    dice, found = 1, []
    for _ in range(count):
        dice = rolled(dice)
        found.append(shortened(interval, dice, multiplier=multiplier))
    return found


@pytest.mark.bfd(36)
@pytest.mark.behaviour("BF-03")
def test_jitter_shortens_by_0_to_25_percent() -> None:
    found = many(multiplier=3)

    assert 750_000 <= min(found) < 755_000
    assert 995_000 < max(found) <= 1_000_000
    assert mean(found) == pytest.approx(875_000, rel=0.01)


@pytest.mark.bfd(37)
def test_where_one_lost_packet_counts_jitter_shortens_by_10_to_25_percent() -> None:
    found = many(multiplier=1)

    assert 750_000 <= min(found) < 755_000
    assert 895_000 < max(found) <= 900_000


@pytest.mark.bfd(40)
@pytest.mark.parametrize("phase", [pytest.param(p, id=p.name) for p in SessionState if p is not UP])
def test_what_is_not_up_speaks_once_a_second_at_most(phase: SessionState) -> None:
    assert said_pace(SESSION, phase) == Pace(SECOND, Duration(50 * MS))


@pytest.mark.behaviour("BF-03")
def test_what_is_not_up_speaks_at_the_pace_of_idle_tx() -> None:
    assert said_pace(session(idle_tx=Duration(5 * SECOND)), DOWN).tx == 5 * SECOND
    assert said_pace(session(min_tx=Duration(9 * SECOND)), DOWN).tx == 9 * SECOND
    assert said_pace(SESSION, UP).tx == 50 * MS


@pytest.mark.bfd(35)
@pytest.mark.parametrize(
    ("ours_ms", "theirs_ms", "agreed_ms"),
    [
        pytest.param(50, 10, 50, id="we do not want to speak more often"),
        pytest.param(50, 300, 300, id="the neighbour does not want to hear more often"),
    ],
)
def test_the_slower_of_two_wishes_counts(ours_ms: int, theirs_ms: int, agreed_ms: int) -> None:
    remote = remote_of(said(UP, required_min_rx_us=theirs_ms * MS))
    state = in_state(UP, remote=remote, in_force=Pace(Duration(ours_ms * MS), Duration(10 * MS)))

    assert agreed_interval(state) == agreed_ms * MS


@pytest.mark.bfd(43)
@pytest.mark.behaviour("BF-02")
@pytest.mark.parametrize(
    ("multiplier", "our_rx_ms", "their_tx_ms", "lasts_ms"),
    [
        pytest.param(3, 50, 10, 150, id="our wish times their multiplier"),
        pytest.param(5, 50, 300, 1500, id="their pace times their multiplier"),
        pytest.param(1, 10, 10, 10, id="one packet"),
    ],
)
def test_the_detection_time_is(multiplier: int, our_rx_ms: int, their_tx_ms: int, lasts_ms: int) -> None:
    remote = remote_of(said(UP, multiplier=multiplier, desired_min_tx_us=their_tx_ms * MS))
    state = in_state(UP, remote=remote, in_force=Pace(SECOND, Duration(our_rx_ms * MS)))

    assert detection_time(state, remote) == lasts_ms * MS


@pytest.mark.bfd(34)
def test_silence_counts_from_when_the_kernel_had_the_packet() -> None:
    state, _ = heard(SESSION, in_state(UP), said(UP), Instant(5_000), Instant(90_000))

    assert silence_ends(state) == 5_000 + 150 * MS


@pytest.mark.bfd(39)
def test_a_shorter_wish_of_the_neighbour_counts_from_our_last_packet() -> None:
    slow = remote_of(said(UP, required_min_rx_us=SECOND))
    spoken = Spoken(Instant(0), contents(SESSION, in_state(UP)))
    state = in_state(UP, remote=slow, spoken=spoken)
    assert (speak_due(SESSION, state) or 0) >= 750 * MS

    state, _ = heard(SESSION, state, said(UP, required_min_rx_us=50 * MS), NOW, NOW)

    assert (speak_due(SESSION, state) or 0) <= 50 * MS


@pytest.mark.parametrize(
    ("words", "speaks"),
    [
        pytest.param({}, True, id="as a rule"),
        pytest.param(
            {"required_min_rx_us": 0}, False, id="if the neighbour asks for none", marks=pytest.mark.bfd(38)
        ),
        pytest.param({"demand": True}, False, id="in Demand mode", marks=pytest.mark.bfd(32, 38)),
    ],
)
def test_periodic_packets_are_sent(words: dict[str, Any], speaks: bool) -> None:
    state = in_state(UP, remote=remote_of(said(UP, **words)))

    assert (speak_due(SESSION, state) is not None) is speaks


@pytest.mark.bfd(38)
def test_in_demand_mode_polls_are_sent_still() -> None:
    state = in_state(UP, remote=remote_of(said(UP, demand=True)), poll=Poll.ASKED)

    assert speak_due(SESSION, state) is not None


@pytest.mark.bfd(32)
def test_demand_counts_only_while_both_are_up() -> None:
    state = in_state(INIT, remote=remote_of(said(DOWN, demand=True)))

    assert speak_due(SESSION, state) is not None


def test_the_first_packet_is_due_at_once() -> None:
    assert deadline(SESSION, in_state(DOWN, at=7)) == 7


@pytest.mark.bfd(51)
@pytest.mark.parametrize(
    ("words", "lasts"),
    [
        pytest.param({}, 3 * SECOND, id="the neighbour's detection time of us"),
        pytest.param({"required_min_rx_us": 4_000_000_000}, 10 * SECOND, id="and no longer than the bound"),
    ],
)
def test_a_session_that_was_taken_away_says_so_for(words: dict[str, Any], lasts: int) -> None:
    state = in_state(SessionState.ADMIN_DOWN, remote=remote_of(said(UP, **words)))

    assert farewell_ends(SESSION, state) == lasts


# ---- Poll Sequences


def up(at: SessionState = UP) -> State:
    """Up, with nothing left to say."""
    state = in_state(at)
    return changed(state, spoken=Spoken(Instant(0), contents(SESSION, state)))


def final(state: State, now: int = NOW, **words: Any) -> State:
    after, _ = heard(SESSION, state, said(UP, final=True, **words), Instant(now), Instant(now))
    return after


FASTER = session(min_tx=Duration(10 * MS), min_rx=Duration(10 * MS))
SLOWER = session(min_tx=Duration(300 * MS), min_rx=Duration(300 * MS))


@pytest.mark.bfd(45)
@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(FASTER, id="faster"),
        pytest.param(SLOWER, id="slower"),
        pytest.param(session(min_rx=Duration(60 * MS)), id="of one direction only"),
    ],
)
def test_another_pace_is_polled_for(wanted: Session) -> None:
    state, effects = adjust(SESSION, wanted, up(), NOW)

    (packet,) = sent(effects)
    assert state.poll is Poll.ASKED
    assert packet.poll
    assert packet.desired_min_tx_us == wanted.min_tx
    assert packet.required_min_rx_us == wanted.min_rx


@pytest.mark.parametrize(
    ("wanted", "in_force"),
    [
        pytest.param(
            SLOWER,
            Pace(Duration(50 * MS), Duration(300 * MS)),
            id="we speak as before, and are patient at once",
            marks=pytest.mark.bfd(46),
        ),
        pytest.param(
            FASTER,
            Pace(Duration(10 * MS), Duration(50 * MS)),
            id="we are as patient as before, and speak faster at once",
            marks=pytest.mark.bfd(47, 48),
        ),
    ],
)
def test_until_the_answer_comes(wanted: Session, in_force: Pace) -> None:
    state, _ = adjust(SESSION, wanted, up(), NOW)

    assert state.in_force == in_force
    assert state.phase is UP


@pytest.mark.bfd(29)
@pytest.mark.parametrize("wanted", [pytest.param(FASTER, id="faster"), pytest.param(SLOWER, id="slower")])
def test_the_answer_ends_the_poll_and_all_counts(wanted: Session) -> None:
    asking, _ = adjust(SESSION, wanted, up(), NOW)

    state, effects = heard(wanted, asking, said(UP, final=True), NOW, NOW)

    assert state.poll is Poll.NONE
    assert state.in_force == Pace(wanted.min_tx, wanted.min_rx)
    assert state.phase is UP
    assert [effect for effect in effects if isinstance(effect, PaceChanged)]


@pytest.mark.bfd(48)
def test_while_it_is_not_up_all_counts_at_once() -> None:
    state, _ = adjust(SESSION, SLOWER, in_state(INIT), NOW)

    assert state.in_force == Pace(SECOND, Duration(300 * MS))


@pytest.mark.bfd(45)
def test_p_rides_on_the_periodic_packets_until_the_answer() -> None:
    state, _ = adjust(SESSION, FASTER, up(), NOW)

    polled = []
    for now in range(NOW + 50 * MS, NOW + 350 * MS, 50 * MS):
        state, effects = due(FASTER, changed(state, remote=remote_of(said(UP), now)), Instant(now))
        polled += [packet.poll for packet in sent(effects)]
    state = final(state, NOW + 400 * MS)
    _, effects = due(
        FASTER, changed(state, remote=remote_of(said(UP), NOW + 400 * MS)), Instant(NOW + 450 * MS)
    )

    assert polled == [True] * 6
    assert [packet.poll for packet in sent(effects)] == [False]


@pytest.mark.bfd(50)
def test_another_multiplier_needs_no_poll() -> None:
    state, effects = adjust(SESSION, session(multiplier=9), up(), NOW)

    (packet,) = sent(effects)
    assert (packet.multiplier, packet.poll) == (9, False)
    assert state.poll is Poll.NONE


def play_change(*, during: Session, answers: list[ControlPacket]) -> list[Poll]:
    """A second change while the first poll is under way, then these packets; the polls after each."""
    state, _ = adjust(SESSION, FASTER, up(), NOW)
    state, _ = adjust(FASTER, during, state, NOW)
    polls = [state.poll]
    for answer in answers:
        state, _ = heard(during, state, answer, NOW, NOW)
        polls.append(state.poll)
    return polls


@pytest.mark.bfd(49)
def test_an_answer_that_may_be_meant_for_the_former_values_begins_a_rest() -> None:
    plain, answered = said(UP), said(UP, final=True)

    polls = play_change(during=SLOWER, answers=[answered, answered, plain, answered])

    assert polls == [Poll.ASKED_BEFORE, Poll.RESTING, Poll.RESTING, Poll.ASKED, Poll.NONE]


@pytest.mark.bfd(46, 47)
def test_between_two_changes_the_safe_one_of_all_values_counts() -> None:
    state, _ = adjust(SESSION, FASTER, up(), NOW)

    state, _ = adjust(FASTER, SLOWER, state, NOW)

    assert state.in_force == Pace(Duration(10 * MS), Duration(300 * MS))


@pytest.mark.bfd(40, 45)
def test_a_session_that_comes_up_polls_for_its_fast_pace() -> None:
    state = changed(in_state(INIT), spoken=Spoken(Instant(0), contents(SESSION, in_state(INIT))))

    state, effects = heard(SESSION, state, said(UP), NOW, NOW)

    (packet,) = sent(effects)
    assert (packet.poll, packet.desired_min_tx_us) == (True, 50 * MS)
    assert state.in_force == Pace(SESSION.min_tx, SESSION.min_rx)


def test_with_nobody_to_answer_nothing_is_asked() -> None:
    state, _ = adjust(SESSION, FASTER, in_state(DOWN), NOW)

    assert state.poll is Poll.NONE


def test_a_silence_ends_a_poll() -> None:
    asking, _ = adjust(SESSION, FASTER, up(), NOW)

    state, _ = due(FASTER, asking, Instant(10 * SECOND))

    assert (state.phase, state.poll) == (DOWN, Poll.NONE)
