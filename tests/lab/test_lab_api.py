"""The lab itself: hosts, cables, programs, captures, probes. No VRRP daemon takes part."""

import signal
from ipaddress import ip_address
from pathlib import Path

import pytest

from standfast.base.errors import Refused
from standfast.base.times import MILLISECOND, times
from standfast.lab.clock import now
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.processes import Process

SERVICE = "10.99.0.100"
BEFORE = now()  # earlier than anything that a test does


def test_hosts_on_one_switch_reach_each_other_in_both_families(lab: Lab) -> None:
    lab.host("a", "10.99.0.1/24", "fd99::1/64")
    client = lab.host("c", "10.99.0.9/24", "fd99::9/64")

    with client.probe("10.99.0.1") as old, client.probe("fd99::1") as new:
        old_answers = lab.within(20.0, lambda: old.answers_since(BEFORE))
        new_answers = lab.within(20.0, lambda: new.answers_since(BEFORE))

    assert old_answers
    assert new_answers


def test_an_address_and_its_changes_are_seen(lab: Lab) -> None:
    host = lab.host("a", "10.99.0.1/24")

    with host.address_events() as events:
        started = now()
        host.command("ip", "address", "add", f"{SERVICE}/32", "dev", "eth0")
        held = host.holds(SERVICE), host.holds(f"{SERVICE}/32"), host.holds(f"{SERVICE}/24")
        host.command("ip", "address", "del", f"{SERVICE}/32", "dev", "eth0")
        assert lab.within(20.0, lambda: len(events.of(ip_address(SERVICE))) == 2)

    assert held == (True, True, False)
    assert not host.holds(SERVICE)
    came, went = events.of(ip_address(SERVICE))
    assert (came.added, came.prefix, went.added) == (True, 32, False)
    assert started <= came.at <= went.at <= now()


def test_a_pulled_cable_takes_the_carrier_and_a_replugged_one_gives_it_back(lab: Lab) -> None:
    host = lab.host("a", "10.99.0.1/24")

    host.unplug()
    assert lab.within(20.0, lambda: "NO-CARRIER" in host.command("ip", "link", "show", "eth0"))

    host.plug()
    assert lab.within(20.0, lambda: "LOWER_UP" in host.command("ip", "link", "show", "eth0"))


def test_a_separated_host_hears_nobody_but_keeps_its_carrier(lab: Lab) -> None:
    host, client = lab.host("a", "10.99.0.1/24"), lab.host("c", "10.99.0.9/24")

    with client.probe("10.99.0.1") as probe:
        assert lab.within(20.0, lambda: probe.answers_since(BEFORE))
        host.separate()
        separated, asked = now(), len(probe.questions)
        assert lab.within(20.0, lambda: len(probe.questions) > asked + 20)
        heard, link = probe.answers_since(separated), host.command("ip", "link", "show", "eth0")
        host.rejoin()
        rejoined = now()
        assert lab.within(20.0, lambda: probe.answers_since(rejoined))

    assert not heard
    assert "LOWER_UP" in link


def test_hosts_are_numbered_in_the_order_in_which_they_came(lab: Lab) -> None:
    hosts = [lab.host(name) for name in ("first", "second")]

    assert [host.mac().hex(":") for host in hosts] == ["02:00:00:00:01:00", "02:00:00:00:02:00"]


def test_a_program_is_signalled_and_its_end_and_words_are_known(lab: Lab) -> None:
    host = lab.host("a")
    program = host.start("sh", "-c", "trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.01; done")
    assert lab.within(20.0, lambda: "ready" in program.log())

    status = program.stop()

    assert status == 3
    assert program.log().split() == ["ready", "bye"]
    assert not program.alive


def test_of_what_many_write_at_once_nothing_is_lost(lab: Lab) -> None:
    host = lab.host("a", "10.99.0.1/24")
    lines = 20_000
    counting = f"(i=0; while [ $i -lt {lines} ]; do echo $i; i=$((i+1)); done)"

    writers = host.start("/bin/sh", "-c", f"for each in 1 2; do {counting} & done; wait")

    assert writers.wait(60) == 0
    assert len(writers.log().splitlines()) == 2 * lines


def test_a_killed_program_takes_all_its_children_along(lab: Lab) -> None:
    host = lab.host("a")
    program = host.start("sh", "-c", "setsid sleep 1000 & sleep 1000 & wait")
    assert lab.within(20.0, lambda: len(program.tree()) == 3)
    children = [pid for pid in program.tree() if pid != program.pid]

    program.kill()

    assert program.wait() == -signal.SIGKILL
    assert lab.within(20.0, lambda: not program.tree())
    assert all("No such" in host.command("sh", "-c", f"kill -0 {pid} 2>&1 || true") for pid in children)


def test_a_paused_program_does_nothing_until_it_is_resumed(lab: Lab) -> None:
    host = lab.host("a")
    program = host.start("sleep", "1000")
    assert lab.within(20.0, lambda: _state(host, program) == "S")

    program.pause()
    assert lab.within(20.0, lambda: _state(host, program) == "T")

    program.resume()
    assert lab.within(20.0, lambda: _state(host, program) == "S")


def _state(host: Host, program: Process) -> str:
    """The letter that the kernel gives for what the program does: S sleeps, T is stopped."""
    stat = host.command("cat", f"/proc/{program.pid}/stat")
    return stat.rsplit(")", 1)[1].split(maxsplit=1)[0]


def test_a_powered_off_host_answers_no_more(lab: Lab) -> None:
    host, client = lab.host("a", "10.99.0.1/24"), lab.host("c", "10.99.0.9/24")
    host.start("sleep", "1000")

    with client.probe("10.99.0.1") as probe:
        assert lab.within(20.0, lambda: probe.answers_since(BEFORE))
        at = host.power_off()
        asked = len(probe.questions)
        assert lab.within(20.0, lambda: len(probe.questions) > asked + 20)

    assert not any(each.answered_at for each in probe.questions if each.sent_at > at)


def test_a_capture_on_the_switch_sees_what_passes_between_two_others(lab: Lab, tmp_path: Path) -> None:
    host, client = lab.host("a", "10.99.0.1/24"), lab.host("c", "10.99.0.9/24")

    with lab.capture() as packets, client.probe("10.99.0.1", every=times(10, MILLISECOND)) as probe:
        assert lab.within(20.0, lambda: sum(1 for each in probe.questions if each.answered_at) >= 3)
    packets.write(tmp_path / "seen.pcap")

    replies = packets.replies(ip_address("10.99.0.1"))
    sequences = [echo.sequence for _, echo in replies]
    assert sequences == sorted(set(sequences))  # each frame once
    assert {packet.sender for packet in packets} <= {host.mac(), client.mac()}
    assert (tmp_path / "seen.pcap").stat().st_size > 24


def test_files_of_a_host_are_its_own(lab: Lab) -> None:
    left, right = lab.host("a"), lab.host("b")

    path = left.write("told.sh", "echo told > /run/answer\n", mode=0o755)
    left.command("sh", path)

    assert left.read("answer") == "told\n"
    assert right.read("answer") == ""


def test_a_host_can_have_a_second_interface_on_another_switch(lab: Lab) -> None:
    lab.switch("back")
    host = lab.host("a", "10.99.0.1/24")

    host.connect("eth1", "back", ["10.98.0.1/24"])

    assert host.holds("10.98.0.1/24")
    assert "10.98.0.1/24 " in host.command("ip", "address", "show", "dev", "eth1")


def test_what_cannot_run_is_refused_with_its_words(lab: Lab) -> None:
    host = lab.host("a")

    with pytest.raises(Refused, match="is not installed"):
        host.start("no-such-program")
    with pytest.raises(Refused, match=r"ended with 1: .*eth7"):
        host.command("ip", "link", "show", "eth7")
