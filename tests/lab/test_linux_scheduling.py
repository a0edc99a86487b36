"""What this process gives itself, and what it starts does not have; in a process of its own, for it ends there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from standfast.linux.privileges import capabilities

SYS_RESOURCE = 24
BEGINNING = """
import os, resource, threading, time
from standfast.linux.scheduling import *
from standfast.linux.process_names import set_command_line
"""


pytestmark = pytest.mark.skipif(
    os.geteuid() != 0, reason="needs root, to be as nice as before and to have more files: run it as root"
)


def run(code: str, *before: str) -> str:
    done = subprocess.run(
        [*before, sys.executable, "-c", BEGINNING + code],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return done.stdout.strip()


def test_what_is_started_runs_as_we_did_before(tmp_path: Path) -> None:
    """Behaviour SCR-08: niceness and processors at once, limits a moment later."""
    file = tmp_path / "seen"
    go = f"{file}.go"
    script = (
        f"while ! [ -e {go} ]; do sleep 0.05; done;"
        f" (nice; ulimit -Sn; taskset -pc $$ | sed 's/.*: //') > {file}.new; mv {file}.new {file}"
    )
    shown = run(
        f"""
from standfast.linux.spawn import Spawner
before = sorted(os.sched_getaffinity(0))
spawner = Spawner()
resource.setrlimit(resource.RLIMIT_NOFILE, (300, 400))
be_nice(3)
run_on(frozenset(before[:1]))
spawner.start(["/bin/sh", "-c", {script!r}], dict(os.environ), stderr=2, started=lambda *_: None)
spawner.close()
open({go!r}, "w").close()
os.wait()
print(open({str(file)!r}).read())
print(len(before), len(os.sched_getaffinity(0)), os.getpriority(os.PRIO_PROCESS, 0))
""",
        "prlimit",
        "--nofile=200:400",
    )

    nice, files, processors, counts = shown.replace("\n\n", "\n").splitlines()
    assert (nice, files) == ("0", "200")
    before, ours, our_nice = counts.split()
    assert (ours, our_nice) == ("1", "3")
    assert before == "1" or processors != "0"


@pytest.mark.parametrize(
    ("limits", "count", "after"),
    [
        pytest.param("100:400", 50, "100 400", id="enough already"),
        pytest.param("100:400", 300, "300 400", id="up to what is needed"),
        pytest.param(
            "100:400",
            500,
            "500 500",
            id="beyond the hard limit, where we may",
            marks=pytest.mark.skipif(SYS_RESOURCE not in capabilities(), reason="needs CAP_SYS_RESOURCE"),
        ),
    ],
)
def test_descriptors(limits: str, count: int, after: str) -> None:
    shown = run(
        f"allow_descriptors({count})\nprint(*resource.getrlimit(resource.RLIMIT_NOFILE))",
        "prlimit",
        f"--nofile={limits}",
    )

    assert shown == after


def test_the_command_line_is_another_and_no_longer_than_it_was() -> None:
    shown = run(
        "set_command_line('short')\n"
        "print(open('/proc/self/cmdline').read().strip('\\0'))\n"
        "set_command_line('x' * 100_000)\n"
        "print(set(open('/proc/self/cmdline').read().strip('\\0')))\n"
        "print(os.environ['PATH'] != '')"
    )

    assert shown.splitlines() == ["short", "{'x'}", "True"]


def test_locked_memory_is_counted_as_far_as_it_is_there() -> None:
    shown = run(
        "from standfast.linux.privileges import lock_memory\n"
        "print(locked_kib())\nlock_memory(at_once=True)\nprint(locked_kib() > 1000)"
    )

    assert shown.splitlines() == ["0", "True"]
