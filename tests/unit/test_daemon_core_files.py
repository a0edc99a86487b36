"""Core files: their pattern is the whole host's, so it is put back."""

from pathlib import Path

import pytest

from standfast.daemon import core_files as module
from standfast.daemon.core_files import core_files
from standfast.daemon.flags import Flags
from standfast.observe.facts import WorksWithout


@pytest.fixture
def pattern(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "core_pattern"
    path.write_text("|/usr/bin/collect\n")
    monkeypatch.setattr(module, "_PATTERN", path)
    return path


def test_the_pattern_is_ours_while_we_run(pattern: Path) -> None:
    """CLI-28."""
    told: list[object] = []

    with core_files(Flags(core_pattern="core.%p"), told.append):
        during = pattern.read_text()

    assert during == "core.%p"
    assert pattern.read_text() == "|/usr/bin/collect"
    assert told == []


def test_what_somebody_else_has_set_meanwhile_stays(pattern: Path) -> None:
    with core_files(Flags(core_pattern="core.%p"), lambda _: None):
        pattern.write_text("his")

    assert pattern.read_text() == "his"


def test_a_pattern_that_cannot_be_set_is_told(pattern: Path) -> None:
    told: list[object] = []
    pattern.unlink()
    pattern.mkdir()

    with core_files(Flags(core_pattern="core.%p"), told.append):
        pass

    (fact,) = told
    assert isinstance(fact, WorksWithout)
    assert fact.what == "the core pattern core.%p"


def test_without_the_option_nothing_is_read_or_written(pattern: Path) -> None:
    with core_files(Flags(), lambda _: None):
        assert pattern.read_text() == "|/usr/bin/collect\n"
