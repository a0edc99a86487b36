"""The log never repeats a complaint too often, never waits for a reader, and never loses a line silently."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from ipaddress import IPv4Address
from pathlib import Path

import pytest

from standfast.base.limits import COMPLAINT_INTERVAL, COMPLAINT_KEYS
from standfast.base.times import Instant, after
from standfast.core.supervise.effects import StartupComplete
from standfast.core.vrrp.effects import AdvertDropped, AdvertHeard, RouterChanged
from standfast.observe.complaints import Complaints
from standfast.observe.console import ConsoleSink, console_line
from standfast.observe.line import Level, line
from standfast.observe.log import Log
from standfast.observe.outlet import Outlet, Record
from standfast.observe.syslog import SystemSink, journal_datagram, syslog_datagram

START = Instant(0)
LATER = after(START, COMPLAINT_INTERVAL)
RECORD = Record(
    1_700_000_000.0, line(Level.NOTICE, "(VI_1) Entering MASTER STATE", was="backup", why="it is quiet")
)


class Paper:
    """A sink that takes lines while it is open."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.open = True

    def write(self, record: Record) -> bool:
        if self.open:
            self.lines.append(str(record.line))
        return self.open


def a_log(least: Level = Level.INFO, bound: int = 4) -> tuple[Log, Paper]:
    paper = Paper()
    return Log([Outlet(paper, lambda: 0.0, bound)], wall=lambda: 0.0, least=least), paper


def dropped(sender: int, reason: str = "ttl") -> AdvertDropped:
    return AdvertDropped("VI_1", "eth0", IPv4Address(sender), reason)


# ---- what is said


def test_a_transition_is_said_each_time() -> None:
    log, paper = a_log()

    for _ in range(3):
        log.tell(RouterChanged("VI_1", "backup", "master", "master-down", 100), START)

    assert len(paper.lines) == 3


def test_a_flood_of_one_complaint_is_one_line_and_then_a_count() -> None:
    log, paper = a_log()

    for _ in range(50_000):
        log.tell(dropped(1), START)
    log.tick(LATER)
    log.tick(LATER)

    assert [text.rpartition("interface=eth0")[2] for text in paper.lines] == ["", " repeated=49999"]


def test_complaints_of_different_reasons_or_senders_are_different() -> None:
    log, paper = a_log()

    for fact in (dropped(1), dropped(2), dropped(1, "checksum")):
        log.tell(fact, START)

    assert len(paper.lines) == 3


def test_facts_that_only_count_are_not_wanted() -> None:
    log, paper = a_log()

    log.tell(AdvertHeard("VI_1", leaving=False), START)

    assert not log.wants(AdvertHeard)
    assert log.wants(RouterChanged)
    assert paper.lines == []


def test_detail_is_said_only_to_those_who_asked_for_it() -> None:
    log, paper = a_log(least=Level.ERROR)

    log.tell(StartupComplete(), START)

    assert paper.lines == []


# ---- complaints are bounded


def test_a_complaint_may_be_said_again_after_its_interval() -> None:
    complaints = Complaints()

    said = [complaints.admit("a", 0, Instant(at)) for at in (START, LATER - 1, LATER)]
    held_back = list(complaints.overdue(LATER))

    assert said == [True, False, False]
    assert held_back == [(0, 2)]
    assert complaints.admit("a", 0, after(LATER, COMPLAINT_INTERVAL))


def test_a_flood_of_senders_is_bounded_and_counted() -> None:
    complaints = Complaints()

    said = sum(complaints.admit(sender, sender, START) for sender in range(10_000))
    counted = sum(count for _, count in complaints.overdue(LATER))

    assert said == COMPLAINT_KEYS + 1
    assert said + counted == 10_000


def test_quiet_complaints_make_room() -> None:
    complaints = Complaints(keys=2)
    for key in "ab":
        complaints.admit(key, key, START)

    assert complaints.admit("c", "c", LATER)
    assert complaints.admit("d", "d", LATER)
    assert list(complaints.overdue(after(LATER, COMPLAINT_INTERVAL))) == []


# ---- a slow reader


def test_lines_wait_in_order_for_a_slow_reader() -> None:
    log, paper = a_log()
    paper.open = False
    for name in "ab":
        log.tell(RouterChanged(name, "init", "backup", "started", 1), START)

    paper.open = True
    log.tell(RouterChanged("c", "init", "backup", "started", 1), START)

    assert [text[:3] for text in paper.lines] == ["(a)", "(b)", "(c)"]
    assert log.tick(START)


def test_what_is_too_much_is_counted_and_the_loss_is_said_later() -> None:
    log, paper = a_log(bound=2)
    paper.open = False
    for name in "abcde":
        log.tell(RouterChanged(name, "init", "backup", "started", 1), START)
    assert not log.tick(START)

    paper.open = True

    assert log.tick(START)
    assert [text[:3] for text in paper.lines[:2]] == ["(a)", "(b)"]
    assert paper.lines[2:] == ["3 lines of this log were lost: its reader was too slow"]


# ---- standard error


def test_a_console_line_is_date_colon_text() -> None:
    date = time.strftime("%c", time.localtime(RECORD.at))

    assert console_line(RECORD).decode() == f"{date}: {RECORD.line}\n"


@dataclass
class Pipe:
    reader: int
    writer: int


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    ends = Pipe(*os.pipe())
    yield ends
    for end in (ends.reader, ends.writer):
        os.close(end)


def test_a_full_pipe_makes_nobody_wait_and_keeps_its_flags(pipe: Pipe) -> None:
    with closing(ConsoleSink(pipe.writer)) as sink:
        taken = 0
        while sink.write(RECORD):
            taken += 1

        assert taken > 0
        assert os.get_blocking(pipe.writer), "the shell's own descriptor was changed"
        os.read(pipe.reader, 65_536)
        assert sink.write(RECORD)


def test_a_reader_that_is_gone_costs_the_line_only(pipe: Pipe) -> None:
    with closing(ConsoleSink(pipe.writer)) as sink:
        os.close(pipe.reader)
        pipe.reader = os.open(os.devnull, os.O_RDONLY)

        assert sink.write(RECORD)


def test_a_socket_for_standard_error_makes_nobody_wait() -> None:
    near, far = socket.socketpair()
    with near, far, closing(ConsoleSink(near.fileno())) as sink:
        taken = 0
        while sink.write(RECORD):
            taken += 1

        assert taken > 0
        assert near.getblocking()


# ---- the system's log


def test_a_syslog_datagram_has_priority_date_ident_and_pid() -> None:
    datagram = syslog_datagram(RECORD, ident="Keepalived_vrrp", pid=77, facility=3).decode()

    priority, rest = datagram[1:].split(">", 1)
    assert int(priority) == 8 * 3 + 5
    assert rest[3] == rest[6] == rest[15] == " "  # Mmm dd hh:mm:ss
    assert rest[16:] == f"Keepalived_vrrp[77]: {RECORD.line}"


def test_the_journal_gets_our_data_as_fields() -> None:
    datagram = journal_datagram(RECORD, ident="Keepalived_vrrp", pid=77, facility=3).decode()

    assert datagram.splitlines() == [
        f"MESSAGE={RECORD.line}",
        "PRIORITY=5",
        "SYSLOG_IDENTIFIER=Keepalived_vrrp",
        "SYSLOG_PID=77",
        "SYSLOG_FACILITY=3",
        "STANDFAST_WAS=backup",
        "STANDFAST_WHY=it is quiet",
    ]


def test_a_system_log_that_comes_late_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = str(tmp_path / "log")
    now = 100.0
    monkeypatch.setattr(time, "monotonic", lambda: now)

    with (
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as reader,
        closing(SystemSink(path, "Keepalived")) as sink,
    ):
        assert not sink.write(RECORD)
        reader.bind(path)
        assert not sink.write(RECORD), "it looks once a second only"
        now += 1.0

        assert sink.write(RECORD)
        assert b"Keepalived[" in reader.recv(1000)


def test_a_system_log_that_goes_away_costs_nobody_time(tmp_path: Path) -> None:
    path = str(tmp_path / "log")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as reader:
        reader.bind(path)
        sink = SystemSink(path, "Keepalived")
        assert sink.write(RECORD)

    assert not sink.write(RECORD)


def test_a_full_system_log_makes_nobody_wait(tmp_path: Path) -> None:
    path = str(tmp_path / "log")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as reader:
        reader.bind(path)
        with closing(SystemSink(path, "Keepalived")) as sink:
            taken = 0
            while sink.write(RECORD):
                taken += 1

            assert taken > 0
            reader.recv(1000)
            assert sink.write(RECORD)
