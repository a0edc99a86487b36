"""The file that says which addresses may be on the host because of us."""

from ipaddress import ip_address
from pathlib import Path

import pytest

from standfast.base.addresses import HostAddress
from standfast.daemon.record import AddressRecord

V4 = HostAddress(ip_address("10.0.0.100"), 24, "eth0")
V6 = HostAddress(ip_address("2001:db8::1"), 128, "eth0.7")
PEER = HostAddress(ip_address("10.0.0.101"), 32, "ppp0", peer=ip_address("10.0.0.7"))


@pytest.fixture
def record(tmp_path: Path) -> AddressRecord:
    return AddressRecord(str(tmp_path / "x.pid"))


def test_what_was_written_is_read(record: AddressRecord) -> None:
    record.write((V4, V6, PEER, V4))

    assert record.read() == (V4, V6, PEER)


def test_what_is_added_stands_behind_the_rest(record: AddressRecord) -> None:
    record.write((V4,))
    record.add((V6, V4))

    assert record.read() == (V4, V6)


def test_without_a_file_there_is_nothing(record: AddressRecord) -> None:
    assert record.read() == ()

    record.write((V4,))
    record.remove()
    record.remove()

    assert record.read() == ()


def test_it_stands_beside_the_pid_file(record: AddressRecord, tmp_path: Path) -> None:
    record.write((V4,))

    assert (tmp_path / "x.addresses").read_text() == "eth0 10.0.0.100/24\n"
    assert [path.name for path in tmp_path.iterdir()] == ["x.addresses"]


def test_of_a_damaged_file_what_can_be_read_counts(record: AddressRecord, tmp_path: Path) -> None:
    (tmp_path / "x.addresses").write_bytes(b"eth0\neth0 10.0.0.100/24\n\xff\neth0 x/24\neth0 10.0.0.1/\n")

    assert record.read() == (V4,)


def test_a_place_where_nothing_can_be_written_stops_nobody(tmp_path: Path) -> None:
    record = AddressRecord(str(tmp_path / "nowhere" / "x.pid"))

    record.write((V4,))

    assert record.read() == ()
