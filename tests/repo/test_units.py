"""The units that we ship: systemd understands them, and finds them as closed as we say."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from importing import ROOT

from standfast.base.limits import HELLO_INTERVAL, HELLO_MISSES, HELLO_STALE, STACK_PATIENCE
from standfast.base.times import SECOND

UNITS = ROOT / "share" / "systemd"

# What other machines lack: the second type (before 253), and manual pages that are not installed.
TOLERATED = re.compile(r"ignoring: notify-reload|Command 'man ")


@pytest.fixture(autouse=True)
def analyze() -> str:
    """systemd-analyze(1), where it can judge a file that is not installed."""
    found = shutil.which("systemd-analyze")
    if found is None:
        pytest.skip("there is no systemd-analyze; install systemd")
    known = subprocess.run([found, "--help"], capture_output=True, text=True, check=False).stdout
    if "--offline" not in known:
        pytest.skip("systemd-analyze is older than 250: it judges only what is installed")
    return found


@pytest.mark.parametrize(
    ("unit", "at_most"),
    [
        pytest.param("standfast.service", 5.7, id="with root"),
        pytest.param("standfast-unprivileged.service", 2.8, id="without root"),
    ],
)
def test_a_unit_is_closed_as_far_as_its_work_allows(analyze: str, unit: str, at_most: float) -> None:
    done = subprocess.run(
        [analyze, "security", "--offline=true", "--no-pager", UNITS / unit],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    exposure = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert exposure is not None, done.stderr
    assert float(exposure[1]) <= at_most


@pytest.mark.parametrize("unit", sorted(path.name for path in UNITS.glob("*.service")))
def test_systemd_understands_a_unit(analyze: str, unit: str, tmp_path: Path) -> None:
    ours = Path(sys.executable).parent  # where the commands are that the unit looks for in systemd's own path
    text = re.sub(r"^(Exec\w+=)", rf"\1{ours}/", (UNITS / unit).read_text(), flags=re.MULTILINE)
    (tmp_path / unit).write_text(text)

    done = subprocess.run([analyze, "verify", tmp_path / unit], capture_output=True, text=True, check=False)

    complaints = [line for line in done.stderr.splitlines() if not TOLERATED.search(line)]
    assert [line for line in complaints if "standfast" in line] == []


@pytest.mark.parametrize("unit", sorted(path.name for path in UNITS.glob("*.service")))
def test_systemd_waits_longer_than_the_parent_needs_to_replace_a_child_that_hangs(unit: str) -> None:
    found = re.search(r"^WatchdogSec=(\d+)$", (UNITS / unit).read_text(), re.MULTILINE)

    unfed = (HELLO_MISSES + 1 - HELLO_STALE) * HELLO_INTERVAL + STACK_PATIENCE
    assert found is not None
    assert int(found[1]) * SECOND > 2 * unfed
