"""The history on disk: bounded, and never a reason to stop."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from standfast.observe.history import History
from standfast.observe.state.event import Event


def event(text: str, about: str = "VI_1") -> Event:
    return Event(
        at=1.5, process="vrrp", kind="router-changed", about=about, text=text, facts={"new": "master"}
    )


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history"


def texts(history: History) -> list[str]:
    return [one.text for one in history.read()]


def test_events_are_found_again_by_the_next_process(path: Path) -> None:
    first = History(str(path))
    numbers = [first.add(event(text)).number for text in "ab"]

    second = History(str(path))

    assert texts(second) == ["a", "b"]
    assert [*numbers, second.add(event("c")).number] == [1, 2, 3]
    assert second.read()[0] == replace(event("a"), number=1)


def test_it_is_bounded_and_keeps_the_newest(path: Path) -> None:
    history = History(str(path), limit=1_000)

    for number in range(100):
        history.add(event(str(number)))

    kept = texts(history)
    assert kept == [str(number) for number in range(100 - len(kept), 100)]
    assert len(kept) > 5
    assert sum(each.stat().st_size for each in path.parent.iterdir()) <= 2_000


def test_only_what_is_wanted_is_read_and_the_last_of_it(path: Path) -> None:
    history = History(str(path))
    for number in range(10):
        history.add(event(str(number), about=f"VI_{number % 2}"))

    found = history.read(lambda one: one.about == "VI_1", count=2)

    assert [one.text for one in found] == ["7", "9"]


@pytest.mark.parametrize("damage", [b"\xff\xfe\n", b'{"at":1\n', b"{}\n", b'{"half'])
def test_a_damaged_line_is_passed_over(path: Path, damage: bytes) -> None:
    History(str(path)).add(event("before"))
    with path.open("ab") as file:
        file.write(damage)

    history = History(str(path))

    assert texts(history) == ["before"]


def test_what_cannot_be_written_is_counted(tmp_path: Path) -> None:
    history = History(str(tmp_path / "missing" / "history"))

    numbered = history.add(event("lost"))

    assert (numbered.number, history.unwritten, history.trouble) == (1, 1, "No such file or directory")
    assert texts(history) == []


def test_a_link_that_somebody_put_there_is_not_followed(path: Path) -> None:
    target = path.with_name("precious")
    target.write_text("precious")
    path.symlink_to(target)

    History(str(path)).add(event("x"))

    assert target.read_text() == "precious"
