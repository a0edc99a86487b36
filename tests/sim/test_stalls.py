"""A process that did not run makes nothing worse: no takeover out of its own sleep (design, section 6)."""

from collections.abc import Callable

import pytest
from sleeping import flooded_sleep, overfull_sleep
from watching import Watched

from standfast.base.addresses import Family
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
    world = overfull_sleep(slept)

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
    watched = Watched(seed)
    world = watched.world
    sleeper, other = world.add("a", priority=150), world.add("b", priority=100)
    sleeper.start()
    other.start()
    world.run(seconds(10))

    sleeper.pause()
    world.run(seconds(5))
    meanwhile(sleeper)
    world.run(seconds(5))
    frames, since = len(watched.frames_of("a")), world.timeline.now
    sleeper.resume()
    world.run(seconds(2))

    assert world.masters == ["b"]
    assert len(watched.frames_of("a")) == frames
    assert watched.spoken_by("a", since) == []


def two(world: World) -> tuple[SimHost, SimHost]:
    strong, weak = world.add("a", priority=150), world.add("b", priority=100)
    strong.start()
    weak.start()
    world.run(seconds(10))
    return strong, weak


@pytest.mark.parametrize("seed", range(5))
def test_a_master_that_was_stopped_for_ten_seconds_takes_its_place_back_without_a_gap(seed: int) -> None:
    """It lies down when it wakes, hears that somebody weaker is master, and preempts 3.41 s later."""
    world = World(seed)
    master, _ = two(world)

    master.pause()
    world.run(seconds(10))
    assert world.masters == ["b"]
    assert world.holders == ["a", "b"]  # a stopped process cannot let go
    master.resume()
    assert world.masters == world.holders == ["b"]
    world.run(seconds(3.4))
    assert world.masters == ["b"]
    world.run(seconds(0.1))

    assert world.masters == world.holders == ["a"]


def test_a_master_that_stalls_for_less_than_the_others_silence_stays_master() -> None:
    world = World(1)
    master, _ = two(world)

    for _ in range(20):
        master.pause()
        world.run(seconds(2.4))
        master.resume()
        world.run(seconds(1.1))

    assert world.masters == world.holders == ["a"]


def test_stalls_of_a_backup_never_move_anything() -> None:
    world = World(1)
    _, backup = two(world)
    before = world.panel.transitions

    for tenths in range(1, 80):
        backup.pause()
        world.run(seconds(tenths / 10))
        backup.resume()
        world.run(seconds(0.3))

    assert world.panel.transitions == before


def test_a_backup_counts_from_when_its_kernel_had_the_last_advert() -> None:
    """It slept when that came, and woke 0.9 s later: the silence of 3.609375 s began with the advert."""
    world = World(1)
    master, backup = two(world)
    world.run(seconds(0.3))  # adverts come at .414 of each second

    backup.pause()
    world.run(seconds(0.2))
    master.crash()
    world.run(seconds(0.8))
    backup.resume()
    world.run(seconds(2.7))
    assert world.masters == []
    world.run(seconds(0.03))

    assert world.masters == ["b"]


def test_a_suspended_virtual_machine_yields_when_it_goes_on() -> None:
    """Its clock did not move, so it cannot know; it is the weaker one, and the first advert tells it."""
    world = World(1)
    strong, weak = world.add("a", priority=150), world.add("b", priority=100)
    weak.start()
    world.run(seconds(10))
    weak.suspend()
    strong.start()
    world.run(seconds(10))
    assert world.masters == ["a"]

    weak.carry_on()
    assert world.masters == ["a", "b"]
    world.run(seconds(1.01))

    assert world.masters == world.holders == ["a"]


def test_a_suspended_master_that_is_the_stronger_takes_over_when_it_goes_on() -> None:
    """It was never silent by its own clock; its next advert makes the other yield."""
    world = World(1)
    master, _ = two(world)

    master.suspend()
    world.run(seconds(10))
    assert world.masters == ["b"]
    master.carry_on()
    world.run(seconds(1.01))

    assert world.masters == world.holders == ["a"]


def test_a_backup_that_is_suspended_just_before_its_time_takes_over_when_it_goes_on() -> None:
    """No time has passed on its clock: it cannot know that b came meanwhile, and has spoken since (sim seed 3532).

    Its silence of 3.531 s ends 0.03 s after it goes on; the next advert of b would come 0.8 s later.
    """
    world = World(1)
    master, _ = world.add("a", priority=150), world.add("b", priority=100)
    sleeper = world.add("c", priority=120, preempt=False, rate_ppm=0)
    for host in world.truth.hosts.values():
        host.start()
    world.run(seconds(10))  # adverts come at .414 of each second
    assert world.masters == ["a"]

    master.crash()
    world.run(seconds(2.914))
    sleeper.suspend()
    world.run(seconds(10.3))
    assert world.masters == ["b"]
    sleeper.carry_on()
    world.run(seconds(0.1))

    assert world.masters == ["c"]


def test_a_suspended_backup_that_goes_on_waits_for_the_master() -> None:
    world = World(1)
    _, backup = two(world)

    backup.suspend()
    world.run(seconds(100))
    backup.carry_on()
    world.run(seconds(60))

    assert world.masters == world.holders == ["a"]


@pytest.mark.behaviour("SM-29")
@pytest.mark.parametrize("seed", range(4))
def test_old_adverts_do_not_shorten_the_silence_of_a_router_that_recovers(seed: int) -> None:
    """It waits a whole silence, 3.609 s (SM-29), also if adverts from before the fault are still unread."""
    world = World(seed)
    master, backup = two(world)

    backup.pause()
    world.run(seconds(3))
    master.crash()
    backup.link_down()
    backup.link_up()
    world.run(seconds(2))
    backup.resume()
    world.run(seconds(3.6))
    assert world.masters == []
    world.run(seconds(0.012))

    assert world.masters == ["b"]


@pytest.mark.parametrize("room", range(3, 12))
def test_an_old_goodbye_is_not_the_last_word(room: int) -> None:
    """While a slept, b took over and left, and c is master; the goodbye may be the last thing a's buffer held."""
    world = World(1)
    sleeper = world.add("a", priority=150, preempt=False, room=room)
    left, master = world.add("b", priority=120), world.add("c", priority=100)
    sleeper.start()
    world.run(seconds(5))
    left.start()
    master.start()
    world.run(seconds(5))

    sleeper.pause()
    world.run(seconds(9))
    left.stop()
    world.run(seconds(20))
    sleeper.resume()
    world.settle()

    assert world.masters == world.holders == ["c"]


@pytest.mark.parametrize("seed", range(4))
def test_preempt_delay_of_a_master_that_slept_begins_when_it_wakes(seed: int) -> None:
    """What the weaker one said meanwhile does not count: 20 s and a silence of 3.414 s from here."""
    world = World(seed)
    sleeper, other = world.add("a", priority=150, preempt_delay=seconds(20)), world.add("b", priority=100)
    sleeper.start()
    other.start()
    world.run(seconds(30))
    assert world.masters == ["a"]

    sleeper.pause()
    world.run(seconds(60))
    sleeper.resume()
    world.run(seconds(23.4))
    assert world.masters == ["b"]
    world.run(seconds(0.1))

    assert world.masters == ["a"]


def test_a_buffer_full_of_rubbish_is_no_silence() -> None:
    """Who sleeps while its socket is flooded finds no advert, and must not believe that there was none."""
    world = flooded_sleep()

    assert world.masters == ["a"]
    world.settle()
    assert world.masters == ["a"]


@pytest.mark.parametrize("seed", range(6))
def test_what_a_sleeping_master_loses_with_its_socket_is_not_answered(seed: int) -> None:
    """The other one's adverts wait in the buffer, and go with it before anybody reads them (sim seed 1995)."""
    world = World(seed)
    master, _ = two(world)

    master.pause()
    world.run(seconds(5))
    assert world.masters == ["b"]
    master.lose_socket(Family.IPV4)
    master.resume()
    world.run(seconds(0.1))

    assert world.masters == ["b"]
