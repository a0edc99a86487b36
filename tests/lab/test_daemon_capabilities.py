"""Each capability dropped in turn: what is lost is what `docs/reference/capabilities.md` says, and it is said."""

from typing import Final

import pytest
from daemon_lab import VIP, config

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.processes import Process

FLAGS: Final = ("-n", "-l", "-P", "-f", "/run/x.conf", "-p", "/run/x.pid", "-r", "/run/x-vrrp.pid")
HANGS: Final = "#!/bin/sh\ntrap '' TERM\nexec sleep 60\n"
AS_NOBODY: Final = "global_defs {{\n script_user nobody\n}}\n{}"


@pytest.fixture
def host(lab: Lab) -> Host:
    made = lab.host("a", "10.99.0.1/24")
    if "cap_sys_nice" not in made.command("setpriv", "--dump").replace("sys_nice", "cap_sys_nice"):
        pytest.skip("needs all capabilities, to drop one of them: run it as root")
    return made


def without(*capabilities: str) -> tuple[str, ...]:
    """A command in front of another that cannot have these capabilities."""
    lost = ",".join(f"-{each}" for each in capabilities)
    return ("setpriv", f"--bounding-set={lost}", f"--inh-caps={lost}")


def run(lab: Lab, host: Host, text: str, *before: str, flags: tuple[str, ...] = ()) -> Process:
    host.write("x.conf", text)
    return host.start(*before, *lab.daemon, *FLAGS, *flags)


@pytest.mark.parametrize(
    "capability",
    [
        pytest.param(("net_broadcast",), id="net_broadcast, which the kernel does not ask for"),
        pytest.param(("net_bind_service",), id="net_bind_service: no port of ours is a low one"),
        pytest.param(("sys_module",), id="sys_module: modules of IPVS are then loaded by the host"),
        pytest.param(("sys_ptrace", "sys_admin"), id="sys_ptrace and sys_admin: only other namespaces"),
        pytest.param(("sys_resource", "setpcap", "fowner"), id="what we never had a use for"),
        pytest.param(("all,+net_admin,+net_raw",), id="all but two"),
    ],
)
def test_a_router_fails_over_without_it(lab: Lab, host: Host, capability: tuple[str, ...]) -> None:
    daemon = run(lab, host, config(255), *without(*capability))

    assert lab.within(20.0, lambda: host.holds(VIP))
    assert daemon.alive


@pytest.mark.parametrize("capability", ["net_admin", "net_raw"])
def test_without_it_there_is_no_start(lab: Lab, host: Host, capability: str) -> None:
    daemon = run(lab, host, config(255), *without(capability))

    assert daemon.wait() == 4
    assert f"this process lacks CAP_{capability.upper()};" in daemon.log()


@pytest.mark.parametrize(
    ("before", "text", "said"),
    [
        pytest.param(
            without("sys_nice"),
            config(255),
            "Works without a real-time class",
            id="sys_nice: the real-time class",
        ),
        pytest.param(
            without("sys_nice"),
            f"global_defs {{\n vrrp_priority -5\n}}\n{config(255)}",
            "Works without the nice value that was asked for",
            id="sys_nice: a negative nice value",
        ),
        pytest.param(
            ("prlimit", "--memlock=65536", *without("ipc_lock")),
            config(255),
            "Works without locked memory",
            id="ipc_lock: locked memory, where there is a limit",
        ),
        pytest.param(
            without("setuid", "setgid"),
            AS_NOBODY.format(config(255, more="notify_master /bin/true")),
            "setpriv:",
            id="setuid and setgid: scripts as other users",
        ),
        pytest.param(
            without("chown"),
            f"global_defs {{\n control_socket_group daemon\n}}\n{config(255)}",
            "Works without the control socket",
            id="chown: a control socket of a group",
        ),
        pytest.param(
            without("dac_override"),
            f"global_defs {{\n state_dump_file /run/others/\n}}\n{config(255)}",
            "",
            id="dac_override: nothing, where all files are root's",
        ),
    ],
)
def test_what_is_lost_is_said_and_the_router_works(
    lab: Lab, host: Host, before: tuple[str, ...], text: str, said: str
) -> None:
    daemon = run(lab, host, text, *before)

    assert lab.within(20.0, lambda: host.holds(VIP))
    assert lab.within(20.0, lambda: said in daemon.log())


def test_without_sys_admin_there_is_no_other_namespace(lab: Lab, host: Host) -> None:
    made = 'ip netns add blue && exec "$@"'
    text = f"net_namespace blue\n{config(255)}"
    host.write("x.conf", text)

    daemon = host.start("sh", "-c", made, "sh", *without("sys_admin"), *lab.daemon, *FLAGS)

    assert daemon.wait() == 4
    assert "cannot enter the network namespace blue: Operation not permitted" in daemon.log()
    assert "CAP_SYS_ADMIN" in daemon.log()


def test_without_dac_override_the_files_of_others_cannot_be_read(lab: Lab, host: Host) -> None:
    host.write("x.conf", config(255), mode=0o600)
    host.command("chown", "nobody", "/run/x.conf")

    daemon = host.start(*without("dac_override", "dac_read_search"), *lab.daemon, *FLAGS)

    assert daemon.wait() == 6
    assert "/run/x.conf may not be read" in daemon.log()


def test_without_kill_a_script_of_another_user_that_hangs_goes_on_and_is_said(lab: Lab, host: Host) -> None:
    """Nobody waits for it: the next one is run."""
    host.write("hangs.sh", HANGS, mode=0o755)
    scripts = "vrrp_script S {\n script /run/hangs.sh\n interval 1\n timeout 1\n}\n"
    text = AS_NOBODY.format(scripts + config(150, more="track_script {\n S\n}"))

    daemon = run(lab, host, text, *without("kill"))

    assert lab.within(20.0, lambda: "CAP_KILL" in daemon.log())
    assert daemon.alive
