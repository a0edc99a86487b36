"""A pair is upgraded, one node after the other, and nobody on the network notices."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from daemon_lab import VIP, config
from debian_tree import Tree
from packages_made import TRIAL, Packages

from standfast import __version__
from standfast.base.addresses import parse_address
from standfast.base.times import MILLISECOND, times
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.processes import Process

PATIENCE: Final = 120.0  # seconds, for dpkg on a busy machine
PATH: Final = "/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin"  # of an administrator
PROBE_EVERY: Final = times(10, MILLISECOND)


def node(tree: Tree, package: Path, *, priority: int) -> Tree:
    """A Debian with the package and a configuration."""
    tree.install(package)
    (tree.path / "etc/keepalived/keepalived.conf").write_text(config(priority))
    return tree


def started(lab: Lab, host: Host, tree: Tree) -> Process:
    daemon = host.start(*tree.inside("standfastd", "--dont-fork", "--log-console"))
    assert lab.within(20.0, lambda: "Startup complete" in daemon.log())
    return daemon


def upgrade(host: Host, tree: Tree, package: Path) -> str:
    """Install the newer package and have the daemon become it; what both said."""
    installed = said(host, tree, "dpkg", "-i", tree.take(package))
    return installed + said(host, tree, "standfast", "restart", "--keep")


def upgrade_a_service(host: Host, tree: Tree, package: Path) -> str:
    """Install the newer package where systemd runs the daemon, as far as the package can see; what it said."""
    stand_in = tree.path / "usr/local/sbin/systemctl"
    stand_in.write_text('#!/bin/sh\n[ "$1" != is-active ] || [ "$3" = standfast ]\n')
    stand_in.chmod(0o755)
    host.command("mkdir", "-p", "/run/systemd/system")
    return said(host, tree, "env", f"PATH={PATH}", "dpkg", "-i", tree.take(package))


def said(host: Host, tree: Tree, *words: str) -> str:
    """What a command in the tree says that succeeds."""
    process = host.start(*tree.inside(*words))
    code, text = process.wait(PATIENCE), process.log()
    assert code == 0, text
    return text


def transitions(daemon: Process) -> list[str]:
    """Every state that an instance entered."""
    return re.findall(r"Entering (\w+) STATE", daemon.log())


def test_an_upgrade_is_no_transition_on_either_node_and_loses_no_packet(
    lab: Lab, debian: Callable[[], Tree], packages: Packages
) -> None:
    trees = [node(debian(), packages.old, priority=priority) for priority in (200, 100)]
    hosts = [lab.host("a", "10.99.0.1/24"), lab.host("b", "10.99.0.2/24")]
    client = lab.host("c", "10.99.0.3/24")
    daemons = [started(lab, host, tree) for host, tree in zip(hosts, trees, strict=True)]
    assert lab.within(10.0, lambda: hosts[0].holds(VIP))
    before = [transitions(daemon) for daemon in daemons]

    with hosts[0].address_events() as watch, client.probe(VIP, every=PROBE_EVERY) as probe:
        by_hand = upgrade(hosts[0], trees[0], packages.new)
        by_itself = upgrade_a_service(hosts[1], trees[1], packages.new)
        touched = watch.of(parse_address(VIP))

    restarted = f"Restarted: version {__version__}+{TRIAL} runs"
    assert (restarted in by_hand, restarted in by_itself) == (True, True), by_hand + by_itself
    assert [transitions(daemon) for daemon in daemons] == before
    assert not touched
    assert [question for question in probe.questions if question.answered_at is None] == []
    assert "goes on as it was until: standfast restart --keep" in by_hand
