"""The RPM: what is in it, and that it is installed and removed: in a Debian, as near as this comes to a Fedora."""

import os
import subprocess
from concurrent.futures import Future
from pathlib import Path
from typing import Final

import pytest
from debian_tree import Tree
from packages_made import TRIAL, made_of, make

DATABASE: Final = "/root/rpm"  # where rpm keeps in a tree what is installed
CONFIGURATION: Final = "etc/keepalived/keepalived.conf"
EXAMPLE: Final = "/usr/share/standfast/keepalived.conf.example"
FILESYSTEM: Final = (
    "/usr/share/licenses",
    "/usr/share/zsh/site-functions",
)  # Fedora's package of that name has them
SCRIPTS: Final = ("PREIN", "POSTIN", "PREUN", "POSTUN", "POSTTRANS")


@pytest.fixture(scope="session")
def rpm(dist: Future[list[Path]]) -> Path:
    return made_of(dist, ".rpm")


@pytest.fixture(scope="session")
def newer(rpm: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with a later version."""
    (made,) = make(tmp_path_factory.mktemp("newer"), "rpm", "--local", TRIAL)
    return made


def ask(rpm: Path, *words: str) -> list[str]:
    command = ["rpm", "--dbpath", str(rpm.parent), "-qp", *words, str(rpm)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()


def rpm_in(root: Path, *words: str | Path) -> list[str]:
    """The command of rpm about what is below a directory; Debian's packages are not in its books."""
    return ["rpm", "--root", str(root), "--dbpath", DATABASE, "--nodeps", *map(str, words)]


def missing(rpm: Path, root: Path) -> list[str]:
    """What the package lists and is not there."""
    return [path for path in ask(rpm, "--list") if not os.path.lexists(root / path[1:])]


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


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_shell_can_read_its_scripts(rpm: Path, script: str) -> None:
    text = "\n".join(ask(rpm, "--queryformat", f"%{{{script}}}"))

    read = subprocess.run(["sh", "-n"], input=text, capture_output=True, text=True, check=False)

    assert (read.returncode, read.stderr) == (0, "")
    assert text == "(none)" if script == "PREIN" else "standfast" in text


@pytest.mark.skipif(os.geteuid() != 0, reason="rpm changes its root directory, as only root may")
def test_its_files_come_and_go(rpm: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()

    subprocess.run(rpm_in(root, "-i", "--noscripts", rpm), check=True)
    lacking = missing(rpm, root)
    subprocess.run(rpm_in(root, "-e", "--noscripts", "standfast"), check=True)

    assert lacking == []
    files = [path.relative_to(root) for path in root.rglob("*") if not path.is_dir()]
    assert [str(file) for file in files if not file.is_relative_to(DATABASE[1:])] == []
    assert not list(root.rglob("*standfast*"))


def test_it_is_installed_and_removed_and_nothing_is_left(rpm: Path, tree: Tree) -> None:
    tree.run("mkdir", "-p", *FILESYSTEM)
    before = tree.files()

    said = tree.change(*rpm_in(tree.path, "-i", rpm))
    tree.run("cp", EXAMPLE, f"/{CONFIGURATION}")
    checked = tree.run("standfast", "check")
    judged = tree.run("systemd-analyze", "verify", "--man=no", "standfast.service")
    accounts = tree.run("getent", "passwd", "keepalived_script", "standfast")
    tree.run("systemctl", "enable", "standfast")
    tree.change(*rpm_in(tree.path, "-e", "standfast"))

    assert "installed, and does nothing yet" in said
    assert checked == f"/{CONFIGURATION}: nothing is wrong\n"
    assert "No such file" not in judged
    assert accounts.count("nologin") == 2
    left = sorted(tree.files() - before)
    assert left == ["etc/keepalived", CONFIGURATION]  # what we wrote, and where it is
    assert before <= tree.files()


def test_an_upgrade_keeps_what_an_administrator_wrote(rpm: Path, newer: Path, tree: Tree) -> None:
    defaults = tree.path / "etc/default/standfast"
    tree.change(*rpm_in(tree.path, "-i", rpm))
    defaults.write_text("# ours\n")
    (tree.path / CONFIGURATION).write_text("# ours, too\n")

    said = tree.change(*rpm_in(tree.path, "-U", newer))

    version = tree.run("standfast", "--version")
    assert f"+{TRIAL}" in version
    assert "does nothing yet" not in said
    assert defaults.read_text() == "# ours\n"
    assert (tree.path / CONFIGURATION).read_text() == "# ours, too\n"
    assert missing(newer, tree.path) == []
