"""The files that go with a reload: the marker, what a test found, and saved configurations."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from written import config_of, instance_text

from standfast.base.limits import SAVED_CONFIGS
from standfast.conf.write import read_text
from standfast.daemon.reload_files import SavedConfigs, clear_marker, marked, write_check
from standfast.model.config import Config
from standfast.observe.facts import Failed


def globals_(line: str) -> Config:
    return config_of(f"global_defs {{\n{line}\n}}\n")


# ---- the marker (FILE-07)


@pytest.mark.parametrize(
    ("line", "name"),
    [
        pytest.param("reload_file", "keepalived.reload", id="beside the pid file"),
        pytest.param("reload_file sub/mark", "sub/mark", id="where it is named"),
    ],
)
def test_the_marker_is_there_and_empty_while_the_files_are_read(tmp_path: Path, line: str, name: str) -> None:
    (tmp_path / "sub").mkdir()
    path = tmp_path / name
    path.write_text("an update waits")

    with marked(globals_(line), str(tmp_path / "a.pid"), _never):
        within = path.read_text()

    assert (within, path.exists()) == ("", False)


def test_the_marker_goes_also_if_the_reading_fails(tmp_path: Path) -> None:
    with pytest.raises(KeyError), marked(globals_("reload_file"), str(tmp_path / "a.pid"), _never):
        raise KeyError

    assert list(tmp_path.iterdir()) == []


def test_a_marker_that_somebody_made_before_a_start_goes(tmp_path: Path) -> None:
    (tmp_path / "keepalived.reload").touch()

    clear_marker(globals_("reload_file"), str(tmp_path / "a.pid"))

    assert list(tmp_path.iterdir()) == []


def test_a_marker_that_cannot_be_made_is_told_and_stops_nothing(tmp_path: Path) -> None:
    told: list[object] = []

    with marked(globals_("reload_file no/where"), str(tmp_path / "a.pid"), told.append):
        pass

    assert [type(fact) for fact in told] == [Failed]


def test_no_link_is_followed(tmp_path: Path) -> None:
    victim, told = tmp_path / "victim", list[object]()
    victim.write_text("dear")
    (tmp_path / "keepalived.reload").symlink_to(victim)

    with marked(globals_("reload_file"), str(tmp_path / "a.pid"), told.append):
        pass

    assert (victim.read_text(), [type(fact) for fact in told]) == ("dear", [Failed])


# ---- the test before a reload (RL-07)


@pytest.mark.behaviour("RL-07")
def test_what_is_wrong_with_a_new_configuration_is_written(tmp_path: Path) -> None:
    log = tmp_path / "check.log"
    log.write_text("of an earlier one\n")

    write_check(globals_(f"reload_check_config {log}"), read_text("vrrp_instance V {\n}\n"), _never)

    assert log.read_text().startswith("written:1:1: error: ")
    assert "an earlier one" not in log.read_text()


@pytest.mark.parametrize("line", ["", "reload_check_config"])
def test_without_a_file_nothing_is_written(tmp_path: Path, line: str) -> None:
    write_check(globals_(line), read_text("vrrp_instance V {\n}\n"), _never)

    assert list(tmp_path.iterdir()) == []


# ---- saved configurations (FILE-08)


class Saving:
    """Saves to a folder; the state is told at once."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.told: list[object] = []
        self.saved = SavedConfigs(self.told.append, _state)

    def config(self, more: str = "") -> Config:
        return config_of(f"global_defs {{\nconfig_save_dir {self.folder}\n}}\n{more}")

    @property
    def files(self) -> dict[str, str]:
        """Texts by name, without the pid."""
        prefix = f".{os.getpid()}."
        return {path.name.replace(prefix, "."): path.read_text() for path in sorted(self.folder.iterdir())}


def _state(done: Callable[[Mapping[str, Any]], None]) -> None:
    done({"schema": 1})


def _never(fact: object) -> None:
    raise AssertionError(fact)


def test_each_configuration_is_kept_with_the_state_before_and_after(tmp_path: Path) -> None:
    saving = Saving(tmp_path / "made")

    saving.saved.after(saving.config())
    saving.saved.before(saving.config())
    saving.saved.after(saving.config(instance_text("virtual_ipaddress {\n10.0.0.9/24\n}\n")))

    files = saving.files
    assert list(files) == [
        "keepalived.conf.1",
        "keepalived.conf.2",
        "standfast.1.pre.json",
        "standfast.2.post.json",
    ]
    assert "10.0.0.9/24" in files["keepalived.conf.2"]
    assert files["standfast.1.pre.json"] == '{"schema":1}'
    assert saving.told == []


def test_nobody_else_may_read_them_and_no_secret_stands_in_them(tmp_path: Path) -> None:
    saving = Saving(tmp_path / "made")
    secret = "authentication {\nauth_type PASS\nauth_pass s3cret\n}\nversion 2\n"

    saving.saved.after(saving.config(instance_text(secret)))

    (path,) = saving.folder.iterdir()
    assert (path.stat().st_mode & 0o777, saving.folder.stat().st_mode & 0o777) == (0o600, 0o700)
    assert ("s3cret" in path.read_text(), "auth_pass" in path.read_text()) == (False, True)


def test_the_oldest_go(tmp_path: Path) -> None:
    saving = Saving(tmp_path)

    for _ in range(SAVED_CONFIGS + 3):
        saving.saved.before(saving.config())
        saving.saved.after(saving.config())

    kept = [name for name in saving.files if name.startswith("keepalived.conf")]
    assert (len(kept), "keepalived.conf.3" in kept, "keepalived.conf.4" in kept) == (
        SAVED_CONFIGS,
        False,
        True,
    )


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    saving = Saving(tmp_path / "no" / "where")

    saving.saved.after(saving.config())

    assert [type(fact) for fact in saving.told] == [Failed]


def test_without_the_keyword_nothing_is_kept(tmp_path: Path) -> None:
    saved = SavedConfigs(_never, _state)

    saved.before(globals_(""))
    saved.after(globals_(""))

    assert list(tmp_path.iterdir()) == []
