"""Facts are told after the work that caused them, in order, and no inflow makes their queue grow."""

from collections.abc import Callable

from standfast.base.limits import FACTS_A_TURN, FACTS_SHARE
from standfast.base.times import Instant
from standfast.observe.later import Later


class Diary:
    """A listener that wants numbers and writes them down."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def wants(self, kind: type) -> bool:
        return kind is int

    def tell(self, fact: object, now: Instant) -> None:
        self.told.append((fact, now))


def a_later() -> tuple[Later, Diary, list[Callable[[], None]]]:
    diary, turns = Diary(), list[Callable[[], None]]()
    return Later([diary], turns.append), diary, turns


def test_a_fact_is_told_in_the_next_round_with_the_time_of_its_event() -> None:
    later, diary, turns = a_later()

    later.tell(1, Instant(5))
    later.tell(2, Instant(6))
    before = list(diary.told)
    turns.pop()()

    assert before == []
    assert diary.told == [(1, 5), (2, 6)]
    assert turns == [], "one round was enough"


def test_many_facts_are_told_in_slices() -> None:
    later, diary, turns = a_later()
    for number in range(FACTS_A_TURN + 1):
        later.tell(number, Instant(0))

    turns.pop()()
    first = len(diary.told)
    turns.pop()()

    assert first == FACTS_A_TURN
    assert len(diary.told) == FACTS_A_TURN + 1


def test_no_steady_inflow_makes_the_queue_grow_without_end() -> None:
    later, diary, turns = a_later()
    given = 0
    for _ in range(200):
        for _ in range(10 * FACTS_A_TURN):
            later.tell(given, Instant(0))
            given += 1
        turns.pop()()

    assert given - len(diary.told) <= FACTS_SHARE * 10 * FACTS_A_TURN


def test_only_who_wants_a_fact_is_told() -> None:
    later, diary, _ = a_later()

    later.tell("words", Instant(0))
    later.flush()

    assert not later.wants(str)
    assert later.wants(int)
    assert diary.told == []


def test_a_flush_tells_everything_at_once() -> None:
    later, diary, turns = a_later()
    for number in range(1000):
        later.tell(number, Instant(0))

    later.flush()
    turns.pop()()

    assert len(diary.told) == 1000
