"""The memory debugging mode: what is counted, what a difference says, and what is said at the stop."""

import os
import socket
import subprocess
import sys
import tracemalloc
import weakref
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from standfast.base.agenda import Agenda
from standfast.base.times import Instant
from standfast.daemon.census import Census, differences, take_census
from standfast.daemon.debugging import memory_watched
from standfast.daemon.flags import Flags, read_flags
from standfast.daemon.memory import MemoryWatch
from standfast.linux.ledger import Ledger, read_ledger
from standfast.observe.facts_memory import MemoryChanged, MemoryCounted, MemoryLeft, NothingLeft

EMPTY = Ledger({}, {}, ())


@pytest.fixture
def told() -> Iterator[list[object]]:
    """What a watch tells; tracing is off again afterwards."""
    traced_before = tracemalloc.is_tracing()
    yield []
    if not traced_before:
        tracemalloc.stop()


def test_machines_and_what_waits_in_them_are_counted() -> None:
    before = take_census()
    agenda = Agenda()
    for number in range(3):
        agenda.set(f"line {number}", Instant(number))

    found = {name: now - then for name, then, now in differences(before, take_census())}

    assert found["object base.agenda.Agenda"] == 1
    assert found["queue base.agenda.Agenda._heap"] == 3


def test_a_proxy_of_what_is_gone_is_no_descriptor() -> None:
    gone = Agenda()
    proxy = weakref.proxy(gone)
    del gone

    ledger = read_ledger([proxy])

    assert not any("proxy" in what for what in ledger.descriptors.values())


def test_what_differs_most_comes_first_and_what_is_the_same_not_at_all() -> None:
    before = Census({"a": 1, "b": 5, "c": 2}, {}, EMPTY)
    after = Census({"a": 2, "b": 1, "c": 2}, {"d": 3}, EMPTY)

    assert differences(before, after) == [("object b", 5, 1), ("queue d", 0, 3), ("object a", 1, 2)]


def test_a_descriptor_a_child_and_a_thread_that_are_left_are_named() -> None:
    before = Ledger({0: "/dev/null"}, {}, ())
    after = Ledger({0: "/dev/null", 7: "socket vrrp:12"}, {99: "sleep 5"}, ("spawn_0",))

    assert after.beyond(before) == ("descriptor 7: socket vrrp:12", "child 99: sleep 5", "thread spawn_0")
    assert before.beyond(after) == ()


def test_a_stop_that_leaves_something_says_what_and_who_made_it(tmp_path: Path, told: list[object]) -> None:
    watch = MemoryWatch("vrrp", str(tmp_path / "x.pid"), told.append)
    left, other = socket.socketpair()

    watch.end()
    left.close()
    other.close()

    said = [fact.what for fact in told if isinstance(fact, MemoryLeft)]
    assert {each.split(": ")[1].split(" ")[0] for each in said if each.startswith("descriptor")} == {"socket"}


def test_a_stop_that_leaves_nothing_says_so(tmp_path: Path, told: list[object]) -> None:
    watch = MemoryWatch("vrrp", str(tmp_path / "x.pid"), told.append)
    watch.count("signal")

    watch.end()

    assert told[-1] == NothingLeft()
    assert list(tmp_path.iterdir()) == [], "the census of a process that has ended is of no use"


def test_a_count_tells_the_differences_and_writes_all_of_it(tmp_path: Path, told: list[object]) -> None:
    watch = MemoryWatch("vrrp", str(tmp_path / "x.pid"), told.append)
    reading, writing = os.pipe()

    watch.count("reload")
    os.close(reading)
    os.close(writing)

    assert isinstance(told[0], MemoryCounted)
    assert told[0].why == "reload"
    (pipes,) = [each for each in told if isinstance(each, MemoryChanged) and each.what == "descriptor pipe"]
    assert pipes.now - pipes.before == 2
    assert msgspec.json.decode((tmp_path / "x.memory.vrrp").read_bytes())["counts"]["threads"] >= 0


def test_a_reload_just_after_another_is_not_counted(tmp_path: Path, told: list[object]) -> None:
    watch = MemoryWatch("parent", str(tmp_path / "x.pid"), told.append)
    passed_on: list[int] = []
    watch.pass_on = passed_on.append

    watch.reloaded()
    watch.reloaded()

    assert sum(isinstance(fact, MemoryCounted) for fact in told) == 1
    assert len(passed_on) == 1


def test_off_it_is_nothing() -> None:
    with memory_watched(Flags(), "vrrp", lambda _: None) as watch:
        assert watch is None
    assert not Flags().debug_memory
    assert read_flags(["--debug-memory"]).debug_memory


def test_off_it_is_not_even_imported() -> None:
    code = "import sys, standfast.daemon.start; print([m for m in sys.modules if 'memory' in m or 'census' in m])"

    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert set(msgspec.json.decode(asked.stdout.replace("'", '"'))) <= {
        "standfast.observe.facts_memory",
        "standfast.observe.words_memory",
    }
