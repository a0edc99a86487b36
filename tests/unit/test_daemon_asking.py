"""The parent asks children for their state: once for all who wait, and never for ever."""

import msgspec
import pytest

from standfast.base.limits import STATE_PATIENCE
from standfast.base.times import Duration, Instant, after
from standfast.daemon.asking import Asker, Names, Told
from standfast.daemon.poll import Alarm
from standfast.wire import ipc


class Bench:
    """An asker with children that answer when the test says so."""

    def __init__(self) -> None:
        self.time = Instant(0)
        self.asked: list[tuple[str, Names]] = []
        self.dead: set[str] = set()
        self.answers: list[Told] = []
        self.alarm = Alarm(lambda: None)
        self.asker = Asker(self._ask, self.alarm, self)

    def now(self) -> Instant:
        return self.time

    def _ask(self, child: str, names: Names) -> int:
        if child in self.dead:
            return 0
        self.asked.append((child, names))
        return len(self.asked)

    def want(self, *children: str, names: Names = ()) -> None:
        self.asker.ask(children, names, self.answers.append)

    def tell(self, child: str, number: int, what: str, *, last: bool = True) -> None:
        parts = {"instances": [ipc.raw(msgspec.json.encode(what))]}
        self.asker.hear(child, ipc.Told(number, parts, last=last))

    def wait(self, duration: Duration) -> None:
        self.time = after(self.time, duration)
        if self.alarm.due is not None and self.alarm.due <= self.time:
            self.alarm.ring()


@pytest.fixture
def bench() -> Bench:
    return Bench()


def told(answer: Told, child: str) -> list[str] | None:
    parts = answer[child]
    return None if parts is None else [msgspec.json.decode(raw) for raw in parts["instances"]]


def test_slices_are_put_together_in_order(bench: Bench) -> None:
    bench.want("vrrp")

    bench.tell("vrrp", 1, "a", last=False)
    bench.tell("vrrp", 1, "b")

    assert [told(answer, "vrrp") for answer in bench.answers] == [["a", "b"]]


def test_the_answer_waits_for_the_slowest_child(bench: Bench) -> None:
    bench.want("vrrp", "checker")

    bench.tell("vrrp", 1, "a")
    before = list(bench.answers)
    bench.tell("checker", 2, "b")

    assert before == []
    assert len(bench.answers) == 1


def test_all_who_ask_while_a_question_is_under_way_share_the_next_one(bench: Bench) -> None:
    for _ in range(10):
        bench.want("vrrp")

    bench.tell("vrrp", 1, "early")
    bench.tell("vrrp", 2, "late")

    assert len(bench.asked) == 2
    assert [told(answer, "vrrp") for answer in bench.answers] == [["early"], *[["late"]] * 9]


def test_other_names_are_another_question(bench: Bench) -> None:
    bench.want("vrrp")
    bench.want("vrrp", names=("VI_1",))

    bench.tell("vrrp", 1, "all")

    assert bench.asked == [("vrrp", ()), ("vrrp", ("VI_1",))]


def test_a_child_that_does_not_answer_is_left_out(bench: Bench) -> None:
    bench.want("vrrp", "checker")
    bench.tell("checker", 2, "b")

    bench.wait(STATE_PATIENCE)

    assert [told(bench.answers[0], child) for child in ("vrrp", "checker")] == [None, ["b"]]


def test_an_answer_that_comes_too_late_is_nobodys(bench: Bench) -> None:
    bench.want("vrrp")
    bench.wait(STATE_PATIENCE)
    bench.want("vrrp")

    bench.tell("vrrp", 1, "old")

    assert len(bench.answers) == 1


@pytest.mark.parametrize("dies", [pytest.param(False, id="there is none"), pytest.param(True, id="it dies")])
def test_a_child_that_is_gone_is_left_out_at_once(bench: Bench, dies: bool) -> None:
    if not dies:
        bench.dead.add("vrrp")
    bench.want("vrrp")

    if dies:
        bench.asker.lose("vrrp")

    assert [told(answer, "vrrp") for answer in bench.answers] == [None]


def test_without_children_the_answer_is_there_at_once(bench: Bench) -> None:
    bench.want()

    assert bench.answers == [{}]
