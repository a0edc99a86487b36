"""Packages, as `make packages` makes them."""

import subprocess
import sys
from pathlib import Path
from typing import Final

from debian_tree import ROOT

from standfast.base.frozen import frozen

TRIAL: Final = "1"  # behind the version of the newer package


@frozen
class Packages:
    """Where two Debian packages are that differ in nothing but their version."""

    old: Path
    new: Path


def make(into: Path, *words: str) -> list[Path]:
    """Make packages; where they are."""
    command = [sys.executable, str(ROOT / "packaging" / "make_packages.py"), "--into", str(into), *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return [Path(line) for line in done.stdout.splitlines()]
