"""What the small machine's kernel lacks, in an emulated machine with Debian's: nftables and IPVS in one kernel.

It is slow, and its kernel is fetched from Debian: both only for who has asked for it, by
`../shared/tools/vm-run --vm qemu --setup` in the checkout.
"""

import os
import subprocess
from pathlib import Path
from typing import Final

import pytest

import vm

TOOL: Final = vm.ROOT.parent / "shared" / "tools" / "vm-run"
CACHE: Final = Path(os.environ.get("VM_RUN_CACHE", vm.ROOT / ".cache" / "vm-run"))
SECONDS: Final = 900
SERVED: Final = [
    "10.1.0.100 80 10.0.0.11",
    "10.1.0.101 80 10.0.0.11",
    "10.1.0.102 80 10.0.0.11",
    "fd01::100 80 fd00::11",
    "10.1.0.101 81 Connection refused",
]
TABLE: Final = [
    "-A -f 1000 -s rr",
    "-a -f 1000 -r 10.0.0.11:80 -m -w 1",
    "-A -f 1001 -6 -s rr",
    "-a -f 1001 -6 -r [fd00::11]:80 -m -w 1",
]


@pytest.fixture(scope="module")
def said() -> str:
    """What was said in the emulated machine."""
    if not TOOL.exists():
        pytest.skip(f"needs an emulated machine, and there is no {TOOL}")
    if not any(CACHE.glob("qemu-*")):
        pytest.skip(f"needs an emulated machine, and none was fetched: {TOOL} --vm qemu --setup")
    script = vm.ROOT / "tests" / "vm" / "emulated" / "marks"
    done = subprocess.run(
        [TOOL, "--vm", "qemu", "--timeout", str(SECONDS), "--", "sh", script, vm.ROOT],
        env={**os.environ, "VM_RUN_CACHE": str(CACHE)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS + 300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def lines(said: str, kind: str) -> list[str]:
    """What was said of one kind."""
    return [line.partition(" ")[2] for line in said.splitlines() if line.startswith(f"{kind} ")]


@pytest.mark.timeout(SECONDS + 400)
@pytest.mark.behaviour("LV-18")
def test_a_group_that_nftables_marks_is_one_service_of_ipvs(said: str) -> None:
    """The same for clients and for the director itself; what has no mark goes its usual way."""
    assert lines(said, "client") == SERVED, said
    assert lines(said, "director") == SERVED, said
    assert lines(said, "table") == TABLE
    assert lines(said, "left") == []
    assert lines(said, "status") == ["0"]
