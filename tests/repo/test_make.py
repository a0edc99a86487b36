"""The commands that the README promises."""

import os
import re
import subprocess

from importing import ROOT


def test_help_names_every_target_and_what_it_is_for() -> None:
    makefile = (ROOT / "Makefile").read_text()
    declared = {
        name for line in re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE) for name in line.split()
    }

    done = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=ROOT, env={"PATH": os.environ["PATH"]},
        capture_output=True, text=True, check=True,
    )  # fmt: skip

    told = {line.split()[1]: line.split()[2:] for line in done.stdout.splitlines()}
    assert set(told) == declared
    assert all(told.values())
