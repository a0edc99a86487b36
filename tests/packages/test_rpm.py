"""The RPM: it is made, and has what it should. It is not installed: that would need another system."""

import subprocess
from concurrent.futures import Future
from pathlib import Path

import pytest
from packages_made import made_of


@pytest.fixture(scope="session")
def rpm(dist: Future[list[Path]]) -> Path:
    return made_of(dist, ".rpm")


def ask(rpm: Path, *words: str) -> list[str]:
    command = ["rpm", "--dbpath", str(rpm.parent), "-qp", *words, str(rpm)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def test_it_has_the_commands_the_units_and_the_pages(rpm: Path) -> None:
    files = set(ask(rpm, "--list"))

    assert {
        "/usr/sbin/standfastd",
        "/usr/bin/standfast",
        "/usr/lib/systemd/system/standfast.service",
        "/usr/lib/sysusers.d/standfast.conf",
        "/usr/lib/tmpfiles.d/standfast.conf",
        "/usr/share/man/man8/standfastd.8.gz",
        "/usr/share/zsh/site-functions/_standfast",
        "/usr/share/licenses/standfast/LICENSE",
        "/etc/keepalived",
    } <= files
    assert "/usr/lib" not in files  # a directory of somebody else's


def test_only_the_defaults_are_an_administrators_to_change(rpm: Path) -> None:
    assert ask(rpm, "--configfiles") == ["/etc/default/standfast"]


def test_it_requires_the_python_that_its_modules_are_compiled_for(rpm: Path) -> None:
    assert "python(abi) = 3.11" in ask(rpm, "--requires")
