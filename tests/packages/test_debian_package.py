"""The Debian package in a bare Debian 12: installed, understood, run, removed."""

import json
import re
from typing import Final

import pytest
from debian_tree import ROOT, CommandFailed, Tree
from packages_made import Packages

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.processes import Process

ADDRESS: Final = "192.0.2.100"  # of the example that is installed
CONFIGURATION: Final = "/etc/keepalived/keepalived.conf"
EXAMPLE: Final = "/usr/share/standfast/keepalived.conf.example"
UNITS: Final = ("standfast.service", "standfast-unprivileged.service")
TOLERATED: Final = re.compile(r"ignoring: notify-reload")  # which systemd knows since version 253
PATIENCE: Final = 20.0  # seconds


@pytest.fixture
def host(lab: Lab) -> Host:
    return lab.host("a", "192.0.2.1/24")


def ask(host: Host, tree: Tree, *words: str) -> tuple[int, str]:
    """What a command in the tree says, on this host."""
    process = host.start(*tree.inside(*words))
    return process.wait(PATIENCE), process.log()


def serve(lab: Lab, host: Host, tree: Tree) -> Process:
    """The daemon on the example as it is installed; it has become master."""
    tree.run("cp", EXAMPLE, CONFIGURATION)
    tree.run("install", "-d", "-m", "700", "/var/lib/standfast")  # as StateDirectory= has it
    state = "STATE_DIRECTORY=/var/lib/standfast"
    daemon = host.start(*tree.inside("env", state, "standfastd", "--dont-fork", "--log-console"))
    assert lab.within(PATIENCE, lambda: host.holds(ADDRESS))
    return daemon


def test_the_first_installation_says_what_to_do_next(tree: Tree, packages: Packages) -> None:
    said = tree.install(packages.old)

    assert "installed, and does nothing yet" in said
    hints = [line.split()[:4] for line in said.splitlines() if line.startswith("  ")]
    assert hints[0][:3] == ["cp", EXAMPLE, CONFIGURATION]
    assert hints[1][:2] == ["standfast", "check"]
    assert hints[2] == ["systemctl", "enable", "--now", "standfast"]


def test_a_configuration_that_is_there_is_not_touched(tree: Tree, packages: Packages) -> None:
    file = tree.path / CONFIGURATION[1:]
    file.parent.mkdir()
    file.write_text("# ours\n")

    said = tree.install(packages.old)
    tree.run("dpkg", "--purge", "standfast")

    assert "There is an /etc/keepalived/keepalived.conf already" in said
    assert file.read_text() == "# ours\n"


def test_a_check_before_anything_is_written_says_so_in_a_sentence(installed: Tree) -> None:
    with pytest.raises(CommandFailed, match=CONFIGURATION):
        installed.run("standfast", "check")


def test_systemd_understands_the_units_and_finds_their_programs(installed: Tree) -> None:
    said = installed.run("systemd-analyze", "verify", "--man=no", *UNITS)

    assert [line for line in said.splitlines() if "standfast" in line and not TOLERATED.search(line)] == []


def test_accounts_pages_completion_and_defaults_are_there(installed: Tree) -> None:
    accounts = installed.run("getent", "passwd", "keepalived_script", "standfast")

    assert accounts.count("nologin") == 2
    for path in (
        "usr/share/man/man8/standfastd.8.gz",
        "usr/share/man/man5/standfast.conf.5.gz",
        "usr/share/man/man1/standfast.1.gz",
        "usr/share/bash-completion/completions/standfast",
        "usr/share/zsh/vendor-completions/_standfast",
        "usr/share/fish/vendor_completions.d/standfast.fish",
        "usr/share/dbus-1/system.d/org.keepalived.Vrrp1.conf",
        "usr/lib/tmpfiles.d/standfast.conf",
        "usr/share/doc/standfast/changelog.Debian.gz",
        "usr/share/doc/standfast/copyright",
        "etc/default/standfast",
    ):
        assert (installed.path / path).is_file(), path


def test_it_is_enabled_by_its_administrator_and_disabled_by_its_removal(
    tree: Tree, packages: Packages
) -> None:
    tree.install(packages.old)
    link = tree.path / "etc/systemd/system/multi-user.target.wants/standfast.service"
    assert not link.is_symlink()
    tree.run("systemctl", "enable", "standfast")
    assert link.is_symlink()

    tree.run("dpkg", "--remove", "standfast")

    assert not link.is_symlink()


def test_the_example_is_master_and_after_its_end_nothing_is_left(
    lab: Lab, host: Host, tree: Tree, packages: Packages
) -> None:
    before = tree.files()
    tree.install(packages.old)
    daemon = serve(lab, host, tree)

    checked, words = ask(host, tree, "standfast", "check")
    code, status = ask(host, tree, "standfast", "status", "--json")
    stopped = daemon.stop()
    history = (tree.path / "var/lib/standfast").iterdir()

    assert (checked, code, stopped) == (0, 0, 0), words + status
    assert [one["state"] for one in json.loads(status)["instances"]] == ["master"]
    assert list(history)
    tree.run("dpkg", "--purge", "standfast")
    left = sorted(tree.files() - before)
    assert left == ["etc/keepalived", CONFIGURATION[1:]]  # what we wrote, and where it is
    assert before <= tree.files()


def test_nothing_is_compiled_at_run_time(installed: Tree) -> None:
    before = installed.files()

    installed.run("standfast", "--version")
    installed.run("standfast", "explain", "advert_int")
    installed.run("standfastd", "-t", EXAMPLE)

    compiled = (installed.path / "usr/lib/standfast").rglob("*.pyc")
    assert installed.files() == before
    assert len({file.stat().st_mtime for file in compiled}) == 1


def test_the_image_runs_read_only_with_the_two_capabilities_that_it_asks_for(
    lab: Lab, host: Host, tree: Tree, packages: Packages
) -> None:
    tree.install(packages.old)
    tree.run("cp", EXAMPLE, CONFIGURATION)
    text = (ROOT / "packaging" / "oci" / "Containerfile").read_text()
    entry = json.loads(re.findall(r"^CMD (\[.*\])$", text, re.MULTILINE)[0])
    given = ",".join(f"+{name.lower()}" for name in re.findall(r"--cap-add (\w+)", text))
    bound = ("setpriv", f"--bounding-set=-all,{given}", f"--inh-caps=-all,{given}")

    daemon = host.start(*tree.inside(*bound, *entry, read_only=True))

    assert given == "+net_admin,+net_raw"
    assert lab.within(PATIENCE, lambda: host.holds(ADDRESS))
    assert daemon.stop() == 0
    assert lab.within(PATIENCE, lambda: not host.holds(ADDRESS))


def test_everything_that_is_bundled_has_its_licence_told(installed: Tree) -> None:
    told = (installed.path / "usr/share/doc/standfast/copyright").read_text()

    library = installed.path / "usr/lib/standfast"
    bundled = {path.name.split("-")[0] for path in library.glob("*.dist-info")} - {"standfast"}
    assert bundled == {"aiosmtplib", "dbus_fast", "msgspec"}
    assert [name for name in bundled if f"usr/lib/standfast/{name}*" not in told] == []
