"""Who asks for a reload, and which one answers."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from written import config_of, instance_text

from standfast.conf.compare import compare
from standfast.core.supervise.effects import ReloadComplete, ReloadNotBegun, ReloadQueued
from standfast.core.supervise.events import ConfirmAsked, ReloadAsked, ReturnAsked
from standfast.daemon.proposal import planned
from standfast.daemon.reloads import Asking, Reloads
from standfast.observe.state.configuration import Configuration, Reload
from standfast.observe.state.protocol import Request


@dataclass
class Asker:
    """Stands for a client's way back."""

    gone: bool = False
    user: str = "root"
    answers: list[Any] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def answer(self, value: object) -> None:
        self.answers.append(value)

    def refuse(self, slug: str, words: str, remedy: str = "") -> None:
        self.refusals.append(f"{slug}: {words} {remedy}")


class Bench:
    """Reloads whose beginnings and ends are given by hand."""

    def __init__(self) -> None:
        self.begun = 0
        self.given: list[Asking] = []
        self.confirm_by: float | None = None
        self.reload = Reload(at=1.0, ok=True)
        self.reloads = Reloads(propose=_never, give=self._begin, stand=self._stand)

    def _begin(self, event: Asking) -> None:
        self.begun += isinstance(event, ReloadAsked)
        self.given.append(event)

    def _stand(self) -> Configuration:
        return Configuration(
            path="a", generation=1, since=0.0, reload=self.reload, confirm_by=self.confirm_by
        )

    def ask(self, *names: str, **arguments: Any) -> Asker:
        asker: Any = Asker()
        self.reloads.serve(Request(verb="reload", names=names, arguments=arguments), asker)
        made: Asker = asker
        return made


def _never() -> Any:
    raise AssertionError("nobody asked for a plan")


def test_who_asks_is_answered_when_the_reload_is_over() -> None:
    bench = Bench()

    asker = bench.ask()
    bench.reloads.read()
    bench.reloads.tell(ReloadQueued())
    before = list(asker.answers)
    bench.reloads.tell(ReloadComplete())

    assert (bench.begun, before, asker.answers) == (1, [], [bench.reload])


@pytest.mark.behaviour("RL-06")
def test_who_asks_while_one_runs_is_answered_by_the_next() -> None:
    bench = Bench()
    first = bench.ask()
    bench.reloads.read()
    second = bench.ask()

    bench.reloads.tell(ReloadComplete())
    between = len(first.answers), len(second.answers)
    bench.reloads.read()
    bench.reloads.tell(ReloadComplete())

    assert between == (1, 0)
    assert (len(first.answers), len(second.answers)) == (1, 1)


def test_who_has_gone_gets_no_answer() -> None:
    bench = Bench()
    asker = bench.ask()
    bench.reloads.read()

    asker.gone = True
    bench.reloads.tell(ReloadComplete())

    assert asker.answers == []


def test_a_reload_of_one_name_is_refused() -> None:
    bench = Bench()

    asker = bench.ask("VI_1")

    assert (bench.begun, len(asker.refusals)) == (0, 1)


@pytest.mark.parametrize(
    "within",
    [
        pytest.param(0.0, id="no time at all"),
        pytest.param(86_401, id="more than a day"),
        pytest.param("a minute", id="no number"),
    ],
)
def test_a_time_that_makes_no_sense_is_refused(within: object) -> None:
    bench = Bench()

    asker = bench.ask(within_s=within)

    assert (bench.given, len(asker.refusals)) == ([], 1)


@pytest.mark.parametrize("word", ["confirm", "back"])
def test_without_a_reload_that_waits_there_is_nothing_to_decide(word: str) -> None:
    bench = Bench()

    asker = bench.ask(**{word: True})

    assert (bench.given, asker.refusals[0].split(":")[0]) == ([], "nothing-to-confirm")


def test_who_goes_back_is_answered_when_it_is_done() -> None:
    bench = Bench()
    bench.confirm_by = 60.0

    asker = bench.ask(back=True)
    before = list(asker.answers)
    bench.reloads.tell(ReloadComplete())

    assert (bench.given, before, asker.answers) == ([ReturnAsked("root")], [], [bench.reload])


def test_who_confirms_is_answered_at_once() -> None:
    bench = Bench()
    bench.confirm_by = 60.0

    asker = bench.ask(confirm=True)

    assert (bench.given, asker.answers) == ([ConfirmAsked("root")], [bench.reload])


def test_who_asked_for_a_reload_that_is_not_begun_is_answered() -> None:
    bench = Bench()
    asker = bench.ask()

    bench.reloads.tell(ReloadNotBegun("another one waits to be confirmed"))

    assert asker.answers == [bench.reload]


def test_a_plan_says_each_change_with_what_it_needs() -> None:
    old = instance_text("virtual_ipaddress { 10.0.0.1/24 }\n")
    new = (
        "global_defs { vrrp_no_swap }\n"
        + old.replace("10.0.0.1", "10.0.0.2")
        + instance_text("", name="B", vrid=9)
    )

    plan = [one.words for one in planned(compare(config_of(old), config_of(new)))]

    because = " (memory is locked when the process starts)"
    assert plan == [
        f"global_defs: vrrp_no_swap: off -> on; not before the daemon is restarted{because}",
        "vrrp_instance VI_1: virtual_ipaddress: -10.0.0.1/24, +10.0.0.2/24",
        "vrrp_instance B: added",
    ]
