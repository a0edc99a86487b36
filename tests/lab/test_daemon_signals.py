"""What signals make a running daemon do: stop, reload as a transaction, write its dumps."""

import signal
from collections.abc import Callable
from ipaddress import ip_address

import pytest
from daemon_lab import PID_FILE, VIP, child_of, config, master

from standfast.lab.clock import now
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

OTHER = "10.99.0.101"


def reloads(daemon: Daemon) -> int:
    return daemon.log().count("Reload ")


def reload(lab: Lab, daemon: Daemon, text: str) -> None:
    """Give the daemon this configuration, and wait for its verdict."""
    before = reloads(daemon)
    daemon.reload(text)
    assert lab.within(20.0, lambda: reloads(daemon) > before)


# ---- stop


@pytest.mark.parametrize(
    ("number", "to_child"),
    [
        pytest.param(signal.SIGTERM, False, id="SIGTERM to the parent"),
        pytest.param(signal.SIGINT, False, id="SIGINT to the parent"),
    ],
)
def test_a_stop_says_goodbye_and_leaves_nothing(
    lab: Lab, host: Host, number: signal.Signals, to_child: bool
) -> None:
    with lab.capture() as capture:
        daemon = master(lab, host, config(255))

        asked = daemon.signal(number)
        status = daemon.wait()

        last = capture.adverts(51)[-1]
    assert status == 0
    assert last[0] >= asked
    assert last[1].priority == 0
    assert not host.holds(VIP)
    assert host.read(PID_FILE) == ""
    assert daemon.log().rstrip().splitlines()[-1].endswith("Stopped Standfast v0.1.0.dev0")


def test_sigint_can_be_ignored(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(255), "--ignore-sigint")

    daemon.signal(signal.SIGINT)
    daemon.reload(config(255))

    assert lab.within(20.0, lambda: reloads(daemon) == 1)
    assert daemon.alive


# ---- reload


def test_a_reload_of_the_same_file_does_nothing(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(255))
    with host.address_events() as events:
        reload(lab, daemon, config(255))

        assert events.of(ip_address(VIP)) == ()
    assert "nothing to do" in daemon.log()
    assert "Reload complete" in daemon.log()
    assert daemon.log().count("Entering") == 1


def test_a_reload_changes_the_priority_of_a_master_in_place(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(150))
    child = child_of(host)
    with lab.capture() as capture:
        reload(lab, daemon, config(140))
        done = now()

        assert lab.within(20.0, lambda: capture.adverts(51, since=done))
        priorities = {advert.priority for _, advert in capture.adverts(51, since=done)}
    assert priorities == {140}
    assert daemon.log().count("Entering MASTER") == 1
    assert child_of(host) == child


def test_an_address_in_both_configurations_is_never_absent(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(150, [f"{VIP}/24", "10.99.0.102/24"]))
    with host.address_events() as events:
        reload(lab, daemon, config(150, [f"{OTHER}/24", f"{VIP}/24"]))

        assert lab.within(20.0, lambda: host.holds(OTHER) and not host.holds("10.99.0.102"))
        assert not [event for event in events.of(ip_address(VIP)) if not event.added]
    assert host.holds(VIP)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param(
            lambda: config(150, interface="eth9"), "no interface eth9", id="an interface that is missing"
        ),
        pytest.param(
            lambda: "includea /run/nowhere.conf\n" + config(140), "nowhere", id="an include that fails"
        ),
    ],
)
def test_a_reload_that_cannot_be_used_leaves_everything_as_it_was(
    lab: Lab, host: Host, text: Callable[[], str], why: str
) -> None:
    daemon = master(lab, host, config(150))
    child = child_of(host)

    reload(lab, daemon, text())

    assert "Reload refused; the running configuration is unchanged" in daemon.log()
    assert why in daemon.log()
    assert host.holds(VIP)
    assert child_of(host) == child
    reload(lab, daemon, config(140))
    assert "Reload complete" in daemon.log()


def test_a_child_that_is_told_to_reload_asks_its_parent(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(150))
    host.write("standfastd.conf", config(140))

    daemon.signal(signal.SIGHUP, child_of(host))

    assert lab.within(20.0, lambda: "Reload complete" in daemon.log())


def test_a_reload_can_take_the_last_router_away_and_bring_one_back(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(255))

    reload(lab, daemon, "global_defs { router_id a }\n")
    assert lab.within(20.0, lambda: not host.holds(VIP) and child_of(host) == 0)

    reload(lab, daemon, config(255))
    assert lab.within(20.0, lambda: host.holds(VIP))


# ---- dumps


def test_signals_write_the_dumps(lab: Lab, host: Host) -> None:
    host.write("d.conf", config(255, more="authentication { auth_type PASS auth_pass geheim }"))
    host.start(
        "env",
        "TMPDIR=/run",
        *lab.daemon,
        "-nlG",
        "-f",
        "/run/d.conf",
        "-p",
        "/run/d.pid",
        "-r",
        "/run/d-v.pid",
    )
    assert lab.within(20.0, lambda: host.holds(VIP))
    parent = host.read("d.pid").strip()

    host.command("kill", "-USR1", parent)
    host.command("kill", "-USR2", parent)

    said_in = {
        "keepalived_parent.data": "Child = vrrp\n  State = running",
        "keepalived.data": " VRRP Instance = VI_1\n   VRRP Version = 3\n   State = MASTER",
        "keepalived.stats": "VRRP Instance: VI_1\n  Advertisements:\n    Received: 0\n    Sent: ",
    }
    assert lab.within(20.0, lambda: all(said in host.read(file) for file, said in said_in.items()))
    assert not any("geheim" in host.read(file) for file in said_in)
    assert "Became master: 1" in host.read("keepalived.stats")


def test_statistics_are_cleared_after_they_were_written(lab: Lab, host: Host) -> None:
    host.write("d.conf", config(255))
    host.start(
        "env",
        "TMPDIR=/run",
        *lab.daemon,
        "-nlG",
        "-f",
        "/run/d.conf",
        "-p",
        "/run/d.pid",
        "-r",
        "/run/d-v.pid",
    )
    assert lab.within(20.0, lambda: host.holds(VIP))
    parent = host.read("d.pid").strip()

    host.command("kill", "-63", parent)
    assert lab.within(20.0, lambda: "Became master: 1" in host.read("keepalived.stats"))
    host.command("kill", "-USR2", parent)

    assert lab.within(20.0, lambda: "Became master: 0" in host.read("keepalived.stats"))
