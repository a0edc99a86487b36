"""The dump of the trackers."""

import pytest

from standfast.base.times import Instant, seconds
from standfast.core.track.snapshot import TrackerSnapshot, TrackersSnapshot
from standfast.core.track.verdict import GOOD, TrackerKey, TrackerKind, Verdict
from standfast.observe.dump_track import trackers_text

NOW = Instant(seconds(10))


@pytest.mark.parametrize(
    ("tracker", "rows"),
    [
        pytest.param(
            TrackerSnapshot(
                TrackerKey(TrackerKind.SCRIPT, "chk"),
                Verdict(up=False, reason="exit status 1"),
                Instant(0),
                last_run=Instant(seconds(9)),
                took=seconds("0.25"),
                result="exit status 1",
                said="no such host\nat all",
                next_run=Instant(seconds(11)),
                running=True,
            ),
            [
                "Tracked script = chk",
                "  State = not up: exit status 1",
                "  Since = 10 s ago",
                "  Last run = 1 s ago, took 0.25 s: exit status 1",
                "  It complained = no such host",
                "  Now = running",
                "  Next run = in 1 s",
            ],
            id="a script",
        ),
        pytest.param(
            TrackerSnapshot(TrackerKey(TrackerKind.FILE, "load"), Verdict(up=True, value=7), Instant(0)),
            ["Tracked file = load", "  State = up", "  Since = 10 s ago", "  Number = 7"],
            id="a file",
        ),
        pytest.param(
            TrackerSnapshot(TrackerKey(TrackerKind.PROCESS, "web"), GOOD, Instant(0), count=3),
            ["Tracked process = web", "  State = up", "  Since = 10 s ago", "  Found = 3"],
            id="processes",
        ),
        pytest.param(
            TrackerSnapshot(
                TrackerKey(TrackerKind.PROCESS, "web"), GOOD, Instant(0), count=3, polled="no news"
            ),
            [
                "Tracked process = web",
                "  State = up",
                "  Since = 10 s ago",
                "  Found = 3",
                "  Seen by = reading /proc every 1 s: no news",
            ],
            id="processes that the kernel does not tell of",
        ),
    ],
)
def test_a_tracker_is_shown(tracker: TrackerSnapshot, rows: list[str]) -> None:
    assert trackers_text(TrackersSnapshot(NOW, (tracker,))).splitlines() == rows


def test_without_trackers_nothing_is_shown() -> None:
    assert trackers_text(TrackersSnapshot(NOW, ())) == ""
