"""Which scripts are found, executable and safe."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from standfast.base.errors import Refused
from standfast.linux.accounts import SCRIPT_ACCOUNT, Account, default_account, find_account
from standfast.linux.script_paths import check_script, insecurity

ROOT = Account("root", 0, 0, (0,))
SOMEBODY = Account("somebody", 4711, 4711, (4711, 4712))
root_only = pytest.mark.skipif(
    os.geteuid() != 0, reason="needs root to make files that belong to root or others"
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    file(tmp_path / "script")
    return tmp_path


@pytest.fixture
def safe() -> Iterator[Path]:
    """A directory that belongs to root all the way up."""
    with tempfile.TemporaryDirectory(dir="/run") as name:
        yield Path(name)


def file(path: Path, mode: int = 0o755) -> Path:
    path.write_text("#!/bin/sh\n")
    path.chmod(mode)
    return path


def refusal(command: Path | str, account: Account = ROOT) -> Refused:
    with pytest.raises(Refused) as refused:
        check_script(str(command), account)
    return refused.value


def test_a_script_is_found_at_its_path(place: Path) -> None:
    assert check_script(str(place / "script"), SOMEBODY) == str(place / "script")


def test_a_name_is_looked_up_in_the_path(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", f"/nowhere:{place}")

    assert check_script("script", SOMEBODY) == str(place / "script")
    assert refusal("other").reason == "script-missing"


def test_a_final_link_is_resolved_unless_its_name_matters(place: Path) -> None:
    link = place / "link"
    link.symlink_to("script")

    assert check_script(str(link), SOMEBODY) == str(place / "script")
    assert check_script(str(link), SOMEBODY, keep_links=True) == str(link)


def test_links_among_the_directories_are_followed(place: Path) -> None:
    (place / "real").mkdir()
    file(place / "real" / "script")
    (place / "one").symlink_to("real")
    (place / "two").symlink_to(place / "one")
    (place / "real" / "up").symlink_to("../script")

    assert check_script(str(place / "two" / "script"), SOMEBODY) == str(place / "real" / "script")
    assert check_script(str(place / "two" / "up"), SOMEBODY) == str(place / "script")


@pytest.mark.parametrize(
    ("name", "reason", "words"),
    [
        pytest.param("absent", "script-missing", "No such file or directory", id="nothing is there"),
        pytest.param("loop", "script-missing", "too many symbolic links", id="links lead in a circle"),
        pytest.param("script/x", "script-missing", "Not a directory", id="a file on the way"),
        pytest.param("", "script-not-executable", "is not a file", id="a directory"),
        pytest.param("plain", "script-not-executable", "is not executable by root", id="no bit to execute"),
    ],
)
def test_a_script_is_refused_if(place: Path, name: str, reason: str, words: str) -> None:
    (place / "loop").symlink_to("loop")
    file(place / "plain", 0o644)

    refused = refusal(place / name)

    assert refused.reason == reason
    assert words in refused.words


@pytest.mark.parametrize(
    ("mode", "uid", "gid", "runs"),
    [
        pytest.param(0o700, 4711, 0, True, id="his own file"),
        pytest.param(0o077, 4711, 4711, False, id="his own, without the owner's bit"),
        pytest.param(0o710, 0, 4712, True, id="of one of his groups"),
        pytest.param(0o701, 0, 4711, False, id="of one of his groups, without the group's bit"),
        pytest.param(0o701, 0, 0, True, id="everybody's"),
        pytest.param(0o770, 0, 0, False, id="root's"),
    ],
)
@root_only
def test_who_may_execute_what(place: Path, mode: int, uid: int, gid: int, *, runs: bool) -> None:
    script = file(place / "his", mode)
    os.chown(script, uid, gid)

    if runs:
        assert check_script(str(script), SOMEBODY) == str(script)
    else:
        assert "is not executable by somebody" in refusal(script, SOMEBODY).words


def test_system_programs_are_safe_through_linked_directories_too() -> None:
    """`/bin` is a link on present distributions (the quirk SE-05 is not copied)."""
    assert insecurity("/bin/true") == insecurity("/usr/bin/true") == ""


@root_only
def test_a_script_is_safe_if_only_root_can_change_it(safe: Path) -> None:
    assert insecurity(str(file(safe / "script"))) == ""


@pytest.mark.parametrize(
    ("what", "mode", "owner", "words"),
    [
        pytest.param("script", 0o755, (4711, 0), "belongs to user 4711, not to root", id="it is another's"),
        pytest.param("script", 0o757, (0, 0), "is writable by everybody", id="all may write it"),
        pytest.param("script", 0o775, (0, 4711), "is writable by group 4711", id="a group may write it"),
        pytest.param("folder", 0o777, (0, 0), "is writable by everybody", id="all may replace it"),
        pytest.param("folder", 0o755, (4711, 0), "belongs to user 4711", id="another may replace it"),
        pytest.param(
            "target", 0o757, (0, 0), "is writable by everybody", id="all may write what it links to"
        ),
        pytest.param("folder", 0o1777, (4711, 0), "belongs to user 4711", id="another's sticky directory"),
    ],
)
@root_only
def test_a_script_is_not_safe_if(
    safe: Path, what: str, mode: int, owner: tuple[int, int], words: str
) -> None:
    folder = safe / "folder"
    folder.mkdir(mode=0o755)
    target = file(safe / "target")
    script = folder / "script"
    script.symlink_to(target) if what == "target" else file(script)
    changed = {"script": script, "folder": folder, "target": target}[what]
    os.chown(changed, *owner)
    changed.chmod(mode)

    assert insecurity(str(script)).startswith(f"{changed} {words}")


@root_only
def test_in_a_sticky_directory_what_is_root_s_is_safe_and_the_rest_is_not(safe: Path) -> None:
    """As `/tmp`: all may add, and nobody but root may exchange what is root's."""
    safe.chmod(0o1777)
    script, theirs, link = file(safe / "script"), file(safe / "theirs"), safe / "link"
    os.chown(theirs, 4711, 0)
    link.symlink_to(script)
    os.chown(link, 4711, 0, follow_symlinks=False)

    assert insecurity(str(script)) == ""
    assert insecurity(str(theirs)) == f"{theirs} belongs to user 4711, not to root"
    assert insecurity(str(link)) == f"{link} belongs to user 4711, not to root"


@root_only
def test_who_may_exchange_a_link_decides_what_is_run(safe: Path) -> None:
    folder = safe / "folder"
    folder.mkdir()
    (folder / "link").symlink_to(file(safe / "script"))
    folder.chmod(0o777)

    assert insecurity(str(folder / "link")) == f"{folder} is writable by everybody"


@root_only
def test_root_s_own_group_may_write(safe: Path) -> None:
    assert insecurity(str(file(safe / "script", 0o775))) == ""


def test_what_is_not_there_is_not_safe() -> None:
    assert insecurity("/nowhere/script") == "/nowhere/script: No such file or directory"


def test_accounts_are_found_with_their_groups() -> None:
    assert find_account("root") == Account("root", 0, 0, tuple(sorted(os.getgrouplist("root", 0))))
    assert find_account("nobody", "root").gid == 0
    assert find_account("root").is_root


@pytest.mark.parametrize(
    ("user", "group", "reason"),
    [
        pytest.param("no-such-user", "", "script-user", id="no such user"),
        pytest.param("root", "no-such-group", "script-group", id="no such group"),
    ],
)
def test_an_account_that_does_not_exist_is_refused(user: str, group: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        find_account(user, group)

    assert refused.value.reason == reason


def test_without_the_special_account_scripts_run_as_we_do() -> None:
    account = default_account()

    assert account.name == SCRIPT_ACCOUNT or account.is_ours
