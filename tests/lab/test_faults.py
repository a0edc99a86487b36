"""The fault matrix: whatever dies, hangs, floods or fills up, adverts stay on time, and the answer is as stated.

docs/faults.md says of each row what the daemon does. An advert may be a tenth of its interval late, on a machine
that does not stand still itself; where the vrrp process is hit, the time of its recovery counts instead.
"""

import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pytest
from faults_lab import FILL, HELPERS, PATIENCE, SECOND_ROUTER, STATE, Victim, World, text

from standfast.base.times import SECOND, Instant, between
from standfast.lab.processes import Process

pytestmark = pytest.mark.usefixtures("lab_is_possible")

# A killed vrrp process is forked at once, and an owner speaks at once: in three seconds, or in as many more on a
# busy machine; a child that only said nothing would be missed after three hellos of 5 s.
RECOVERS_WITHIN: Final = (3 + 3) * SECOND
SILENT_FOR: Final = 45.0  # seconds until a stopped child is replaced: three hellos of 5 s, one more, and time


@pytest.fixture
def world() -> Iterator[World]:
    with World() as made:
        yield made
        print(made.log())


# ---- processes that die or stand still


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGKILL, id="the checker, bfd and messenger processes are killed"),
        pytest.param(signal.SIGSEGV, id="the checker, bfd and messenger processes crash"),
    ],
)
def test_helpers_that_die_are_replaced_at_once_and_no_advert_is_late(
    world: World, number: signal.Signals
) -> None:
    victim = Victim(world, text())

    at = victim.hit(number, *HELPERS)

    assert world.within(PATIENCE, lambda: all(victim.born(child) == 2 for child in HELPERS))
    victim.hears(3, since=at)
    victim.assert_on_time(since=at)
    victim.stop()


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGKILL, id="the vrrp process is killed"),
        pytest.param(signal.SIGSEGV, id="the vrrp process crashes"),
    ],
)
def test_a_vrrp_process_that_dies_speaks_again_within_the_stated_time(
    world: World, number: signal.Signals
) -> None:
    victim = Victim(world, text())

    at = victim.hit(number, "vrrp")

    victim.hears(3, since=at)
    again = victim.adverts(since=at)[0][0]
    assert between(at, again) <= RECOVERS_WITHIN
    victim.assert_on_time(since=Instant(again + 1))
    assert world.within(PATIENCE, lambda: victim.host.holds(victim.vip))
    victim.stop()


@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGKILL, id="the parent is killed"),
        pytest.param(signal.SIGSEGV, id="the parent crashes"),
    ],
)
def test_without_a_parent_all_end_in_order_and_leave_nothing(world: World, number: signal.Signals) -> None:
    victim = Victim(world, text())
    victim.hears(2, since=Instant(0))

    at = victim.hit(number)

    assert world.within(PATIENCE, lambda: not victim.daemon.tree())
    *before, (_, last) = victim.adverts()
    assert last.priority == 0, "the others are told that it goes"
    victim.assert_on_time(since=Instant(before[0][0] + 1), until=at)
    victim.assert_nothing_left()


def test_a_parent_that_stands_still_holds_up_nobody(world: World) -> None:
    victim = Victim(world, text())

    at = victim.hit(signal.SIGSTOP)
    victim.hears(4, since=at)
    victim.hit(signal.SIGCONT)

    victim.assert_on_time(since=at)
    assert all(victim.born(child) == 1 for child in ("vrrp", *HELPERS)), "its own sleep is not theirs"
    victim.stop()


def test_children_that_stand_still_are_replaced_after_three_hellos(world: World) -> None:
    """On the first host all but the vrrp process stand still, on the second the vrrp process."""
    helpers = Victim(world, text())
    vrrp = Victim(world, text(all_children=False, vrid=52), name="b", vrid=52)

    at = helpers.hit(signal.SIGSTOP, *HELPERS)
    vrrp.hit(signal.SIGSTOP, "vrrp")

    assert world.within(SILENT_FOR, lambda: vrrp.born("vrrp") == 2)
    assert world.within(SILENT_FOR, lambda: all(helpers.born(child) == 2 for child in HELPERS))
    replaced = helpers.adverts()[-1][0]
    helpers.hears(4, since=replaced)
    helpers.assert_on_time(since=at)
    assert world.within(PATIENCE, lambda: vrrp.host.holds(vrrp.vip))
    helpers.stop()
    vrrp.stop()


# ---- disks


@dataclass(frozen=True, slots=True)
class Disk:
    """What is done to the daemon's run directory, and how that is undone."""

    harm: tuple[str, ...]
    mend: tuple[str, ...]


FULL: Final = Disk(
    ("sh", "-c", f"cat /dev/zero > {STATE}/filler 2>/dev/null; ! echo more > {STATE}/more 2>/dev/null"),
    ("rm", f"{STATE}/filler"),
)
CLOSED: Final = Disk(
    ("sh", "-c", f"mount --bind {STATE} {STATE} && mount -o remount,bind,ro {STATE}"),
    ("umount", STATE),
)


@pytest.mark.parametrize(
    "disk",
    [
        pytest.param(FULL, id="the disk of the run directory is full"),
        pytest.param(CLOSED, id="the run directory is read-only"),
    ],
)
def test_without_a_disk_the_work_goes_on_even_through_a_reload_and_deaths(world: World, disk: Disk) -> None:
    configuration = text()
    victim = Victim(world, configuration)

    victim.inside(*disk.harm)
    at = victim.daemon.reload(configuration.replace("delay_loop 1", "delay_loop 2"))
    assert world.within(PATIENCE, lambda: "Reload complete" in victim.daemon.log())
    victim.hit(signal.SIGKILL, *HELPERS)
    assert world.within(PATIENCE, lambda: all(victim.born(child) == 2 for child in HELPERS))
    victim.hears(3, since=at)
    victim.assert_on_time(since=at)

    dead = victim.hit(signal.SIGKILL, "vrrp")
    victim.hears(2, since=dead)
    assert between(dead, victim.adverts(since=dead)[0][0]) <= RECOVERS_WITHIN
    assert "ended with status" not in victim.daemon.log()
    victim.inside(*disk.mend)
    victim.stop()


def test_a_start_on_a_full_disk_says_what_is_missing_and_works(lab_is_possible: None) -> None:
    with World(before=FILL) as full:
        victim = Victim(full, text(all_children=False))

        victim.hears(3, since=Instant(0))

        assert "Works without its pid file" in victim.daemon.log()
        victim.assert_on_time(since=Instant(0))
        victim.stop()


# ---- those who are told


STUCK_LOG: Final = """
import socket, time
log = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
log.bind("/run/log")
print("bound", flush=True)
time.sleep(3)
while True:
    print(log.recv(9000).decode(), flush=True)
"""
HANGING_MAIL: Final = """
import socket
server = socket.socket()
server.bind(("127.0.0.1", 2525))
server.listen(8)
print("bound", flush=True)
held = []
while True:
    held.append(server.accept())
    print("accepted", flush=True)
"""
MAIL: Final = """notification_email { ann@example.org }
    smtp_server 127.0.0.1 2525
    smtp_connect_timeout 1
    smtp_alert"""


def background(victim: Victim, program: str) -> Process:
    """A program that runs until the lab ends."""
    process = victim.host.start(sys.executable, "-c", program)
    assert victim.lab.within(PATIENCE, lambda: "bound" in process.log())
    return process


def test_a_system_log_that_nobody_reads_holds_up_nobody_and_gets_its_lines_later(world: World) -> None:
    victim = Victim(world, text() + SECOND_ROUTER, script="exit 0")
    log = background(victim, STUCK_LOG)

    at = victim.daemon.reload(text("router_id R2") + SECOND_ROUTER)
    victim.change_states()
    victim.hears(3, since=at)

    victim.assert_on_time(since=at)
    assert world.within(PATIENCE, lambda: log.log().count("(VI_2) Entering") >= 6)
    victim.stop()


def test_a_pipe_without_a_reader_and_a_mail_server_that_says_nothing_hold_up_nobody(world: World) -> None:
    victim = Victim(world, text(MAIL) + SECOND_ROUTER, script="exit 0")
    server = background(victim, HANGING_MAIL)

    victim.change_states()
    assert world.within(PATIENCE, lambda: "accepted" in server.log())
    victim.hears(4, since=server.started_at)

    victim.assert_on_time(since=server.started_at)
    victim.stop()


@pytest.mark.parametrize(
    "script",
    [
        pytest.param("trap '' TERM\necho run > /run/ran\nwhile :; do sleep 0.2; done", id="it ignores TERM"),
        pytest.param("echo run > /run/ran\nexec yes trouble >&2", id="it floods its standard error"),
        pytest.param("echo run > /run/ran\nsetsid sleep 4 &\nsleep 4 &\nexit 0", id="it forks away"),
    ],
)
def test_a_script_that_misbehaves_holds_up_nobody(world: World, script: str) -> None:
    victim = Victim(world, text() + SECOND_ROUTER, script=script)
    at = victim.adverts()[-1][0]

    victim.change_states()
    victim.hears(3, since=at)

    assert world.within(PATIENCE, lambda: victim.host.read("ran"))
    victim.assert_on_time(since=at)
    victim.stop()


# ---- those who ask


GARBAGE: Final = """
import os, socket, time
held, end = [], time.monotonic() + 3
while time.monotonic() < end:
    for data in (os.urandom(4096) + b"\\n", b"x" * 2_000_000, b'{"verb":"status"}\\n' * 15, b""):
        client = socket.socket(socket.AF_UNIX)
        client.settimeout(0.2)
        try:
            client.connect("/run/state/standfastd.sock")
            client.sendall(data)
        except OSError:
            pass
        held = [client, *held[:80]]  # nobody reads, nobody closes
"""


def test_clients_that_send_garbage_megabytes_or_nothing_delay_nobody(world: World) -> None:
    victim = Victim(world, text(all_children=False))
    since = victim.adverts()[-1][0]

    victim.inside(sys.executable, "-c", GARBAGE)

    victim.hears(3, since=since)
    victim.assert_on_time(since=since)
    victim.stop()
