"""Orders of operators to a running daemon: `maintenance` and `failover`."""

import signal

import pytest
from daemon_lab import VIP, child_of, cli, config, master, started, status

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab


def test_a_failover_moves_the_address_to_another_host_and_back(lab: Lab, host: Host) -> None:
    other = lab.host("b", "10.99.0.2/24")
    master(lab, other, config(100))
    started(lab, host, config(200))  # hears the other one before it takes over
    assert lab.within(20.0, lambda: host.holds(VIP) and not other.holds(VIP))

    there = cli(host, "failover", "VI_1", "--reason", "a test")
    moved = lab.within(20.0, lambda: other.holds(VIP) and not host.holds(VIP))
    said = cli(host, "status")[1]
    back = cli(host, "failover", "VI_1", "--back")

    assert (there, moved) == ((0, "failover of VI_1: on\n"), True)
    assert "failover of VI_1, by root, until it is taken back: a test" in said
    assert back == (0, "failover of VI_1: off\n")
    assert lab.within(20.0, lambda: host.holds(VIP) and not other.holds(VIP))


def test_a_failover_is_waited_for_there_and_back(lab: Lab, host: Host) -> None:
    other = lab.host("b", "10.99.0.2/24")
    master(lab, other, config(100))
    started(lab, host, config(200))
    assert lab.within(20.0, lambda: host.holds(VIP) and not other.holds(VIP))

    there = cli(host, "failover", "VI_1", "--wait")
    moved = lab.within(20.0, lambda: other.holds(VIP))  # whose advert was heard, just before
    (one,) = status(host)["instances"]
    back = cli(host, "failover", "VI_1", "--back", "--wait")

    assert (there[0], moved) == (0, True)
    assert one["peers"][-1]["address"] == "10.99.0.2"
    assert back[0] == 0


def test_a_failover_that_nobody_follows_says_so(lab: Lab, host: Host) -> None:
    group = "vrrp_sync_group G {\n group {\n VI_1\n }\n}\n" + config(200)
    master(lab, host, group)

    code, text = cli(host, "failover", "G", "--force", "--wait", "--timeout", "1s")

    assert code == 1
    assert "VI_1: nobody else was heard as master within 1 s; the order stands" in text
    assert status(host)["instances"][0]["reason"] == "failover"


def test_a_peer_that_said_goodbye_counts_for_nothing(lab: Lab, host: Host) -> None:
    other = lab.host("b", "10.99.0.2/24")
    leaving = master(lab, other, config(100))
    started(lab, host, config(90))
    assert lab.within(20.0, lambda: bool(status(host)["instances"][0]["peers"]))
    assert leaving.stop() == 0
    assert lab.within(20.0, lambda: host.holds(VIP))

    code, text = cli(host, "failover", "VI_1")

    assert code == 4
    assert "the last word that VI_1 heard of 10.99.0.2 was a goodbye" in text


def test_maintenance_survives_a_reload_a_crash_and_a_restart(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(200))
    assert cli(host, "maintenance", "on", "--force", "--for", "2h")[0] == 0
    assert lab.within(20.0, lambda: not host.holds(VIP))

    daemon.reload(config(190))
    assert lab.within(20.0, lambda: "Reload complete" in daemon.log())
    reloaded = status(host)["instances"][0]
    child = child_of(host)
    host.command("kill", "-KILL", str(child))
    assert lab.within(20.0, lambda: child_of(host) not in {0, child})
    assert lab.within(20.0, lambda: bool(status(host)["instances"]))
    respawned = status(host)["instances"][0]
    daemon.signal(signal.SIGTERM)
    assert daemon.wait() == 0
    started(lab, host, config(190))
    restarted = status(host)

    states = [one["state"] for one in (reloaded, respawned, restarted["instances"][0])]
    assert states == ["fault", "fault", "fault"]
    assert restarted["orders"][0]["what"] == "maintenance"
    assert not host.holds(VIP)


def test_an_order_ends_when_its_time_is_over(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(200))

    assert cli(host, "maintenance", "on", "VI_1", "--force", "--for", "1s")[0] == 0

    assert lab.within(20.0, lambda: "maintenance is over" in daemon.log())
    assert lab.within(20.0, lambda: host.holds(VIP))
    assert status(host)["orders"] == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(
            ("failover", "VI_1"), "no other router of VI_1 was ever heard", id="nobody would take over"
        ),
        pytest.param(("failover", "VI_9", "--force"), "no instance is called VI_9", id="an unknown name"),
        pytest.param(
            ("maintenance", "off"), "there is no maintenance of everything", id="nothing to take back"
        ),
    ],
)
def test_an_order_that_is_refused(lab: Lab, host: Host, words: tuple[str, ...], said: str) -> None:
    master(lab, host, config(200))

    code, text = cli(host, *words)

    assert code == 4
    assert said in text
    assert host.holds(VIP)
