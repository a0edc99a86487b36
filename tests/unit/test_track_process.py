"""Tracked processes: who is looked for, and whether there are enough."""

import pytest

from standfast.base.times import Instant, seconds
from standfast.core.track.events import Exited, Forked, Named, Process
from standfast.core.track.parameters import Match, ProcessCheck
from standfast.core.track.process import Population, ProcessState, counted, deadline_of, due, matches

ARGUMENTS = ("sshd", "-D", "-p")


@pytest.mark.behaviour("TR-12")
@pytest.mark.parametrize(
    ("words", "match", "name", "command", "found"),
    [
        pytest.param(("sshd",), Match.NAME, b"sshd", b"", True, id="the name"),
        pytest.param(("ssh",), Match.NAME, b"sshd", b"", False, id="a part of the name is not the name"),
        pytest.param(("a-very-long-name",), Match.NAME, b"a-very-long-nam", b"", True, id="15 bytes of it"),
        pytest.param(("sshd",), Match.COMMAND, b"x", b"sshd\0", True, id="the whole command line"),
        pytest.param(("sshd",), Match.COMMAND, b"sshd", b"sshd\0-D\0", False, id="more words than wanted"),
        pytest.param(ARGUMENTS, Match.COMMAND, b"x", b"sshd\0-D\0-p\0", True, id="with its arguments"),
        pytest.param(ARGUMENTS, Match.PARTIAL, b"x", b"sshd\0-D\0-p\0002\0", True, id="the first words"),
        pytest.param(ARGUMENTS, Match.PARTIAL, b"x", b"sshd\0-D\0-p22\0", False, id="whole words"),
        pytest.param(ARGUMENTS, Match.INITIAL, b"x", b"sshd\0-D\0-p22\0", True, id="the last may be longer"),
        pytest.param(ARGUMENTS, Match.INITIAL, b"x", b"sshd\0-D22\0-p\0", False, id="no other may be"),
    ],
)
def test_a_process_is_looked_for(
    words: tuple[str, ...], match: Match, name: bytes, command: bytes, found: bool
) -> None:
    assert matches(ProcessCheck("p", words, match), Process(name, command)) is found


WEB = ProcessCheck("web", ("web",))


def population() -> Population:
    found = Population([WEB])
    found.read({1: Process(b"init"), 10: Process(b"web"), 11: Process(b"web")})
    return found


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        pytest.param([], 2, id="those that run already"),
        pytest.param([Forked(10, 12)], 3, id="the child of one is one"),
        pytest.param([Forked(1, 12)], 2, id="the child of another is none"),
        pytest.param([Forked(10, 12), Named(12, Process(b"sleep"))], 2, id="until it runs something else"),
        pytest.param([Forked(1, 12), Named(12, Process(b"web"))], 3, id="one that begins to be called so"),
        pytest.param([Exited(10), Exited(10), Exited(1)], 1, id="one that ends, told twice"),
        pytest.param([Forked(10, 11)], 2, id="one that is known already"),
    ],
)
def test_processes_come_and_go(changes: list[Forked | Named | Exited], count: int) -> None:
    found = population()

    for change in changes:
        found.apply(change)

    assert found.count("web") == count


def test_a_new_reading_forgets_who_is_no_more() -> None:
    found = population()

    found.read({20: Process(b"web")})

    assert found.count("web") == 1
    assert found.apply(Exited(10)) == frozenset()


CHECK = ProcessCheck(
    "web", ("web",), quorum=2, quorum_max=3, fork_delay=seconds(2), terminate_delay=seconds(5)
)


@pytest.mark.parametrize(
    ("count", "up", "reason"),
    [
        pytest.param(0, False, "0 running, at least 2 needed", id="none"),
        pytest.param(2, True, "", id="enough"),
        pytest.param(4, False, "4 running, at most 3 allowed", id="too many"),
    ],
)
def test_the_first_reading_decides_at_once(count: int, up: bool, reason: str) -> None:
    verdict = counted(CHECK, ProcessState(), count, Instant(0)).verdict(CHECK)

    assert (verdict.up, verdict.reason) == (up, reason)


@pytest.mark.behaviour("TR-13")
@pytest.mark.parametrize(
    ("before", "now", "waits", "up"),
    [
        pytest.param(2, 1, 5, False, id="a lost quorum waits for terminate_delay"),
        pytest.param(1, 2, 2, True, id="a gained one for fork_delay"),
        pytest.param(2, 4, 5, False, id="too many are no quorum either"),
    ],
)
def test_a_change_of_the_quorum_waits(before: int, now: int, waits: int, up: bool) -> None:
    state = counted(CHECK, ProcessState(), before, Instant(0))

    doubted = counted(CHECK, state, now, Instant(seconds(1)))
    end = deadline_of(CHECK, doubted)

    assert end == Instant(seconds(1 + waits))
    assert doubted.verdict(CHECK).up is not up
    assert due(CHECK, doubted, Instant(end - 1)).verdict(CHECK).up is not up
    assert due(CHECK, doubted, end).verdict(CHECK).up is up


def test_a_quorum_that_is_back_in_time_was_never_lost() -> None:
    state = counted(CHECK, ProcessState(), 2, Instant(0))

    back = counted(CHECK, counted(CHECK, state, 1, Instant(0)), 2, Instant(seconds(4)))

    assert deadline_of(CHECK, back) is None
    assert back.verdict(CHECK).up


def test_a_quorum_that_comes_too_late_still_says_why() -> None:
    state = counted(CHECK, ProcessState(), 1, Instant(0))

    waiting = counted(CHECK, state, 2, Instant(0))

    assert waiting.verdict(CHECK).reason == "2 running, not yet for long enough"


def test_processes_that_cannot_be_seen_are_not_good() -> None:
    state = ProcessState(unseen="the kernel refuses")

    assert state.verdict(CHECK).reason == "the kernel refuses"
    assert counted(CHECK, state, 2, Instant(0)).verdict(CHECK).up
