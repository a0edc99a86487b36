"""A pid file is held as long as its process lives, and by one process only."""

import os
from pathlib import Path

import pytest

from standfast.daemon.exits import EndWith, Exit
from standfast.daemon.pidfile import AlreadyHeld, PidFile, Unwritable, hold


def test_a_pid_file_says_who_holds_it_and_is_removed(tmp_path: Path) -> None:
    path = tmp_path / "x.pid"
    held = hold(str(path))

    held.write()
    written, mode = path.read_text(), path.stat().st_mode & 0o777
    held.remove()

    assert written == f"{os.getpid()}\n"
    assert mode == 0o644
    assert not path.exists()


def test_its_mode_does_not_follow_the_narrow_umask_of_our_other_files(tmp_path: Path) -> None:
    path = tmp_path / "x.pid"
    before = os.umask(0o177)
    try:
        hold(str(path)).close()
    finally:
        os.umask(before)

    assert path.stat().st_mode & 0o777 == 0o644


def test_a_second_holder_is_told_who_is_the_first(tmp_path: Path) -> None:
    path = str(tmp_path / "x.pid")
    first = hold(path)
    first.write()

    with pytest.raises(AlreadyHeld) as caught:
        hold(path)

    assert caught.value.pid == str(os.getpid())
    first.remove()


def test_a_longer_number_of_a_dead_process_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "x.pid"
    path.write_text("4194303 and more\n")

    held = hold(str(path))
    held.write()

    assert path.read_text() == f"{os.getpid()}\n"
    held.remove()


def test_a_fork_keeps_the_hold_until_both_let_go(tmp_path: Path) -> None:
    path = str(tmp_path / "x.pid")
    held = hold(path)
    copy = os.dup(held._fd)  # what a fork leaves in the child
    held.close()

    with pytest.raises(AlreadyHeld):
        hold(path)
    os.close(copy)

    hold(path).remove()


def test_a_file_that_was_removed_meanwhile_is_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "x.pid"
    first = hold(str(path))
    path.unlink()

    second = hold(str(path))
    second.write()

    assert path.read_text() == f"{os.getpid()}\n"
    first.close()
    second.remove()


def test_a_link_in_a_public_directory_is_not_followed(tmp_path: Path) -> None:
    target = tmp_path / "precious"
    target.write_text("precious\n")
    (tmp_path / "x.pid").symlink_to(target)

    with pytest.raises(EndWith) as caught:
        hold(str(tmp_path / "x.pid"))

    assert caught.value.status == Exit.FATAL
    assert target.read_text() == "precious\n"


def test_a_file_that_cannot_be_made_ends_the_start_with_its_reason(tmp_path: Path) -> None:
    with pytest.raises(EndWith, match=r"cannot make the pid file .*No such file or directory; name another"):
        hold(str(tmp_path / "nowhere" / "x.pid"))


def test_a_disk_that_takes_no_number_says_so() -> None:
    full = PidFile("/dev/full", os.open("/dev/full", os.O_RDWR))

    with pytest.raises(Unwritable, match="cannot write the pid file /dev/full"):
        full.write()
    full.close()
