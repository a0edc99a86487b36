"""When the addresses of a master are announced, and how often (behaviours GA-03 to GA-05, GA-07 to GA-09)."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from vrrp_made import ROUTER, vip, vips

from standfast.base.limits import SLICE
from standfast.base.times import SECOND, ZERO, Instant, seconds
from standfast.core.vrrp.announce import Announcing, Cause, announcement_due, in_a_batch, next_part, rounds_of
from standfast.core.vrrp.router import Announcements, Rounds, Router

START = Instant(0)
FIRST_ROUND_DONE = Announcing(Cause.MASTER, START, done=1)
NEVER = Announcements(takeover=Rounds(1, ZERO), weaker=Rounds(0, ZERO))


def announced(router: Router, announcing: Announcing, until: float) -> Iterator[tuple[int, int]]:
    """When each part is announced, and its number, as a driver that is never late would do it."""
    while (due := announcement_due(router, announcing)) is not None and due <= seconds(until):
        part, announcing = next_part(router, announcing, due)
        yield due, part.number


def settings(router: Router, **changes: object) -> Router:
    return replace(router, announcements=replace(router.announcements, **changes))  # type: ignore[arg-type]


@pytest.mark.behaviour("GA-03")
def test_after_a_takeover_there_are_five_rounds_and_five_more_after_five_seconds() -> None:
    """The first round went out with the addresses: four are left of the first batch."""
    assert list(announced(ROUTER, FIRST_ROUND_DONE, until=60)) == [(0, 0)] * 4 + [(5_000_000, 0)] * 5


@pytest.mark.behaviour("GA-03")
def test_rounds_go_over_all_addresses_before_the_first_has_its_turn_again() -> None:
    router = settings(replace(ROUTER, addresses=vips(2 * SLICE + 1)), takeover=Rounds(2, ZERO))

    assert [number for _, number in announced(router, Announcing(Cause.MASTER, START), until=60)] == [
        0,
        1,
        2,
    ] * 2


@pytest.mark.behaviour("GA-03", "GA-09")
def test_within_a_part_the_addresses_stand_in_the_order_of_the_configuration() -> None:
    router = replace(ROUTER, addresses=(vip(102), vip(100)), excluded=(vip(101),))

    part, _ = next_part(router, FIRST_ROUND_DONE, START)

    assert part.addresses == (vip(102), vip(100), vip(101))


@pytest.mark.parametrize(
    ("wanted", "cause", "rounds"),
    [
        pytest.param(
            {"takeover": Rounds(3, seconds(2))},
            Cause.MASTER,
            [0] * 3 + [2_000_000] * 3,
            id="garp_master_repeat 3, garp_master_delay 2",
        ),
        pytest.param(
            {"takeover": Rounds(5, ZERO)},
            Cause.MASTER,
            [0] * 5,
            id="garp_master_delay 0: no second batch",
            marks=pytest.mark.behaviour("GA-04"),
        ),
        pytest.param(
            {"takeover": Rounds(1, ZERO)},
            Cause.MASTER,
            [0],
            id="vrrp_min_garp: one, and no second batch",
            marks=pytest.mark.behaviour("GA-07"),
        ),
        pytest.param({"takeover": Rounds(0)}, Cause.MASTER, [], id="garp_master_repeat 0: none at all"),
        pytest.param(
            {"weaker": Rounds(2, seconds(3))},
            Cause.WEAKER,
            [0] * 2 + [3_000_000] * 2,
            id="garp_lower_prio_repeat 2, garp_lower_prio_delay 3",
            marks=pytest.mark.behaviour("SM-15"),
        ),
        pytest.param(
            {"takeover": Rounds(1, seconds(5)), "refresh": seconds(10), "refresh_repeat": 2},
            Cause.MASTER,
            [0, 5_000_000, 15_000_000, 15_000_000, 25_000_000, 25_000_000],
            id="garp_master_refresh 10, garp_master_refresh_repeat 2: for ever",
            marks=pytest.mark.behaviour("GA-05"),
        ),
        pytest.param(
            {"takeover": Rounds(1, ZERO), "refresh": seconds(10)},
            Cause.MASTER,
            [0, 10_000_000, 20_000_000],
            id="a refresh without a second batch counts from the first",
            marks=pytest.mark.behaviour("GA-05"),
        ),
        pytest.param(
            {"takeover": Rounds(0, ZERO), "refresh": seconds(10)},
            Cause.MASTER,
            [10_000_000, 20_000_000],
            id="a refresh without any batch",
        ),
        pytest.param(
            {"takeover": Rounds(1, ZERO), "refresh": seconds(10), "refresh_repeat": 0},
            Cause.MASTER,
            [0],
            id="garp_master_refresh_repeat 0: no refresh",
        ),
    ],
)
def test_the_rounds_of_one_address_until_29_seconds(
    wanted: dict[str, object], cause: Cause, rounds: list[int]
) -> None:
    router = settings(ROUTER, **wanted)

    assert [due for due, _ in announced(router, Announcing(cause, START), until=29)] == rounds


@pytest.mark.behaviour("GA-05")
def test_there_is_no_refresh_unless_it_is_asked_for() -> None:
    assert announcement_due(ROUTER, Announcing(Cause.MASTER, START, done=10)) is None


def test_a_router_without_addresses_announces_nothing() -> None:
    router = settings(replace(ROUTER, addresses=()), refresh=seconds(1))

    assert announcement_due(router, Announcing(Cause.MASTER, START)) is None


def test_a_refresh_that_comes_late_does_not_move_the_next_one() -> None:
    router = settings(ROUTER, takeover=Rounds(1, ZERO), refresh=seconds(10))
    due = announcement_due(router, FIRST_ROUND_DONE)
    assert due == Instant(10_000_000)

    _, refreshed = next_part(router, FIRST_ROUND_DONE, due)

    assert announcement_due(router, refreshed) == Instant(20_000_000)


@pytest.mark.parametrize(
    ("done", "at", "goes"),
    [
        pytest.param(1, 0, True, id="in the first batch"),
        pytest.param(5, 1, False, id="between the batches"),
        pytest.param(5, 5, True, id="when the second is due"),
        pytest.param(10, 6, False, id="after the second"),
    ],
)
def test_a_batch_goes_out(*, done: int, at: int, goes: bool) -> None:
    assert in_a_batch(ROUTER, Announcing(Cause.MASTER, START, done), Instant(at * SECOND)) is goes


@pytest.mark.behaviour("GA-03")
def test_the_defaults_are_those_of_keepalived() -> None:
    assert rounds_of(ROUTER, Cause.MASTER) == rounds_of(ROUTER, Cause.WEAKER) == Rounds(5, seconds(5))
    assert rounds_of(ROUTER, Cause.REFRESH) == Rounds(1, ZERO)
