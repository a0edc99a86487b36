"""Scripts as real processes: who they are, what they inherit, how they end."""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from linux_namespace import descriptors, turn

from standfast.base.limits import SCRIPT_STDERR
from standfast.base.times import SECOND, Duration, seconds
from standfast.linux import scripts as module
from standfast.linux.accounts import Account, find_account
from standfast.linux.loop import new_loop
from standfast.linux.scripts import Outcome, Scripts, environment

OURS = Account("us", os.geteuid(), os.getegid(), tuple(os.getgroups()))
root_only = pytest.mark.skipif(os.geteuid() != 0, reason="needs root to run a script as somebody else")


class Bench:
    """Runs scripts on a loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, folder: Path) -> None:
        self.loop = loop
        self.folder = folder
        self.scripts = Scripts(loop)
        self.ended: list[Outcome] = []

    def start(self, text: str, account: Account = OURS, limit: Duration = Duration(20 * SECOND)) -> None:
        self.start_words(["/bin/sh", "-c", text, "script", "one", "two"], account, limit)

    def start_words(
        self, words: list[str], account: Account = OURS, limit: Duration = Duration(20 * SECOND)
    ) -> None:
        self.scripts.start(words, account, limit=limit, ended=self.ended.append)

    def run(self, text: str, account: Account = OURS, limit: Duration = Duration(20 * SECOND)) -> Outcome:
        self.start(text, account, limit)
        assert turn(self.loop, lambda: self.ended, seconds=20)
        return self.ended.pop()

    def written(self, name: str) -> str:
        assert turn(self.loop, lambda: (self.folder / name).exists() and (self.folder / name).read_text())
        return (self.folder / name).read_text()


@pytest.fixture
def bench() -> Iterator[Bench]:
    loop = new_loop()
    before = descriptors()
    with TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        made = Bench(loop, Path(folder))
        yield made
        made.scripts.close()
    assert descriptors() == before
    loop.close()


@pytest.mark.parametrize(
    ("text", "status"),
    [
        pytest.param("exit 0", 0, id="it succeeds"),
        pytest.param("exit 7", 7, id="it fails"),
        pytest.param("kill -KILL $$", -9, id="a signal ends it"),
        pytest.param("exec /no/such/program", 127, id="it cannot go on"),
    ],
)
def test_the_status_is_told(bench: Bench, text: str, status: int) -> None:
    outcome = bench.run(text)

    assert (outcome.status, outcome.timed_out, outcome.refusal) == (status, False, "")
    assert bench.scripts.running == 0


def test_a_script_that_is_not_there_fails(bench: Bench) -> None:
    bench.start_words(["/no/such/script"])

    assert turn(bench.loop, lambda: bench.ended)
    assert bench.ended[0].status == 127
    assert "/no/such/script" in bench.ended[0].stderr


def test_without_setpriv_it_is_started_directly(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_find_setpriv", lambda: None)
    bench.scripts = Scripts(bench.loop)

    assert bench.run("exit 3").status == 3
    bench.start_words(["/no/such/script"])
    assert turn(bench.loop, lambda: bench.ended)
    assert bench.ended[0] == Outcome(127, refusal="cannot run /no/such/script: No such file or directory")


def test_without_setpriv_nobody_else_can_be_become(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_find_setpriv", lambda: None)
    bench.scripts = Scripts(bench.loop)

    outcome = bench.run("exit 0", Account("somebody", 4711, 4711, ()))

    assert outcome.status == 127
    assert "setpriv (package util-linux) is missing" in outcome.refusal


@pytest.mark.parametrize("direct", [False, True])
def test_a_file_without_an_interpreter_line_is_run_by_the_shell(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, *, direct: bool
) -> None:
    if direct:
        monkeypatch.setattr(module, "_find_setpriv", lambda: None)
        bench.scripts = Scripts(bench.loop)
    script = bench.folder / "script"
    script.write_text("exit $#\n")
    script.chmod(0o755)

    bench.start_words([str(script), "a", "b", "c"])

    assert turn(bench.loop, lambda: bench.ended)
    assert bench.ended[0].status == 3


WORLD = """
import json, os, signal, sys
links = {n: os.readlink(f"/proc/self/fd/{n}") for n in ("0", "1", "2")}
others = [n for n in range(3, 100) if os.path.exists(f"/proc/self/fd/{n}")]
ignored = [int(l.split()[1], 16) for l in open("/proc/self/status") if l.startswith("SigBlk")]
json.dump(
    dict(links=links, others=others, blocked=ignored, environment=dict(os.environ), arguments=sys.argv[2:],
         leads=os.getpid() == os.getpgid(0) == os.getsid(0)),
    open(sys.argv[1], "w"),
)
"""


def test_the_world_of_a_script(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Behaviours SCR-06 to SCR-08."""
    monkeypatch.setenv("LD_LIBRARY_PATH", "/no/such/folder")
    monkeypatch.setenv("MINE", "mine")
    reading, writing = os.pipe()
    os.set_inheritable(reading, True)  # noqa: FBT003 (its only argument)
    bench.scripts = Scripts(bench.loop)

    bench.start_words([sys.executable, "-c", WORLD, str(bench.folder / "world"), "one", "two words"])

    assert turn(bench.loop, lambda: bench.ended)
    os.close(reading)
    os.close(writing)
    world = json.loads(bench.written("world"))
    assert (world["links"]["0"], world["links"]["1"]) == ("/dev/null", "/dev/null")
    assert world["links"]["2"].startswith("pipe:")
    assert world["others"] == []
    assert world["blocked"] == [0]
    assert world["environment"]["MINE"] == "mine"
    assert "LD_LIBRARY_PATH" not in world["environment"]
    assert world["arguments"] == ["one", "two words"]
    assert world["leads"]


@root_only
def test_a_script_runs_as_another_user_with_his_groups(bench: Bench) -> None:
    account = find_account("nobody")

    bench.run(
        f"id -u > {bench.folder}/who; id -G >> {bench.folder}/who; echo no >/dev/stderr; echo >&2", account
    )

    user, groups = bench.written("who").splitlines()
    assert int(user) == account.uid
    assert {int(group) for group in groups.split()} == {account.gid, *account.groups}


@root_only
def test_a_real_time_process_starts_ordinary_scripts(bench: Bench) -> None:
    before = os.sched_getscheduler(0)
    os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(1))
    try:
        bench.run(f"cut -d' ' -f41 /proc/$$/stat > {bench.folder}/class")
    finally:
        os.sched_setscheduler(0, before, os.sched_param(0))

    assert bench.written("class") == "0\n"


def test_complaints_are_kept_up_to_a_bound(bench: Bench) -> None:
    assert bench.run("echo out; echo no such thing >&2").stderr == "no such thing"
    assert len(bench.run("yes 2>/dev/null | head -c 200000 >&2").stderr) == SCRIPT_STDERR - 1


def test_standard_error_can_be_opened_by_its_name(bench: Bench) -> None:
    assert bench.run("echo wrong > /dev/stderr").stderr == "wrong"


def test_what_a_script_leaves_running_can_still_complain(bench: Bench) -> None:
    """Its stderr does not break when the script has ended, nor when we have."""
    bench.run(
        f"(while ! [ -e {bench.folder}/go ]; do sleep 0.01; done;"
        f" echo late >&2; echo $? > {bench.folder}/late) & exit 0"
    )

    (bench.folder / "go").touch()

    assert bench.written("late") == "0\n"


def test_a_script_that_takes_too_long_is_ended(bench: Bench) -> None:
    outcome = bench.run("sleep 60", limit=seconds("0.05"))

    assert outcome == Outcome(-signal.SIGTERM, timed_out=True)


def test_a_script_that_will_not_end_is_killed_with_all_it_started(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SCRIPT_KILL_AFTER", seconds("0.1"))
    bench.start(
        f"trap '' TERM; sleep 60 & echo $! > {bench.folder}/child; wait; sleep 60",
        limit=seconds("2"),  # enough for it to begin
    )
    child = int(bench.written("child"))

    assert turn(bench.loop, lambda: bench.ended)
    assert bench.ended == [Outcome(-signal.SIGKILL, timed_out=True)]
    assert turn(bench.loop, lambda: not alive(child))


def alive(process: int) -> bool:
    """Whether the process runs; one that has ended and waits to be asked for does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().split()[2] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


OBEDIENT = """
import os, pathlib, signal, sys
folder = pathlib.Path(sys.argv[1])
def end(*_):
    (folder / "told").write_text("told")
    sys.exit()
signal.signal(signal.SIGTERM, end)
(folder / "pid").write_text(str(os.getpid()))
while True:
    signal.pause()
"""


def test_scripts_get_a_signal_when_we_stop(bench: Bench) -> None:
    bench.start_words([sys.executable, "-c", OBEDIENT, str(bench.folder)])
    process = int(bench.written("pid"))

    bench.scripts.close()

    assert bench.written("told") == "told"
    os.waitpid(process, 0)
    assert bench.ended == []


def test_many_scripts_run_side_by_side(bench: Bench) -> None:
    for number in range(20):
        bench.start(f"exit {number}")

    assert turn(bench.loop, lambda: len(bench.ended) == 20, seconds=20)
    assert sorted(outcome.status for outcome in bench.ended) == list(range(20))


def test_only_the_dangerous_variables_are_removed() -> None:
    inherited = {"PATH": "/bin", "IFS": " ", "LD_PRELOAD": "x", "LD_LIBRARY_PATH": "y", "HOME": "/"}

    assert environment(inherited) == {"PATH": "/bin", "HOME": "/"}
