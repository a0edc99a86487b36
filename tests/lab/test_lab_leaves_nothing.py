"""However a lab ends, everything that it started ends with it."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from standfast.lab.clock import within

# Tells when its lab stands, then goes on as told. The number is a mark in the command lines of its programs.
STORY = """
import sys, time
from standfast.lab.lab import Lab
with Lab() as lab:
    host = lab.host("a", "10.99.0.1/24")
    daemon = host.start("sh", "-c", "setsid sleep {mark} & sleep {mark} & wait")
    assert lab.within(20, lambda: len(daemon.tree()) == 3)
    print("ready", flush=True)
    {then}
"""
WAIT = "time.sleep(60)"


def start(mark: int, then: str, *, as_user: int | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", STORY.format(mark=mark, then=then)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        user=as_user,
        group=as_user,
        extra_groups=None if as_user is None else [],
        cwd="/",
    )


def running(mark: int) -> list[str]:
    """The programs of the lab as this machine sees them."""
    found = []
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = process.read_bytes().split(b"\0")
        except OSError:
            continue
        if words[:1] == [b"sleep"] and words[1] == str(mark).encode():
            found.append(process.parent.name)
    return found


@pytest.mark.usefixtures("lab_is_possible")
@pytest.mark.parametrize(
    ("then", "end"),
    [
        pytest.param("", None, id="its work is done"),
        pytest.param("raise KeyError('a mistake')", None, id="an exception leaves it"),
        pytest.param(WAIT, signal.SIGINT, id="somebody presses ^C"),
        pytest.param(WAIT, signal.SIGTERM, id="it is asked to end"),
        pytest.param(WAIT, signal.SIGKILL, id="it is killed"),
        pytest.param("lab._namespaces._keeper.kill()", None, id="the outer half of its keeper is killed"),
    ],
)
def test_nothing_is_left_of_a_lab_when(then: str, end: signal.Signals | None) -> None:
    mark = _mark()

    with start(mark, then) as process:
        ready = process.stdout and process.stdout.readline()
        there = then != WAIT or within(20.0, lambda: len(running(mark)) == 2)
        if end is not None:
            process.send_signal(end)
        process.communicate(timeout=60)

    assert ready == "ready\n"
    assert there
    assert within(20.0, lambda: not running(mark))


@pytest.mark.skipif(os.geteuid() != 0, reason="this run is an ordinary user's already")
def test_an_ordinary_user_has_labs_too() -> None:
    mark, nobody = _mark(), 65_534
    _skip_unless_nobody_may()

    with start(mark, "assert host.holds('10.99.0.1')", as_user=nobody) as process:
        output, errors = process.communicate(timeout=60)

    assert (output, errors, process.returncode) == ("ready\n", "", 0)
    assert within(20.0, lambda: not running(mark))


def _mark() -> int:
    """A number that no other run has on its command lines."""
    return 100_000_000 + os.getpid() * 100 + next(_counter)


_counter = iter(range(100))


def _skip_unless_nobody_may() -> None:
    trial = "from standfast.lab.namespaces import lacking; import sys; sys.exit(lacking() or 0)"
    try:
        result = subprocess.run(
            [sys.executable, "-c", trial],
            user=65_534,
            group=65_534,
            extra_groups=[],
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )
    except PermissionError:
        pytest.skip(f"an ordinary user may not enter {sys.prefix}")
    if result.returncode:
        pytest.skip(result.stderr.strip())
