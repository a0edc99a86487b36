"""What a backup makes of adverts and of silence (RFC 9568, 6.4.2; behaviours SM-09 to SM-11, SM-23, SM-24)."""

from dataclasses import replace

import pytest
from vrrp_made import ABOVE, BELOW, OWNER, ROUTER, ROUTER2, heard

from standfast.base.addresses import IpAddress
from standfast.base.times import MILLISECOND, SECOND, Instant, between, seconds, times
from standfast.core.vrrp.effects import Overslept, RouterChanged, WeakerHeard
from standfast.core.vrrp.events import Due
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.state import Backup, Master
from standfast.core.vrrp.step import step
from standfast.core.vrrp.timing import deadline, silence_ends

BEFORE = Backup(quiet_since=Instant(-2_000_000), interval=SECOND)
NOW = Instant(0)


@pytest.mark.parametrize(
    ("router", "priority", "waits_us"),
    [
        pytest.param(
            ROUTER,
            0,
            609_375,
            id="the master leaves: only the skew",
            marks=[pytest.mark.behaviour("SM-09"), pytest.mark.rfc(29)],
        ),
        pytest.param(
            ROUTER,
            150,
            3_609_375,
            id="a stronger master: full silence again",
            marks=[pytest.mark.behaviour("SM-10"), pytest.mark.rfc(30)],
        ),
        pytest.param(
            ROUTER,
            100,
            3_609_375,
            id="an equal master: full silence again, whoever has the higher address",
            marks=[pytest.mark.behaviour("SM-10"), pytest.mark.rfc(30)],
        ),
        pytest.param(
            ROUTER,
            99,
            1_609_375,
            id="a weaker master: our silence keeps running",
            marks=[pytest.mark.behaviour("SM-10"), pytest.mark.rfc(31)],
        ),
        pytest.param(
            replace(ROUTER, preempt=False),
            1,
            3_609_375,
            id="nopreempt: a weaker master is as good as any",
            marks=[pytest.mark.behaviour("SM-23"), pytest.mark.rfc(18, 30)],
        ),
        pytest.param(
            replace(ROUTER, priority=255),
            254,
            1_003_906,
            id="an owner waits for nobody weaker",
            marks=pytest.mark.rfc(18),
        ),
        pytest.param(
            replace(OWNER, starts_as_master=False),
            255,
            3_003_906,
            id="an owner that waits heeds another owner",
            marks=pytest.mark.behaviour("SM-26"),
        ),
    ],
)
@pytest.mark.parametrize("sender", [BELOW, ABOVE], ids=["from below", "from above"])
def test_a_backup_waits_after_an_advert(
    router: Router, priority: int, waits_us: int, sender: IpAddress
) -> None:
    after, _ = step(router, BEFORE, heard(priority, sender=sender), NOW)

    assert deadline(router, after) == waits_us


def test_a_backup_counts_from_the_arrival_of_the_advert_and_not_from_when_it_was_read() -> None:
    after, _ = step(ROUTER, BEFORE, heard(150, at=-700_000), NOW)

    assert after == Backup(Instant(-700_000), SECOND, ABOVE, 150)


@pytest.mark.parametrize(
    ("router", "priority", "learnt_cs"),
    [
        pytest.param(
            ROUTER,
            150,
            30,
            id="version 3 takes the pace of the master",
            marks=[pytest.mark.behaviour("SM-11"), pytest.mark.rfc(17, 30, "D3")],
        ),
        pytest.param(
            ROUTER2,
            150,
            100,
            id="version 2 keeps its own",
            marks=[pytest.mark.behaviour("SM-12"), pytest.mark.rfc("v2-interval")],
        ),
        pytest.param(ROUTER, 0, 100, id="a master that leaves may announce any interval"),
        pytest.param(ROUTER, 99, 100, id="a weaker master's pace is not ours"),
        pytest.param(
            replace(ROUTER, preempt=False),
            99,
            30,
            id="nopreempt takes the pace of the master that it lets be",
        ),
    ],
)
def test_a_backup_learns_the_interval(router: Router, priority: int, learnt_cs: int) -> None:
    after, _ = step(router, BEFORE, heard(priority, router=router, interval_cs=30), NOW)

    assert isinstance(after, Backup)
    assert after.interval == times(learnt_cs, seconds("0.01"))


def test_a_weaker_master_is_told_once_in_each_silence() -> None:
    told = (WeakerHeard("VI_1", ABOVE, 99),)

    first, says = step(ROUTER, BEFORE, heard(99), NOW)
    second, says_again = step(ROUTER, first, heard(99, at=1), Instant(1))
    heeded, _ = step(ROUTER, second, heard(150, at=2), Instant(2))
    _, says_anew = step(ROUTER, heeded, heard(99, at=3), Instant(3))

    assert (says, says_again, says_anew) == (told, (), told)


@pytest.mark.behaviour("SM-24")
def test_preempt_delay_runs_from_the_first_weaker_advert_and_then_a_whole_silence() -> None:
    """preempt_delay 10, weaker adverts from 0.5 s on, one each second: we take over at 0.5 + 10 + 3.609375 s."""
    router = replace(ROUTER, preempt_delay=seconds(10))
    state, ends = BEFORE, []

    for second in range(13):
        at = Instant(times(second, SECOND) + 500_000)
        after, _ = step(router, state, heard(99, at=at), Instant(at))
        assert isinstance(after, Backup)
        state = after
        ends.append(silence_ends(router, state))

    assert ends[:10] == [second * SECOND + 500_000 + 3_609_375 for second in range(10)]
    assert ends[10:] == [10_500_000 + 3_609_375] * 3


@pytest.mark.behaviour("SM-24")
def test_a_weaker_master_that_dies_within_the_delay_is_replaced_after_its_silence() -> None:
    router = replace(ROUTER, preempt_delay=seconds(1000))

    after, _ = step(router, BEFORE, heard(99, at=7), Instant(7))

    assert deadline(router, after) == 7 + 3_609_375


@pytest.mark.behaviour("SM-24")
def test_preempt_delay_adds_nothing_when_no_master_is_heard() -> None:
    router = replace(ROUTER, preempt_delay=seconds(1000))

    after, effects = step(router, Backup(Instant(-3_609_375), SECOND), Due(), NOW)

    assert isinstance(after, Master)
    assert effects[-1] == RouterChanged("VI_1", "backup", "master", "nobody-heard", 100)


@pytest.mark.behaviour("SM-24")
def test_a_stronger_advert_ends_the_preempt_delay() -> None:
    router = replace(ROUTER, preempt_delay=seconds(10))
    waiting, _ = step(router, BEFORE, heard(99), NOW)

    heeded, _ = step(router, waiting, heard(150, at=5), Instant(5))

    assert heeded == Backup(Instant(5), SECOND, ABOVE, 150)


# ---- silence, and sleep


def test_an_early_alarm_changes_nothing() -> None:
    early = Instant(silence_ends(ROUTER, BEFORE) - 1)

    assert step(ROUTER, BEFORE, Due(), early) == (BEFORE, ())


@pytest.mark.parametrize(
    "late",
    [pytest.param(0, id="on time"), pytest.param(999_999, id="a little less than an interval late")],
)
def test_a_backup_that_wakes_in_time_takes_over(late: int) -> None:
    after, _ = step(ROUTER, BEFORE, Due(), Instant(silence_ends(ROUTER, BEFORE) + late))

    assert isinstance(after, Master)


@pytest.mark.parametrize("adverts", [1, 2, 3, 10])
@pytest.mark.parametrize("left", [False, True], ids=["silent", "left"])
def test_a_backup_that_overslept_listens_one_interval_and_a_skew_more(*, adverts: int, left: bool) -> None:
    router = replace(ROUTER, down_timer_adverts=adverts)
    state = Backup(Instant(0), seconds("0.3"), ABOVE, 150, master_left=left)
    woke = Instant(silence_ends(router, state) + seconds("0.3"))

    after, effects = step(router, state, Due(), woke)

    assert isinstance(after, Backup)
    assert effects == (Overslept("VI_1", 300_000, "listens"),)
    assert between(woke, silence_ends(router, after)) == 300_000 + 182_812


def test_a_backup_listens_only_once_and_then_takes_over_however_late_it_wakes() -> None:
    doubting, _ = step(ROUTER, BEFORE, Due(), Instant(60_000_000))
    assert isinstance(doubting, Backup)

    after, effects = step(ROUTER, doubting, Due(), Instant(120_000_000))

    assert isinstance(after, Master)
    assert not any(isinstance(effect, Overslept) for effect in effects)


def test_an_advert_heard_in_doubt_ends_the_doubt() -> None:
    doubting, _ = step(ROUTER, BEFORE, Due(), Instant(60_000_000))

    heeded, _ = step(ROUTER, doubting, heard(150, at=60_000_001), Instant(60_000_001))

    assert heeded == Backup(Instant(60_000_001), SECOND, ABOVE, 150)


def test_a_slow_advert_that_was_read_late_is_no_silence() -> None:
    """The process slept for 10 s; the last advert in the socket is 0.4 s old: 3.2 s are left."""
    woke = Instant(10_000_000)

    after, _ = step(ROUTER, BEFORE, heard(150, at=woke - 400 * MILLISECOND), woke)

    assert silence_ends(ROUTER, after) == woke + 3_209_375  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("priority", "late", "waits"),
    [
        pytest.param(150, 900_000, 2_709_375, id="a little late: from its arrival"),
        pytest.param(150, 1_000_000, 2_609_375, id="an interval late: two are left anyway"),
        pytest.param(150, 2_000_000, 1_609_375, id="two intervals late: one is left"),
        pytest.param(150, 2_500_000, 1_609_375, id="later: one is given"),
        pytest.param(150, 60_000_000, 1_609_375, id="a minute late: one is given"),
        pytest.param(0, 900_000, 0, id="a goodbye that is a little late: the skew is over"),
        pytest.param(0, 1_000_000, 2_609_375, id="a goodbye that is late: another may be master since"),
        pytest.param(0, 60_000_000, 1_609_375, id="an old goodbye"),
    ],
)
def test_a_backup_that_read_the_last_advert_late_listens_for_an_interval_and_a_skew(
    priority: int, late: int, waits: int
) -> None:
    """A receive buffer keeps the beginning of a long sleep: later adverts may have found no room."""
    woke = Instant(100_000_000)

    heeded, _ = step(ROUTER, BEFORE, heard(priority, at=woke - late), woke)

    assert isinstance(heeded, Backup)
    assert max(between(woke, silence_ends(ROUTER, heeded)), 0) == waits
