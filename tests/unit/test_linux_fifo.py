"""A named pipe: made, written without a reader, and removed if it is ours."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from standfast.base.errors import Refused
from standfast.daemon.fifo_record import FifoRecord
from standfast.linux.fifo import NamedPipe


@pytest.fixture
def pipe(tmp_path: Path) -> Iterator[NamedPipe]:
    made = NamedPipe(str(tmp_path / "fifo"), uid=os.geteuid(), gid=os.getegid())
    yield made
    made.close()


def test_it_is_made_if_it_is_missing_and_then_removed(pipe: NamedPipe) -> None:
    pipe.open()
    status = Path(pipe.path).stat()
    pipe.close()

    assert stat.S_ISFIFO(status.st_mode)
    assert not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
    assert not Path(pipe.path).exists()


def test_one_that_was_there_stays(pipe: NamedPipe) -> None:
    os.mkfifo(pipe.path)

    pipe.open()
    pipe.close()

    assert Path(pipe.path).is_fifo()


def test_a_line_waits_for_a_reader_that_comes_later(pipe: NamedPipe) -> None:
    pipe.open()

    pipe.write(b"line\n")

    reader = os.open(pipe.path, os.O_RDONLY | os.O_NONBLOCK)
    read = os.read(reader, 100)
    os.close(reader)
    assert read == b"line\n"


def test_a_full_pipe_says_so_at_once_and_keeps_whole_lines(pipe: NamedPipe) -> None:
    pipe.open()

    written = 0
    while pipe.write(b"x" * 99 + b"\n"):
        written += 100

    assert written == pipe.unread
    assert written > 60_000


def test_another_pipe_at_the_path_is_noticed(pipe: NamedPipe) -> None:
    pipe.open()
    before = pipe.is_in_place()
    Path(pipe.path).unlink()
    os.mkfifo(pipe.path)

    assert before
    assert not pipe.is_in_place()
    pipe.open()
    pipe.close()
    assert Path(pipe.path).is_fifo(), "it is somebody else's, and stays"


@pytest.mark.parametrize("sort", ["a file", "a symbolic link", "nowhere"])
def test_what_is_no_pipe_is_refused(pipe: NamedPipe, tmp_path: Path, sort: str) -> None:
    if sort == "a file":
        Path(pipe.path).write_text("precious")
    elif sort == "a symbolic link":
        os.mkfifo(tmp_path / "real")
        Path(pipe.path).symlink_to(tmp_path / "real")
    else:
        pipe.path = str(tmp_path / "no" / "fifo")

    with pytest.raises(Refused):
        pipe.open()

    assert not pipe.is_open


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_strangers_pipe_is_refused(pipe: NamedPipe) -> None:
    os.mkfifo(pipe.path)
    os.chown(pipe.path, 12345, 12345)

    with pytest.raises(Refused, match="belongs to user 12345"):
        pipe.open()


def test_one_that_a_killed_process_of_ours_made_is_removed_like_our_own(tmp_path: Path) -> None:
    record = FifoRecord(str(tmp_path / "daemon.pid"))
    path = str(tmp_path / "fifo")
    killed = NamedPipe(path, uid=os.geteuid(), gid=os.getegid())
    killed.open()
    assert killed.made is not None
    record.write({path: killed.made})

    successor = NamedPipe(path, uid=os.geteuid(), gid=os.getegid(), former=record.read()[path])
    successor.open()
    successor.close()

    assert not Path(path).exists()


def test_of_what_is_ours_no_file_is_left_when_nothing_is(tmp_path: Path) -> None:
    record = FifoRecord(str(tmp_path / "daemon.pid"))
    record.write({"/run/a": (1, 2)})
    (tmp_path / "daemon.fifos").write_bytes(b"[damaged")

    assert record.read() == {}
    record.write({"/run/a": (1, 2)})
    record.write({})
    assert list(tmp_path.iterdir()) == []
