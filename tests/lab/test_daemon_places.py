"""Several daemons on one host: names, directories and network namespaces keep them apart."""

import sys
from pathlib import Path
from typing import Final

import pytest
from daemon_lab import VIP, config

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.processes import Process

STANDFAST: Final = str(Path(sys.executable).with_name("standfast"))
FLAGS: Final = ("-n", "-l", "-P")
MADE: Final = (
    "ip netns add {0} && ip -n {0} link add blue0 type veth peer name blue1 && "
    "ip -n {0} address add 10.88.0.1/24 dev blue0 && ip -n {0} link set blue0 up && "
    'ip -n {0} link set blue1 up && "$@"; status=$?; ip netns delete {0}; exit $status'
)


def start(lab: Lab, host: Host, text: str, *flags: str, namespace: str = "") -> Process:
    """A daemon whose pid files are where the configuration says, maybe with a namespace that is made for it."""
    path = host.write(f"{namespace or 'x'}.conf", text)
    made = ("sh", "-c", MADE.format(namespace), "sh") if namespace else ()
    daemon = host.start(*made, *lab.daemon, *FLAGS, "-f", path, *flags)
    assert lab.within(20.0, lambda: "Startup complete" in daemon.log())
    return daemon


def parent(host: Host, file: str) -> int:
    return int(host.read(file) or 0)


def stop(lab: Lab, host: Host, daemon: Process, file: str) -> int:
    """Stop it by its pid file, as Keepalived's users do; the status that it ends with."""
    host.command("kill", str(parent(host, file)))
    assert lab.within(20.0, lambda: not daemon.alive)
    return daemon.wait()


@pytest.mark.behaviour("PR-16")
def test_instances_have_files_of_their_own_and_are_asked_by_name(lab: Lab, host: Host) -> None:
    text = config(255)
    first = start(lab, host, f"instance one\n{text}")
    second = start(lab, host, f"instance two\n{text.replace('51', '52').replace(VIP, '10.99.0.101')}")

    pids = {name: parent(host, f"keepalived/keepalived_{name}.pid") for name in ("one", "two")}
    told = {name: host.start(STANDFAST, "status", "--instance", name) for name in ("one", "two")}

    assert pids == {"one": first.pid, "two": second.pid}
    assert parent(host, "keepalived/vrrp_one.pid") in first.tree()
    assert [told["one"].wait(), told["two"].wait()] == [0, 0]
    assert f"pid {first.pid}," in told["one"].log()
    assert f"pid {second.pid}," in told["two"].log()
    assert stop(lab, host, first, "keepalived/keepalived_one.pid") == 0
    assert second.alive
    assert stop(lab, host, second, "keepalived/keepalived_two.pid") == 0
    assert host.read("keepalived/keepalived_one.pid") == ""


@pytest.mark.behaviour("PR-14")
def test_a_daemon_lives_in_its_namespace_from_the_beginning(lab: Lab, host: Host) -> None:
    text = f"net_namespace blue\n{config(255, interface='blue0')}"

    daemon = start(lab, host, text, namespace="blue")
    assert lab.within(20.0, lambda: "Entering MASTER STATE" in daemon.log())
    told = host.start(STANDFAST, "status", "--namespace", "blue")

    assert told.wait() == 0
    assert "VI_1      MASTER" in told.log()
    assert not host.holds(VIP)
    assert parent(host, "keepalived/blue/keepalived.pid") in daemon.tree()
    assert parent(host, "keepalived/blue/vrrp.pid") in daemon.tree()
    assert host.read("keepalived/keepalived.pid") == ""
    assert stop(lab, host, daemon, "keepalived/blue/keepalived.pid") == 0
    assert host.read("keepalived/blue/keepalived.pid") == ""


@pytest.mark.behaviour("PR-14")
def test_daemons_of_two_namespaces_have_pid_files_of_one_name(lab: Lab, host: Host) -> None:
    text = config(255, interface="blue0")

    red = start(lab, host, text, "-s", "red", namespace="red")
    blue = start(lab, host, f"net_namespace nowhere\n{text}", "-s", "blue", namespace="blue")

    assert parent(host, "keepalived/red/keepalived.pid") in red.tree()
    assert parent(host, "keepalived/blue/keepalived.pid") in blue.tree()
    assert stop(lab, host, red, "keepalived/red/keepalived.pid") == 0
    assert stop(lab, host, blue, "keepalived/blue/keepalived.pid") == 0


@pytest.mark.behaviour("PR-14")
def test_a_reload_leaves_it_where_it_is(lab: Lab, host: Host) -> None:
    text = config(255, interface="blue0")
    daemon = start(lab, host, f"net_namespace blue\n{text}", namespace="blue")

    host.write(
        "blue.conf", f"net_namespace red\ninstance other\n{text.replace('advert_int 0.1', 'advert_int 0.2')}"
    )
    host.command("kill", "-HUP", str(parent(host, "keepalived/blue/keepalived.pid")))

    assert lab.within(20.0, lambda: "Reload complete" in daemon.log())
    assert "net_namespace" in daemon.log()
    assert stop(lab, host, daemon, "keepalived/blue/keepalived.pid") == 0


@pytest.mark.parametrize(
    ("keyword", "shown"),
    [
        pytest.param("", "not set", id="the keyword is gone"),
        pytest.param("net_namespace red\n", "red", id="another name"),
    ],
)
def test_a_restart_that_keeps_all_cannot_move_and_says_so(
    lab: Lab, host: Host, keyword: str, shown: str
) -> None:
    text = config(255, interface="blue0")
    daemon = start(lab, host, f"net_namespace blue\n{text}", namespace="blue")
    tree = daemon.tree()
    path = host.write("blue.conf", f"{keyword}{text}")

    told = host.start(STANDFAST, "restart", "--keep", "--namespace", "blue")

    assert told.wait(60.0) == 4
    assert f"{path}: net_namespace is {shown}, and was blue when this daemon was started" in told.log()
    assert daemon.tree() == tree
    assert stop(lab, host, daemon, "keepalived/blue/keepalived.pid") == 0


@pytest.mark.behaviour("PR-14")
def test_where_the_command_line_names_the_namespace_the_keyword_keeps_nothing(lab: Lab, host: Host) -> None:
    text = config(255, interface="blue0")
    daemon = start(lab, host, f"net_namespace nowhere\n{text}", "-s", "blue", namespace="blue")
    host.write("blue.conf", text)

    told = host.start(STANDFAST, "restart", "--keep", "--namespace", "blue")

    assert told.wait(60.0) == 0, told.log()
    assert stop(lab, host, daemon, "keepalived/blue/keepalived.pid") == 0


@pytest.mark.parametrize(
    ("text", "flags"),
    [
        pytest.param("net_namespace nowhere\n", (), id="the keyword"),
        pytest.param("", ("-s", "nowhere"), id="the option"),
    ],
)
def test_without_the_namespace_there_is_no_start(
    lab: Lab, host: Host, text: str, flags: tuple[str, ...]
) -> None:
    """Keepalived says so, too, and ends with 0; a service manager would take that for a stop that it asked for."""
    path = host.write("x.conf", text + config())

    daemon = host.start(*lab.daemon, *FLAGS, "-f", path, *flags)

    assert daemon.wait() == 1
    assert "there is no network namespace nowhere (/run/netns/nowhere does not exist)" in daemon.log()
    assert "ip netns add nowhere" in daemon.log()
    assert host.command("find", "/run", "-name", "nowhere") == ""


def test_a_directory_for_pid_files(lab: Lab, host: Host) -> None:
    daemon = start(lab, host, f"use_pid_dir\n{config(255)}")

    told = host.start(STANDFAST, "status")

    assert parent(host, "keepalived/keepalived.pid") == daemon.pid
    assert told.wait() == 0
    assert stop(lab, host, daemon, "keepalived/keepalived.pid") == 0


@pytest.mark.parametrize(
    ("interface", "status"),
    [
        pytest.param("blue0", 0, id="of the namespace"),
        pytest.param("eth0", 5, id="of the host, which the namespace lacks"),
    ],
)
def test_a_config_test_knows_the_interfaces(lab: Lab, host: Host, interface: str, status: int) -> None:
    path = host.write("x.conf", f"net_namespace blue\n{config(interface=interface)}")

    tested = host.start("sh", "-c", MADE.format("blue"), "sh", *lab.daemon, "-t", "-f", path)

    assert tested.wait() == status


def test_a_restart_that_keeps_all_keeps_its_place(lab: Lab, host: Host) -> None:
    """The next program of the same process finds itself where it should be."""
    text = f"net_namespace blue\ninstance one\n{config(255, interface='blue0')}"
    daemon = start(lab, host, text, namespace="blue")
    before = parent(host, "keepalived/blue/keepalived_one.pid")

    asked = host.start(STANDFAST, "restart", "--keep", "--namespace", "blue", "--instance", "one")
    assert asked.wait(60.0) == 0, asked.log()
    told = host.start(STANDFAST, "status", "--namespace", "blue", "--instance", "one")

    assert told.wait() == 0
    assert "VI_1      MASTER" in told.log()
    assert parent(host, "keepalived/blue/keepalived_one.pid") == before
    assert daemon.log().count("Entering MASTER STATE") == 1
    assert stop(lab, host, daemon, "keepalived/blue/keepalived_one.pid") == 0
