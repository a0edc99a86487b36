"""Networks that fall apart, lose packets, or carry them one way only."""

import pytest

from standfast.base.times import MILLISECOND, Duration, seconds
from standfast.sim.network import Conditions
from standfast.sim.world import World


def three(world: World) -> None:
    for name, priority in (("a", 150), ("b", 120), ("c", 100)):
        world.add(name, priority=priority).start()
    world.run(seconds(10))


@pytest.mark.parametrize("seed", range(5))
def test_each_part_of_a_network_has_a_master_and_the_whole_has_one_again(seed: int) -> None:
    world = World(seed)
    three(world)

    world.part(["a"], ["b", "c"])
    world.run(seconds(4))
    assert world.masters == ["a", "b"]
    world.heal()
    world.run(seconds(1.01))

    assert world.masters == world.holders == ["a"]


def test_a_backup_that_does_not_hear_the_master_takes_over_and_goes_on() -> None:
    """Nobody can tell it: what the master hears of it, it answers, and the answer does not come through."""
    world = World(1)
    three(world)

    world.cut("a", "b")
    world.run(seconds(20))
    assert world.masters == ["a", "b"]
    world.heal()
    world.run(seconds(1.01))

    assert world.masters == ["a"]


def test_a_master_that_does_not_hear_the_others_stays_master() -> None:
    world = World(1)
    three(world)

    world.cut("b", "a")
    world.cut("c", "a")
    world.run(seconds(30))

    assert world.masters == ["a"]


def test_losing_every_third_packet_and_delays_move_nothing_for_long() -> None:
    """Three lost in a row let a backup take over; the next advert that comes through ends it."""
    world = World(3)
    three(world)
    bad = Conditions(
        loss=0.3, jitter=Duration(200 * MILLISECOND), duplicate=0.3, reorder=0.3, reorder_by=seconds(0.3)
    )

    world.begin_weather(bad)
    world.run(seconds(600))
    world.end_weather(bad)
    world.run(seconds(1.5))

    assert world.masters == world.holders == ["a"]


def test_duplicates_reordering_and_jitter_alone_move_nothing() -> None:
    world = World(1)
    three(world)
    before = world.panel.transitions
    odd = Conditions(jitter=Duration(900 * MILLISECOND), duplicate=0.5, reorder=0.5, reorder_by=seconds(0.5))

    world.begin_weather(odd)
    world.run(seconds(600))

    assert world.panel.transitions == before


@pytest.mark.parametrize("ppm", [200, 20_000])
def test_clocks_that_run_apart_move_nothing(ppm: int) -> None:
    """Parts per million: a slow master and fast backups, for an hour."""
    world = World(1)
    for name, priority, rate in (("a", 150, -ppm), ("b", 149, ppm), ("c", 149, ppm)):
        world.add(name, priority=priority, rate_ppm=rate).start()
    world.run(seconds(10))
    before = world.panel.transitions

    world.run(seconds(3600))

    assert world.masters == ["a"]
    assert world.panel.transitions == before
