"""The core and the engine, damaged on purpose: the simulator must see it."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest
from sleeping import flooded_sleep, overfull_sleep

from standfast.base.times import SECOND, Duration, Instant, seconds
from standfast.core.vrrp import belongings, node, step, timing
from standfast.core.vrrp.effects import Effect, Effects, ReleaseAddresses, SendAdvert
from standfast.core.vrrp.events import Heard
from standfast.core.vrrp.holding import Wanted
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.state import Backup, Master, State
from standfast.engine.driver import Driver
from standfast.engine.ports import Event
from standfast.sim.generate import generate_plain
from standfast.sim.oracles.oracle import Violation
from standfast.sim.oracles.silence import OwnStall
from standfast.sim.process import VrrpDriver
from standfast.sim.scenario import play
from standfast.sim.world import World

WORLDS = range(1, 101)
Patch = pytest.MonkeyPatch


def first_violation(worlds: Iterable[int] = WORLDS, driver: type[VrrpDriver] = Driver) -> str | None:
    """The oracle that complains first, of the worlds that the swarm's test finds nothing wrong with."""
    violations = (play(generate_plain(seed), driver).violation for seed in worlds)
    return next((violation.oracle for violation in violations if violation is not None), None)


class DeadlinesFirst(Driver[Event, Effect]):
    """Acts on a deadline without hearing first what has arrived."""

    def _hear(self) -> None:
        pass


def whole_seconds(patch: Patch) -> None:
    exact = timing.skew
    patch.setattr(timing, "skew", lambda *given: Duration(exact(*given) // SECOND * SECOND))


def seconds_rounded_up(patch: Patch) -> None:
    exact = timing.skew
    patch.setattr(timing, "skew", lambda *given: Duration(-(-exact(*given) // SECOND) * SECOND))


def centiseconds(patch: Patch) -> None:
    exact = timing.skew
    patch.setattr(timing, "skew", lambda *given: Duration(exact(*given) // 10_000 * 10_000))


def no_listening(patch: Patch) -> None:
    """A master that overslept speaks at once."""
    for module in (step, node):
        patch.setattr(module, "overslept", lambda *_: False)


def no_delta(patch: Patch) -> None:
    """A reload leaves the addresses as they are."""
    patch.setattr(belongings.Belongings, "moved", lambda *_: ())


def delta_backwards(patch: Patch) -> None:
    """A reload removes all that was held before it adds what is wanted."""
    moved = belongings.Belongings.moved

    def first_remove(self: belongings.Belongings, before: Wanted, *given: Any) -> Effects:
        return (ReleaseAddresses("", tuple(before.values())), *moved(self, {}, *given))

    patch.setattr(belongings.Belongings, "moved", first_remove)


def left_overs_stay(patch: Patch) -> None:
    patch.setattr(belongings, "left_over", lambda *_: ())


def nothing_is_put_back(patch: Patch) -> None:
    patch.setattr(belongings.Belongings, "gone", lambda *_: ())


def drift(patch: Patch) -> None:
    """The next advert is due an interval after this one was sent, not after it was due."""
    beat = step._beat

    def late(router: Router, state: Master, now: Instant) -> step.Step:
        after, effects = beat(router, state, now)
        assert isinstance(after, Master)
        return replace(after, beat=now), effects

    patch.setattr(step, "_beat", late)


def own_interval(patch: Patch) -> None:
    """A version 3 backup counts in its own interval."""
    heed = step._heed

    def deaf(router: Router, state: Backup, heard: Heard, now: Instant, *, left: bool = False) -> Backup:
        return replace(heed(router, state, heard, now, left=left), interval=router.interval)

    patch.setattr(step, "_heed", deaf)


def equals_ignore_each_other(patch: Patch) -> None:
    def outranks(router: Router, heard: Heard) -> bool:
        return heard.advert.priority > router.priority

    patch.setattr(step, "_outranks", outranks)


def no_goodbye(patch: Patch) -> None:
    enter_init = step._enter_init

    def silent(router: Router, old: State) -> step.Step:
        state, effects = enter_init(router, old)
        return state, tuple(effect for effect in effects if not isinstance(effect, SendAdvert))

    patch.setattr(step, "_enter_init", silent)


def no_answer(patch: Patch) -> None:
    patch.setattr(step, "_answer_weaker", lambda router, state, *_: (state, ()))


@pytest.mark.parametrize(
    ("damage", "oracles"),
    [
        pytest.param(whole_seconds, {"Silence"}, id="the skew in whole seconds"),
        pytest.param(
            seconds_rounded_up, {"NoMaster", "Silence", "Calm"}, id="the skew in seconds, rounded up"
        ),
        pytest.param(centiseconds, {"Silence"}, id="the skew in centiseconds"),
        pytest.param(no_listening, {"OnTime"}, id="a master that overslept does not listen"),
        pytest.param(no_delta, {"Holding", "OnTime"}, id="a reload without the delta of the addresses"),
        pytest.param(delta_backwards, {"NeverAbsent"}, id="a reload that removes before it adds"),
        pytest.param(left_overs_stay, {"Holding"}, id="addresses of a killed process stay"),
        pytest.param(nothing_is_put_back, {"Holding"}, id="an address that was taken away stays away"),
        pytest.param(drift, {"OnTime"}, id="adverts drift"),
        pytest.param(own_interval, {"Silence", "Alarm"}, id="the master's interval is not learnt"),
        pytest.param(equals_ignore_each_other, {"TwoMasters"}, id="two equal masters ignore each other"),
        pytest.param(no_goodbye, {"Goodbye", "Leaving"}, id="a master leaves without a word"),
        pytest.param(no_answer, {"Answers"}, id="a weaker master gets no answer"),
    ],
)
def test_damage_to_the_core_is_seen(
    damage: Callable[[Patch], None], oracles: set[str], monkeypatch: Patch
) -> None:
    damage(monkeypatch)

    assert first_violation() in oracles


def test_a_backup_that_overslept_and_does_not_doubt_its_hearing_is_seen(monkeypatch: Patch) -> None:
    """The buffer is full of what belongs to nobody: no advert at all is found, though all were sent."""
    end_silence = step._end_silence

    def credulous(router: Router, state: Backup, due: Instant, now: Instant) -> step.Step:
        return end_silence(router, replace(state, doubted=True), due, now)

    monkeypatch.setattr(step, "_end_silence", credulous)

    with pytest.raises(Violation, match=r"^OwnStall at 40 s: b took VI_1 over from a"):
        flooded_sleep()


def test_a_backup_that_takes_what_it_reads_late_for_all_that_came_is_seen(monkeypatch: Patch) -> None:
    """The buffer holds 16 adverts; three more were sent, and the silence since the 16th is over."""
    heed = step._heed

    def credulous(router: Router, state: Backup, heard: Heard, now: Instant, *, left: bool = False) -> Backup:
        return heed(router, state, heard, heard.at, left=left)

    monkeypatch.setattr(step, "_heed", credulous)

    with pytest.raises(Violation, match=r"^OwnStall at 29\.7 s: b took VI_1 over from a"):
        overfull_sleep(19.7)


def test_a_suspended_backup_that_does_not_wait_for_the_master_is_seen(monkeypatch: Patch) -> None:
    """Before the standstill of its clock, during it and behind it the master spoke all the time."""
    world = World(1, oracles=(OwnStall,))
    master, backup = world.add("a", priority=150), world.add("b", priority=100)
    master.start()
    backup.start()
    world.run(seconds(10))

    backup.suspend()
    world.run(seconds(10))
    monkeypatch.setattr(timing, "master_down", lambda *_: Duration(SECOND // 2))
    backup.carry_on()

    with pytest.raises(Violation, match=r"^OwnStall at 2[01]\..* s: b took VI_1 over from a"):
        world.run(seconds(2))


def test_a_driver_that_acts_before_it_hears_is_seen() -> None:
    """Sockets before deadlines: what has arrived is heard before a silence is believed (design, section 6)."""
    assert first_violation(driver=DeadlinesFirst) == "Silence"
