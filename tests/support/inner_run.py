"""A run of pytest within a test, for what watches whole runs."""

import os
import subprocess
import sys
from pathlib import Path


def pytest_in(
    folder: Path, hooks: str, *arguments: str, **environment: str
) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder with one of our modules of hooks, and none of our configuration."""
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", hooks, *arguments],
        cwd=folder,
        env={"PYTHONPATH": str(Path(__file__).parent), "PATH": os.environ["PATH"], **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
