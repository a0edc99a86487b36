"""Packages, as `make packages` makes them."""

import subprocess
import sys
from concurrent.futures import Future
from pathlib import Path
from typing import Final

import pytest
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


def made_of(dist: Future[list[Path]], suffix: str) -> Path:
    """The one package with this ending; skips the test if this machine cannot make it."""
    found = [path for path in dist.result() if path.name.endswith(suffix)]
    if not found:
        pytest.skip(f"this machine cannot make a package that ends with {suffix}; see make packages")
    return found[0]
