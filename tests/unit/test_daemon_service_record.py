"""Which services are ours is written down beside the pid file."""

from pathlib import Path

from standfast.base.addresses import Family, parse_address
from standfast.base.services import Endpoint, Mark, Transport
from standfast.daemon.service_record import ServiceRecord

KEYS = (
    Endpoint(Transport.TCP, parse_address("10.0.0.100"), 80),
    Endpoint(Transport.UDP, parse_address("2001:db8::1"), 0),
    Mark(7),
    Mark(0xFFFF_FFFF, Family.IPV6),
)


def test_what_is_written_is_read_by_the_next_process(tmp_path: Path) -> None:
    pid_file = str(tmp_path / "keepalived.pid")

    ServiceRecord(pid_file).write((*KEYS, KEYS[0]))

    assert ServiceRecord(pid_file).read() == KEYS
    assert [path.name for path in tmp_path.iterdir()] == ["keepalived.services"]


def test_of_a_damaged_record_is_read_what_can_be(tmp_path: Path) -> None:
    (tmp_path / "x.services").write_bytes(
        b"TCP 10.0.0.100 80\nTCP nonsense 80\n\xff\nmark 7\nmark 7 4\nICMP 1 1\n"
    )

    assert ServiceRecord(str(tmp_path / "x.pid")).read() == (KEYS[0], Mark(7))


def test_without_a_record_nothing_is_ours(tmp_path: Path) -> None:
    record = ServiceRecord(str(tmp_path / "x.pid"))
    record.write(KEYS)

    record.remove()

    assert record.read() == ()
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_stops_nothing() -> None:
    ServiceRecord("/nowhere/x.pid").write(KEYS)
