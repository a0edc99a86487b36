"""All in one process, for containers (`--single`): the same daemon, and one thing to restart."""

import re
import signal
import sys
from ipaddress import ip_address

from daemon_lab import CALM, VIP, cli, config, started

from standfast.base.limits import HELLO_INTERVAL, HELLO_MISSES
from standfast.base.times import SECOND
from standfast.daemon.exits import Exit
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab, standfastd

NOTICED_WITHIN = (HELLO_MISSES + 1) * HELLO_INTERVAL / SECOND + 25.0  # and the machine may be busy
TRACKS = """track_script {
    good
}"""
ALL_PARTS = f"""
global_defs {{
    lvs_engine nftables
    notify_fifo /run/notices
}}
bfd_instance neighbour {{
    neighbor_ip 10.99.0.2
    source_ip 10.99.0.1
}}
vrrp_script good {{
    script /usr/bin/true
    interval 1
    user root
}}
virtual_server 10.99.0.200 80 {{
    protocol TCP
    lb_algo rr
    lb_kind NAT
    real_server 10.99.0.20 80 {{
        TCP_CHECK {{
            connect_timeout 1
        }}
    }}
}}
{config(150, more=TRACKS)}
"""


def single(lab: Lab, host: Host, text: str, *flags: str) -> Daemon:
    return started(lab, host, text, "--single", *flags)


def test_an_address_moves_and_moves_back(lab: Lab, host: Host) -> None:
    peer = lab.host("b", "10.99.0.2/24")
    ours = single(lab, host, config(150, interval=CALM))
    assert lab.within(20.0, lambda: host.holds(VIP))
    theirs = single(lab, peer, config(100, interval=CALM))
    assert not peer.holds(VIP)

    with peer.address_events() as events:
        ours.kill()

        assert lab.within(20.0, lambda: peer.holds(VIP))
        assert lab.within(20.0, lambda: events.of(ip_address(VIP)))
        assert [event.added for event in events.of(ip_address(VIP))] == [True]
    again = single(lab, host, config(150, interval=CALM))
    assert lab.within(20.0, lambda: host.holds(VIP) and not peer.holds(VIP))
    assert [each.alive for each in (again, theirs)] == [True, True]


def test_all_parts_are_one_process(lab: Lab, host: Host) -> None:
    daemon = host.direct(ALL_PARTS, "--single")
    assert lab.within(20.0, lambda: "Startup complete" in daemon.log())
    assert lab.within(20.0, lambda: host.holds(VIP))

    for child in ("vrrp", "checker", "bfd", "messenger"):
        assert f"Started the {child} process" in daemon.log()
    assert set(daemon.tree()) == {daemon.pid}
    assert lab.within(20.0, lambda: "Entering MASTER" in daemon.log())


def test_a_reload_keeps_the_address_and_a_stop_says_goodbye(lab: Lab, host: Host) -> None:
    with lab.capture() as capture:
        daemon = single(lab, host, config(150))
        assert lab.within(20.0, lambda: host.holds(VIP))
        with host.address_events() as events:
            daemon.reload(config(150, [f"{VIP}/24", "10.99.0.110/24"]))

            assert lab.within(20.0, lambda: host.holds("10.99.0.110"))
            assert [each.added for each in events.of(ip_address(VIP))] == []

        assert daemon.stop() == 0
        assert not host.holds(VIP)
        assert capture.adverts(51)[-1][1].priority == 0
    assert "Stopped Standfast" in daemon.log()


def test_who_asks_is_answered_and_signals_have_their_effect(lab: Lab, host: Host) -> None:
    daemon = host.start(
        "env", "TMPDIR=/run", *standfastd(), "--single", "-l", "-P", "-f", host.write("x.conf", config(150)),
        "-p", "/run/x.pid", "-r", "/run/x-vrrp.pid",
    )  # fmt: skip
    assert lab.within(20.0, lambda: "Entering MASTER" in daemon.log())

    daemon.signal(signal.SIGUSR1)
    daemon.signal(signal.SIGRTMIN + 2)  # type: ignore[arg-type]

    assert lab.within(20.0, lambda: "State = MASTER" in host.read("keepalived.data"))
    assert lab.within(20.0, lambda: '"state":2' in host.read("keepalived.json"))
    assert host.read("x-vrrp.pid") == host.read("x.pid")


def test_a_restart_that_keeps_all_is_refused_with_what_to_do_instead(lab: Lab, host: Host) -> None:
    daemon = single(lab, host, config(150))
    assert lab.within(20.0, lambda: host.holds(VIP))

    code, text = cli(host, "restart", "--keep")

    assert code == 4
    assert "with --single there are no processes to hand over to; restart the container" in text
    assert daemon.alive
    assert host.holds(VIP)
    assert "replaced" not in daemon.log()


def test_a_thread_that_dies_ends_all_and_the_next_start_takes_the_address_away_first(
    lab: Lab, host: Host
) -> None:
    daemon = single(lab, host, config(150))
    assert lab.within(20.0, lambda: host.holds(VIP))

    daemon.signal(signal.SIGSTOP)  # a suspended container that is given up
    daemon.kill()
    with host.address_events() as events:
        again = single(lab, host, config(150))
        assert lab.within(20.0, lambda: host.holds(VIP) and "Entering MASTER" in again.log())
        assert lab.within(20.0, lambda: len(events.of(ip_address(VIP))) >= 2)
        changes = [event.added for event in events.of(ip_address(VIP))]

    assert changes == [False, True]


HANGS = """
import sys, time
import standfast.daemon.obedience as obedience
from standfast.daemon.main import main
obedience.alive = lambda *_: time.sleep(1000)  # at its first hello
sys.exit(main(sys.argv[1:]))
"""


def test_a_thread_that_hangs_ends_the_process_and_all_stacks_are_in_the_log(lab: Lab, host: Host) -> None:
    files = ["-f", host.write("x.conf", config(150)), "-p", "/run/x.pid", "-r", "/run/x-vrrp.pid"]
    daemon = host.start(sys.executable, "-c", HANGS, "--single", "-l", "-P", *files)

    assert daemon.wait(NOTICED_WITHIN) == Exit.INTERNAL
    assert "The vrrp process does not answer" in daemon.log()
    assert re.search(r"process stood here, another thread +where=\"<string>:\d+ <lambda> < ", daemon.log())
