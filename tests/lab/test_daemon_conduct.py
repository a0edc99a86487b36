"""How the processes of the daemon run, as the configuration says, and what that leaves to their scripts."""

from typing import Final

import pytest
from daemon_lab import CHILD_PID_FILE, VIP, child_of, config, started

from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

CHECKER_PID_FILE: Final = "standfastd-checkers.pid"
SERVER: Final = f"""
virtual_server {VIP} 80 {{
    lvs_sched rr
    real_server 10.99.0.2 80 {{
        TCP_CHECK {{
        }}
    }}
}}
"""
SEEN: Final = "\n".join(
    (
        "#!/bin/sh",
        "{ taskset -pc $$; nice; chrt -p $$; ulimit -Sn; umask; } > /run/seen.$$ 2>&1",
        "mv /run/seen.$$ /run/seen",
        "",
    )
)


def with_globals(globals_: str, text: str) -> str:
    return f"global_defs {{\n{globals_}\n}}\n{text}"


def shown(host: Host, pid: int) -> dict[str, str]:
    """What `ps` and the kernel tell of a process."""
    columns = host.command("ps", "-o", "comm=,ni=,cls=,rtprio=", "-p", str(pid)).split()
    status = dict(
        line.split(":\t", 1)
        for line in host.command("cat", f"/proc/{pid}/status").splitlines()
        if ":\t" in line
    )
    return {
        "name": columns[0],
        "nice": columns[1],
        "class": columns[2],
        "priority": columns[3],
        "cpus": status["Cpus_allowed_list"],
        "locked": status["VmLck"].split()[0],
        "command": host.command("ps", "-o", "args=", "-p", str(pid)).strip(),
        "umask": status["Umask"],
    }


def stall(host: Host, pid: int) -> None:
    """Keep a process from running for half a second."""
    host.command("sh", "-c", f"kill -STOP {pid}; sleep 0.5; kill -CONT {pid}")


def raised_to(lab: Lab, daemon: Daemon, number: int) -> bool:
    words = f"Runs with real-time priority {number} from now on"
    return lab.within(20.0, lambda: words in daemon.log())


def reloaded(lab: Lab, daemon: Daemon, text: str) -> None:
    before = daemon.log().count("Reload complete")
    daemon.reload(text)
    assert lab.within(20.0, lambda: daemon.log().count("Reload complete") > before)


@pytest.mark.behaviour("PR-10")
def test_routers_run_in_the_real_time_class_and_checks_do_not(lab: Lab, host: Host) -> None:
    daemon = host.direct(config(255) + SERVER)
    assert lab.within(20.0, lambda: "Startup complete" in daemon.log())

    vrrp, checker = shown(host, child_of(host)), shown(host, int(host.read(CHECKER_PID_FILE)))

    assert (vrrp["name"], vrrp["command"]) == ("standfastd:vrrp", "standfastd: vrrp")
    assert (checker["name"], checker["command"]) == ("standfastd:chec", "standfastd: checker")
    assert (vrrp["class"], vrrp["priority"]) == ("RR", "1")
    assert (checker["class"], checker["nice"]) == ("TS", "0")
    assert int(vrrp["locked"]) > 0
    assert checker["locked"] == "0"
    assert vrrp["umask"] == "0177"


@pytest.mark.behaviour("PR-12")
@pytest.mark.behaviour("PR-13")
def test_each_process_gets_what_is_configured_for_it_alone(lab: Lab, host: Host) -> None:
    defs = """vrrp_rt_priority 7
        vrrp_rlimit_rttime 5000000
        vrrp_cpu_affinity 0
        vrrp_no_swap
        checker_priority 5
        checker_no_swap
        process_names
        checker_process_name looker
        umask 022"""
    daemon = host.direct(with_globals(defs, config(255) + SERVER))
    assert lab.within(20.0, lambda: "Startup complete" in daemon.log())

    vrrp, checker = shown(host, child_of(host)), shown(host, int(host.read(CHECKER_PID_FILE)))
    parent = shown(host, daemon.pid)

    assert (vrrp["name"], checker["name"], parent["name"]) == ("keepalived_vrrp", "looker", "keepalived")
    assert (parent["command"], checker["command"]) == ("keepalived", "looker")
    assert (vrrp["class"], vrrp["priority"], vrrp["cpus"]) == ("RR", "7", "0")
    assert checker["nice"] == "5"
    assert checker["cpus"] == parent["cpus"] != "0"
    assert int(checker["locked"]) > 0
    assert int(vrrp["locked"]) > 0
    limits = host.command("cat", f"/proc/{child_of(host)}/limits")
    assert "Max realtime timeout      5000000 " in limits
    locked = "The memory of this process is locked: all that was there"
    assert lab.within(20.0, lambda: daemon.log().count(locked) == 2)
    assert {vrrp["umask"], checker["umask"], parent["umask"]} == {"0022"}


def test_a_reload_changes_it_and_takes_it_back(lab: Lab, host: Host) -> None:
    text = config(255) + SERVER
    daemon = host.direct(text)
    assert lab.within(20.0, lambda: "Startup complete" in daemon.log())
    all_of_them = shown(host, child_of(host))["cpus"]

    reloaded(
        lab,
        daemon,
        with_globals("vrrp_cpu_affinity 0\nvrrp_rt_priority 9\nchecker_rt_priority 2\numask 027", text),
    )
    vrrp, checker = shown(host, child_of(host)), shown(host, int(host.read(CHECKER_PID_FILE)))
    assert (vrrp["cpus"], vrrp["priority"], vrrp["umask"]) == ("0", "9", "0027")
    assert (checker["class"], checker["priority"]) == ("RR", "2")

    reloaded(lab, daemon, text)
    vrrp, checker = shown(host, child_of(host)), shown(host, int(host.read(CHECKER_PID_FILE)))
    assert (vrrp["cpus"], vrrp["priority"], vrrp["umask"]) == (all_of_them, "1", "0177")
    assert checker["class"] == "TS"


@pytest.mark.behaviour("PR-13")
def test_scripts_run_as_ordinary_processes_do(lab: Lab, host: Host) -> None:
    host.write("seen.sh", SEEN, mode=0o755)
    nobody_s = "vrrp_priority 4\nvrrp_cpu_affinity 0\nvrrp_rt_priority 7\nscript_user root"

    started(lab, host, with_globals(nobody_s, config(255, more="notify_master /run/seen.sh")))

    assert lab.within(20.0, lambda: host.read("seen") != "")
    cpus, nice, policy, priority, files, mask = host.read("seen").splitlines()
    assert cpus.rpartition(": ")[2] == host.command("taskset", "-pc", "1").strip().rpartition(": ")[2]
    assert nice == "0"
    assert policy.endswith("SCHED_OTHER")
    assert priority.endswith("0")
    assert int(files) > 0
    assert mask == "0177"


def test_the_checker_may_have_as_many_files_as_its_checks_need(lab: Lab, host: Host) -> None:
    servers = "\n".join(
        f"real_server 10.99.{number // 200}.{number % 200 + 1} 80 {{\n TCP_CHECK {{\n }}\n}}"
        for number in range(500)
    )
    text = f"virtual_server {VIP} 80 {{\n lvs_sched rr\n delay_loop 60\n{servers}\n}}"
    host.write("many.conf", text)
    limited = (
        "prlimit",
        "--nofile=64:700",
        "setpriv",
        "--bounding-set=-sys_resource",
        "--inh-caps=-sys_resource",
    )

    daemon = host.start(
        *limited,
        *lab.daemon,
        "-n",
        "-l",
        "-C",
        "-f",
        "/run/many.conf",
        "-p",
        "/run/x.pid",
        "-c",
        "/run/y.pid",
    )

    assert lab.within(20.0, lambda: "Startup complete" in daemon.log())
    assert lab.within(20.0, lambda: "Works without as many open files as its checks may need" in daemon.log())
    assert "1256 may be needed at once, and the hard limit is 700" in daemon.log()
    assert "Max open files            700                  700" in host.command(
        "cat", f"/proc/{int(host.read('y.pid'))}/limits"
    )


@pytest.mark.behaviour("PR-11")
def test_lateness_raises_the_priority_if_that_is_permitted(lab: Lab, host: Host) -> None:
    """The process is stopped for a moment: its next alarm is late."""
    defs = "max_auto_priority 3\nmin_auto_priority_delay 100000"
    daemon = started(lab, host, with_globals(defs, config(255)))
    child = child_of(host)

    for number in (2, 3, 3):
        stall(host, child)
        assert raised_to(lab, daemon, number)

    assert shown(host, child)["priority"] == "3"
    assert "priority 4" not in daemon.log()
    assert child == int(host.read(CHILD_PID_FILE))
