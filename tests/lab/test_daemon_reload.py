"""`standfast reload`: all of a new configuration or none of it, with a plan before and an answer after."""

from typing import Any, Final

import msgspec
import pytest
from daemon_lab import FILE, STANDFAST, VIP, cli, config, master

from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

OTHER: Final = "10.99.0.101"


def configuration(host: Host) -> dict[str, Any]:
    _, text = cli(host, "status", "--json")
    decoded: dict[str, Any] = msgspec.json.decode(text)["configuration"]
    return decoded


def test_a_plan_changes_nothing_and_the_reload_does_it(lab: Lab, host: Host) -> None:
    master(lab, host, config(200))
    host.write("standfastd.conf", config(190, [f"{VIP}/24", f"{OTHER}/24"]))

    plan = cli(host, "reload", "--plan")
    planned_only = host.holds(OTHER), configuration(host)["generation"]
    done = cli(host, "reload")

    changes = (
        f"  vrrp_instance VI_1: priority: 200 -> 190\n  vrrp_instance VI_1: virtual_ipaddress: +{OTHER}/24\n"
    )
    assert plan[1] == "A reload would do this:\n" + changes
    assert (plan[0], planned_only) == (0, (False, 1))
    assert (done[0], done[1].splitlines()[0]) == (0, "Reloaded:")
    assert lab.within(20.0, lambda: host.holds(OTHER))
    assert host.holds(VIP)
    assert configuration(host)["generation"] == 2


@pytest.mark.behaviour("RL-01")
def test_a_file_with_an_error_changes_nothing_at_all(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(200))
    host.write(
        "standfastd.conf", config(100, [f"{OTHER}/24"]) + "\nvrrp_sync_group G {\n group {\n VI_9\n }\n}\n"
    )

    plan = cli(host, "reload", "--plan")
    done = cli(host, "reload")

    told = configuration(host)
    assert (plan[0], done[0]) == (1, 1)
    assert done[1].startswith("Refused; the running configuration is unchanged:\n")
    assert f"{FILE}:" in done[1]
    assert "VI_9" in done[1]
    assert (told["generation"], told["reload"]["ok"]) == (1, False)
    assert any("VI_9" in problem for problem in told["reload"]["problems"])
    assert (host.holds(VIP), host.holds(OTHER)) == (True, False)
    assert daemon.log().count("Entering") == 2  # backup and master, at the start


@pytest.mark.behaviour("RL-08")
def test_what_needs_a_restart_is_said_and_not_done(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(200))
    host.write("standfastd.conf", "global_defs {\n vrrp_no_swap\n}\n" + config(200))

    code, text = cli(host, "reload")
    again = cli(host, "reload", "--plan")

    assert code == 0
    assert "global_defs: vrrp_no_swap: off -> on; not before the daemon is restarted" in text
    assert "vrrp_no_swap" in again[1]
    assert "vrrp_no_swap stays as it was until the daemon is restarted" in daemon.log()


@pytest.mark.behaviour("RL-06")
def test_requests_at_once_are_all_answered(lab: Lab, host: Host) -> None:
    master(lab, host, config(200))
    host.write("standfastd.conf", config(190))

    asking = [host.start(STANDFAST, "reload", "--json", "--socket", "/run/standfastd.sock") for _ in range(4)]
    codes = [process.wait() for process in asking]

    answers = [msgspec.json.decode(process.log()) for process in asking]
    assert codes == [0, 0, 0, 0]
    assert sum(answer["changed"] for answer in answers) >= 1
    assert configuration(host)["generation"] == 2


def test_the_history_has_the_plan_and_the_result(lab: Lab, host: Host) -> None:
    daemon: Daemon = master(lab, host, config(200))
    daemon.reload(config(190))
    assert lab.within(20.0, lambda: "Reload complete" in daemon.log())

    _, text = cli(host, "history", "--json")

    events = [msgspec.json.decode(line) for line in text.splitlines()]
    kinds = [event["kind"] for event in events if event["kind"].startswith("reload")]
    planned = next(event for event in events if event["kind"] == "reload-planned")
    assert kinds == ["reload-planned", "reload-complete"]
    assert planned["facts"]["changes"] == ["vrrp_instance VI_1: priority: 200 -> 190"]
