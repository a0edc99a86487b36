"""When something is due, to the microsecond (RFC 9568, 6.1; RFC 3768, 6.1; behaviours SM-05 to SM-11)."""

from dataclasses import replace

import pytest
from vrrp_made import ABOVE, OWNER, ROUTER, ROUTER2

from standfast.base.times import SECOND, Duration, Instant, seconds
from standfast.core.vrrp.announce import Announcing, Cause
from standfast.core.vrrp.router import Announcements, Rounds, Router
from standfast.core.vrrp.state import Backup, Fault, Init, Master, State
from standfast.core.vrrp.timing import advert_due, deadline, master_down, silence_ends, skew

HOUR = seconds(3600)
QUIET = Announcements(Rounds(0), Rounds(0))


@pytest.mark.rfc(17)
@pytest.mark.parametrize(
    ("router", "interval", "microseconds"),
    [
        pytest.param(replace(ROUTER, priority=1), "1", 996_093, id="version 3, the weakest: 255/256 s, cut"),
        pytest.param(replace(ROUTER, priority=100), "1", 609_375, id="version 3, priority 100"),
        pytest.param(replace(ROUTER, priority=101), "1", 605_468, id="version 3, its neighbour: 4 ms less"),
        pytest.param(
            replace(ROUTER, priority=254), "1", 7_812, id="version 3, the strongest that is no owner"
        ),
        pytest.param(replace(ROUTER, priority=255), "1", 3_906, id="version 3, an owner"),
        pytest.param(
            replace(ROUTER, priority=150), "0.1", 41_406, id="version 3 scales it with the interval"
        ),
        pytest.param(replace(ROUTER, priority=100), "0.3", 182_812, id="version 3, 300 ms"),
        pytest.param(replace(ROUTER, priority=1), "40.95", 40_790_039, id="version 3, the longest interval"),
        pytest.param(replace(ROUTER2, priority=150), "1", 414_062, id="version 2, priority 150"),
        pytest.param(replace(ROUTER2, priority=150), "255", 414_062, id="version 2 knows no interval here"),
    ],
)
def test_the_skew_is_exact(router: Router, interval: str, microseconds: int) -> None:
    assert skew(router, seconds(interval)) == microseconds


@pytest.mark.rfc(17, "v2-skew")
@pytest.mark.behaviour("SM-05", "SM-06", "SM-07", "SM-11")
@pytest.mark.parametrize(
    ("router", "interval", "microseconds"),
    [
        pytest.param(replace(ROUTER2, priority=150), "1", 3_414_062, id="SM-07: version 2, priority 150"),
        pytest.param(replace(ROUTER, priority=1), "1", 3_996_093, id="SM-07: version 3, priority 1"),
        pytest.param(
            replace(ROUTER, priority=150), "0.1", 341_406, id="SM-07: version 3, 0.1 s, priority 150"
        ),
        pytest.param(replace(ROUTER, priority=100), "0.3", 1_082_812, id="SM-11: 300 ms heard, priority 100"),
        pytest.param(
            replace(ROUTER2, priority=255), "1", 3_003_906, id="SM-05: an owner that starts as backup"
        ),
        pytest.param(
            replace(ROUTER2, priority=100), "10", 30_609_375, id="version 2: whole seconds and the skew"
        ),
        pytest.param(
            replace(ROUTER, down_timer_adverts=1), "1", 1_609_375, id="SM-06: as many adverts as configured"
        ),
    ],
)
def test_a_master_may_be_silent_that_long(router: Router, interval: str, microseconds: int) -> None:
    assert master_down(router, seconds(interval)) == microseconds


@pytest.mark.parametrize(
    ("router", "state", "due"),
    [
        pytest.param(ROUTER, Init(), None, id="nothing is due before the start"),
        pytest.param(ROUTER, Fault(("interface-down:eth0",)), None, id="nothing is due in fault"),
        pytest.param(
            ROUTER,
            Backup(Instant(5_000_000), SECOND),
            8_609_375,
            id="a backup waits for the whole silence",
        ),
        pytest.param(
            ROUTER2,
            Backup(Instant(0), SECOND, ABOVE, 150, master_left=True),
            609_375,
            id="SM-09: a master that leaves is given one skew",
            marks=[pytest.mark.behaviour("SM-09"), pytest.mark.rfc(29)],
        ),
        pytest.param(
            ROUTER,
            Backup(Instant(0), seconds("0.3"), ABOVE, 150),
            1_082_812,
            id="SM-11: a backup of version 3 waits at the master's pace",
            marks=pytest.mark.behaviour("SM-11"),
        ),
        pytest.param(
            replace(ROUTER, announcements=QUIET, interval=seconds("0.25")),
            Master(Instant(0), Instant(7_000_000), Announcing(Cause.MASTER, Instant(0))),
            7_250_000,
            id="a master speaks one interval after its last advert was due",
        ),
        pytest.param(
            ROUTER,
            Master(Instant(0), Instant(0), Announcing(Cause.MASTER, Instant(0), done=1)),
            0,
            id="a batch of announcements that is under way is due at once",
        ),
        pytest.param(
            replace(ROUTER, interval=HOUR),
            Master(Instant(0), Instant(0), Announcing(Cause.MASTER, Instant(0), done=5)),
            5_000_000,
            id="the second batch comes before the next advert of a slow master",
        ),
    ],
)
def test_the_deadline_follows_from_what_happened(router: Router, state: State, due: int | None) -> None:
    assert deadline(router, state) == due


@pytest.mark.behaviour("SM-08")
def test_a_priority_that_changes_moves_the_end_of_the_silence() -> None:
    waiting = Backup(Instant(0), SECOND)

    assert silence_ends(replace(ROUTER, priority=100), waiting) == 3_609_375
    assert silence_ends(replace(ROUTER, priority=200), waiting) == 3_218_750


def test_the_grid_of_adverts_starts_at_the_moment_that_was_due_and_not_at_the_one_that_came() -> None:
    state = Master(since=Instant(0), beat=Instant(1_000_000), announcing=Announcing(Cause.MASTER, Instant(0)))

    assert advert_due(ROUTER, state) == Instant(2_000_000)


@pytest.mark.behaviour("SM-02", "SM-05")
def test_neighbours_in_rank_never_speak_together_even_at_the_shortest_interval() -> None:
    waits = [master_down(replace(OWNER, priority=p), Duration(10_000)) for p in range(1, 256)]

    assert waits == sorted(waits, reverse=True)
    assert len(set(waits)) == 255
