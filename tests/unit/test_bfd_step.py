"""What one session does: RFC 5880, section 6.8; every pair of states, and every way out of each."""

from itertools import product

import pytest
from bfd_made import (
    ADMIN_DOWN,
    DOWN,
    INIT,
    MS,
    OURS,
    SESSION,
    THEIRS,
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
from standfast.core.bfd.effects import SessionChanged, Tell
from standfast.core.bfd.state import Spoken
from standfast.core.bfd.step import EDGES, NAMES, begin, contents, due, heard, take_down
from standfast.wire.bfd import Diagnostic, SessionState

NOW = Instant(10_000)

TABLE = {  # RFC 5880, section 6.8.6: (ours, theirs): ours afterwards, our diagnostic
    (DOWN, ADMIN_DOWN): (DOWN, 0),
    (DOWN, DOWN): (INIT, 0),
    (DOWN, INIT): (UP, 0),
    (DOWN, UP): (DOWN, 0),
    (INIT, ADMIN_DOWN): (DOWN, 3),
    (INIT, DOWN): (INIT, 0),
    (INIT, INIT): (UP, 0),
    (INIT, UP): (UP, 0),
    (UP, ADMIN_DOWN): (DOWN, 3),
    (UP, DOWN): (DOWN, 3),
    (UP, INIT): (UP, 0),
    (UP, UP): (UP, 0),
}


@pytest.mark.bfd(31)
@pytest.mark.parametrize(
    ("ours", "theirs", "after", "diagnostic"),
    [
        pytest.param(*pair, *result, id=f"{NAMES[pair[0]]} hears {NAMES[pair[1]]}")
        for pair, result in TABLE.items()
    ],
)
def test_a_session_hears(
    ours: SessionState, theirs: SessionState, after: SessionState, diagnostic: int
) -> None:
    state, effects = heard(SESSION, in_state(ours), said(theirs), NOW, NOW)

    facts = [effect for effect in effects if isinstance(effect, SessionChanged)]
    assert (state.phase, state.diagnostic) == (after, diagnostic)
    assert [(fact.old, fact.new) for fact in facts] == (
        [(NAMES[ours], NAMES[after])] if ours is not after else []
    )
    assert state.since == (NOW if ours is not after else 0)


def test_the_table_has_every_pair() -> None:
    assert set(TABLE) == set(product((DOWN, INIT, UP), SessionState))


def test_every_way_between_states_is_known() -> None:
    found = {(NAMES[ours], NAMES[after]) for (ours, _), (after, _) in TABLE.items() if ours is not after}
    found |= {
        (NAMES[ours], NAMES[due(SESSION, in_state(ours), Instant(100 * SECOND))[0].phase])
        for ours in (INIT, UP)
    }
    found |= {
        (NAMES[ours], NAMES[take_down(SESSION, in_state(ours), NOW)[0].phase]) for ours in (DOWN, INIT, UP)
    }

    assert found == EDGES


@pytest.mark.bfd(9)
def test_a_session_begins_so() -> None:
    state = begin(SESSION, discriminator=OURS, dice=3, now=NOW)

    assert (state.phase, state.diagnostic, state.remote, state.spoken) == (DOWN, Diagnostic.NONE, None, None)
    assert state.in_force.tx == SECOND
    assert contents(SESSION, state) == said(
        DOWN, mine=OURS, yours=0, desired_min_tx_us=SECOND, required_min_rx_us=50 * MS
    )


@pytest.mark.bfd(27)
def test_what_a_packet_says_is_known_afterwards() -> None:
    packet = said(UP, mine=77, diagnostic=5, multiplier=9, demand=True, required_min_rx_us=123)

    state, _ = heard(SESSION, in_state(UP), packet, Instant(9_000), NOW)

    assert state.remote == remote_of(packet, 9_000)


# ---- silence


@pytest.mark.bfd(43)
@pytest.mark.parametrize("ours", [pytest.param(INIT, id="in Init"), pytest.param(UP, id="in Up")])
def test_after_a_detection_time_of_silence_a_session_is_down(ours: SessionState) -> None:
    state = in_state(ours)
    lasts = 3 * SECOND if ours is INIT else 150 * MS

    before, early = due(SESSION, state, Instant(lasts - 1))
    after, effects = due(SESSION, state, Instant(lasts))

    assert before.phase is ours
    assert not [effect for effect in early if isinstance(effect, SessionChanged)]
    assert (after.phase, after.diagnostic) == (DOWN, Diagnostic.TIME_EXPIRED)
    (fact,) = [effect for effect in effects if isinstance(effect, SessionChanged)]
    assert (fact.reason, fact.detection) == ("time-expired", lasts)


@pytest.mark.bfd(13)
def test_after_a_silence_the_neighbour_is_nobody_again() -> None:
    state, _ = due(SESSION, in_state(UP), Instant(150 * MS))

    assert state.remote is None
    assert contents(SESSION, state).yours == 0


@pytest.mark.bfd(13)
def test_who_is_down_forgets_a_silent_neighbour_too() -> None:
    down = in_state(DOWN, remote=remote_of(said(DOWN)))

    state, effects = due(SESSION, down, Instant(3 * SECOND))

    assert (state.phase, state.remote) == (DOWN, None)
    assert not [effect for effect in effects if isinstance(effect, SessionChanged)]


@pytest.mark.bfd(11)
def test_a_session_that_fails_and_comes_back_keeps_its_discriminator() -> None:
    state, _ = due(SESSION, in_state(UP), Instant(150 * MS))
    state, _ = heard(SESSION, state, said(DOWN, yours=0), Instant(SECOND), Instant(SECOND))
    state, _ = heard(SESSION, state, said(UP), Instant(SECOND), Instant(SECOND))

    assert (state.phase, state.discriminator) == (UP, OURS)


# ---- verdicts


@pytest.mark.bfd(52)
@pytest.mark.parametrize(
    ("theirs", "reason", "told"),
    [
        pytest.param(
            DOWN, "neighbour-down", "the neighbour says that it is down", id="the neighbour lost us"
        ),
        pytest.param(
            ADMIN_DOWN,
            "neighbour-admin-down",
            "the neighbour was taken down by its administrator",
            id="somebody took the neighbour down: no failure of the path",
        ),
    ],
)
def test_why_a_session_went_down_is_told(theirs: SessionState, reason: str, told: str) -> None:
    _, effects = heard(SESSION, in_state(UP), said(theirs), NOW, NOW)

    verdict, fact = effects[:2]
    assert verdict == Tell("wan", up=False, reason=told, vrrp=True, checker=True)
    assert isinstance(fact, SessionChanged)
    assert fact.reason == reason


@pytest.mark.behaviour("TR-19")
def test_a_session_is_good_when_it_is_up_and_says_so_first() -> None:
    _, effects = heard(SESSION, in_state(INIT), said(UP), NOW, NOW)

    assert effects[0] == Tell("wan", up=True, reason="", vrrp=True, checker=True)


@pytest.mark.behaviour("BF-04")
@pytest.mark.parametrize(
    ("words", "vrrp", "checker"),
    [
        pytest.param({"tells_checker": False}, True, False, id="instances only"),
        pytest.param({"tells_vrrp": False}, False, True, id="checkers only"),
        pytest.param({}, True, True, id="both"),
    ],
)
def test_a_session_tells(words: dict[str, bool], vrrp: bool, checker: bool) -> None:
    _, effects = heard(session(**words), in_state(INIT), said(UP), NOW, NOW)

    told = next(effect for effect in effects if isinstance(effect, Tell))
    assert (told.vrrp, told.checker) == (vrrp, checker)


# ---- speaking


def spoke(state: SessionState, at: int = 0) -> object:
    """A state whose last packet said what it would say now."""
    made = in_state(state)
    return changed(made, spoken=Spoken(Instant(at), contents(SESSION, made)))


@pytest.mark.bfd(41)
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param(INIT, UP, id="it is up"),
        pytest.param(UP, DOWN, id="it is down"),
    ],
)
def test_news_are_said_at_once(ours: SessionState, theirs: SessionState) -> None:
    state = changed(in_state(ours), spoken=Spoken(Instant(0), contents(SESSION, in_state(ours))))

    after, effects = heard(SESSION, state, said(theirs), NOW, NOW)

    (packet,) = sent(effects)
    assert packet.state is after.phase
    assert after.spoken == Spoken(NOW, contents(SESSION, after))


def test_where_nothing_is_new_nothing_is_sent() -> None:
    state = changed(in_state(UP), spoken=Spoken(Instant(0), contents(SESSION, in_state(UP))))

    after, effects = heard(SESSION, state, said(UP), NOW, NOW)

    assert effects == ()
    assert after.spoken == state.spoken


@pytest.mark.bfd(33, 44)
@pytest.mark.parametrize("ours", [pytest.param(state, id=f"in {NAMES[state]}") for state in (DOWN, INIT, UP)])
def test_a_poll_is_answered_at_once(ours: SessionState) -> None:
    state = changed(in_state(ours), spoken=Spoken(Instant(0), contents(SESSION, in_state(ours))))
    theirs = UP if ours is UP else DOWN

    after, effects = heard(SESSION, state, said(theirs, poll=True), NOW, NOW)

    (packet,) = sent(effects)
    assert (packet.final, packet.poll) == (True, False)
    assert packet.state is after.phase
    assert after.spoken is not None
    assert after.spoken.at == 0  # the periodic packets come as they would have


@pytest.mark.bfd(2, 38)
def test_a_passive_side_says_nothing_before_it_has_heard_something() -> None:
    passive = session(passive=True)
    state = begin(passive, discriminator=OURS, dice=1, now=Instant(0))

    waits, nothing = due(passive, state, Instant(100 * SECOND))
    _, answer = heard(passive, changed(waits, spoken=None), said(DOWN, yours=0, poll=True), NOW, NOW)

    assert nothing == ()
    assert len(sent(answer)) == 1


def test_a_passive_side_that_has_lost_its_neighbour_is_silent_again() -> None:
    passive = session(passive=True)
    state = changed(in_state(UP), spoken=Spoken(Instant(0), contents(passive, in_state(UP))))

    state, effects = due(passive, state, Instant(150 * MS))

    assert sent(effects) == []
    assert due(passive, state, Instant(100 * SECOND))[1] == ()


@pytest.mark.bfd(36)
def test_each_packet_has_its_own_jitter() -> None:
    state, _ = due(SESSION, in_state(UP, spoken=None), NOW)

    assert state.dice == rolled(in_state(UP).dice)


@pytest.mark.bfd(42)
def test_what_our_packets_never_say() -> None:
    for phase in SessionState:
        packet = contents(SESSION, in_state(phase))
        assert not packet.independent
        assert not packet.demand
        assert packet.required_min_echo_rx_us == 0
        assert packet.authentication is None


# ---- administration


@pytest.mark.bfd(51)
def test_a_session_that_is_taken_away_says_so() -> None:
    state = changed(in_state(UP), spoken=Spoken(Instant(0), contents(SESSION, in_state(UP))))

    after, effects = take_down(SESSION, state, NOW)

    (packet,) = sent(effects)
    assert (packet.state, packet.diagnostic, packet.yours) == (ADMIN_DOWN, Diagnostic.ADMIN_DOWN, THEIRS)
    assert packet.desired_min_tx_us == SECOND
    assert after.phase is ADMIN_DOWN


def test_a_session_that_is_taken_away_outlives_a_silence() -> None:
    state, _ = take_down(SESSION, in_state(UP), NOW)

    state, _ = due(SESSION, state, Instant(NOW + Duration(2 * SECOND)))

    assert state.phase is ADMIN_DOWN
    assert state.remote is not None
