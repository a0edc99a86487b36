"""Virtual servers and sessions of BFD that go on where another process stopped."""

import pytest
from bfd_made import SESSION, UP, Play, sent, session

from standfast.base.times import SECOND, Duration, Instant
from standfast.conf.transport import decode_value, encode_value
from standfast.core.bfd.effects import Open, SendControl, SessionChanged, SessionStarted, Tell
from standfast.core.bfd.events import Due
from standfast.core.bfd.legacy import SessionsLegacy
from standfast.core.bfd.node import Node
from standfast.core.check.legacy import CheckLegacy, legacy_of
from standfast.core.check.outcome import Outcome
from standfast.core.check.state import CheckState, Fresh, Phase, Resting, Suspended, Trying
from standfast.core.lvs.effects import QuorumChanged, RealServerChanged
from standfast.core.track.verdict import GOOD, Verdict
from standfast.observe.state.server_times import ServerTimes

NOW = Instant(5_000_000)


@pytest.mark.parametrize(
    ("phase", "then"),
    [
        pytest.param(Fresh(NOW), Fresh(NOW), id="it has not tried yet"),
        pytest.param(Resting(NOW, NOW, retrying=True), Resting(NOW, NOW, retrying=True), id="it rests"),
        pytest.param(Suspended(), Suspended(), id="it does not try"),
        pytest.param(Trying(NOW, NOW), Fresh(NOW), id="it tries, and tries again"),
    ],
)
def test_a_check_goes_on_with_what_it_said(phase: Phase, then: Phase) -> None:
    verdict = Verdict(up=False, reason="connect: refused")
    state = CheckState(phase, verdict, judged=True, failures=2, number=9, weight=4, last=Outcome(ok=False))

    left = decode_value(CheckLegacy, encode_value(legacy_of("a", state))).as_state()

    assert (left.phase, left.verdict, left.failures, left.weight) == (then, verdict, 2, 4)
    assert (left.judged, left.last) == (True, Outcome(ok=False))


def test_a_check_that_is_good_stays_good() -> None:
    assert legacy_of("a", CheckState(Fresh(NOW), GOOD)).as_state().up


# ---- sessions of BFD


def going_on(play: Play, at: int) -> tuple[Node, list[object]]:
    left = decode_value(SessionsLegacy, encode_value(play.node.bequeath()))
    node = Node()
    node.give_legacy(left)
    return node, [*node.start((SESSION,), Instant(at), seed=99)]


def test_a_session_that_is_up_stays_up_with_the_same_numbers() -> None:
    play = Play()
    play.bring_up()
    was = play.node.snapshot(NOW).sessions[0]

    node, effects = going_on(play, 30_000)

    one = node.snapshot(NOW).sessions[0]
    assert (one.state.discriminator, one.port, one.state.phase) == (was.state.discriminator, was.port, UP)
    assert [type(e) for e in effects if isinstance(e, Open | Tell)] == [Open, Tell]
    assert not any(isinstance(e, SessionChanged | SessionStarted) for e in effects)


def test_the_next_packet_leaves_when_it_would_have() -> None:
    play = Play()
    play.bring_up()
    due = play.node.deadline()

    node, _ = going_on(play, 30_000)

    assert node.deadline() == due


def test_our_own_silence_is_not_the_neighbours() -> None:
    play = Play()
    play.bring_up()
    late = 10 * SECOND

    node, _ = going_on(play, late)
    effects = node.handle(Due(), Instant(late))

    assert [e.packet.state for e in effects if isinstance(e, SendControl)] == [UP]


def test_parameters_that_the_file_changed_are_agreed_on_under_the_same_state() -> None:
    play = Play()
    play.bring_up()
    left = play.node.bequeath()
    node = Node()
    node.give_legacy(left)

    node.start((session(min_tx=Duration(SECOND)),), Instant(30_000), seed=99)

    one = node.snapshot(NOW).sessions[0]
    assert one.state.phase is UP
    assert one.session.min_tx == SECOND


def test_a_session_that_is_gone_from_the_file_is_taken_down() -> None:
    play = Play()
    play.bring_up()
    node = Node()
    node.give_legacy(play.node.bequeath())

    effects = node.start((), Instant(30_000), seed=99)

    assert [one.state.name for one in sent(effects)] == ["ADMIN_DOWN"]


def test_since_when_servers_are_as_they_are_is_known_on() -> None:
    times, later = ServerTimes(), ServerTimes()
    times.tell(QuorumChanged("[10.0.0.100]:tcp:80", up=True, live=1, quorum=1, hysteresis=0), NOW)
    times.tell(
        RealServerChanged("[10.0.0.100]:tcp:80", "[10.0.0.1]:tcp:80", up=False, weight=1), Instant(NOW + 1)
    )

    later.recall(times.everything())

    assert later.of_virtual("[10.0.0.100]:tcp:80") == NOW
    assert later.of_server("[10.0.0.100]:tcp:80", "[10.0.0.1]:tcp:80") == NOW + 1
