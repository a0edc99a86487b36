"""Whatever dies: no address stays on a host that is not master, and nobody is left behind."""

import signal
from ipaddress import ip_address

import pytest
from daemon_lab import CALM, PID_FILE, RECORD, VIP, child_of, config, master, started

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab


def test_a_killed_child_is_replaced_and_its_address_taken_away_first(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(150))
    dead = child_of(host)
    with host.address_events() as events:
        daemon.signal(signal.SIGKILL, dead)

        assert lab.within(20.0, lambda: daemon.log().count("Entering MASTER STATE") == 2)
        assert lab.within(20.0, lambda: host.holds(VIP) and len(events.of(ip_address(VIP))) >= 2)
        changes = [event.added for event in events.of(ip_address(VIP))]
    assert changes == [False, True], "the replacement starts as a backup, which holds nothing"
    assert child_of(host) not in (0, dead)
    assert "The vrrp process was killed by SIGKILL" in daemon.log()
    assert lab.within(20.0, lambda: "Restarted the vrrp process" in daemon.log())


def test_a_child_killed_beside_a_weaker_peer_leaves_one_holder(lab: Lab, host: Host) -> None:
    peer = lab.host("b", "10.99.0.2/24")
    daemon = master(lab, host, config(150, more="nopreempt", interval=CALM))
    started(lab, peer, config(100, interval=CALM))

    daemon.signal(signal.SIGSTOP)  # so that nobody replaces the child
    daemon.signal(signal.SIGKILL, child_of(host))
    assert lab.within(20.0, lambda: peer.holds(VIP))
    assert host.holds(VIP), "the kernel keeps what a killed process held"
    daemon.signal(signal.SIGCONT)

    assert lab.within(20.0, lambda: not host.holds(VIP))
    assert peer.holds(VIP)


def test_a_child_that_is_told_to_stop_comes_back(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(150))
    first = child_of(host)

    daemon.signal(signal.SIGTERM, first)

    assert lab.within(20.0, lambda: child_of(host) not in (0, first))
    assert lab.within(20.0, lambda: "The vrrp process ended with status 0" in daemon.log())


def test_a_second_death_is_followed_by_a_pause(lab: Lab, host: Host) -> None:
    daemon = started(lab, host, config(150))
    first = child_of(host)

    daemon.signal(signal.SIGKILL, first)
    assert lab.within(20.0, lambda: child_of(host) not in (0, first))
    daemon.signal(signal.SIGKILL, child_of(host))

    assert lab.within(20.0, lambda: "restart in 1 s" in daemon.log())
    assert daemon.log().count("restart at once") == 1


def test_without_respawn_the_daemon_ends_with_its_child(lab: Lab, host: Host) -> None:
    daemon = started(lab, host, config(150), "-R")

    daemon.signal(signal.SIGKILL, child_of(host))

    assert daemon.wait() == 1
    assert host.read(PID_FILE) == ""


def test_when_the_parent_is_killed_the_child_ends_in_order(lab: Lab, host: Host) -> None:
    with lab.capture() as capture:
        daemon = master(lab, host, config(150))

        daemon.signal(signal.SIGKILL)

        assert lab.within(20.0, lambda: not host.holds(VIP))
        assert lab.within(20.0, lambda: capture.adverts(51)[-1][1].priority == 0)
    assert lab.within(20.0, lambda: child_of(host) == 0)


def test_after_a_killed_parent_a_new_daemon_takes_over_everything(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(255))
    daemon.signal(signal.SIGKILL)

    again = started(lab, host, config(255))

    assert lab.within(20.0, lambda: host.holds(VIP) and child_of(host) in again.tree())
    assert not lab.within(0.5, lambda: not host.holds(VIP)), "the old child took the new one's address away"


@pytest.mark.parametrize(
    "priority",
    [pytest.param(100, id="as a backup first"), pytest.param(255, id="as the owner, again master at once")],
)
def test_after_everything_was_killed_a_restart_takes_the_addresses_away_first(
    lab: Lab, host: Host, priority: int
) -> None:
    master(lab, host, config(priority)).kill()
    assert host.holds(VIP), "the kernel keeps what a killed process held"

    with host.address_events() as events:
        again = started(lab, host, config(priority))
        assert lab.within(20.0, lambda: host.holds(VIP) and "Entering MASTER" in again.log())
        assert lab.within(20.0, lambda: len(events.of(ip_address(VIP))) >= 2)
        changes = [event.added for event in events.of(ip_address(VIP))]

    assert changes == [False, True]


def test_an_address_that_a_killed_daemon_left_is_gone_before_another_master_is_disturbed(
    lab: Lab, host: Host
) -> None:
    master(lab, host, config(150)).kill()
    peer = lab.host("b", "10.99.0.2/24")
    master(lab, peer, config(200, interval=CALM))

    started(lab, host, config(150, interval=CALM))

    assert lab.within(20.0, lambda: not host.holds(VIP))
    assert peer.holds(VIP)


def test_an_address_that_the_next_configuration_does_not_name_goes_and_those_of_others_stay(
    lab: Lab, host: Host
) -> None:
    """Two daemons mark their addresses alike; only what was written down as its own is removed by the next one."""
    theirs, ours_before, ours_now = "10.99.0.110", VIP, "10.99.0.120"
    beside = config(255, [f"{theirs}/24"]).replace("_id 51", "_id 52")
    host.run(beside, name="beside")
    assert lab.within(20.0, lambda: host.holds(theirs))
    master(lab, host, config(255, [f"{ours_before}/24"])).kill()
    assert host.holds(ours_before)

    again = started(lab, host, config(255, [f"{ours_now}/24"]))

    assert lab.within(20.0, lambda: host.holds(ours_now))
    assert not host.holds(ours_before)
    assert host.holds(theirs)
    assert lab.within(20.0, lambda: host.read(RECORD) == f"eth0 {ours_now}/24\n")
    assert again.stop() == 0
    assert host.read(RECORD) == ""


def test_a_child_that_follows_a_reload_clears_up_after_a_killed_one(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(255))
    first = child_of(host)
    daemon.signal(signal.SIGKILL, first)
    assert lab.within(20.0, lambda: daemon.log().count("Entering MASTER STATE") == 2)
    daemon.signal(signal.SIGKILL, child_of(host))
    assert lab.within(20.0, lambda: "restart in 1 s" in daemon.log())

    daemon.reload(config(255, ["10.99.0.120/24"]))

    assert lab.within(20.0, lambda: host.holds("10.99.0.120") and not host.holds(VIP))
    assert lab.within(20.0, lambda: host.read(RECORD) == "eth0 10.99.0.120/24\n")
