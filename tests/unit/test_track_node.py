"""All trackers together: what they say, and when; what a reload keeps."""

import pytest

from standfast.base.frozen import changed
from standfast.base.times import Instant, seconds
from standfast.core.track.effects import (
    EndScript,
    ProcessesPolled,
    RunScript,
    TrackEffect,
    TrackerChanged,
    WatchFiles,
    WatchProcesses,
    WriteFile,
)
from standfast.core.track.events import (
    Due,
    Exited,
    FileContent,
    FilesRead,
    Forked,
    Process,
    ProcessesRead,
    ProcessesUnseen,
    ProcessNews,
    ScriptEnded,
    SessionJudged,
    Stop,
    TrackEvent,
)
from standfast.core.track.node import Trackers
from standfast.core.track.parameters import FileCheck, Match, ProcessCheck, ScriptCheck, Tracked
from standfast.core.track.verdict import GOOD, WAITING, TrackerKey, TrackerKind, Verdict
from standfast.model.kinds.initial import InitialFile
from standfast.model.kinds.scripts import Script

SCRIPT = ScriptCheck("chk", Script(("/bin/check",)), fall=2)
FILE = FileCheck("load", "/run/load")
WEB = ProcessCheck("web", ("web",), terminate_delay=seconds(1))
ALL = Tracked((SCRIPT,), (FILE,), (WEB,), ("peer",))

CHK = TrackerKey(TrackerKind.SCRIPT, "chk")
LOAD = TrackerKey(TrackerKind.FILE, "load")
WEB_KEY = TrackerKey(TrackerKind.PROCESS, "web")
PEER = TrackerKey(TrackerKind.BFD, "peer")


def at(amount: float) -> Instant:
    return Instant(seconds(amount))


def started(tracked: Tracked = ALL) -> Trackers:
    trackers = Trackers()
    trackers.start(tracked, at(0))
    return trackers


def good(tracked: Tracked = ALL) -> Trackers:
    """Trackers that have all said that they are good; the first run of the script is over."""
    trackers = started(tracked)
    trackers.handle(Due(), at(0))
    for event in (
        ScriptEnded("chk", 1),
        FilesRead({"load": FileContent(b"0")}),
        ProcessesRead({7: Process(b"web")}),
        SessionJudged("peer", up=True),
    ):
        trackers.handle(event, at(0.1))
    return trackers


def test_at_the_start_nothing_is_known_and_everything_is_asked_for() -> None:
    trackers = Trackers()

    effects = trackers.start(ALL, at(0))

    assert effects == (WatchFiles((FILE,)), WatchProcesses(wanted=True, commands=False))
    assert trackers.deadline() == at(0)
    assert trackers.verdicts() == dict.fromkeys((CHK, LOAD, WEB_KEY, PEER), WAITING)


@pytest.mark.parametrize(
    ("event", "facts"),
    [
        pytest.param(
            FilesRead({"load": FileContent(b"3")}),
            (TrackerChanged(LOAD, Verdict(up=True, value=3), GOOD),),
            id="a file holds another number",
        ),
        pytest.param(FilesRead({"load": FileContent(b" 0")}), (), id="a file holds the same number"),
        pytest.param(FilesRead({"other": FileContent(b"3")}), (), id="a file that nobody tracks any more"),
        pytest.param(
            ProcessesUnseen("refused"),
            (TrackerChanged(WEB_KEY, Verdict(up=False, reason="refused"), GOOD),),
            id="processes cannot be seen any more",
        ),
        pytest.param(
            ProcessNews((Forked(7, 8), Exited(7))), (), id="the child goes on where the parent ends"
        ),
        pytest.param(
            SessionJudged("peer", up=False, reason="no packets"),
            (TrackerChanged(PEER, Verdict(up=False, reason="no packets"), GOOD),),
            id="a session is down",
            marks=pytest.mark.behaviour("TR-19"),
        ),
        pytest.param(SessionJudged("other", up=False), (), id="a session that nobody tracks"),
        pytest.param(ScriptEnded("other", 1, status=1), (), id="a script that nobody tracks"),
    ],
)
def test_a_tracker_tells_what_is_new(event: TrackEvent, facts: tuple[TrackEffect, ...]) -> None:
    assert good().handle(event, at(0.2)) == facts


def test_a_lost_quorum_is_told_after_its_delay() -> None:
    trackers = good()

    first = trackers.handle(ProcessNews((Exited(7),)), at(0.2))
    trackers.handle(Due(), at(1))  # the script begins
    then = trackers.handle(Due(), at(1.2))

    assert first == ()
    assert [effect.key for effect in then if isinstance(effect, TrackerChanged)] == [WEB_KEY]


def test_a_failed_script_says_what_it_complained_about() -> None:
    trackers = started()
    trackers.handle(Due(), at(0))

    effects = trackers.handle(ScriptEnded("chk", 1, status=2, said="no such host"), at(0.1))

    assert effects == (
        TrackerChanged(CHK, Verdict(up=False, reason="exit status 2"), WAITING, "no such host"),
    )


@pytest.mark.behaviour("TR-23")
@pytest.mark.parametrize(
    "script",
    [
        pytest.param(changed(SCRIPT, interval=seconds(9), rise=4), id="another interval and rise"),
        pytest.param(changed(SCRIPT, name="chk"), id="nothing"),
    ],
)
def test_a_reload_keeps_the_result_of_a_script(script: ScriptCheck) -> None:
    trackers = good()

    effects = trackers.reload(changed(ALL, scripts=(script,)), at(0.5))

    assert effects == ()
    assert trackers.verdicts()[CHK] == GOOD
    assert trackers.deadline() == at(0) + script.interval


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(Script(("/bin/check", "-v")), id="other arguments"),
        pytest.param(Script(("/bin/check",), user="nobody"), id="another user"),
    ],
)
def test_another_script_under_the_same_name_runs_at_once_and_its_first_result_decides(script: Script) -> None:
    trackers = good()

    trackers.reload(changed(ALL, scripts=(changed(SCRIPT, script=script),)), at(0.5))
    begun = trackers.handle(Due(), at(0.5))
    ended = trackers.handle(ScriptEnded("chk", 2, status=1), at(0.6))

    assert begun == (RunScript("chk", 2, script),)
    assert ended == (TrackerChanged(CHK, Verdict(up=False, reason="exit status 1"), GOOD),)


@pytest.mark.parametrize(
    "tracked",
    [
        pytest.param(Tracked(), id="a script that is gone"),
        pytest.param(
            Tracked((changed(SCRIPT, script=Script(("/bin/b",))),)), id="a script that is another one"
        ),
    ],
)
def test_a_run_that_a_reload_made_needless_is_asked_to_end_and_then_made_to(tracked: Tracked) -> None:
    trackers = started(Tracked((SCRIPT,)))
    trackers.handle(Due(), at(0))

    asked = trackers.reload(tracked, at(0.5))
    trackers.handle(Due(), at(0.5))
    made = trackers.handle(Due(), at(2.5))

    assert asked[0] == EndScript("chk", 1)
    assert EndScript("chk", 1, kill=True) in made


def test_a_needless_run_that_ends_is_left_alone_and_not_taken_for_another() -> None:
    trackers = started(Tracked((SCRIPT,)))
    trackers.handle(Due(), at(0))
    trackers.reload(Tracked(), at(0.1))
    trackers.reload(Tracked((SCRIPT,)), at(0.2))

    begun = trackers.handle(Due(), at(0.2))
    ended = trackers.handle(ScriptEnded("chk", 1, status=1), at(0.3))

    assert begun == (RunScript("chk", 2, SCRIPT.script),)
    assert ended == ()
    assert trackers.verdicts()[CHK] == WAITING


@pytest.mark.behaviour("TR-11")
def test_the_first_number_of_a_file_is_written_once() -> None:
    file = changed(FILE, init_file=InitialFile(5, overwrite=True))
    trackers = Trackers()

    first = trackers.start(Tracked(files=(file,)), at(0))
    again = trackers.reload(Tracked(files=(file, FileCheck("b", "/run/b"))), at(1))

    assert first[0] == WriteFile("load", "/run/load", InitialFile(5, overwrite=True))
    assert [type(effect) for effect in again] == [WatchFiles]


@pytest.mark.parametrize(
    ("checks", "asked"),
    [
        pytest.param((WEB, changed(WEB, name="b", match=Match.COMMAND)), (True, True), id="command lines"),
        pytest.param((), (False, False), id="no processes any more"),
    ],
)
def test_a_reload_asks_for_what_is_looked_for(
    checks: tuple[ProcessCheck, ...], asked: tuple[bool, bool]
) -> None:
    assert good().reload(changed(ALL, processes=checks), at(1)) == (WatchProcesses(*asked),)


def test_a_reload_keeps_what_a_process_tracker_says_until_the_next_reading() -> None:
    trackers = good()
    trackers.reload(changed(ALL, processes=(changed(WEB, quorum=2, terminate_delay=seconds(0)),)), at(1))
    kept = trackers.verdicts()[WEB_KEY]

    trackers.handle(ProcessesRead({7: Process(b"web")}), at(1))

    assert kept == GOOD
    assert trackers.verdicts()[WEB_KEY].reason == "1 running, at least 2 needed"


def test_that_processes_are_read_again_and_again_is_told_when_it_begins_and_ends_and_shown() -> None:
    trackers = good()
    running = {7: Process(b"web")}

    begins = trackers.handle(ProcessesRead(running, polled="no news"), at(1))
    goes_on = trackers.handle(ProcessesRead(running, polled="no news"), at(2))
    shown = trackers.snapshot(at(2)).trackers[2].polled
    ends = trackers.handle(ProcessesRead(running), at(3))

    assert (begins, goes_on, ends) == ((ProcessesPolled("no news"),), (), (ProcessesPolled(""),))
    assert shown == "no news"


def test_between_two_readings_a_delay_goes_on() -> None:
    trackers = good()
    trackers.handle(ProcessesRead({}, polled="no news"), at(1))

    later = trackers.handle(ProcessesRead({}, polled="no news"), at(1.5))
    then = trackers.handle(Due(), at(2))

    assert later == ()
    assert [effect.key for effect in then if isinstance(effect, TrackerChanged)] == [WEB_KEY]


def test_the_snapshot_shows_all() -> None:
    trackers = good()

    script, file, process, session = trackers.snapshot(at(0.5)).trackers

    assert (script.key, script.verdict, script.since) == (CHK, GOOD, at(0.1))
    assert (script.last_run, script.took, script.next_run) == (at(0), seconds(0.1), at(1))
    assert not script.running
    assert (file.key, process.key, process.count, session.key) == (LOAD, WEB_KEY, 1, PEER)


def test_at_the_end_running_scripts_are_asked_to_end() -> None:
    trackers = started()
    trackers.handle(Due(), at(0))

    effects = trackers.handle(Stop(), at(0.1))

    assert effects == (EndScript("chk", 1), WatchFiles(()), WatchProcesses(wanted=False, commands=False))
    assert trackers.deadline() is None
    assert trackers.handle(ScriptEnded("chk", 1, status=-15), at(0.2)) == ()
