"""Hosts with many routers: their adverts leave a few at a time, none of them late.

The oracles look on: an advert is early once, behind the takeover, and stands on its grid from there.
"""

from collections import Counter

from watching import Watched

from standfast.base.limits import ADVERTS_TOGETHER
from standfast.base.times import seconds
from standfast.sim.host import SimHost
from standfast.sim.plans import RouterPlan

COUNT = 34  # routers: two turns of 17


def routers(priority: int) -> tuple[RouterPlan, ...]:
    return tuple(RouterPlan(vrid=vrid, priority=priority, first=10 * vrid) for vrid in range(1, COUNT + 1))


def two(watched: Watched) -> tuple[SimHost, SimHost]:
    strong = watched.world.add("a", routers=routers(150))
    weak = watched.world.add("b", routers=routers(100))
    strong.start()
    weak.start()
    watched.world.run(seconds(10))
    return strong, weak


def at_once(watched: Watched, host: str) -> list[int]:
    """How many adverts of a host left at one moment, in the next four seconds."""
    since = watched.world.timeline.now
    watched.world.run(seconds(4))
    moments = Counter(advert.at for advert in watched.spoken_by(host, since))
    return sorted(moments.values())


def test_many_masters_speak_a_few_at_a_time() -> None:
    watched = Watched()

    two(watched)

    assert at_once(watched, "a") == [17] * 8


def test_many_masters_speak_a_few_at_a_time_however_often_they_have_changed() -> None:
    """Where a grid stands does not depend on where the former master's stood."""
    watched = Watched()
    strong, _ = two(watched)

    for _ in range(2):
        strong.crash()
        watched.world.run(seconds(5))
        assert watched.world.masters == ["b"]
        assert at_once(watched, "b") == [17] * 8
        strong.start()
        watched.world.run(seconds(5))
        assert watched.world.masters == ["a"]
        assert at_once(watched, "a") == [17] * 8


def test_many_masters_speak_a_few_at_a_time_behind_a_reload() -> None:
    """The reload itself lets all of them speak at once; the next adverts are in their turns again."""
    watched = Watched()
    strong, _ = two(watched)

    strong.reload(priority=160)
    watched.world.run(seconds(1))

    assert max(at_once(watched, "a")) <= ADVERTS_TOGETHER


def test_few_masters_go_on_as_they_began() -> None:
    """Up to 32 speak together: one wake-up for all, an interval behind the first."""
    watched = Watched()
    host = watched.world.add("a", routers=routers(150)[:ADVERTS_TOGETHER])

    host.start()
    watched.world.run(seconds(10))

    assert at_once(watched, "a") == [ADVERTS_TOGETHER] * 4
