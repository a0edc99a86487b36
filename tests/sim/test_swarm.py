"""Many worlds by chance, and the tools round them."""

import subprocess
import sys

import pytest

from standfast.base.times import Duration, Instant, seconds
from standfast.cli.main import main
from standfast.core.vrrp import belongings
from standfast.sim import faults, network, plans
from standfast.sim.faults import Crash, Kill, Pause, Reload, Weather
from standfast.sim.generate import generate
from standfast.sim.network import Conditions
from standfast.sim.plans import HostPlan, RouterPlan
from standfast.sim.scenario import Scenario, play
from standfast.sim.shrink import Shrinker
from standfast.sim.swarm import swarm
from standfast.sim.written import as_story, as_test

WORLDS = 100
SIM = (sys.executable, "-c", "import sys; from standfast.cli.main import main; sys.exit(main())", "sim")


@pytest.mark.parametrize("start", range(1, WORLDS, 10))
def test_no_rule_is_broken_in_ten_worlds(start: int) -> None:
    tally = swarm(range(start, start + 10))

    assert [str(course.violation) for course in tally.failed] == []
    assert tally.worlds == 10
    assert tally.transitions > 0


def test_the_same_seed_is_the_same_world() -> None:
    assert [play(generate(seed)) for seed in range(5)] == [play(generate(seed)) for seed in range(5)]


def test_worlds_side_by_side_are_the_same_worlds() -> None:
    alone, together = (
        subprocess.run([*SIM, "--worlds", "16", "--jobs", jobs], capture_output=True, text=True, check=True)
        for jobs in ("1", "2")
    )

    assert alone.stdout == together.stdout
    assert alone.stdout.startswith("16 worlds, ")


# ---- a failing world is made small


KILLED = Kill(at=Instant(20_000_000), lasts=seconds(1), host="a")
NOISE = (
    Pause(at=Instant(12_000_000), lasts=seconds(1), host="b"),
    Weather(at=Instant(13_000_000), lasts=seconds(2), conditions=Conditions(loss=0.1)),
    Crash(at=Instant(15_000_000), lasts=seconds(3), host="c"),
    Reload(at=Instant(16_000_000), host="b", routers=(RouterPlan(priority=90, count=3),)),
)
FAILING = Scenario(
    seed=7,
    hosts=(
        HostPlan("a", 1, (RouterPlan(priority=150, count=20), RouterPlan(vrid=2, first=200)), rate_ppm=100),
        HostPlan("b", 2, (RouterPlan(priority=100),)),
        HostPlan("c", 3, (RouterPlan(priority=50), RouterPlan(vrid=2, first=200))),
    ),
    faults=(*NOISE[:2], KILLED, *NOISE[2:]),
)


def test_of_a_failing_world_only_what_matters_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """The core that is judged here leaves what a killed process has held: one kill of one master shows it."""
    monkeypatch.setattr(belongings, "left_over", lambda *_: ())
    course = play(FAILING)
    assert course.violation is not None

    small = Shrinker(FAILING, course).shrink()

    assert [type(fault) for fault in small.faults] == [Kill]
    assert len(small.hosts) == len(small.hosts[0].routers) == 1
    violation = play(small).violation
    assert violation is not None
    assert violation.oracle == course.violation.oracle


def test_a_scenario_is_written_as_a_test_that_can_be_pasted() -> None:
    words = {name: value for module in (faults, network, plans) for name, value in vars(module).items()}
    words |= {"Scenario": Scenario, "play": play, "Duration": Duration, "Instant": Instant}

    exec(
        as_test(FAILING).replace(
            "assert play(scenario)", "global found; found = scenario; assert play(scenario)"
        ),
        words,
    )
    words["test_seed_7"]()

    assert words["found"] == FAILING


def test_a_scenario_is_told_a_line_each() -> None:
    lines = as_story(FAILING)

    assert "host a: rate_ppm 100" in lines
    assert "at 20 s: Kill lasts 1 s, host a" in lines
    assert len(lines) == 1 + 3 + 5 + 5


# ---- the verb


def test_the_verb_says_what_was_played(capsys: pytest.CaptureFixture[str]) -> None:
    status = main(["sim", "--worlds", "3", "--seed", "5", "--jobs", "1"])

    assert status == 0
    out, err = capsys.readouterr()
    assert out.startswith("3 worlds, ")
    assert out.endswith(" transitions, 0 violations\n")
    assert err.startswith("3 worlds in ")


def test_the_verb_tells_the_story_of_a_world_that_breaks_a_rule(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(belongings.Belongings, "gone", lambda *_: ())

    status = main(["sim", "--only", "16", "--shrink", "--jobs", "1"])

    assert status == 1
    out, _ = capsys.readouterr()
    assert out.startswith("seed 16: Holding at ")
    assert "def test_seed_16() -> None:" in out
    assert "1 violations: seeds 16" in out
