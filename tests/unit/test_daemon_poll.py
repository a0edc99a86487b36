"""The parent's loop: what has arrived comes before the alarm, and a signal is never lost."""

import os
import signal
from collections.abc import Callable, Iterator

import pytest

from standfast.base.times import MILLISECOND, Instant, after, times
from standfast.daemon.poll import PollLoop
from standfast.linux.loop import MonotonicClock

PAST = Instant(0)


def then(*actions: Callable[[], object]) -> Callable[[], None]:
    """One callback that does all of these."""

    def act() -> None:
        for action in actions:
            action()

    return act


@pytest.fixture
def loop() -> Iterator[PollLoop]:
    made = PollLoop()
    yield made
    made.close()


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


def test_what_has_arrived_is_heard_before_the_alarm_rings(loop: PollLoop, pipe: tuple[int, int]) -> None:
    heard: list[str] = []
    reading, writing = pipe
    loop.watch(reading, readable=lambda: heard.append(os.read(reading, 10).decode()))
    loop.on_alarm(then(lambda: heard.append("alarm"), loop.stop))
    os.write(writing, b"news")
    loop.set(PAST)

    loop.run()

    assert heard == ["news", "alarm"]


def test_an_alarm_is_never_early(loop: PollLoop) -> None:
    clock = MonotonicClock()
    rang: list[Instant] = []
    loop.on_alarm(then(lambda: rang.append(clock.now()), loop.stop))
    due = after(clock.now(), times(10, MILLISECOND))
    loop.set(due)

    loop.run()

    assert rang[0] >= due


def test_an_alarm_that_was_taken_back_does_not_ring(loop: PollLoop) -> None:
    rang: list[str] = []
    loop.on_alarm(lambda: rang.append("alarm"))
    loop.on_signal(signal.SIGUSR1, loop.stop)
    loop.set(PAST)
    loop.set(None)
    signal.raise_signal(signal.SIGUSR1)

    loop.run()

    assert rang == []


def test_each_signal_is_heard_however_many_came(loop: PollLoop) -> None:
    heard: list[str] = []
    loop.on_signal(signal.SIGUSR1, lambda: heard.append("one"))
    loop.on_signal(signal.SIGUSR2, then(lambda: heard.append("two"), loop.stop))
    for _ in range(100_000):
        signal.raise_signal(signal.SIGUSR1)
    signal.raise_signal(signal.SIGUSR2)

    loop.run()

    assert sorted(set(heard)) == ["one", "two"]


def test_a_descriptor_that_can_be_written_is_told_only_while_somebody_asks(
    loop: PollLoop, pipe: tuple[int, int]
) -> None:
    told: list[str] = []
    writing = pipe[1]

    def written() -> None:
        told.append("written")
        loop.watch(writing, readable=lambda: None)
        loop.on_alarm(loop.stop)
        loop.set(PAST)

    loop.watch(writing, readable=lambda: None, writable=written)

    loop.run()

    assert told == ["written"]


def test_a_forgotten_descriptor_is_not_called_back_for(loop: PollLoop, pipe: tuple[int, int]) -> None:
    heard: list[str] = []
    loop.watch(pipe[0], readable=lambda: heard.append("news"))
    os.write(pipe[1], b"x")
    loop.forget(pipe[0])
    loop.forget(pipe[0])
    loop.on_alarm(loop.stop)
    loop.set(PAST)

    loop.run()

    assert heard == []


def test_closing_gives_the_signals_back() -> None:
    loop = PollLoop()
    loop.on_signal(signal.SIGUSR1, loop.stop)

    loop.close()

    assert signal.getsignal(signal.SIGUSR1) is signal.SIG_DFL
