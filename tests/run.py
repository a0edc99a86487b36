"""Runs all tests and says at the end how many of each kind ran, and what was skipped and why.

Runs of pytest, one after the other: what needs only Python first, then what needs the kernel, its timers
and other daemons, then the examples with the services of their nodes, then what needs another kernel, in virtual
machines, then the packages. Side by side, they would take the processors from one another.

Fails if a test fails, or if a kind of test that this machine can run did not run at all.
"""

import ctypes
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

TESTS: Final = Path(__file__).resolve().parent
sys.path.insert(0, str(TESTS / "support"))

from tally import Tally, from_text, not_run, words  # noqa: E402

import vm  # noqa: E402 (the path above comes first)

PURE: Final = ("unit", "property", "recorded", "fuzz", "rfc", "sim", "repo")
KERNEL: Final = ("lab", "interop")
EXAMPLES: Final = ("examples",)
MACHINES: Final = ("vm",)
PACKAGES: Final = ("packages",)
WORKERS: Final[dict[tuple[str, ...], int]] = {
    PURE: 2,
    KERNEL: 4,  # they wait for timers more than they compute
    EXAMPLES: 3,
    MACHINES: 2,
    PACKAGES: 0,  # what they are tested in is made once
}

_NO_TESTS: Final = 5  # pytest's exit code for an empty run; `not_run` judges that better
_CLONE_NEWNET: Final = 0x4000_0000


def main() -> int:
    """Run everything; 0 if all is well."""
    tally, failed = Tally(), False
    for kinds, workers in WORKERS.items():
        part, code = run(kinds, workers)
        tally += part
        failed |= code not in (0, _NO_TESTS)
    lacks = dict.fromkeys(PURE, "") | dict.fromkeys(KERNEL, "")
    lacks |= {"lab": lack_for_lab(), "interop": lack_for_lab() or lack_for_interop()}
    lacks |= {"examples": lack_for_lab(), "vm": vm.lacking(), "packages": ""}  # some need only Python
    print("", *words(tally, lacks), sep="\n", flush=True)
    return int(failed or bool(not_run(tally, lacks)))


def run(kinds: Sequence[str], workers: int) -> tuple[Tally, int]:
    """One run of pytest over the folders of these kinds: what it did, and its exit code."""
    folders = [str(TESTS / kind) for kind in kinds if (TESTS / kind).is_dir()]
    print(f"\n---- {' '.join(kinds)}", flush=True)
    with tempfile.TemporaryDirectory() as place:
        file = Path(place) / "tally"
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-rfE",
            "-n",
            str(workers),
            f"--tally={file}",
            *folders,
        ]
        code = subprocess.run(command, cwd=TESTS.parent, stdin=subprocess.DEVNULL, check=False).returncode
        return (from_text(file.read_text()) if file.exists() else Tally()), code


def lack_for_lab() -> str:
    """What this machine lacks for tests in network namespaces; empty if nothing."""
    if os.geteuid() != 0:
        return "root"
    child = os.fork()  # a namespace of our own is for life: try it in somebody else's
    if child == 0:
        os._exit(ctypes.CDLL(None).unshare(_CLONE_NEWNET) != 0)
    return "" if os.waitpid(child, 0)[1] == 0 else "network namespaces"


def lack_for_interop() -> str:
    """What this machine lacks, besides, for tests beside a live Keepalived; empty if nothing."""
    return "" if shutil.which("keepalived", path="/usr/sbin:/usr/bin:/sbin:/bin") else "keepalived"


if __name__ == "__main__":
    sys.exit(main())
