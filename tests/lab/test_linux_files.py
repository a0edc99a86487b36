"""Tracked files on the real kernel: read when they change, by whatever way they do."""

import asyncio
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from linux_namespace import descriptors, turn

from standfast.core.track.events import FileContent, FilesRead, TrackEvent
from standfast.core.track.parameters import FileCheck
from standfast.linux.files import Files
from standfast.linux.loop import new_loop
from standfast.model.kinds.initial import InitialFile


class Watched:
    """Files, and what was read of them last."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.last: dict[str, FileContent] = {}
        self.rounds: list[int] = []
        self.words: list[str] = []
        self.files = Files(loop, self._tell, self.words.append)

    def _tell(self, event: TrackEvent) -> None:
        assert isinstance(event, FilesRead)
        self.rounds.append(len(event.files))
        self.last.update(event.files)

    def holds(self, content: bytes | None, name: str = "load") -> bool:
        return turn(self.loop, lambda: self.last.get(name) == FileContent(content))


@pytest.fixture
def watched() -> Iterator[Watched]:
    before = descriptors()
    with closing(new_loop()) as loop:
        made = Watched(loop)
        yield made
        made.files.close()
    assert descriptors() <= before


def follow(watched: Watched, path: Path) -> Path:
    watched.files.watch((FileCheck("load", str(path)),))
    return path


def test_files_are_read_before_the_loop_runs(watched: Watched, tmp_path: Path) -> None:
    (tmp_path / "load").write_text("7\n")

    follow(watched, tmp_path / "load")

    assert watched.last == {"load": FileContent(b"7\n")}


def written(path: Path) -> None:
    path.write_text("8")


def moved_here(path: Path) -> None:
    (path.parent / "new").write_text("8")
    (path.parent / "new").rename(path)


def linked(path: Path) -> None:
    (path.parent / "new").write_text("8")
    path.unlink()
    path.symlink_to("new")


def made_again(path: Path) -> None:
    path.unlink()
    path.write_text("8")


def directory_moved(path: Path) -> None:
    other = path.parent.parent / "other"
    other.mkdir()
    (other / path.name).write_text("8")
    path.parent.rename(path.parent.parent / "old")
    other.rename(path.parent)


@pytest.mark.behaviour("TR-09")
@pytest.mark.parametrize(
    "change",
    [
        pytest.param(written, id="written"),
        pytest.param(moved_here, id="another file moved there"),
        pytest.param(linked, id="a link put there"),
        pytest.param(made_again, id="removed and made again"),
        pytest.param(directory_moved, id="its directory replaced"),
    ],
)
def test_a_file_that_changes_is_read(
    watched: Watched, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    path = tmp_path / "run" / "load"
    path.parent.mkdir()
    path.write_text("7")
    follow(watched, path)
    assert watched.holds(b"7")

    change(path)
    changed = watched.holds(b"8")
    path.write_text("9")

    assert changed
    assert watched.holds(b"9"), "what is there now is followed"


@pytest.mark.behaviour("TR-09")
@pytest.mark.parametrize(
    "end",
    [
        pytest.param(Path.unlink, id="removed"),
        pytest.param(lambda path: path.rename(path.parent / "away"), id="moved away"),
        pytest.param(lambda path: shutil.rmtree(path.parent), id="gone with its directory"),
    ],
)
def test_a_file_that_goes_and_comes_back(
    watched: Watched, tmp_path: Path, end: Callable[[Path], None]
) -> None:
    path = tmp_path / "a" / "load"
    path.parent.mkdir()
    path.write_text("7")
    follow(watched, path)

    end(path)
    gone = watched.holds(None)
    path.parent.mkdir(exist_ok=True)
    path.write_text("8")

    assert gone
    assert watched.holds(b"8")


def test_a_file_that_comes_with_all_its_directories(watched: Watched, tmp_path: Path) -> None:
    path = follow(watched, tmp_path / "a" / "b" / "load")
    assert watched.holds(None)

    path.parent.mkdir(parents=True)
    path.write_text("1")

    assert watched.holds(b"1")


def test_a_link_that_leads_elsewhere_changes_the_file_behind_it(watched: Watched, tmp_path: Path) -> None:
    """Kubernetes puts new files into a new directory, and then turns one link."""
    for number in (1, 2):
        (tmp_path / f"v{number}").mkdir()
        (tmp_path / f"v{number}" / "load").write_text(str(number))
    (tmp_path / "data").symlink_to("v1")
    (tmp_path / "load").symlink_to("data/load")
    follow(watched, tmp_path / "load")
    assert watched.holds(b"1")

    (tmp_path / "next").symlink_to("v2")
    (tmp_path / "next").rename(tmp_path / "data")

    assert watched.holds(b"2")


def test_a_thousand_files_that_change_at_once_are_read_in_few_rounds(
    watched: Watched, tmp_path: Path
) -> None:
    names = [f"f{number}" for number in range(1000)]
    watched.files.watch([FileCheck(name, str(tmp_path / name)) for name in names])
    assert watched.holds(None, names[-1])
    watched.rounds.clear()

    for name in names:
        (tmp_path / name).write_text("5")

    assert turn(watched.loop, lambda: all(watched.last[name].content == b"5" for name in names))
    assert max(watched.rounds) <= 64
    assert len(watched.rounds) < 100


def test_files_that_are_no_longer_watched_are_not_read(watched: Watched, tmp_path: Path) -> None:
    (tmp_path / "load").write_text("7")
    follow(watched, tmp_path / "load")

    watched.files.watch((FileCheck("other", str(tmp_path / "other")),))
    (tmp_path / "load").write_text("8")
    (tmp_path / "other").write_text("1")

    assert watched.holds(b"1", "other")
    assert watched.last["load"] == FileContent(b"7")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        pytest.param("/proc/sys/net/x", "lies on proc", id="proc", marks=pytest.mark.behaviour("TR-10")),
        pytest.param("/sys/kernel/x", "lies on sysfs", id="sysfs", marks=pytest.mark.behaviour("TR-10")),
        pytest.param("{}/directory", "is not a file", id="a directory"),
        pytest.param("{}/pipe", "is not a file", id="a pipe, and nobody waits for it"),
        pytest.param("{}/circle", "Too many levels of symbolic links", id="links in a circle"),
    ],
)
def test_what_cannot_be_followed_says_so(watched: Watched, tmp_path: Path, path: str, words: str) -> None:
    (tmp_path / "directory").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "circle").symlink_to("circle")

    follow(watched, Path(path.format(tmp_path)))

    assert words in watched.last["load"].refusal


@pytest.mark.behaviour("TR-11")
@pytest.mark.parametrize(
    ("before", "overwrite", "after"),
    [
        pytest.param(None, False, "3\n", id="a missing file is made"),
        pytest.param("7", False, "7", id="one that is there stays"),
        pytest.param("7777", True, "3\n", id="or is overwritten"),
    ],
)
def test_the_first_number(
    watched: Watched, tmp_path: Path, before: str | None, overwrite: bool, after: str
) -> None:
    path = tmp_path / "load"
    if before is not None:
        path.write_text(before)

    watched.files.write("load", str(path), InitialFile(3, overwrite))

    assert path.read_text() == after
    assert watched.words == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        pytest.param("{}/none/load", "No such file or directory", id="no directory"),
        pytest.param("/proc/sys/net/ipv4/ip_forward", "lies on proc", id="a setting of the kernel"),
        pytest.param("{}/link", "Too many levels", id="a link that somebody put there"),
    ],
)
def test_what_cannot_be_written_is_said(watched: Watched, tmp_path: Path, path: str, words: str) -> None:
    (tmp_path / "target").write_text("7")
    (tmp_path / "link").symlink_to("target")

    watched.files.write("load", path.format(tmp_path), InitialFile(3, overwrite=True))

    assert words in watched.words[0]
    assert (tmp_path / "target").read_text() == "7"
