"""Dumps are written whole, beside nobody's traps, where the configuration says, and a failure is told."""

from pathlib import Path

import pytest

from standfast.daemon.dumps import JSON, PARENT, ROUTERS, SERVERS, SESSIONS, STATISTICS, DumpPlaces
from standfast.model.global_defs import GlobalDefs
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
        pytest.param(SERVERS, "keepalived_check.data", id="the virtual servers"),
        pytest.param(SESSIONS, "keepalived_bfd.data", id="the sessions"),
        pytest.param(STATISTICS, "keepalived.stats", id="the statistics"),
        pytest.param(JSON, "keepalived.json", id="JSON"),
    ],
)
def test_a_dump_has_the_name_that_tools_look_for(directory: Path, what: str, name: str) -> None:
    told = DumpPlaces().write(what, "text\n")

    assert told == FileWritten(what, str(directory / name))
    assert (directory / name).read_text() == "text\n"
    assert [file.name for file in directory.iterdir()] == [name]


@pytest.mark.parametrize(
    ("defs", "what", "path"),
    [
        pytest.param(
            GlobalDefs(state_dump_file="/d/x.txt"), ROUTERS, "/d/x.txt", id="FILE-04: the base name"
        ),
        pytest.param(
            GlobalDefs(state_dump_file="/d/x.txt"), SERVERS, "/d/x_check.txt", id="before the last dot"
        ),
        pytest.param(
            GlobalDefs(state_dump_file="/d/"), PARENT, "/d/keepalived_parent.data", id="a directory"
        ),
        pytest.param(
            GlobalDefs(data_use_instance=True), SESSIONS, "/t/keepalived_bfd.blue_one.data", id="who it is"
        ),
        pytest.param(
            GlobalDefs(data_use_instance=True), STATISTICS, "/t/keepalived.stats", id="not of statistics"
        ),
        pytest.param(GlobalDefs(stats_dump_file="/d/s"), STATISTICS, "/d/s", id="statistics elsewhere"),
        pytest.param(GlobalDefs(json_dump_file="/d/"), JSON, "/d/keepalived.json", id="JSON elsewhere"),
    ],
)
def test_a_dump_is_where_the_configuration_says(
    monkeypatch: pytest.MonkeyPatch, defs: GlobalDefs, what: str, path: str
) -> None:
    monkeypatch.setenv("TMPDIR", "/t")
    places = DumpPlaces("blue", "one")

    places.follow(defs)

    assert str(places.of(what)) == path


def test_a_later_dump_replaces_an_earlier_longer_one(directory: Path) -> None:
    DumpPlaces().write(ROUTERS, "a long text\n")
    DumpPlaces().write(ROUTERS, "short\n")

    assert (directory / "keepalived.data").read_text() == "short\n"


def test_a_link_that_somebody_left_is_replaced_not_followed(directory: Path) -> None:
    precious = directory / "precious"
    precious.write_text("precious\n")
    (directory / "keepalived.data").symlink_to(precious)

    DumpPlaces().write(ROUTERS, "text\n")

    assert precious.read_text() == "precious\n"
    assert not (directory / "keepalived.data").is_symlink()


def test_a_dump_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "nowhere"))

    told = DumpPlaces().write(ROUTERS, "text\n")

    assert told == Failed(f"write {tmp_path}/nowhere/keepalived.data", "No such file or directory")
