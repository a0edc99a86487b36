"""The options of the command line, each seen at a running daemon (cli-and-signals, section 1)."""

import socket
from typing import Final

import pytest
from daemon_lab import CHILD_PID_FILE, PID_FILE, VIP, child_of, config, started

from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

CHECKER_PID_FILE: Final = "standfastd-checkers.pid"
SESSION: Final = "bfd_instance B { neighbor_ip 10.99.0.9 }\n"
SERVER: Final = f"virtual_server {VIP} 80 {{\n lvs_sched rr\n real_server 10.99.0.2 80 {{\n }}\n}}\n"


def complete(lab: Lab, host: Host, text: str, *flags: str) -> Daemon:
    """A daemon with all its parts, unless the flags say otherwise."""
    daemon = host.direct(text, "-b", "/run/standfastd-bfd.pid", *flags)
    assert lab.within(20.0, lambda: "Startup complete" in daemon.log())
    return daemon


def parts(host: Host) -> set[str]:
    """The children that run, by their pid files."""
    files = {"vrrp": CHILD_PID_FILE, "checker": CHECKER_PID_FILE, "bfd": "standfastd-bfd.pid"}
    return {part for part, file in files.items() if host.read(file)}


def mode(host: Host, path: str) -> str:
    return host.command("stat", "-c", "%a", path).strip()


@pytest.mark.parametrize(
    ("text", "flags", "expected"),
    [
        pytest.param(
            SERVER + SESSION, (), {"vrrp", "checker", "bfd"}, id="without an option all that are needed"
        ),
        pytest.param("", (), {"vrrp"}, id="and only those"),
        pytest.param(SERVER + SESSION, ("-P",), {"vrrp", "bfd"}, id="CLI-02: VRRP, and BFD"),
        pytest.param(SERVER + SESSION, ("-C",), {"checker", "bfd"}, id="CLI-03: health checks, and BFD"),
        pytest.param(SERVER + SESSION, ("-B",), {"vrrp", "checker"}, id="CLI-04: no BFD"),
        pytest.param("", ("--all",), {"vrrp", "checker", "bfd"}, id="CLI-05: all, needed or not"),
    ],
)
def test_the_parts_that_run(
    lab: Lab, host: Host, text: str, flags: tuple[str, ...], expected: set[str]
) -> None:
    complete(lab, host, config() + "\n" + text, *flags)

    assert parts(host) == expected


def test_the_configuration_may_be_a_pattern(lab: Lab, host: Host) -> None:
    """CLI-01."""
    host.write("many-1.conf", config())
    host.write("many-2.conf", config().replace("VI_1", "VI_2").replace("51", "52").replace(VIP, "10.99.0.7"))

    daemon = started(lab, host, "", "-f", "/run/many-*.conf")

    assert "(VI_1)" in daemon.log()
    assert "(VI_2)" in daemon.log()


@pytest.mark.behaviour("PR-17")
def test_files_are_ours_alone_unless_a_mask_says_otherwise(lab: Lab, host: Host) -> None:
    """CLI-12: the option beats the keyword."""
    text = f"global_defs {{\n umask 0137\n state_dump_file /run/dumps/\n}}\n{config()}"
    host.command("mkdir", "/run/dumps")

    first = started(lab, host, text.replace("umask 0137", ""))
    host.command("kill", "-USR1", str(first.pid))
    assert lab.within(20.0, lambda: host.read("dumps/keepalived.data") != "")
    usual = mode(host, "/run/dumps/keepalived.data")
    pid_files = mode(host, f"/run/{PID_FILE}"), mode(host, f"/run/{CHILD_PID_FILE}")
    first.reload(text)
    assert lab.within(20.0, lambda: "Reload complete" in first.log())
    host.command("rm", "-r", "/run/dumps/keepalived.data")
    host.command("kill", "-USR1", str(first.pid))
    assert lab.within(20.0, lambda: host.read("dumps/keepalived.data") != "")
    by_keyword = mode(host, "/run/dumps/keepalived.data")
    first.stop()
    host.command("rm", "/run/dumps/keepalived.data")
    second = started(lab, host, text, "-u", "022")
    host.command("kill", "-USR1", str(second.pid))
    assert lab.within(20.0, lambda: host.read("dumps/keepalived.data") != "")

    assert (usual, by_keyword) == ("600", "640")
    assert mode(host, "/run/dumps/keepalived.data") == "644"
    assert pid_files == ("644", "644")


def test_the_configuration_is_logged_without_its_secrets(lab: Lab, host: Host) -> None:
    """CLI-18."""
    text = config(more="authentication {\n auth_type PASS\n auth_pass geheim\n}").replace(
        "version 3", "version 2"
    )
    text = text.replace("advert_int 0.1", "advert_int 1")

    daemon = started(lab, host, text, "-d")

    assert "virtual_router_id 51" in daemon.log()
    assert "auth_pass" in daemon.log()
    assert "geheim" not in daemon.log()


def test_changes_of_addresses_are_logged(lab: Lab, host: Host) -> None:
    """CLI-23."""
    daemon = started(lab, host, config(), "-a")

    host.command("ip", "address", "add", "10.99.0.55/24", "dev", "eth0")
    host.command("ip", "address", "delete", "10.99.0.55/24", "dev", "eth0")

    assert lab.within(20.0, lambda: "The address 10.99.0.55/24 is gone  interface=eth0" in daemon.log())
    assert "The address 10.99.0.55/24 is there  interface=eth0" in daemon.log()


def test_core_files_have_no_limit_if_that_is_asked(lab: Lab, host: Host) -> None:
    """CLI-27."""
    started(lab, host, config(), "-m")

    limits = host.command("cat", f"/proc/{child_of(host)}/limits")

    assert "Max core file size        unlimited            unlimited" in limits


@pytest.mark.parametrize(
    ("flags", "identity"),
    [
        pytest.param(("-i", "left"), "@left", id="CLI-30: the identity of lines"),
        pytest.param((), f"@{socket.gethostname().partition('.')[0]}", id="without it the name of the node"),
    ],
)
def test_lines_for_one_node(lab: Lab, host: Host, flags: tuple[str, ...], identity: str) -> None:
    text = config().replace("priority 150", f"priority 150\n{identity} priority 77\n@other priority 88")

    daemon = started(lab, host, text, *flags)

    assert lab.within(20.0, lambda: "Entering MASTER STATE" in daemon.log())
    assert "priority=77" in daemon.log()


@pytest.mark.parametrize("number", [12, 36, 63])
def test_requests_for_statistics_leave_checks_and_sessions_alone(lab: Lab, host: Host, number: int) -> None:
    """SIG-13, SIG-21: whoever has no routers ignores them."""
    daemon = complete(lab, host, config() + "\n" + SERVER + SESSION)
    before = {file: host.read(file) for file in (CHECKER_PID_FILE, "standfastd-bfd.pid", CHILD_PID_FILE)}

    host.command("kill", f"-{number}", *(pid.strip() for pid in before.values()))

    assert lab.within(20.0, lambda: "Wrote the" in daemon.log())
    assert {file: host.read(file) for file in before} == before
    assert "Started" not in daemon.log().partition("Wrote the")[2]
