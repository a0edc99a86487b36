"""Planned reloads: what the file says, and when that is (behaviour RL-09)."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from standfast.base.errors import Refused
from standfast.base.limits import CLOCK_LOOK
from standfast.base.times import Instant
from standfast.core.supervise.appointment import Appointment, read_appointment
from standfast.daemon.appointments import Appointments, moment_of
from standfast.daemon.poll import PollLoop
from standfast.model.global_defs import GlobalDefs
from standfast.observe.facts import ReloadAppointed, ReloadNotAppointed, WorksWithout

EVENING = 1_900_008_000.0  # 2030-03-17 20:00:00 in UTC


@pytest.mark.behaviour("RL-09")
@pytest.mark.parametrize(
    ("line", "means"),
    [
        pytest.param("21:07:00", Appointment((21, 7, 0)), id="a time of day"),
        pytest.param("21:07:00Z", Appointment((21, 7, 0), utc=True), id="in UTC"),
        pytest.param("30-03-18 01:02:03", Appointment((1, 2, 3), (2030, 3, 18)), id="a day, a short year"),
        pytest.param("2030-03-18 01:02:03Z", Appointment((1, 2, 3), (2030, 3, 18), utc=True), id="all of it"),
    ],
)
def test_a_line_says(line: str, means: Appointment) -> None:
    assert read_appointment(line) == means


@pytest.mark.behaviour("RL-09")
@pytest.mark.parametrize(
    "line",
    [
        pytest.param("", id="nothing"),
        pytest.param(" 21:07:00", id="a blank before it"),
        pytest.param("21:07:00 ", id="a blank behind it"),
        pytest.param("21:07", id="no seconds"),
        pytest.param("2030-03-18  21:07:00", id="two blanks"),
        pytest.param("030-03-18 21:07:00", id="a year of three digits"),
        pytest.param("21:07:00z", id="a small z"),
        pytest.param("٢١:07:00", id="digits of another script"),
    ],
)
def test_what_has_none_of_the_three_forms_is_refused(line: str) -> None:
    with pytest.raises(Refused, match="is no time"):
        read_appointment(line)


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        pytest.param("20:00:01Z", 1, id="today"),
        pytest.param("20:00:00Z", 86_400, id="now: tomorrow"),
        pytest.param("19:59:59Z", 86_399, id="over for today: tomorrow"),
        pytest.param("2030-03-18 20:00:00Z", 86_400, id="on its day"),
        pytest.param("2030-03-17 19:59:59Z", None, id="in the past: never"),
    ],
)
def test_it_comes_in(line: str, seconds: int | None) -> None:
    at = moment_of(read_appointment(line), EVENING)

    assert at == (None if seconds is None else EVENING + seconds)


@pytest.mark.parametrize("line", ["2030-02-30 10:00:00", "24:00:00", "10:61:00Z"])
def test_a_time_that_there_is_not_is_refused(line: str) -> None:
    with pytest.raises(Refused, match="there is no such time"):
        moment_of(read_appointment(line), EVENING)


def test_without_a_z_it_is_the_time_of_this_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "UTC-2")
    time.tzset()
    try:
        at = moment_of(read_appointment("22:00:05"), EVENING)
    finally:
        monkeypatch.undo()
        time.tzset()

    assert at == EVENING + 5


# ---- the file


class Bench:
    """A file, a clock that stands, and reloads that are counted."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "when"
        self.loop = PollLoop()
        self.wall = EVENING
        self.monotonic = Instant(0)
        self.begun = 0
        self.told: list[object] = []
        self.appointments = Appointments(
            self.loop, self, wall=lambda: self.wall, begin=self._begin, tell=self.told.append
        )
        self.alarm = self.appointments._alarm

    def now(self) -> Instant:
        return self.monotonic

    def _begin(self) -> None:
        self.begun += 1

    def open(self, *, repeat: bool = False) -> None:
        self.appointments.open(GlobalDefs(reload_time_file=str(self.file), reload_repeat=repeat))

    def news(self) -> None:
        """Hear what the kernel has told."""
        self.appointments._hear()

    def pass_to(self, wall: float) -> None:
        """The time of day has come to this, and the alarm rings."""
        self.wall = wall
        self.alarm.ring()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.appointments.close()
    made.loop.close()


def test_at_its_time_we_reload_and_the_file_goes(bench: Bench) -> None:
    bench.file.write_text("20:01:30Z\n")
    bench.open()

    bench.pass_to(EVENING + 89.9)
    early = bench.begun
    bench.pass_to(EVENING + 90)

    assert (early, bench.begun, bench.file.exists(), bench.appointments.at) == (0, 1, False, None)
    assert isinstance(bench.told[0], ReloadAppointed)


def test_a_repeated_one_stays_for_the_next_day(bench: Bench) -> None:
    bench.file.write_text("20:01:30Z\n")
    bench.open(repeat=True)

    bench.pass_to(EVENING + 90)

    assert (bench.begun, bench.file.exists(), bench.appointments.at) == (1, True, EVENING + 90 + 86_400)


def test_the_time_of_day_is_looked_at_again_and_again(bench: Bench) -> None:
    """An operator may set the clock; then the time that is left is another one."""
    bench.file.write_text("23:00:00Z\n")
    bench.open()
    first = bench.alarm.due
    bench.pass_to(EVENING + 3 * 3_600 - 5)

    assert (first, bench.alarm.due) == (Instant(CLOCK_LOOK), Instant(5_000_001))


def test_a_file_that_comes_changes_and_goes_is_followed(bench: Bench) -> None:
    bench.open()
    moments = [bench.appointments.at]
    for text in ("20:01:00Z\n", "20:02:00Z\n"):
        bench.file.write_text(text)
        bench.news()
        moments.append(bench.appointments.at)
    bench.file.unlink()
    bench.news()

    assert moments == [None, EVENING + 60, EVENING + 120]
    assert (bench.appointments.at, bench.alarm.due) == (None, None)
    assert isinstance(bench.told[-1], ReloadNotAppointed)


def test_what_is_no_time_is_told_and_plans_nothing(bench: Bench) -> None:
    bench.file.write_text("tomorrow\n")

    bench.open()

    (fact,) = bench.told
    assert isinstance(fact, ReloadNotAppointed)
    assert "'tomorrow' is no time; write HH:MM:SS" in fact.why


def test_without_its_directory_nothing_is_planned_until_a_reload(bench: Bench) -> None:
    bench.file = bench.file.parent / "later" / "when"
    bench.open()
    bench.file.parent.mkdir()
    bench.file.write_text("20:01:00Z\n")
    before = bench.appointments.at

    bench.open()

    assert (before, bench.appointments.at) == (None, EVENING + 60)
    assert isinstance(bench.told[0], WorksWithout)


def test_a_file_in_a_directory_that_goes_plans_nothing_any_more(bench: Bench) -> None:
    bench.file = bench.file.parent / "there" / "when"
    bench.file.parent.mkdir()
    bench.file.write_text("20:01:00Z\n")
    bench.open()

    bench.file.unlink()
    bench.file.parent.rmdir()
    bench.news()

    assert bench.appointments.at is None
