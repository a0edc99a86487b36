"""The file that says which interfaces we have made, and which settings changed."""

from pathlib import Path

import pytest

from standfast.daemon.own_record import Left, MadeLink, OwnRecord
from standfast.linux.sysctls import Change

LEFT = Left(
    {"vrrp.51": MadeLink(9, "macvlan", "00005e000133")}, {"net/ipv4/conf/all/rp_filter": Change("1", "0")}
)


@pytest.fixture
def record(tmp_path: Path) -> OwnRecord:
    return OwnRecord(str(tmp_path / "x.pid"))


def test_what_was_written_is_read_and_stands_beside_the_pid_file(record: OwnRecord, tmp_path: Path) -> None:
    record.write(LEFT)

    assert record.read() == LEFT
    assert [path.name for path in tmp_path.iterdir()] == ["x.interfaces"]


def test_with_nothing_to_undo_there_is_no_file(record: OwnRecord, tmp_path: Path) -> None:
    record.write(LEFT)
    record.write(Left())

    assert record.read() == Left()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"links": {"x": 7}}', b"\xff"])
def test_a_damaged_file_is_none(record: OwnRecord, tmp_path: Path, damage: bytes) -> None:
    (tmp_path / "x.interfaces").write_bytes(damage)

    assert record.read() == Left()


def test_a_place_where_nothing_can_be_written_stops_nobody(tmp_path: Path) -> None:
    OwnRecord(str(tmp_path / "nowhere" / "x.pid")).write(LEFT)
