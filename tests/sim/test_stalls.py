"""A process that did not run makes nothing worse: no takeover out of its own sleep (design, section 6)."""

from collections.abc import Callable

import pytest

from standfast.base.times import seconds
from standfast.sim.host import SimHost
from standfast.sim.world import World

ROOM = 16  # adverts: what a receive buffer holds


@pytest.mark.parametrize("slept", [4, 15.5, 19.3, 19.7, 19.95, 20.5, 60])
def test_a_backup_that_slept_leaves_the_master_alone(slept: float) -> None:
    """Adverts come each second, and the buffer holds 16: of a longer sleep it keeps the beginning only.

    The last one kept is that of the 16th second; 3.61 s later its silence ends. Who wakes then has not heard three
    adverts that were sent.
    """
    world = World(1)
    master, backup = world.add("a", priority=150), world.add("b", priority=100, room=ROOM)
    master.start()
    backup.start()
    world.run(seconds(10))

    backup.pause()
    world.run(seconds(slept))
    backup.resume()

    assert world.masters == ["a"]
    world.settle()
    assert world.masters == ["a"]


@pytest.mark.parametrize("slept", [8, 20.9, 21.1, 21.4, 21.9, 22.4, 22.5, 60])
def test_a_master_that_slept_lets_the_other_be_if_it_may_not_preempt(slept: float) -> None:
    """It finds 16 adverts of the one that took over after 3.61 s, and no later ones.

    The last of them was sent 18 s after it went to sleep. Its silence ends 3.41 s later, though adverts went on.
    """
    world = World(1)
    sleeper = world.add("a", priority=150, preempt=False, room=ROOM)
    other = world.add("b", priority=100)
    sleeper.start()
    world.run(seconds(5))
    other.start()
    world.run(seconds(5))

    sleeper.pause()
    world.run(seconds(slept))
    sleeper.resume()
    world.settle()

    assert world.masters == world.holders == ["b"]


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "meanwhile",
    [
        pytest.param(lambda host: host.reload(count=3), id="a reload waits"),
        pytest.param(lambda host: host.delete(next(iter(host.kernel.table))), id="an address was removed"),
        pytest.param(lambda host: host.stop(), id="it shall stop"),
    ],
)
def test_a_master_that_slept_does_not_speak_before_it_listens_whatever_waits_for_it(
    meanwhile: Callable[[SimHost], None], seed: int
) -> None:
    """The other one is master since 3.61 s; what waits in the inbox may be served before the socket."""
    world = World(seed)
    sleeper, other = world.add("a", priority=150), world.add("b", priority=100)
    sleeper.start()
    other.start()
    world.run(seconds(10))

    sleeper.pause()
    world.run(seconds(5))
    meanwhile(sleeper)
    world.run(seconds(5))
    announced = len(world.announcements("a"))
    sleeper.resume()

    assert world.masters == ["b"]
    assert len(world.announcements("a")) == announced
    world.run(seconds(2))
    assert world.masters == ["b"]
