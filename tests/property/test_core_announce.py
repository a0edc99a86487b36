"""The laws of announcements: as many as asked for, in turn, never too early (behaviours GA-03 to GA-05)."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from vrrp_drawn import announcements
from vrrp_made import ROUTER, vips

from standfast.base.limits import SLICE
from standfast.base.times import ZERO, Instant
from standfast.core.vrrp.announce import Announcing, Cause, announcement_due, next_part, rounds_of
from standfast.core.vrrp.router import Announcements, Part, Router

START = Instant(1_000_000)


def batches_of(router: Router, cause: Cause) -> list[tuple[Instant, Part]]:
    """Everything that is announced before the first refresh."""
    announcing, found = Announcing(cause, START), []
    while (due := announcement_due(router, announcing)) is not None:
        part, announcing = next_part(router, announcing, due)
        if announcing.cause is Cause.REFRESH:
            break
        found.append((due, part))
    return found


@given(announcements, st.integers(0, 3 * SLICE), st.sampled_from((Cause.MASTER, Cause.WEAKER)))
def test_each_part_has_its_turn_as_often_as_asked_for_and_the_second_batch_waits(
    wanted: Announcements, count: int, cause: Cause
) -> None:
    router = replace(ROUTER, addresses=vips(count), announcements=wanted)
    rounds = rounds_of(router, cause)

    batch = [*router.parts] * rounds.repeat
    second = [(Instant(START + rounds.delay), part) for part in batch] if rounds.delay > ZERO else []

    assert batches_of(router, cause) == [(START, part) for part in batch] + second


@given(announcements, st.integers(1, SLICE))
def test_refreshes_come_one_after_the_other_for_ever_or_never(wanted: Announcements, count: int) -> None:
    router = replace(ROUTER, addresses=vips(count), announcements=wanted)
    announcing: Announcing = Announcing(Cause.REFRESH, START, done=wanted.refresh_repeat)
    starts = []

    for _ in range(5 * wanted.refresh_repeat):
        due = announcement_due(router, announcing)
        if due is None:
            break
        _, announcing = next_part(router, announcing, due)
        starts.append(announcing.started)

    expected = [START + n * wanted.refresh for n in range(1, 6) for _ in range(wanted.refresh_repeat)]
    assert starts == (expected if wanted.refresh else [])
