"""The virtual machine itself: what is promised to those who write tests for it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import vm
from standfast.lab.clock import within


def test_a_program_runs_as_root_with_its_own_kernel(machine: vm.Vm) -> None:
    done = machine.run(["sh", "-c", "id -u; uname -r; echo oops >&2; exit 3"])

    assert done.stdout.split() == ["0", machine.release]
    assert (done.stderr, done.returncode) == ("oops\n", 3)


def test_the_checkout_and_its_packages_are_there(machine: vm.Vm) -> None:
    done = machine.run([".venv/bin/python", "-c", "import standfast; print(standfast.__file__)"])

    assert done.stdout.strip() == str(vm.ROOT / "src" / "standfast" / "__init__.py")


def test_the_kernel_has_ipvs(machine: vm.Vm) -> None:
    done = machine.run(["ipvsadm", "-Ln"])

    assert "IP Virtual Server version" in done.stdout


def test_what_is_written_there_does_not_reach_this_machine(machine: vm.Vm, tmp_path: Path) -> None:
    file = tmp_path / "written"

    machine.run(["sh", "-c", f"echo words > {file}; cat {file}"])

    assert not file.exists()


def test_a_program_that_takes_too_long_is_killed(machine: vm.Vm) -> None:
    with pytest.raises(subprocess.TimeoutExpired) as told:
        machine.run(["sh", "-c", "echo begun; sleep 300"], seconds=3.0)

    assert str(told.value.stdout) == "begun\n"


def test_what_a_program_leaves_behind_is_removed(machine: vm.Vm) -> None:
    machine.run(["sh", "-c", "setsid sleep 321 & ip netns add left"])

    done = machine.run(["sh", "-c", "pgrep -f 'sleep 321' | grep -v $$; ls /run/netns"])

    assert done.stdout == ""


TESTS = """
import os
import pytest

@pytest.fixture
def word():
    yield "moon"
    os.environ["GIVEN_BACK"] = "yes"

def test_good(word): assert os.uname().release == os.environ["STANDFAST_VM"]
def test_bad(word): assert word == "sun"
def test_skipped(): pytest.skip("no moon")
def test_afterwards(): assert os.environ["GIVEN_BACK"] == "yes"
"""


@pytest.mark.usefixtures("machine")
def test_a_test_runs_there_and_its_reports_come_back(tmp_path: Path) -> None:
    (tmp_path / "test_some.py").write_text(TESTS)

    ends = {}
    with vm.Vm(megabytes=512) as fresh:  # one that began before cannot be sure to see files that came later
        for name in ("test_good", "test_bad", "test_skipped", "test_afterwards", "test_none"):
            reports, _ = fresh.test(f"test_some.py::{name}", tmp_path)
            ends[name] = [report["outcome"] for report in reports]

    assert ends == {
        "test_good": ["passed", "passed", "passed"],
        "test_bad": ["passed", "failed", "passed"],
        "test_skipped": ["passed", "skipped", "passed"],
        "test_afterwards": ["passed", "passed", "passed"],
        "test_none": [],
    }


def test_a_machine_that_dies_says_so_and_leaves_nothing(tmp_path: Path) -> None:
    if words := vm.lacking():
        pytest.skip(words)
    machine = vm.Vm()

    with pytest.raises(vm.VmFailed, match="has ended"):
        machine.run(["sh", "-c", "echo c >/proc/sysrq-trigger"])

    assert not machine.place.exists()


OWNER = """
import time
import vm

machine = vm.Vm(megabytes=256)
print(machine.place, flush=True)
machine.run(["sleep", "300"], seconds=300)
"""


def test_a_machine_ends_with_its_owner_whatever_it_is_doing() -> None:
    if words := vm.lacking():
        pytest.skip(words)
    support = str(Path(vm.__file__).parent)
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER],
        env=os.environ | {"PYTHONPATH": support},
        stdout=subprocess.PIPE,
        text=True,
    )
    with owner:
        assert owner.stdout is not None
        place = Path(owner.stdout.readline().strip())
        assert running(place)

        owner.kill()

    assert within(20.0, lambda: not running(place) and not place.exists())


def running(place: Path) -> bool:
    """Whether there are processes that were told of this folder: the machine's, and its guard."""
    return subprocess.run(["pgrep", "-f", str(place)], stdout=subprocess.DEVNULL, check=False).returncode == 0


def test_a_machine_that_is_not_there_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda program, path=None: None)

    assert vm.lacking() == (
        "needs a virtual machine, and linux.uml is not installed: apt install user-mode-linux"
    )
