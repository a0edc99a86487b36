"""A running daemon is asked: what it says, what its clients may do to it, and what is said when it is dead."""

import signal
import sys
from itertools import pairwise
from statistics import median
from typing import Final

import msgspec
import pytest
from daemon_lab import CALM, PATIENCE, SOCKET, STANDFAST, VIP, child_of, cli, config, master, started, status

from standfast.base.times import SECOND, between
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

NOBODY: Final = ("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")


def with_globals(globals_: str, text: str) -> str:
    return f"global_defs {{\n{globals_}\n}}\n{text}"


# ---- what is said


def test_a_master_that_is_well(lab: Lab, host: Host) -> None:
    master(lab, host, config(200))

    code, text = cli(host, "status")
    one = status(host, "VI_1")["instances"][0]

    assert code == 0
    assert text.startswith("All is well.\n")
    assert (one["state"], one["reason"], one["arithmetic"]) == ("master", "nobody-heard", "200 = 200")
    assert one["addresses"] == [
        {"address": f"{VIP}/24", "interface": "eth0", "wanted": True, "present": True}
    ]
    assert "\033" not in text


def test_a_backup_says_whom_it_hears(lab: Lab, host: Host) -> None:
    other = lab.host("b", "10.99.0.2/24")
    master(lab, host, config(200, interval=CALM))
    started(lab, other, config(100, interval=CALM))
    assert lab.within(20.0, lambda: bool(status(other)["instances"][0]["master"]))

    one = status(other)["instances"][0]

    assert (one["state"], one["master"], one["master_priority"]) == ("backup", "10.99.0.1", 200)
    assert [peer["address"] for peer in one["peers"]] == ["10.99.0.1"]


def test_an_address_that_the_kernel_lost_is_seen_there(lab: Lab, host: Host) -> None:
    """`no_track`: nobody puts it back, so it stays away."""
    master(lab, host, config(200, [f"{VIP}/24", "10.99.0.101/24 no_track"]))

    host.command("ip", "address", "del", "10.99.0.101/24", "dev", "eth0")
    code, text = cli(host, "status")

    assert code == 1
    assert "VI_1: the kernel does not have 10.99.0.101/24 on eth0" in text


def test_a_script_that_fails_is_why(lab: Lab, host: Host) -> None:
    text = config(200, more="track_script { chk }")
    script = 'vrrp_script chk { script "/usr/bin/false"\n interval 1 }\n'
    security = "enable_script_security\n script_user root"
    started(lab, host, with_globals(security, script + text))
    assert lab.within(20.0, lambda: status(host)["instances"][0]["state"] == "fault")

    why_code, why = cli(host, "why", "VI_1")
    code, shown = cli(host, "status")

    assert (why_code, code) == (1, 1)
    assert "Because a script that it tracks failed: tracked script chk: exit status 1." in why
    assert "One thing" not in shown  # the instance and the script
    assert "script chk is not good: exit status 1" in shown


def test_a_name_that_there_is_not(lab: Lab, host: Host) -> None:
    started(lab, host, config())

    assert cli(host, "status", "VI_9") == (4, "standfast: nothing is called VI_9; did you mean VI_1?\n")


def test_the_history_outlives_the_daemon(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(200))
    daemon.signal(signal.SIGTERM)
    assert daemon.wait() == 0
    started(lab, host, config(200))

    _, text = cli(host, "history", "--json", "VI_1")

    transitions = [msgspec.json.decode(line)["facts"]["new"] for line in text.splitlines()]
    assert transitions[:3] == ["backup", "master", "init"]


def test_events_come_as_they_happen(lab: Lab, host: Host) -> None:
    master(lab, host, config(200))
    following = host.start(STANDFAST, "events", "--follow", "--json", "--socket", SOCKET)
    assert lab.within(30.0, lambda: _followed(host, following.log()))  # what is removed too often waits

    assert '"kind":"address-missing"' in following.log()
    following.kill()


def _followed(host: Host, log: str) -> bool:
    """Remove the address again and again, until somebody follows."""
    if log:
        return True
    if host.holds(VIP):
        host.command("ip", "address", "del", f"{VIP}/24", "dev", "eth0")
    return False


def test_a_reload_is_told_whatever_comes_of_it(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(200))
    daemon.reload(config(190))
    assert lab.within(20.0, lambda: (status(host)["configuration"]["reload"] or {}).get("ok") is True)

    daemon.reload(config(190, interface="eth7"))
    assert lab.within(20.0, lambda: not status(host)["configuration"]["reload"]["ok"])

    told = status(host)["configuration"]
    assert told["generation"] == 2
    assert "eth7" in told["reload"]["words"]
    assert cli(host, "status")[0] == 1


# ---- metrics


def test_metrics_over_http_if_they_are_configured(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, with_globals("metrics_listen 127.0.0.1 9650", config(200)))
    read = "import urllib.request as u; print(u.urlopen('http://127.0.0.1:9650/metrics').read().decode())"

    text = once_it_runs(lab, host, sys.executable, "-c", read)

    said = f'keepalived_vrrp_state{{iname="VI_1",intf="eth0",vrid="51",ip_address="{VIP}"}} 2'
    assert said in text.splitlines()
    assert text.rstrip().endswith("# EOF")
    assert cli(host, "metrics")[1].splitlines()[:3] == text.splitlines()[:3]
    assert daemon.log().count("\n") < 20  # scraping says nothing


def once_it_runs(lab: Lab, host: Host, *argv: str) -> str:
    """What a program writes that fails until the metrics' own process has begun to listen."""
    said = [""]

    def succeeds() -> bool:
        asking = host.start(*argv)
        said[0] = asking.log() if asking.wait() == 0 else ""
        return bool(said[0])

    assert lab.within(PATIENCE, succeeds)
    return said[0]


# ---- who may ask


@pytest.mark.parametrize(
    ("mode", "code"),
    [pytest.param("0660", 4, id="only root and its group"), pytest.param("0666", 0, id="everybody")],
)
def test_who_may_ask(lab: Lab, host: Host, mode: str, code: int) -> None:
    started(lab, host, with_globals(f"control_socket_mode {mode}", config(200)))

    assert cli(host, "status", as_=NOBODY)[0] == code


def test_the_socket_moves_with_a_reload_and_can_be_off(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(200))
    daemon.reload(with_globals("control_socket /run/other.sock", config(200)))
    assert lab.within(20.0, lambda: cli(host, "status", path="/run/other.sock")[0] == 0)
    moved = cli(host, "status")[0]

    daemon.reload(with_globals("control_socket off", config(200)))

    assert moved == 3
    assert lab.within(20.0, lambda: cli(host, "status", path="/run/other.sock")[0] == 3)


# ---- faults


def test_after_a_kill_nothing_is_said_of_the_last_state(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(200))
    daemon.kill()

    answers = {verb: cli(host, *verb) for verb in (("status",), ("why", "VI_1"), ("history",), ("metrics",))}

    assert {code for code, _ in answers.values()} == {3}
    assert {text.split("\n")[0] for _, text in answers.values()} == {
        f"standfast: not running: nobody listens at {SOCKET}"
    }
    assert all("is left of a daemon that was killed" in text for _, text in answers.values())


def test_a_child_that_is_stopped_is_said_to_be_silent(lab: Lab, host: Host) -> None:
    master(lab, host, config(200))
    host.command("kill", "-STOP", str(child_of(host)))

    code, text = cli(host, "status")

    host.command("kill", "-CONT", str(child_of(host)))
    assert code == 1
    assert "the vrrp process does not answer; what it does is not shown" in text
    assert "MASTER" not in text


EVIL: Final = """
import socket, sys, time
held = []
end = time.monotonic() + 3
while time.monotonic() < end:
    for data in (b"x" * 200_000, b"{" * 1000 + b"\\n", b'{"verb":"status"}\\n' * 12, b""):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(0.2)
        try:
            client.connect("/run/standfastd.sock")
            client.sendall(data)
        except OSError:
            pass
        held = [client, *held[:40]]  # nobody reads, nobody closes
"""


def test_evil_clients_do_not_make_an_advert_late(lab: Lab, host: Host) -> None:
    master(lab, host, config(200))
    with lab.capture() as capture:
        evil = host.start(sys.executable, "-c", EVIL)
        evil.wait()

        sent = [at for at, _ in capture.adverts(51)]

    gaps = [between(earlier, later) for earlier, later in pairwise(sent)]
    assert len(gaps) > 20
    assert median(gaps) < 0.11 * SECOND
    assert max(gaps) < SECOND  # they go on for three, and a busy machine stands still for less
    assert lab.within(20.0, lambda: cli(host, "status")[0] == 0)
