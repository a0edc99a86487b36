"""Where events meet time: what arrived is heard before a deadline is acted on, and nothing happens too early."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import pytest
from vrrp_ports import SetClock

from standfast.base.limits import DRAIN_ROUNDS
from standfast.base.times import Duration, Instant, after
from standfast.engine.driver import Driver, Lateness


@dataclass
class Machine:
    """Writes down its events; `due` moves its deadline away."""

    due_at: Instant | None = None
    heard: list[tuple[str, Instant]] = field(default_factory=list)

    def handle(self, event: str, now: Instant) -> Iterable[str]:
        self.heard.append((event, now))
        if event == "due":
            self.due_at = None
        return (f"effect of {event}",)

    def deadline(self) -> Instant | None:
        return self.due_at


@dataclass
class Alarm:
    """Writes down what it was set to."""

    settings: list[Instant | None] = field(default_factory=list)

    def set(self, due: Instant | None) -> None:
        self.settings.append(due)


@dataclass
class Bench:
    machine: Machine
    clock: SetClock
    alarm: Alarm
    done: list[str]
    driver: Driver[str, str]


def bench(
    due_at: int | None = None,
    *,
    drain: Callable[[Driver[str, str], int], bool] = lambda _driver, _round: False,
    on_effect: Callable[[Driver[str, str], str], None] = lambda _driver, _effect: None,
) -> Bench:
    """A driver at time 0 with everything round it."""
    machine = Machine(None if due_at is None else Instant(due_at))
    clock, alarm, done = SetClock(), Alarm(), list[str]()
    rounds = iter(range(10_000))

    def run(effects: Iterable[str]) -> None:
        for effect in effects:
            done.append(f"begin {effect}")
            on_effect(driver, effect)
            done.append(f"end {effect}")

    driver: Driver[str, str] = Driver(
        machine, clock=clock, run=run, drain=lambda _: drain(driver, next(rounds)), due="due"
    )
    driver.arm(alarm)
    return Bench(machine, clock, alarm, done, driver)


def test_an_event_gets_the_present_time_and_its_effects_are_carried_out() -> None:
    it = bench()
    it.clock.at = Instant(5)

    it.driver.give("news")

    assert it.machine.heard == [("news", 5)]
    assert it.done == ["begin effect of news", "end effect of news"]


def test_events_that_came_together_are_each_done_before_the_next_is_heard() -> None:
    heard: list[int] = []
    it = bench(on_effect=lambda _driver, _effect: heard.append(len(it.machine.heard)))
    it.clock.at = Instant(5)

    it.driver.give_all(["one", "two"])

    assert it.machine.heard == [("one", 5), ("two", 5)]
    assert heard == [1, 2]


def test_the_alarm_is_set_when_it_is_given_and_then_only_when_the_deadline_moves() -> None:
    it = bench(due_at=9)
    it.driver.give("nothing moves")
    it.machine.due_at = Instant(4)
    it.driver.give("nearer")
    it.driver.give("nothing moves")
    it.machine.due_at = None
    it.driver.give("never")

    assert it.alarm.settings == [9, 4, None]


def test_at_the_alarm_the_deadline_is_acted_on() -> None:
    it = bench(due_at=9)
    it.clock.at = Instant(9)

    it.driver.ring()

    assert it.machine.heard == [("due", 9)]
    assert it.alarm.settings == [9]  # nothing is due any more, and the alarm has rung: nothing to set


def test_what_has_arrived_is_heard_before_the_deadline_is_acted_on() -> None:
    """The socket held an advert: the deadline has moved, and a stall of ours becomes no takeover."""

    def drain(driver: Driver[str, str], number: int) -> bool:
        it.machine.due_at = Instant(50)
        driver.give("advert")
        return False

    it = bench(due_at=9, drain=drain)
    it.clock.at = Instant(30)

    it.driver.ring()

    assert it.machine.heard == [("advert", 30)]
    assert it.alarm.settings == [9, 50]


def test_the_socket_is_drained_until_it_is_empty() -> None:
    drained = []

    def drain(_driver: Driver[str, str], number: int) -> bool:
        drained.append(number)
        return number < 3

    it = bench(due_at=9, drain=drain)
    it.clock.at = Instant(9)

    it.driver.ring()

    assert drained == [0, 1, 2, 3]
    assert it.machine.heard == [("due", 9)]


def test_a_drain_is_told_the_moment_of_the_alarm_and_hears_nothing_that_came_later() -> None:
    moments: list[Instant] = []
    machine, clock = Machine(due_at=Instant(9)), SetClock()

    def drain(until: Instant) -> bool:
        moments.append(until)
        clock.at = after(clock.at, Duration(5))  # hearing takes time, and more comes
        return len(moments) < 3

    driver = Driver[str, str](machine, clock=clock, run=lambda _: None, drain=drain, due="due")
    driver.arm(Alarm())
    clock.at = Instant(30)

    driver.ring()

    assert moments == [30, 30, 30]
    assert machine.heard == [("due", 45)]


def test_a_flood_cannot_keep_the_deadline_waiting_for_ever() -> None:
    drained = []

    def drain(_driver: Driver[str, str], number: int) -> bool:
        drained.append(number)
        return True

    it = bench(due_at=9, drain=drain)
    it.clock.at = Instant(9)

    it.driver.ring()

    assert len(drained) == DRAIN_ROUNDS
    assert it.machine.heard == [("due", 9)]


def test_an_early_alarm_never_runs_the_machine_early() -> None:
    it = bench(due_at=9)
    it.clock.at = Instant(8)

    it.driver.ring()

    assert it.machine.heard == []
    assert it.alarm.settings == [9, 9]  # set again: it has rung


def test_an_alarm_when_nothing_is_due_any_more_is_no_harm() -> None:
    it = bench(due_at=9)
    it.machine.due_at = None
    it.clock.at = Instant(9)

    it.driver.ring()

    assert it.machine.heard == []


def test_what_an_effect_brings_back_waits_until_the_effects_of_the_present_event_are_done() -> None:
    """A socket that cannot be had is told while the others are still being opened."""

    def on_effect(driver: Driver[str, str], effect: str) -> None:
        if effect == "effect of first":
            driver.give("second")
            driver.give("third")

    it = bench(on_effect=on_effect)

    it.driver.give("first")

    assert [event for event, _ in it.machine.heard] == ["first", "second", "third"]
    assert it.done == [
        f"{end} effect of {event}" for event in ("first", "second", "third") for end in ("begin", "end")
    ]


def test_while_events_wait_the_alarm_is_left_alone() -> None:
    def on_effect(driver: Driver[str, str], effect: str) -> None:
        if effect == "effect of first":
            it.machine.due_at = Instant(5)
            driver.give("second")
            it.machine.due_at = Instant(7)

    it = bench(on_effect=on_effect)

    it.driver.give("first")

    assert it.alarm.settings == [7]


def test_an_effect_that_fails_leaves_the_driver_able_to_go_on() -> None:
    def on_effect(_driver: Driver[str, str], effect: str) -> None:
        if effect == "effect of bad":
            raise OSError

    it = bench(on_effect=on_effect)

    with pytest.raises(OSError):  # noqa: PT011 (it is ours, and carries nothing)
        it.driver.give("bad")
    it.driver.give("good")

    assert [event for event, _ in it.machine.heard] == ["bad", "good"]


def test_something_else_than_an_event_can_be_done_too() -> None:
    """A start and a reload give effects as well."""
    it = bench()
    it.clock.at = Instant(3)

    it.driver.do(lambda now: (f"reloaded at {now}",))

    assert it.done == ["begin reloaded at 3", "end reloaded at 3"]


def test_without_an_alarm_events_are_handled_all_the_same() -> None:
    machine = Machine(Instant(9))
    driver: Driver[str, str] = Driver(
        machine, clock=SetClock(), run=lambda _: None, drain=lambda _: False, due="due"
    )

    driver.give("news")

    assert machine.heard == [("news", 0)]


@pytest.mark.rfc(82)
def test_how_late_the_alarm_rang_is_remembered() -> None:
    it = bench(due_at=9)
    it.clock.at = Instant(29)
    it.driver.ring()
    it.machine.due_at = Instant(40)
    it.driver.give("news")
    it.clock.at = Instant(41)
    it.driver.ring()

    assert it.driver.lateness == Lateness(rings=2, worst=20, last=1)  # type: ignore[arg-type]
    assert it.driver.lateness.take_worst() == 20
    assert it.driver.lateness.take_worst() == 0


def test_after_a_halt_neither_events_nor_the_alarm_reach_the_machine() -> None:
    it = bench(due_at=9)

    it.driver.halt()
    it.clock.at = Instant(20)
    it.driver.give("news")
    it.driver.ring()

    assert it.machine.heard == []
