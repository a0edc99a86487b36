"""Dumps are written whole, beside nobody's traps, and a failure is told."""

from pathlib import Path

import pytest

from standfast.daemon.dumps import PARENT, ROUTERS, STATISTICS, write_dump
from standfast.observe.facts import Failed, FileWritten


@pytest.fixture
def directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    ("what", "name"),
    [
        pytest.param(PARENT, "keepalived_parent.data", id="the parent"),
        pytest.param(ROUTERS, "keepalived.data", id="the routers"),
        pytest.param(STATISTICS, "keepalived.stats", id="the statistics"),
    ],
)
def test_a_dump_has_the_name_that_tools_look_for(directory: Path, what: str, name: str) -> None:
    told = write_dump(what, "text\n")

    assert told == FileWritten(what, str(directory / name))
    assert (directory / name).read_text() == "text\n"
    assert [file.name for file in directory.iterdir()] == [name]


def test_a_later_dump_replaces_an_earlier_longer_one(directory: Path) -> None:
    write_dump(ROUTERS, "a long text\n")
    write_dump(ROUTERS, "short\n")

    assert (directory / "keepalived.data").read_text() == "short\n"


def test_a_link_that_somebody_left_is_replaced_not_followed(directory: Path) -> None:
    precious = directory / "precious"
    precious.write_text("precious\n")
    (directory / "keepalived.data").symlink_to(precious)

    write_dump(ROUTERS, "text\n")

    assert precious.read_text() == "precious\n"
    assert not (directory / "keepalived.data").is_symlink()


def test_a_dump_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))

    told = write_dump(ROUTERS, "text\n")

    assert told == Failed(f"write {tmp_path}/nowhere/keepalived.data", "No such file or directory")
