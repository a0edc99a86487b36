"""What happens to a host: cables, crashes, other people's hands, a kernel that refuses."""

import pytest
from watching import Watched

from standfast.base.addresses import OUR_PROTOCOL, Family
from standfast.base.limits import READ_BACK_INTERVAL, REINSTATE_BURST, REINSTATE_WINDOW
from standfast.base.times import MILLISECOND, SECOND, Duration, seconds
from standfast.sim.host import SimHost
from standfast.sim.plans import virtual_address
from standfast.sim.world import World

VIP = virtual_address(100, Family.IPV4)
SOON = Duration(2 * MILLISECOND)


def two(world: World, count: int = 1) -> tuple[SimHost, SimHost]:
    strong, weak = world.add("a", priority=150, count=count), world.add("b", priority=100, count=count)
    strong.start()
    weak.start()
    world.run(seconds(10))
    return strong, weak


def test_a_cable_that_is_pulled_hands_over_and_back() -> None:
    world = World(1)
    master, _ = two(world)

    master.link_down()
    world.run(SOON)
    assert world.masters == world.holders == []
    world.run(seconds(3.62))
    assert world.masters == ["b"]
    master.link_up()
    world.run(seconds(3.42))

    assert world.masters == world.holders == ["a"]


def test_a_flap_shorter_than_the_others_silence_leaves_no_gap_for_long() -> None:
    """The goodbye is lost with the cable; whoever is first speaks: the old master after its own silence."""
    world = World(1)
    master, _ = two(world)

    master.link_down()
    world.run(seconds(0.1))
    master.link_up()
    world.run(seconds(3.62))

    assert world.masters == world.holders == ["a"]


@pytest.mark.behaviour("SM-21")
def test_a_killed_process_leaves_its_addresses_and_the_next_one_removes_them_at_once() -> None:
    """Behaviour SM-21: a host that is not master does not answer for them."""
    world = World(1)
    master, _ = two(world, count=3)

    master.kill()
    world.run(seconds(4))
    assert world.masters == ["b"]
    assert world.holders == ["a", "b"]
    master.start()
    assert world.holders == ["b"]
    world.run(seconds(3.42))

    assert world.masters == world.holders == ["a"]


def test_a_machine_that_restarts_fast_finds_the_others_as_they_were() -> None:
    world = World(1)
    _, backup = two(world)

    backup.crash()
    world.run(seconds(1))
    backup.start()
    world.run(seconds(60))

    assert world.masters == ["a"]


def test_an_address_that_somebody_removes_is_back_at_once_and_announced() -> None:
    watched = Watched()
    master, _ = two(watched.world)
    frames = len(watched.frames_of("a"))

    master.delete(VIP.key)
    assert watched.world.holders == []
    watched.world.run(SOON)

    assert watched.world.holders == ["a"]
    assert watched.frames_of("a")[frames:] == [VIP.address]


def test_an_address_that_is_removed_again_and_again_is_put_back_later() -> None:
    world = World(1)
    master, _ = two(world)

    for _ in range(REINSTATE_BURST):
        master.delete(VIP.key)
        world.run(SOON)
        assert world.holders == ["a"]
    master.delete(VIP.key)
    world.run(SECOND)
    assert world.holders == []
    world.run(REINSTATE_WINDOW)

    assert world.holders == ["a"]


def test_an_address_that_somebody_adds_to_a_backup_goes_when_all_are_read_back() -> None:
    world = World(1)
    _, backup = two(world)

    backup.kernel.table[VIP.key] = OUR_PROTOCOL
    world.run(READ_BACK_INTERVAL)
    world.run(SOON)

    assert world.holders == ["a"]


def test_a_kernel_that_refuses_addresses_has_them_as_soon_as_it_takes_them() -> None:
    world = World(1)
    master, backup = two(world, count=3)

    backup.refuse(refusing=True)
    master.crash()
    world.run(seconds(20))
    assert world.masters == ["b"]
    assert world.holders == []
    backup.refuse(refusing=False)
    world.run(REINSTATE_WINDOW)
    world.run(SOON)

    assert world.holders == ["b"]


@pytest.mark.parametrize("family", [Family.IPV4, Family.IPV6])
def test_a_process_without_its_socket_is_not_master(family: Family) -> None:
    world = World(1)
    master, backup = world.add("a", priority=150, family=family), world.add("b", priority=100, family=family)
    master.start()
    backup.start()
    world.run(seconds(10))

    master.lose_socket(family)
    world.run(seconds(4))
    assert world.masters == ["b"]
    master.mend_socket(family)
    world.run(seconds(4))

    assert world.masters == ["a"]


@pytest.mark.behaviour("GA-03", "SM-19")
def test_two_hundred_addresses_are_held_and_announced_ten_times_each() -> None:
    """Behaviours SM-19, GA-03: five rounds at once, five rounds 5 s later."""
    watched = Watched()
    watched.world.add("a", count=200).start()

    watched.world.run(seconds(3.62))
    assert len(watched.frames_of("a")) == 5 * 200
    watched.world.run(seconds(5.1))

    frames = watched.frames_of("a")
    assert len(frames) == 10 * 200
    assert {frames.count(address) for address in frames[:200]} == {10}
