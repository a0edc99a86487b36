"""How IPVS's timeouts were before we changed them: written down for who comes after a killed process."""

from pathlib import Path

import pytest

from standfast.daemon.timeouts_record import TimeoutsRecord
from standfast.wire.ipvs import Timeouts

FORMER = Timeouts(900, 120, 300)


@pytest.fixture
def pid_file(tmp_path: Path) -> str:
    return str(tmp_path / "standfastd.pid")


@pytest.mark.behaviour("LV-15")
def test_the_next_process_knows_what_was_before(pid_file: str) -> None:
    TimeoutsRecord(pid_file).keep(FORMER)

    assert TimeoutsRecord(pid_file).read() == FORMER


def test_what_is_put_back_leaves_nothing(pid_file: str, tmp_path: Path) -> None:
    record = TimeoutsRecord(pid_file)
    record.keep(FORMER)

    record.keep(None)

    assert record.read() is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("damaged", ["", "900 120", "900 120 many", "900 120 300 7", "\udcff"])
def test_a_damaged_record_is_none(pid_file: str, tmp_path: Path, damaged: str) -> None:
    (tmp_path / "standfastd.timeouts").write_bytes(damaged.encode(errors="surrogateescape"))

    assert TimeoutsRecord(pid_file).read() is None


def test_a_disk_that_does_not_take_it_costs_only_the_next_process() -> None:
    record = TimeoutsRecord("/nowhere/standfastd.pid")

    record.keep(FORMER)

    assert record.read() == FORMER
