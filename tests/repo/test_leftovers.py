"""A run that leaves something behind fails."""

import os
import signal
from contextlib import suppress
from pathlib import Path

import leftovers
from inner_run import pytest_in
from leftovers import Traces, differences

CLEAN = Traces(frozenset({"theirs"}), frozenset({"lo", "eth0"}), {"net/ipv4/ip_forward": "0"})

LEAVES_A_PROCESS = """
import subprocess

def test_leaves_a_process_that_has_left_its_parent():
    command = "setsid sleep 300 >/dev/null 2>&1 & echo $!"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=True)
    open("left", "w").write(done.stdout)
    while open(f"/proc/{done.stdout.strip()}/comm").read() != "sleep\\n":
        pass  # it is still the shell that becomes it
"""


def test_nothing_new_is_no_difference() -> None:
    assert differences(CLEAN, CLEAN) == []


def test_what_is_new_or_changed_is_named() -> None:
    after = Traces(frozenset({"theirs", "ours"}), frozenset({"lo", "veth1"}), {"net/ipv4/ip_forward": "1"})

    assert differences(CLEAN, after) == [
        "network namespace ours was left",
        "link veth1 was left",
        "sysctl net/ipv4/ip_forward was '0' and is '1'",
    ]


def test_a_sysctl_that_a_kernel_module_brought_is_no_difference() -> None:
    after = Traces(CLEAN.namespaces, CLEAN.links, {**CLEAN.sysctls, "net/ipv4/vs/timeout": "1"})

    assert differences(CLEAN, after) == []


def test_this_machine_can_be_looked_at() -> None:
    traces = leftovers.look()

    assert "lo" in traces.links
    assert "net/ipv4/ip_forward" in traces.sysctls


def test_a_process_that_outlives_its_test_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "test_leaves.py").write_text(LEAVES_A_PROCESS)

    try:
        done = pytest_in(tmp_path, "leftovers_hooks", STANDFAST_GRACE_SECONDS="0")
    finally:
        with suppress(FileNotFoundError):
            os.kill(int((tmp_path / "left").read_text()), signal.SIGKILL)

    assert done.returncode == 1
    assert "1 passed" in done.stdout
    assert "sleep 300 was left" in done.stdout
