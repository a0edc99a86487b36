"""The loop and its alarm, in real time: never early, and what was heard comes first."""

import asyncio
import os
import time
from collections.abc import Iterator
from selectors import EVENT_READ

import pytest
from linux_namespace import descriptors, turn

from standfast.base.times import MILLISECOND, Instant, after, times
from standfast.linux.loop import LoopTimer, MonotonicClock, TimerfdSelector, new_loop

CLOCK = MonotonicClock()


@pytest.fixture
def loop() -> Iterator[asyncio.SelectorEventLoop]:
    before = descriptors()
    made = new_loop()
    yield made
    made.close()
    assert descriptors() == before


class Alarm:
    """A timer that writes down when it rang."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.rang: list[Instant] = []
        self.loop = loop
        self.timer = LoopTimer(loop, lambda: self.rang.append(CLOCK.now()))

    def rings(self, count: int = 1) -> bool:
        return turn(self.loop, lambda: len(self.rang) >= count)


def in_ms(count: int) -> Instant:
    return after(CLOCK.now(), times(count, MILLISECOND))


def test_an_alarm_is_never_early_and_rings_once(loop: asyncio.SelectorEventLoop) -> None:
    alarm = Alarm(loop)
    for _ in range(50):
        alarm.rang.clear()
        due = Instant(in_ms(1) + 137)

        alarm.timer.set(due)

        assert alarm.rings()
        assert alarm.rang[0] >= due
        assert len(alarm.rang) == 1


def test_an_alarm_in_the_past_rings_at_once_but_not_inside_the_call(loop: asyncio.SelectorEventLoop) -> None:
    alarm = Alarm(loop)

    alarm.timer.set(in_ms(-1000))

    assert alarm.rang == []
    assert alarm.rings()


def test_an_alarm_that_is_moved_away_rings_at_the_later_time(loop: asyncio.SelectorEventLoop) -> None:
    alarm = Alarm(loop)
    alarm.timer.set(in_ms(2))
    due = in_ms(8)

    alarm.timer.set(due)

    assert alarm.rings()
    assert alarm.rang[0] >= due


def test_an_alarm_that_is_moved_nearer_rings_at_the_nearer_time(loop: asyncio.SelectorEventLoop) -> None:
    alarm = Alarm(loop)
    alarm.timer.set(in_ms(60_000))

    alarm.timer.set(in_ms(2))

    assert alarm.rings()


def test_an_alarm_that_is_cancelled_does_not_ring(loop: asyncio.SelectorEventLoop) -> None:
    alarm = Alarm(loop)
    alarm.timer.set(in_ms(2))

    alarm.timer.set(None)

    assert not turn(loop, lambda: alarm.rang, seconds=0.01)
    alarm.timer.set(in_ms(1))
    assert alarm.rings()


def test_a_closed_alarm_does_not_ring(loop: asyncio.SelectorEventLoop) -> None:
    alarm = Alarm(loop)
    alarm.timer.set(in_ms(2))

    alarm.timer.close()

    assert not turn(loop, lambda: alarm.rang, seconds=0.01)


def test_moving_an_alarm_away_costs_no_timer_of_the_loop(loop: asyncio.SelectorEventLoop) -> None:
    alarm = Alarm(loop)

    for delay in range(1000, 2000):
        alarm.timer.set(in_ms(delay))

    assert len(loop._scheduled) == 1  # type: ignore[attr-defined]
    alarm.timer.close()


def test_what_had_arrived_is_heard_before_the_alarm(loop: asyncio.SelectorEventLoop) -> None:
    """The process is stopped for a while: the pipe and the alarm are both ready when it goes on."""
    order: list[str] = []
    reading, writing = os.pipe()
    loop.add_reader(reading, lambda: order.append(os.read(reading, 10).decode()))
    timer = LoopTimer(loop, lambda: order.append("alarm"))
    timer.set(in_ms(2))

    def oversleep() -> None:
        os.write(writing, b"heard")
        time.sleep(0.01)

    loop.call_soon(oversleep)

    assert turn(loop, lambda: len(order) == 2)
    assert order == ["heard", "alarm"]
    loop.remove_reader(reading)
    os.close(reading)
    os.close(writing)


def test_the_selector_waits_as_long_as_it_is_told() -> None:
    selector = TimerfdSelector()
    reading, writing = os.pipe()
    try:
        selector.register(reading, EVENT_READ)
        for _ in range(3):
            start = time.monotonic()
            assert selector.select(0.003) == []
            assert 0.003 <= time.monotonic() - start < 2.0  # and not three seconds, on a busy machine either
        assert selector.select(0) == []
        os.write(writing, b"x")
        assert [key.fd for key, _ in selector.select(60)] == [reading]
        assert [key.fd for key, _ in selector.select(None)] == [reading]
    finally:
        selector.close()
        os.close(reading)
        os.close(writing)
