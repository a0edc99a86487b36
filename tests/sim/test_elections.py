"""Who is master, and since when (RFC 9568, section 6.4; behaviours SM-01 to SM-24)."""

from typing import Any

import pytest

from standfast.base.times import CENTISECOND, SECOND, ZERO, Duration, seconds, times
from standfast.sim.host import SimHost
from standfast.sim.world import World

SEEDS = range(5)


def two(world: World, **words: Any) -> tuple[SimHost, SimHost]:
    """A stronger and a weaker host, both started; the words are those of the stronger one's router."""
    strong, weak = world.add("a", priority=150, **words), world.add("b", priority=100)
    strong.start()
    weak.start()
    return strong, weak


@pytest.mark.behaviour("SM-06", "SM-07")
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("version", [2, 3])
def test_the_master_dies_and_the_backup_takes_over_after_its_silence(seed: int, version: int) -> None:
    """The last advert is less than a second old; 3 + 156/256 = 3.609375 s after it the backup is master."""
    world = World(seed)
    master, backup = (
        world.add("a", priority=150, version=version),
        world.add("b", priority=100, version=version),
    )
    master.start()
    backup.start()
    world.run(seconds(10))
    assert world.masters == world.holders == ["a"]

    master.crash()
    world.run(seconds(2.5))
    assert world.masters == world.holders == []
    world.run(seconds(1.111))

    assert world.masters == world.holders == ["b"]


@pytest.mark.behaviour("SM-09")
@pytest.mark.parametrize("seed", SEEDS)
def test_a_master_that_leaves_hands_over_within_the_skew(seed: int) -> None:
    """Priority 100: the skew is 0.609375 s."""
    world = World(seed)
    master, _ = two(world)
    world.run(seconds(10))

    master.stop()
    assert world.holders == []
    world.run(seconds(0.608))
    assert world.masters == []
    world.run(seconds(0.003))

    assert world.masters == world.holders == ["b"]


@pytest.mark.behaviour("SM-10")
def test_a_stronger_router_that_comes_preempts_after_its_silence() -> None:
    """Priority 150: 3.414 s after its start, and the other yields to its first advert."""
    world = World(1)
    strong, weak = world.add("a", priority=150), world.add("b", priority=100)
    weak.start()
    world.run(seconds(10))
    assert world.masters == ["b"]

    strong.start()
    world.run(seconds(3.413))
    assert world.masters == ["b"]
    world.run(seconds(0.003))

    assert world.masters == world.holders == ["a"]


@pytest.mark.behaviour("SM-23")
def test_nopreempt_lets_a_weaker_master_be_until_it_dies() -> None:
    world = World(1)
    strong, weak = world.add("a", priority=150, preempt=False), world.add("b", priority=100)
    weak.start()
    world.run(seconds(10))

    strong.start()
    world.run(seconds(60))
    assert world.masters == ["b"]
    weak.crash()
    world.run(seconds(3.42))

    assert world.masters == ["a"]


@pytest.mark.behaviour("SM-24")
def test_preempt_delay_puts_off_only_the_takeover_from_a_weaker_master() -> None:
    """20 s from the first advert heard, then a silence of 3.414 s (behaviour SM-24)."""
    world = World(1)
    strong = world.add("a", priority=150, preempt_delay=seconds(20))
    weak = world.add("b", priority=100)
    weak.start()
    world.run(seconds(10.1))

    strong.start()
    world.run(seconds(22.4))
    assert world.masters == ["b"]
    world.run(seconds(2.1))
    assert world.masters == ["a"]

    strong.crash()
    world.run(seconds(3.62))
    assert world.masters == ["b"]


def test_preempt_delay_adds_nothing_when_the_master_is_dead() -> None:
    world = World(1)
    strong = world.add("a", priority=150, preempt_delay=seconds(1000))
    strong.start()

    world.run(seconds(3.416))

    assert world.masters == ["a"]


@pytest.mark.behaviour("SM-14")
@pytest.mark.parametrize("seed", SEEDS)
def test_of_equals_the_higher_address_wins_if_both_are_master(seed: int) -> None:
    """They start at once and wait equally long; what decides then is the address (RFC 9568, 6.4.3)."""
    world = World(seed)
    hosts = [world.add(name, priority=100) for name in ("a", "b", "c")]
    world.part(["a"], ["b"], ["c"])
    for host in hosts:
        host.start()
    world.run(seconds(10))
    assert world.masters == ["a", "b", "c"]

    world.heal()
    world.run(seconds(1.01))

    assert world.masters == world.holders == ["c"]


def test_of_equals_the_first_one_stays_master() -> None:
    """A backup does not compare addresses: an equal master is as good as any (behaviour SM-10)."""
    world = World(1)
    first, second = world.add("a", priority=100), world.add("b", priority=100)
    first.start()
    world.run(seconds(10))

    second.start()
    world.run(seconds(60))

    assert world.masters == ["a"]


@pytest.mark.behaviour("SM-02")
def test_an_owner_is_master_at_once_and_takes_its_place_back() -> None:
    world = World(1)
    owner, other = world.add("a", priority=255, starts_as_master=True), world.add("b", priority=254)
    other.start()
    world.run(seconds(10))
    assert world.masters == ["b"]

    owner.start()
    assert "a" in world.masters
    world.run(CENTISECOND)

    assert world.masters == world.holders == ["a"]


def test_two_owners_are_settled_by_their_addresses() -> None:
    world = World(1)
    for name in ("a", "b"):
        world.add(name, priority=255, starts_as_master=True).start()

    world.run(seconds(1.01))

    assert world.masters == world.holders == ["b"]


@pytest.mark.behaviour("SM-11")
@pytest.mark.parametrize("centiseconds", [30, 100, 400])
def test_a_version_3_backup_waits_at_the_pace_of_the_master(centiseconds: int) -> None:
    """3.609375 intervals of the master, whatever its own are (behaviour SM-11)."""
    world = World(1)
    interval = times(centiseconds, CENTISECOND)
    master, _ = two(world, interval=interval)
    world.run(seconds(30))

    master.crash()
    world.run(times(2, interval))
    assert world.masters == []
    world.run(Duration(interval * 1610 // 1000))

    assert world.masters == ["b"]


def test_neighbours_in_rank_do_not_speak_together() -> None:
    """Priorities 101 and 100 at 0.1 s: the skews are 390 us apart, and the packet needs 100 to 200 us."""
    world = World(1)
    master = world.add("a", priority=200, interval=times(10, CENTISECOND))
    heirs = [
        world.add(name, priority=p, interval=times(10, CENTISECOND), late=ZERO)
        for name, p in (("b", 101), ("c", 100))
    ]
    for host in (master, *heirs):
        host.start()
    world.run(seconds(2))
    before = world.panel.transitions

    master.crash()
    world.run(SECOND)

    assert world.masters == ["b"]
    assert world.panel.transitions == before + 1
