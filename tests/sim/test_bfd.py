"""Worlds with two hosts and a BFD session: loss, delay, cuts, stalls, restarts, reloads, clocks that run wrong."""

from collections.abc import Callable

import pytest

from standfast.base.errors import Malformed
from standfast.base.frozen import changed
from standfast.base.times import MILLISECOND, SECOND, Duration, Instant, seconds
from standfast.core.bfd import node as node_module
from standfast.core.bfd import step, timing
from standfast.core.bfd.session import Session
from standfast.core.bfd.state import Remote, State
from standfast.engine.driver import Driver
from standfast.sim.bfd_host import BfdDriver
from standfast.sim.bfd_oracle import BfdViolation
from standfast.sim.bfd_world import RIGHT, BfdWorld, play
from standfast.sim.network import Conditions
from standfast.wire.bfd import SessionState

MS = MILLISECOND
FAST = Session("wan", RIGHT, min_tx=Duration(50 * MS), min_rx=Duration(50 * MS), multiplier=3)


def pair(seed: int = 1, left: Session = FAST, right: Session = FAST) -> BfdWorld:
    """Two hosts whose sessions are up."""
    world = BfdWorld(seed)
    world.configure(world.hosts[0], left)
    world.configure(world.hosts[1], right)
    world.run(seconds(4))
    assert (world.state("a"), world.state("b")) == ("Up", "Up")
    return world


@pytest.mark.parametrize("chunk", [pytest.param(n, id=f"worlds {n * 20} to {n * 20 + 19}") for n in range(3)])
def test_no_false_up_no_false_down_and_every_silence_is_noticed_in_time(chunk: int) -> None:
    for seed in range(chunk * 20, chunk * 20 + 20):
        play(seed)


def test_the_worlds_are_not_idle() -> None:
    courses = [play(seed) for seed in range(12)]

    assert sum(course.expired for course in courses) > 12
    assert sum(course.ups for course in courses) > 48


@pytest.mark.bfd(43)
def test_a_cut_is_noticed_after_the_detection_time_of_the_last_packet() -> None:
    world = pair()

    world.cut(("a", "b"), ("b", "a"))
    world.run(seconds("0.2"))

    assert (world.state("a"), world.state("b")) == ("Down", "Down")


def test_of_a_way_that_is_cut_in_one_direction_both_ends_know() -> None:
    world = pair()

    world.cut(("a", "b"))
    world.run(seconds("0.2"))

    assert (world.state("a"), world.state("b")) == ("Down", "Down")


def test_two_lost_packets_of_three_do_no_harm() -> None:
    world = pair()
    for at in range(0, 2_000, 190):  # 45 ms: no more than two packets
        world.timeline.in_(at * MS, lambda: world.cut(("a", "b")))
        world.timeline.in_((at + 45) * MS, world.cut)

    world.run(seconds(3))

    assert not [line for line in world.oracle.story if "-> Down" in line]


def test_a_stalled_process_finds_what_had_arrived() -> None:
    """Its neighbour is patient enough; it itself would have declared it down long ago."""
    world = pair(left=changed(FAST, multiplier=100))

    world.hosts[0].stall(seconds(2))
    world.run(seconds(4))

    assert not [line for line in world.oracle.story if "-> Down" in line]


def test_a_changed_pace_drops_no_session() -> None:
    world = pair()

    for ms in (300, 20, 1000, 10):
        world.configure(world.hosts[0], changed(FAST, min_tx=Duration(ms * MS), min_rx=Duration(ms * MS)))
        world.run(seconds(3))

    assert not [line for line in world.oracle.story if "-> Down" in line]


def test_a_restart_of_either_side_is_survived() -> None:
    world = pair()

    for host in world.hosts:
        for politely in (True, False):
            host.end(politely=politely)
            host.start()
            world.run(seconds(5))
            assert (world.state("a"), world.state("b")) == ("Up", "Up")


def test_a_slow_network_is_no_reason_to_be_down() -> None:
    world = pair()
    world.network.conditions = Conditions(delay=Duration(500 * MS), jitter=Duration(20 * MS))
    world.run(seconds(1))  # while the delay grows nothing arrives: down is right
    world.run(seconds(10))
    before = len(world.oracle.story)

    world.run(seconds(10))

    assert world.state("a") == "Up"
    assert len(world.oracle.story) == before


# ---- mutations: what is broken on purpose is seen


class Undrained(Driver):  # type: ignore[type-arg]
    """A driver that acts on its alarm without reading what has arrived."""

    def _hear(self) -> None:
        return


def found(*, driver: type[BfdDriver] = Driver, seeds: int = 40) -> bool:
    """Whether an oracle sees a broken rule in one of these worlds."""
    try:
        for seed in range(seeds):
            play(seed, driver=driver)
    except BfdViolation:
        return True
    return False


def test_a_driver_that_does_not_drain_is_seen() -> None:
    assert found(driver=Undrained)


def _hasty(state: State, remote: Remote) -> Duration:
    return Duration((remote.multiplier - 1) * max(state.in_force.rx, remote.min_tx))


def _lazy(state: State, remote: Remote) -> Duration:
    return Duration((remote.multiplier + 1) * max(state.in_force.rx, remote.min_tx))


def _of_ours_only(state: State, remote: Remote) -> Duration:
    return Duration(remote.multiplier * state.in_force.rx)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(_hasty, id="one packet too short"),
        pytest.param(_lazy, id="one packet too long"),
        pytest.param(_of_ours_only, id="without the neighbour's pace"),
    ],
)
def test_another_detection_time_is_seen(
    wrong: Callable[[State, Remote], Duration], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timing, "detection_time", wrong)

    assert found()


def test_a_session_that_never_expires_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timing, "silence_ends", lambda _: None)
    monkeypatch.setattr(step, "silence_ends", lambda _: None)

    assert found()


def test_a_session_that_comes_up_too_soon_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Up on Down already: the neighbour has not said that it hears us."""
    original = step._follow

    def eager(session: Session, state: State, theirs: SessionState, *rest: object) -> State:
        said = (
            SessionState.INIT if theirs is SessionState.DOWN and state.phase is SessionState.DOWN else theirs
        )
        return original(session, state, said, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(step, "_follow", eager)

    assert found()


def test_packets_that_leave_too_late_are_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a packet when something is new, a neighbour whose detection time has shrunk is left alone."""
    monkeypatch.setattr(timing, "shortened", lambda interval, *_, **__: Duration(6 * interval))

    assert found()


def test_a_node_that_does_not_hear_its_neighbour_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise Malformed("ttl")

    monkeypatch.setattr(node_module, "check_session", refuse)

    assert found(seeds=3)


def test_time_is_virtual() -> None:
    world = pair()

    assert world.timeline.now == Instant(4 * SECOND)
