"""A configuration that changes under routers at work (behaviours RL-02 to RL-04, RL-10, RL-11)."""

from typing import Any

import pytest
from watching import Watched

from standfast.base.addresses import Family
from standfast.base.times import CENTISECOND, SECOND, Duration, seconds, times
from standfast.sim.host import SimHost
from standfast.sim.plans import RouterPlan, virtual_address
from standfast.sim.world import World

VIPS = [virtual_address(number, Family.IPV4) for number in range(100, 110)]


def alone(world: World, *routers: RouterPlan) -> SimHost:
    host = world.add("a", routers=routers)
    host.start()
    world.run(seconds(10))
    host.kernel.removals.clear()
    return host


def held(host: SimHost) -> list[str]:
    return sorted(str(key[1]) for key in host.kernel.table)


def test_addresses_that_are_added_and_removed_leave_the_others_untouched() -> None:
    world = World(1)
    host = alone(world, RouterPlan(first=100, count=4))

    host.reload(first=102, count=4)

    assert held(host) == [str(vip.address) for vip in VIPS[2:6]]
    assert host.kernel.removals == [vip.key for vip in VIPS[:2]]


@pytest.mark.behaviour("RL-11")
def test_an_address_moves_between_two_routers_of_a_host_in_one_reload_and_is_never_absent() -> None:
    """Keepalived needs two reloads for this (behaviour RL-11)."""
    world = World(1)
    host = alone(world, RouterPlan(vrid=1, first=100, count=3), RouterPlan(vrid=2, first=103, count=2))

    host.reload((RouterPlan(vrid=1, first=100, count=1), RouterPlan(vrid=2, first=101, count=4)))

    assert held(host) == [str(vip.address) for vip in VIPS[:5]]
    assert host.kernel.removals == []


def test_two_routers_exchange_their_addresses_in_one_reload() -> None:
    world = World(1)
    host = alone(world, RouterPlan(vrid=1, first=100, count=1), RouterPlan(vrid=2, first=101, count=1))

    host.reload((RouterPlan(vrid=2, first=100, count=1), RouterPlan(vrid=1, first=101, count=1)))
    world.run(seconds(20))

    assert held(host) == [str(vip.address) for vip in VIPS[:2]]
    assert host.kernel.removals == []


def test_an_address_stays_when_the_router_that_held_it_goes_and_another_takes_it() -> None:
    world = World(1)
    host = alone(world, RouterPlan(vrid=1, first=100, count=1), RouterPlan(vrid=2, first=101, count=1))

    host.reload((RouterPlan(vrid=2, first=100, count=2),))

    assert host.kernel.removals == []


@pytest.mark.behaviour("RL-04")
@pytest.mark.parametrize("seed", range(3))
def test_a_router_that_a_reload_removes_hands_over_within_the_skew(seed: int) -> None:
    """Priority 100: 0.609375 s (behaviour RL-04)."""
    world = World(seed)
    master, backup = world.add("a", priority=150), world.add("b", priority=100)
    master.start()
    backup.start()
    world.run(seconds(10))

    master.reload(())
    world.run(seconds(0.611))

    assert world.masters == world.holders == ["b"]


@pytest.mark.behaviour("RL-10")
def test_a_master_whose_priority_falls_below_the_others_is_preempted() -> None:
    """It stays master (behaviour RL-10) until the other one's silence is over: 3.609 s."""
    world = World(1)
    master, backup = world.add("a", priority=150), world.add("b", priority=100)
    master.start()
    backup.start()
    world.run(seconds(10))

    master.reload(priority=50)
    world.run(seconds(2))
    assert world.masters == ["a"]
    world.run(seconds(2))

    assert world.masters == world.holders == ["b"]


def test_a_backup_whose_priority_rises_takes_over() -> None:
    world = World(1)
    master, backup = world.add("a", priority=150), world.add("b", priority=100)
    master.start()
    backup.start()
    world.run(seconds(10))

    backup.reload(priority=200)
    world.run(seconds(3.3))

    assert world.masters == world.holders == ["b"]


@pytest.mark.parametrize("centiseconds", [10, 100, 500])
def test_a_master_with_another_interval_says_so_at_once_and_keeps_its_backups(centiseconds: int) -> None:
    """A backup learns the pace from the advert that the reload sends, before it can miss a slower one."""
    watched = Watched()
    world = watched.world
    master = world.add("a", priority=150, interval=times(30, CENTISECOND))
    backup = world.add("b", priority=100, interval=times(30, CENTISECOND))
    master.start()
    backup.start()
    world.run(seconds(10))
    before, since = world.panel.transitions, world.timeline.now

    master.reload(interval=times(centiseconds, CENTISECOND))
    world.run(seconds(30))

    spoken = [advert.at - since for advert in watched.spoken_by("a", since)][:3]
    assert [round(at / CENTISECOND) for at in spoken] == [0, centiseconds, 2 * centiseconds]
    assert world.panel.transitions == before


def test_reloading_the_same_configuration_does_nothing() -> None:
    watched = Watched()
    host = alone(watched.world, RouterPlan(count=3))
    frames, since = len(watched.frames_of("a")), watched.world.timeline.now

    host.reload()

    assert watched.spoken_by("a", since) == []
    assert len(watched.frames_of("a")) == frames
    assert host.kernel.removals == []


def test_a_reload_every_half_interval_does_not_silence_a_master() -> None:
    world = World(1)
    master, backup = world.add("a", priority=150), world.add("b", priority=100)
    master.start()
    backup.start()
    world.run(seconds(10))

    for count in range(1, 41):
        master.reload(count=1 + count % 2)
        world.run(Duration(SECOND // 2))

    assert world.masters == world.holders == ["a"]


def test_a_router_that_becomes_another_under_its_name_ends_before_it_begins() -> None:
    """From multicast to unicast it is another router (RL-02): the last that is told of its name is what it is."""
    world = World(1)
    master, backup = world.add("a", priority=150), world.add("b", priority=100)
    master.start()
    backup.start()
    world.run(seconds(10))

    master.reload(unicast=True)
    assert world.holders == []
    backup.reload(unicast=True)
    world.run(seconds(4))

    assert world.masters == world.holders == ["a"]


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"preempt": False}, id="nopreempt"),
        pytest.param({"priority": 90}, id="a priority below the master's"),
    ],
)
def test_a_router_that_is_about_to_preempt_when_a_reload_forbids_it_does_not(changes: dict[str, Any]) -> None:
    """The adverts of the weaker master did not count so far: 3 ms of silence are left, and 0.9 s to the next."""
    world = World(1)
    strong, weak = world.add("a", priority=150), world.add("b", priority=100)
    weak.start()
    world.run(seconds(10.3))
    strong.start()
    world.run(seconds(3.411))

    strong.reload(**changes)
    world.run(seconds(30))

    assert world.masters == ["b"]
    assert world.panel.transitions == 3  # two starts, one takeover
