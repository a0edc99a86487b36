"""A process that did not run makes nothing worse: no takeover out of its own sleep (design, section 6)."""

import pytest

from standfast.base.times import seconds
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
