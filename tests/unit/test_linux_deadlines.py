"""Attempts that began together share one alarm of the loop, and each has its own end."""

from collections.abc import Callable

from standfast.base.times import Instant
from standfast.linux.attempts.deadlines import Deadlines


class Alarms:
    """A loop that only notes what it is to call, and when."""

    def __init__(self) -> None:
        self.asked: list[tuple[float, Callable[[], None]]] = []
        self.cancelled = 0

    def call_at(self, when: float, call: Callable[[Instant], None], due: Instant) -> "Alarms":
        self.asked.append((when, lambda: call(due)))
        return self

    def cancel(self) -> None:
        self.cancelled += 1

    def ring(self) -> None:
        for _, call in self.asked:
            call()


def test_those_of_one_moment_share_one_alarm_and_all_are_rung_for() -> None:
    alarms, rung = Alarms(), list[str]()
    deadlines = Deadlines(alarms)  # type: ignore[arg-type]
    deadlines.set(Instant(5_000_000), lambda: rung.append("a"))
    deadlines.set(Instant(5_000_000), lambda: rung.append("b"))
    deadlines.set(Instant(7_000_000), lambda: rung.append("c"))

    alarms.ring()

    assert [when for when, _ in alarms.asked] == [5.0, 7.0]
    assert rung == ["a", "b", "c"]


def test_an_alarm_that_nobody_waits_for_is_taken_back() -> None:
    alarms, rung = Alarms(), list[str]()
    deadlines = Deadlines(alarms)  # type: ignore[arg-type]
    rings = [lambda: rung.append("a"), lambda: rung.append("b")]
    for ring in rings:
        deadlines.set(Instant(5_000_000), ring)

    deadlines.forget(Instant(5_000_000), rings[0])
    assert alarms.cancelled == 0
    deadlines.forget(Instant(5_000_000), rings[1])

    assert alarms.cancelled == 1
    deadlines.set(Instant(5_000_000), rings[0])
    assert len(alarms.asked) == 2


def test_who_has_ended_when_its_moment_comes_may_still_be_forgotten() -> None:
    alarms, rung = Alarms(), list[str]()
    deadlines = Deadlines(alarms)  # type: ignore[arg-type]

    def end() -> None:
        rung.append("a")
        deadlines.forget(Instant(5_000_000), end)

    deadlines.set(Instant(5_000_000), end)
    alarms.ring()

    assert rung == ["a"]
    assert alarms.cancelled == 0
