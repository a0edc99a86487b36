"""BFD between two of our daemons: real sockets, processes and cables."""

import socket
from functools import partial
from itertools import pairwise
from signal import SIGCONT, SIGKILL, SIGSTOP
from statistics import median
from typing import Final, NamedTuple

import pytest
from bfd_lab import LEFT, LEFT6, RIGHT, RIGHT6, Word, is_up, pid_of, run, session, states, words

from standfast.base.times import MILLISECOND
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.wire.bfd import ControlPacket, SessionState, encode_control

DETECTION_MS: Final = 150  # three packets of 50 ms
PATIENCE: Final = 30.0  # seconds; before they are up sessions speak once a second, and a machine may be busy
CALM: Final = 40  # packets of 50 ms that may be missed: two seconds, in which no machine stands still


class Two(NamedTuple):
    """Two hosts with a session between them that is up."""

    left: Host
    right: Host
    ours: Daemon
    theirs: Daemon


def two(lab: Lab, *, multiplier: int = 3, their_multiplier: int = 0) -> Two:
    """Both are up; they have our multiplier, unless one of their own is given."""
    left, right = lab.host("a", f"{LEFT}/24", f"{LEFT6}/64"), lab.host("b", f"{RIGHT}/24", f"{RIGHT6}/64")
    ours = run(left, session(RIGHT, LEFT, multiplier=multiplier))
    other = run(right, session(LEFT, RIGHT, multiplier=their_multiplier or multiplier))
    assert lab.within(PATIENCE, lambda: is_up(ours) and is_up(other))
    return Two(left, right, ours, other)


@pytest.mark.behaviour("BF-01", "BF-08")
@pytest.mark.parametrize(
    ("ends", "more", "port"),
    [
        pytest.param((LEFT, RIGHT), "", 3784, id="over IPv4"),
        pytest.param((LEFT6, RIGHT6), "", 3784, id="over IPv6"),
        pytest.param((LEFT, RIGHT), "multihop", 4784, id="for several hops"),
    ],
)
def test_every_packet_leaves_as_the_rfc_wants_it(
    lab: Lab, ends: tuple[str, str], more: str, port: int
) -> None:
    left, right = lab.host("a", f"{LEFT}/24", f"{LEFT6}/64"), lab.host("b", f"{RIGHT}/24", f"{RIGHT6}/64")
    with lab.capture() as capture:
        ours = run(left, session(ends[1], ends[0], more))
        theirs = run(right, session(ends[0], ends[1], more))
        assert lab.within(PATIENCE, lambda: is_up(ours) and is_up(theirs))
        assert lab.within(20.0, lambda: len(words(capture, ends[0])) > 20)
    said = words(capture, ends[0])

    assert {word.ttl for word in said} == {255}
    assert {word.port for word in said} == {port}
    (source_port,) = {word.source_port for word in said}
    assert 49152 <= source_port <= 65535
    assert len({word.mine for word in said}) == 1
    assert not any(word.poll and word.final for word in said)


def steady(said: list[Word]) -> list[int]:
    """The times between the periodic packets of a session that is up, in microseconds."""
    up = [word for word in said if word.state == "Up" and not word.final and word.min_tx < 1_000_000]
    return [later.at - earlier.at for earlier, later in pairwise(up)]


@pytest.mark.bfd(35, 36)
def test_periodic_packets_keep_their_pace(lab: Lab) -> None:
    with lab.capture() as capture:
        both = two(lab)
        assert lab.within(20.0, lambda: len(steady(words(capture, LEFT))) > 30)
    gaps = steady(words(capture, LEFT))[3:]

    assert both.ours.alive
    # A few come late, and then the next ones soon, where the machine stood still for a moment.
    assert sorted(gaps)[len(gaps) // 10] > 37 * MILLISECOND
    assert sorted(gaps)[len(gaps) // 2] < 51 * MILLISECOND


def test_a_pulled_cable_is_noticed_within_the_detection_time(lab: Lab) -> None:
    with lab.capture() as capture:
        both = two(lab)
        cut_at = both.left.unplug()
        assert lab.within(20.0, lambda: states(both.theirs)[-1] == "Down")
        assert lab.within(20.0, lambda: any(word.diagnostic == 1 for word in words(capture, RIGHT)))
    first = next(word for word in words(capture, RIGHT) if word.diagnostic == 1)

    assert first.state == "Down"
    # What a busy machine adds is less than a session takes that has kept the pace of its beginning: three seconds.
    assert (first.at - cut_at) / MILLISECOND < DETECTION_MS + 1_500
    assert lab.within(PATIENCE, lambda: "Control Detection Time Expired" in both.theirs.log())


def test_a_cable_that_is_put_back_brings_the_session_up_again(lab: Lab) -> None:
    both = two(lab)
    both.left.unplug()
    assert lab.within(20.0, lambda: states(both.theirs)[-1] == "Down")

    both.left.plug()

    assert lab.within(PATIENCE, lambda: is_up(both.ours) and is_up(both.theirs))


@pytest.mark.bfd(51)
def test_a_daemon_that_stops_takes_its_sessions_down_in_order(lab: Lab) -> None:
    both = two(lab)

    assert both.ours.stop() == 0

    assert lab.within(20.0, lambda: states(both.theirs)[-1] == "Down")
    assert lab.within(PATIENCE, lambda: "neighbour-admin-down" in both.theirs.log())
    assert both.left.read("standfastd-bfd.pid") == ""


def test_a_passive_side_waits_for_the_other(lab: Lab) -> None:
    left, right = lab.host("a", f"{LEFT}/24"), lab.host("b", f"{RIGHT}/24")
    with lab.capture() as capture:
        ours = run(left, session(RIGHT, LEFT, "passive"))
        assert lab.within(PATIENCE, lambda: "Startup complete" in ours.log())
        assert not lab.within(1.5, lambda: words(capture))
        theirs = run(right, session(LEFT, RIGHT))

        assert lab.within(PATIENCE, lambda: is_up(ours) and is_up(theirs))


# ---- reloads


@pytest.mark.behaviour("BF-07")
def test_a_reload_keeps_an_unchanged_session(lab: Lab) -> None:
    both = two(lab, multiplier=CALM)
    config = session(RIGHT, LEFT, multiplier=CALM)

    both.ours.reload(config + session("10.99.0.77", LEFT, name="another"))

    assert lab.within(PATIENCE, lambda: "(another) BFD session" in both.ours.log())
    assert not lab.within(1.0, lambda: "Down" in states(both.theirs) or "Down" in states(both.ours))


@pytest.mark.bfd(45)
def test_another_pace_goes_through_a_poll_and_drops_nothing(lab: Lab) -> None:
    with lab.capture() as capture:
        both = two(lab, multiplier=CALM)
        before = len(words(capture, LEFT))
        both.ours.reload(session(RIGHT, LEFT, ms=200, multiplier=CALM))
        assert lab.within(
            20.0, lambda: any(word.min_tx == 200_000 and not word.poll for word in words(capture, LEFT))
        )
        assert lab.within(20.0, lambda: len(words(capture, LEFT)) > before + 12)
    said = words(capture, LEFT)[before:]

    assert next(word for word in said if word.min_tx == 200_000).poll
    assert any(word.final for word in words(capture, RIGHT))
    gaps = [later.at - earlier.at for earlier, later in pairwise(said[-5:])]
    assert median(gaps) > 145 * MILLISECOND
    assert "Down" not in states(both.ours) + states(both.theirs)


@pytest.mark.bfd(51)
def test_a_session_that_is_removed_says_so(lab: Lab) -> None:
    both = two(lab)

    both.ours.reload(session("10.99.0.77", LEFT, name="another"))

    assert lab.within(20.0, lambda: states(both.theirs)[-1] == "Down")
    assert lab.within(PATIENCE, lambda: "neighbour-admin-down" in both.theirs.log())


# ---- attacks


def spoof(host: Host, payload: bytes, *, ttl: int = 255, count: int = 1, to: str = LEFT) -> None:
    """Send from a third host, with its own address."""
    with host.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        for _ in range(count):
            sock.sendto(payload, (to, 3784))


def down(yours: int, state: SessionState = SessionState.ADMIN_DOWN) -> bytes:
    return encode_control(ControlPacket(state=state, multiplier=1, mine=99, yours=yours))


def logged(daemon: Daemon, words_: str) -> bool:
    return words_ in daemon.log()


def test_foreign_packets_change_nothing(lab: Lab) -> None:
    """Spoofed discriminators, another TTL, garbage and a flood: the session stays, and all of it is counted."""
    with lab.capture() as capture:
        both = two(lab, multiplier=CALM)
        ours = words(capture, LEFT)[-1].mine
        before = states(both.ours)
        enemy = lab.host("enemy", "10.99.0.66/24")
        for guess in range(1, 40):
            spoof(enemy, down(guess))
        spoof(enemy, down(ours), ttl=64)
        spoof(enemy, down(0))
        spoof(enemy, b"\x20")
        spoof(enemy, b"\x40" + bytes(23))
        spoof(enemy, bytes(24), count=30_000)
        assert not lab.within(1.5, lambda: states(both.ours) != before)
    assert is_up(both.ours)
    assert is_up(both.theirs)
    for reason in ("unknown-discriminator", "ttl", "unknown-neighbour", "short", "version"):
        assert lab.within(PATIENCE, partial(logged, both.ours, f"reason={reason}")), reason


# ---- processes


def with_router(config: str, more: str = "weight 10") -> str:
    """A router that tracks the session."""
    return (
        config
        + f"""vrrp_instance VI_1 {{
        interface eth0
        virtual_router_id 51
        priority 100
        advert_int 0.1
        version 3
        virtual_ipaddress {{ 10.99.0.100/24
        }}
        track_bfd {{ wan {more}
        }}
    }}"""
    )


@pytest.mark.behaviour("TR-19", "BF-04")
def test_trackers_follow_a_session_through_the_deaths_of_both_processes(lab: Lab) -> None:
    left, right = lab.host("a", f"{LEFT}/24"), lab.host("b", f"{RIGHT}/24")
    ours = run(left, with_router(session(RIGHT, LEFT, multiplier=CALM)))
    theirs = run(right, session(LEFT, RIGHT, multiplier=CALM))
    raised = "effective priority from 100 to 110"
    assert lab.within(PATIENCE, lambda: ours.log().count(raised) == 1)

    ours.signal(SIGKILL, pid_of(left, "vrrp"))
    assert lab.within(PATIENCE, lambda: ours.log().count(raised) == 2)  # told again, without a change
    assert states(ours).count("Up") == 1

    ours.signal(SIGKILL, pid_of(left, "bfd"))
    assert lab.within(20.0, lambda: "the bfd process has ended" in ours.log())
    assert lab.within(PATIENCE, lambda: ours.log().count(raised) == 3)
    assert theirs.alive


def test_a_failing_path_takes_a_master_out_of_office(lab: Lab) -> None:
    """The master loses the gateway that both watch; the backup, which watches nothing, has the address at once."""
    gateway = lab.host("gw", f"{RIGHT}/24")
    left, right = lab.host("a", f"{LEFT}/24"), lab.host("b", "10.99.0.3/24")
    watched = run(gateway, session(LEFT, RIGHT, ms=10))
    ours = run(left, with_router(session(RIGHT, LEFT, ms=10), more="weight 0").replace("100\n", "150\n", 1))
    backup = run(right, with_router("").split("track_bfd")[0] + "}")
    assert lab.within(PATIENCE, lambda: is_up(ours) and is_up(watched))
    assert lab.within(PATIENCE, lambda: left.holds("10.99.0.100") and not right.holds("10.99.0.100"))

    gateway.unplug()

    assert lab.within(20.0, lambda: right.holds("10.99.0.100"))
    assert lab.within(20.0, lambda: not left.holds("10.99.0.100"))
    assert backup.alive


def test_a_stalled_process_reads_before_it_judges(lab: Lab) -> None:
    """Paused for longer than its detection time, it finds what had arrived meanwhile, and stays up."""
    both = two(lab, multiplier=100, their_multiplier=20)  # five seconds there, and one here
    before = states(both.ours)
    bfd = pid_of(both.left, "bfd")

    both.ours.signal(SIGSTOP, bfd)
    assert not lab.within(1.5, lambda: states(both.theirs)[-1] == "Down")
    both.ours.signal(SIGCONT, bfd)

    assert not lab.within(1.0, lambda: states(both.ours) != before)


def test_a_signal_writes_the_sessions_down(lab: Lab) -> None:
    left = lab.host("a", f"{LEFT}/24")
    files = ["-f", left.write("d.conf", session(RIGHT, LEFT)), "-p", "/run/d.pid", "-b", "/run/d-bfd.pid"]
    daemon = left.start("env", "TMPDIR=/run", *lab.daemon, "-nlG", *files)
    assert lab.within(PATIENCE, lambda: "Startup complete" in daemon.log())
    parent = int(left.read("d.pid"))

    left.command("kill", "-USR1", str(parent))

    assert lab.within(20.0, lambda: "BFD Instance = wan" in left.read("keepalived_bfd.data"))
    text = left.read("keepalived_bfd.data")
    assert "State = Down" in text
    assert "Counted, sent = " in text


def test_several_hops(lab: Lab) -> None:
    lab.switch("far")
    left, router = lab.host("a", f"{LEFT}/24"), lab.host("r", "10.99.0.254/24")
    router.connect("eth1", "far", ["10.98.0.254/24"])
    right = lab.host("b")
    right.connect("eth1", "far", ["10.98.0.2/24"])
    router.command("sysctl", "-q", "-w", "net.ipv4.ip_forward=1")
    left.command("ip", "route", "add", "10.98.0.0/24", "via", "10.99.0.254")
    right.command("ip", "route", "add", "10.99.0.0/24", "via", "10.98.0.254")

    ours = run(left, session("10.98.0.2", LEFT, "multihop\n max_hops 1"))
    theirs = run(right, session(LEFT, "10.98.0.2", "multihop\n max_hops 1"))

    assert lab.within(PATIENCE, lambda: is_up(ours) and is_up(theirs))
