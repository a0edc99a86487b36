"""What the kernel is asked for, in a process of its own: what it grants there ends there."""

import os
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from standfast.linux import privileges

ROOT = os.geteuid() == 0


def run(code: str, *before: str) -> str:
    """What a new process prints that runs this code; `before` are commands that start it."""
    source = f"from standfast.linux.privileges import *\nfrom standfast.base.errors import Refused\n{code}"
    done = subprocess.run(
        [*before, sys.executable, "-c", source], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def refusal(call: str, *before: str) -> str:
    return run(f"try:\n    {call}\nexcept Refused as refusal:\n    print(refusal.reason, refusal)", *before)


def as_nobody(*limits: str) -> tuple[str, ...]:
    if not ROOT:
        return ("prlimit", *limits) if limits else ()
    return ("prlimit", "--rtprio=0", "--memlock=65536", *limits, "setpriv", "--reuid=65534", "--regid=65534",
            "--clear-groups")  # fmt: skip


@pytest.mark.skipif(not ROOT, reason="needs root to get a real-time class")
def test_a_real_time_process_is_one_and_its_children_are_not() -> None:
    shown = run(
        "import os, subprocess, sys, resource\n"
        "become_realtime(20, run=10_000)\n"
        "print(os.sched_getscheduler(0) == os.SCHED_RR | os.SCHED_RESET_ON_FORK)\n"
        "print(os.sched_getparam(0).sched_priority, resource.getrlimit(resource.RLIMIT_RTTIME))\n"
        "code = 'import os; print(os.sched_getscheduler(0) == os.SCHED_OTHER)'\n"
        "print(subprocess.run([sys.executable, '-c', code], capture_output=True, text=True).stdout.strip())\n"
        "be_ordinary()\n"
        "print(os.sched_getscheduler(0) == os.SCHED_OTHER | os.SCHED_RESET_ON_FORK)"
    )

    assert shown.splitlines() == ["True", "20 (10000, 10000000)", "True", "True"]


@pytest.mark.skipif(not ROOT, reason="needs root to get a real-time class")
def test_a_real_time_process_outlives_its_soft_limit() -> None:
    """It computes ten times as long as it should without a sleep, and is not ended by SIGXCPU."""
    shown = run(
        "import resource\n"
        "become_realtime(1, run=10_000)\n"
        "used = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_utime\n"
        "until = used() + 0.1\n"
        "while used() < until: pass\n"
        "print('alive')"
    )

    assert shown == "alive"


def test_without_permission_real_time_is_refused_in_words() -> None:
    words = refusal("become_realtime(20)", *as_nobody("--rtprio=0"))

    assert words.startswith(
        "realtime cannot run with real-time priority 20: Operation not permitted; give it CAP"
    )


def test_a_priority_that_does_not_exist_is_refused() -> None:
    assert refusal("become_realtime(100)").startswith("realtime cannot run with real-time priority 100: ")


@pytest.mark.skipif(not ROOT, reason="needs root to lock memory")
def test_memory_is_locked_without_being_fetched() -> None:
    shown = run(
        "lock_memory()\n"
        "block = bytearray(0)\n"
        "import mmap\n"
        "far = mmap.mmap(-1, 64 << 20)\n"
        "status = dict(l.split(':', 1) for l in open('/proc/self/status').read().splitlines() if ':' in l)\n"
        "print(int(status['VmLck'].split()[0]) > 65536, int(status['VmRSS'].split()[0]) < 65536)"
    )

    assert shown == "True True"


def test_without_permission_locking_memory_is_refused_before_it_can_hurt() -> None:
    words = refusal("lock_memory()", *as_nobody("--memlock=65536"))

    assert words == (
        "memory cannot lock memory: the limit is 64 KiB (RLIMIT_MEMLOCK); give it CAP_IPC_LOCK or "
        "LimitMEMLOCK=infinity"
    )


@pytest.mark.skipif(not ROOT, reason="needs root to have capabilities that can be given up")
def test_missing_capabilities_are_named() -> None:
    words = refusal("require_network()", "setpriv", "--inh-caps=-net_raw", "--bounding-set=-net_raw")

    assert words.startswith(
        "capabilities cannot hold addresses and send adverts: this process lacks CAP_NET_RAW;"
    )
    assert refusal("require_network()") == ""


def test_an_ordinary_process_lacks_both() -> None:
    words = refusal("require_network()", *as_nobody())

    assert "lacks CAP_NET_ADMIN and CAP_NET_RAW; run it as root" in words


def test_a_process_gets_its_name_cut() -> None:
    shown = run("set_process_name('standfast: vrrp and more')\nprint(open('/proc/self/comm').read())")

    assert shown == "standfast: vrrp"


def test_who_has_lost_its_parent_already_gets_the_signal_at_once() -> None:
    shown = run(
        "import signal\nsignal.signal(signal.SIGTERM, lambda *_: print('told'))\ndie_with_parent(1 << 22)"
    )

    assert shown == "told"


def test_who_loses_its_parent_gets_the_signal() -> None:
    """The child keeps the writing end of a pipe for as long as it lives."""
    reading, writing = os.pipe()
    child = (
        "import os, signal\nfrom standfast.linux.privileges import *\n"
        "die_with_parent(os.getppid())\nprint('ready', flush=True)\nsignal.pause()"
    )
    parent = (
        "import subprocess, sys\n"
        f"command = [sys.executable, '-c', {child!r}]\n"
        f"process = subprocess.Popen(command, stdout=subprocess.PIPE, pass_fds=[{writing}])\n"
        "process.stdout.readline()\n"
    )
    with os.fdopen(reading, "rb") as pipe:
        try:
            subprocess.run([sys.executable, "-c", parent], timeout=60, check=True, pass_fds=[writing])
        finally:
            os.close(writing)

        assert pipe.read() == b""


def test_orphans_are_adopted() -> None:
    shown = run(
        "import ctypes\n"
        "adopt_orphans()\n"
        "got = ctypes.c_int()\n"
        "ctypes.CDLL(None).prctl(37, ctypes.byref(got))\n"
        "print(got.value)"
    )

    assert shown == "1"


def test_the_signal_of_a_long_run_is_left_to_who_handles_it(monkeypatch: pytest.MonkeyPatch) -> None:
    handled: list[int] = []
    before = signal.signal(signal.SIGXCPU, lambda number, _: handled.append(number))
    monkeypatch.setattr(os, "sched_setscheduler", lambda *_: None)
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)
    try:
        privileges.become_realtime(5)
        signal.raise_signal(signal.SIGXCPU)
    finally:
        signal.signal(signal.SIGXCPU, before)

    assert handled == [signal.SIGXCPU]


def test_capabilities_are_those_of_the_kernel() -> None:
    mask = int(Path("/proc/self/status").read_text().split("CapEff:")[1].split()[0], 16)

    assert sum(1 << number for number in privileges.capabilities()) == mask
