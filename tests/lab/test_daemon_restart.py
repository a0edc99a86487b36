"""`standfast restart --keep`: the program begins anew, and nobody but its own processes notices."""

import re
import signal
from contextlib import ExitStack
from itertools import count
from typing import Any, Final

import bfd_lab
import pytest
from bfd_lab import LEFT, RIGHT, is_up, session, states, words
from daemon_lab import CALM, FILE, PID_FILE, STANDFAST, VIP, child_of, cli, config, master, started, status
from nat_lab import CHECKED, PATIENCE, Server, Stage, real, say, virtual
from nat_lab import rules as tables

from standfast.base.addresses import parse_address
from standfast.base.times import MILLISECOND, times
from standfast.cli.control import NOT_RUNNING
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.processes import Process

OTHER: Final = "10.99.0.101"
RESTARTS: Final = 4  # of each of two hosts; fifty were tried by hand
METRICS: Final = count(1)
PROBE_EVERY: Final = times(10, MILLISECOND)


@pytest.fixture
def host(lab: Lab) -> Host:
    return lab.host("a", f"{LEFT}/24")


@pytest.fixture
def peer(lab: Lab) -> Host:
    return lab.host("b", f"{RIGHT}/24")


def restart(host: Host) -> None:
    code, text = cli(host, "restart", "--keep", patience=60.0)
    assert code == 0, text


def instance(host: Host) -> dict[str, Any]:
    found: dict[str, Any] = status(host)["instances"][0]
    return found


def transitions(daemon: Daemon) -> list[str]:
    """Every state that an instance entered."""
    return re.findall(r"Entering (\w+) STATE", daemon.log())


def test_many_restarts_of_master_and_backup_are_no_transition_and_lose_no_packet(
    lab: Lab, host: Host, peer: Host
) -> None:
    daemon = master(lab, host, config(200, interval=CALM))
    other = started(lab, peer, config(100, interval=CALM))
    client = lab.host("c", "10.99.0.3/24")
    entered, pid, since = transitions(daemon) + transitions(other), host.read(PID_FILE), instance(host)
    counted, child = since["statistics"]["advert_sent"], child_of(host)

    with host.address_events() as watch, client.probe(VIP, every=PROBE_EVERY) as probe:
        for _ in range(RESTARTS):
            restart(host)
            restart(peer)
        touched = watch.of(parse_address(VIP))

    lost = [question for question in probe.questions if question.answered_at is None]
    now = instance(host)
    assert not lost
    assert not touched
    assert transitions(daemon) + transitions(other) == entered
    assert [now[key] for key in ("state", "reason", "since", "priority")] == [
        since[key] for key in ("state", "reason", "since", "priority")
    ]
    assert now["statistics"]["advert_sent"] > counted + RESTARTS
    assert host.read(PID_FILE) == pid
    assert child_of(host) != child


def test_sessions_of_bfd_stay_up_and_the_neighbour_sees_the_same_one(
    lab: Lab, host: Host, peer: Host
) -> None:
    tracked = config(200, more="track_bfd {\nwan\n}", interval=CALM)
    with lab.capture() as capture:
        ours = bfd_lab.run(host, session(RIGHT, LEFT, ms=100, multiplier=20) + tracked)
        theirs = bfd_lab.run(peer, session(LEFT, RIGHT, ms=100, multiplier=20))
        assert lab.within(20.0, lambda: is_up(ours) and is_up(theirs) and host.holds(VIP))
        before, entered = (states(ours), states(theirs)), transitions(ours)

        restart(host)
        restart(peer)

        said = [words(capture, address) for address in (LEFT, RIGHT)]
    assert (states(ours), states(theirs)) == before
    assert transitions(ours) == entered
    assert [len({(word.source_port, word.mine) for word in each}) for each in said] == [1, 1]


def test_connections_to_virtual_servers_and_what_checks_said_survive(lab: Lab) -> None:
    stage = Stage(lab)
    with ExitStack() as opened:
        opened.enter_context(Server(stage.servers[0]))
        daemon = stage.serve(virtual([real(1, more=CHECKED), real(2, more=CHECKED)]))
        assert lab.within(PATIENCE, lambda: {stage.ask() for _ in range(4)} == {"s1"})
        connections = [opened.enter_context(stage.open()) for _ in range(4)]
        before = [say(one) for one in connections]
        activated = daemon.log().count("Activating healthcheck")
        handles = stage.director.command("nft", "-a", "list", "ruleset")

        restart(stage.director)

        after = [say(one) for one in connections]
        servers = {one["name"]: one["up"] for one in status(stage.director)["virtual_servers"][0]["servers"]}
        assert after == before
        assert stage.director.command("nft", "-a", "list", "ruleset") == handles
        assert sorted(servers.values()) == [False, True]
        assert daemon.log().count("Activating healthcheck") == activated
    assert "standfast_lvs" in tables(stage.director)


def test_nothing_in_the_kernel_is_removed_on_the_way(lab: Lab, host: Host) -> None:
    more = (
        "use_vmac\nno_accept\nvirtual_routes {\n10.1.0.0/16 via 10.99.0.2\n}\n"
        "virtual_rules {\nfrom 10.1.0.0/16 table 100 preference 500\n}"
    )
    master(lab, host, config(200, more=more))
    assert lab.within(20.0, lambda: "state UP" in macvlans(host))
    link = macvlans(host)
    monitor = host.start("ip", "monitor", "address", "link", "route", "rule")
    assert lab.within(20.0, lambda: _sees(host, monitor, "10.200.0.0/16"))

    restart(host)

    assert lab.within(20.0, lambda: _sees(host, monitor, "10.201.0.0/16"))
    assert "Deleted" not in monitor.log()
    assert macvlans(host) == link


def _sees(host: Host, monitor: Process, route: str) -> bool:
    """Whether the monitor tells what happens; a route of somebody else's shows it, another one each time."""
    host.command("ip", "route", "add", "blackhole", route, "metric", str(next(METRICS)))
    return route in monitor.log()


def macvlans(host: Host) -> str:
    return host.command("ip", "-o", "link", "show", "type", "macvlan")


def test_the_file_as_it_is_now_is_what_the_new_start_runs_on(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(200))
    entered = transitions(daemon)
    host.write("standfastd.conf", config(190, [f"{VIP}/24", f"{OTHER}/24"]))

    with host.address_events() as watch:
        restart(host)
        assert lab.within(20.0, lambda: host.holds(OTHER))
        touched = watch.of(parse_address(VIP))

    assert instance(host)["priority"] == 190
    assert transitions(daemon) == entered
    assert not touched


def test_who_asks_meanwhile_waits_for_an_answer(lab: Lab, host: Host) -> None:
    master(lab, host, config(200))
    asking = host.start(STANDFAST, "restart", "--keep", "--socket", "/run/standfastd.sock")

    codes = []
    while asking.alive:
        codes.append(cli(host, "status")[0])

    assert asking.wait(60.0) == 0
    assert NOT_RUNNING not in codes
    assert codes


def test_a_configuration_with_errors_is_refused_before_anything_is_given_up(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(200))
    before, child = instance(host), child_of(host)
    host.write("standfastd.conf", config(200).replace("priority 200", "priority 700"))

    code, text = cli(host, "restart", "--keep", patience=60.0)

    assert code == 4
    assert "700" in text
    assert child_of(host) == child
    assert instance(host)["since"] == before["since"]
    assert "replaced" not in daemon.log()


def test_a_name_that_only_a_start_can_give_is_refused(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(200))
    child = child_of(host)
    host.write("standfastd.conf", f"instance other\n{config(200)}")

    code, text = cli(host, "restart", "--keep", patience=60.0)

    assert code == 4
    assert f"{FILE}: instance is other, and was not set when this daemon was started" in text
    assert "stop the daemon and start it" in text
    assert child_of(host) == child
    assert "replaced" not in daemon.log()


def test_a_child_that_does_not_answer_is_killed_and_what_it_held_is_adopted(lab: Lab, host: Host) -> None:
    daemon = master(lab, host, config(200))
    stopped = child_of(host)
    asking = host.start(STANDFAST, "restart", "--keep", "--socket", "/run/standfastd.sock")
    assert lab.within(60.0, lambda: "The program is replaced" in daemon.log())

    daemon.signal(signal.SIGSTOP, stopped)

    assert (asking.wait(60.0), "vrrp began anew" in asking.log()) == (1, True), asking.log()
    assert child_of(host) != stopped
    assert lab.within(20.0, lambda: host.holds(VIP))
    assert "begins anew: it has nothing of its predecessor's state" in daemon.log()


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("0", id="standard input"),
        pytest.param("77", id="a descriptor that is not open"),
        pytest.param("rubbish", id="no number"),
    ],
)
def test_an_estate_that_cannot_be_used_makes_an_ordinary_start(lab: Lab, host: Host, number: str) -> None:
    host.write("standfastd.conf", config(200))
    daemon = host.start(
        "env",
        f"STANDFAST_RESTART={number}",
        *(*lab.daemon, "-n", "-l", "-P", "-f", FILE, "-p", "/run/standfastd.pid", "-r", "/run/v.pid"),
    )

    assert lab.within(20.0, lambda: "Startup complete" in daemon.log())
    assert "The parent process begins anew" in daemon.log()
    assert lab.within(20.0, lambda: host.holds(VIP))


def test_a_pipe_of_notices_stays_the_same_one(lab: Lab, host: Host) -> None:
    master(lab, host, "global_defs {\nvrrp_notify_fifo /run/notices\n}\n" + config(200))
    pipe = host.command("stat", "-c", "%i", "/run/notices")
    pids = {one["name"]: one["pid"] for one in status(host)["processes"]}

    restart(host)

    assert lab.within(20.0, lambda: is_gone(host, pids["messenger"]))
    assert host.command("stat", "-c", "%i", "/run/notices") == pipe


def is_gone(host: Host, pid: int) -> bool:
    return "gone" in host.command("sh", "-c", f"kill -0 {pid} 2>/dev/null || echo gone")
