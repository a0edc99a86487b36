"""Sync groups and trackers on simulated hosts (behaviours SG-01 to SG-04, TR-01, TR-04, TR-08, SM-25)."""

from dataclasses import replace

import pytest

from standfast.base.times import MILLISECOND, Duration, seconds
from standfast.core.track.verdict import TrackerKind, Verdict
from standfast.sim.host import SimHost
from standfast.sim.network import Conditions
from standfast.sim.plans import RouterPlan, Watch
from standfast.sim.world import World

BAD = Verdict(up=False, reason="exit status 1")
SCRIPT = Watch(TrackerKind.SCRIPT, "web")
SOON = Duration(2 * MILLISECOND)


def group_of(count: int, priority: int, *watches: Watch) -> tuple[RouterPlan, ...]:
    """So many routers in one group, on two interfaces in turn; the trackers are the first one's."""
    return tuple(
        RouterPlan(
            vrid=vrid,
            priority=priority,
            first=100 * vrid,
            interface=("eth0", "eth1")[vrid % 2],
            sync_group="G",
            watches=watches if vrid == 1 else (),
        )
        for vrid in range(1, count + 1)
    )


def two(world: World, *watches: Watch, count: int = 2) -> tuple[SimHost, SimHost]:
    strong = world.add("a", routers=group_of(count, 150, *watches))
    weak = world.add("b", routers=group_of(count, 100))
    strong.start()
    weak.start()
    world.run(seconds(10))
    return strong, weak


def masters(world: World, count: int) -> list[list[str]]:
    return [world.masters_of(f"VI_{vrid}") for vrid in range(1, count + 1)]


@pytest.mark.behaviour("SG-01", "SG-02", "SG-03")
@pytest.mark.parametrize("count", [2, 3, 8])
def test_a_cable_of_one_router_takes_the_whole_group_over(count: int) -> None:
    world = World(1)
    strong, _ = two(world, count=count)
    assert masters(world, count) == [["a"]] * count

    strong.link_down("eth1")
    world.run(SOON)
    assert masters(world, count) == [[]] * count
    world.run(seconds(3.7))
    assert masters(world, count) == [["b"]] * count
    strong.link_up("eth1")
    world.run(seconds(4))

    assert masters(world, count) == [["a"]] * count


@pytest.mark.behaviour("SG-01")
def test_a_group_that_hears_the_master_on_one_interface_only_stays_backup() -> None:
    """b hears nobody on eth1; master there, and backup on eth0, would break what the group is for."""
    world = World(1)
    two(world)

    world.cut("a", "b", "eth1")
    world.run(seconds(60))

    assert masters(world, 2) == [["a"]] * 2


@pytest.mark.behaviour("SG-01")
def test_a_group_takes_over_when_it_hears_nobody_on_any_interface() -> None:
    world = World(1)
    two(world)

    world.cut("a", "b", "eth1")
    world.run(seconds(10))
    world.cut("a", "b", "eth0")
    world.run(seconds(3.7))

    assert masters(world, 2) == [["a", "b"]] * 2


@pytest.mark.behaviour("SG-02", "TR-01")
def test_a_fault_of_one_router_silences_the_whole_group_at_once_and_until_it_ends() -> None:
    world = World(1)
    strong, _ = two(world, SCRIPT)

    strong.begin_trouble(SCRIPT.key, BAD)
    world.run(SOON)
    assert masters(world, 2) == [[], []]
    world.run(seconds(60))
    assert masters(world, 2) == [["b"]] * 2
    strong.end_trouble(SCRIPT.key, BAD)
    world.run(seconds(3.5))

    assert masters(world, 2) == [["a"]] * 2


@pytest.mark.behaviour("TR-01", "TR-08")
@pytest.mark.parametrize(
    ("watch", "verdict", "host"),
    [
        pytest.param(
            Watch(TrackerKind.SCRIPT, "web", -60), BAD, "b", id="a negative weight counts while bad"
        ),
        pytest.param(Watch(TrackerKind.BFD, "peer", 10), BAD, "a", id="a positive weight no longer counts"),
        pytest.param(Watch(TrackerKind.FILE, "load", 1), Verdict(up=True, value=-60), "b", id="a number"),
        pytest.param(Watch(TrackerKind.FILE, "load", 2), Verdict(up=True, value=-20), "a", id="a small one"),
        pytest.param(
            Watch(TrackerKind.FILE, "load", -2), Verdict(up=True, value=127), "b", id="-254 is a fault"
        ),
        pytest.param(Watch(TrackerKind.PROCESS, "web", 60, reverse=True), BAD, "a", id="reverse"),
    ],
)
def test_a_verdict_decides_who_is_master(watch: Watch, verdict: Verdict, host: str) -> None:
    """a has 150 and b has 100; the priority on the wire is judged by an oracle."""
    world = World(1)
    strong, weak = world.add("a", priority=150, watches=(watch,)), world.add("b", priority=100)
    strong.begin_trouble(watch.key, verdict)
    strong.start()
    weak.start()
    world.settle()

    assert world.masters == [host]


def test_a_verdict_that_changes_every_two_milliseconds_moves_nothing_for_long() -> None:
    world = World(1)
    strong, _ = two(world, Watch(TrackerKind.SCRIPT, "web", -60))

    for _ in range(200):
        strong.begin_trouble(SCRIPT.key, BAD)
        world.run(SOON)
        strong.end_trouble(SCRIPT.key, BAD)
        world.run(SOON)
    world.settle()

    assert masters(world, 2) == [["a"]] * 2


@pytest.mark.behaviour("TR-04")
def test_a_group_begins_when_its_last_tracker_has_spoken() -> None:
    """The verdict comes up to three seconds late; until then nothing of the group takes part."""
    world = World(1)
    host = world.add("a", routers=group_of(2, 150, SCRIPT), verdicts_late=seconds(3))

    host.start()
    world.run(seconds(0.001))
    assert set(world.truth.states.values()) <= {"init", "backup"}
    world.run(seconds(7))

    assert masters(world, 2) == [["a"]] * 2


@pytest.mark.behaviour("SG-04")
@pytest.mark.parametrize("late", [0, 2])
def test_a_group_of_owners_is_master_together(late: int) -> None:
    world = World(1)
    owners = tuple(
        RouterPlan(
            vrid=vrid,
            priority=255,
            starts_as_master=True,
            first=100 * vrid,
            sync_group="G",
            watches=(SCRIPT,) if vrid == 1 else (),
        )
        for vrid in (1, 2)
    )
    host = world.add("a", routers=owners, verdicts_late=seconds(late))

    host.start()
    world.run(seconds(10))

    assert masters(world, 2) == [["a"]] * 2


@pytest.mark.behaviour("SM-25", "RL-12")
def test_a_startup_delay_is_waited_for_though_a_reload_comes_meanwhile() -> None:
    """3 s, and then a silence of 3.414 s."""
    world = World(1)
    host = world.add("a", priority=150, startup_delay=seconds(3), rate_ppm=0)

    host.start()
    world.run(seconds(2))
    host.reload(count=2)
    world.run(seconds(4.41))
    assert world.masters == []
    world.run(seconds(0.01))

    assert world.masters == ["a"]


def test_a_router_that_joins_a_group_at_work_listens_first_and_leaves_the_others_alone() -> None:
    world = World(1)
    host = world.add("a", routers=group_of(2, 150))
    host.start()
    world.run(seconds(10))

    joining = RouterPlan(vrid=3, priority=150, first=300, sync_group="G")
    host.reload((*host.plan.routers, joining))
    world.run(seconds(1))
    assert masters(world, 3) == [["a"], ["a"], []]
    world.run(seconds(3))

    assert masters(world, 3) == [["a"]] * 3


def test_a_verdict_that_comes_while_a_router_waits_makes_it_wait_longer() -> None:
    """It has begun to wait with priority 254; then 253 of it are lost, and the skew is 0.996 s (sim seed 999)."""
    world = World(1)
    watch = Watch(TrackerKind.SCRIPT, "web", -253)
    host = world.add("a", priority=254, watches=(watch,), rate_ppm=0)
    host.start()
    world.run(seconds(1))

    host.begin_trouble(watch.key, BAD)
    world.run(seconds(2.99))
    assert world.masters == []
    world.run(seconds(0.02))

    assert world.masters == ["a"]


@pytest.mark.behaviour("SG-02")
@pytest.mark.parametrize(
    "where",
    [
        pytest.param(None, id="it goes (sim seed 9470)"),
        pytest.param("", id="it stands alone from then on (sim seed 8446)"),
        pytest.param("H", id="it is in another group from then on (sim seed 9066)"),
    ],
)
def test_a_group_is_in_fault_no_longer_when_a_reload_takes_the_router_at_fault_out_of_it(
    where: str | None,
) -> None:
    world = World(1)
    strong, _ = two(world, SCRIPT)
    faulty, other = group_of(2, 150, SCRIPT)
    strong.begin_trouble(SCRIPT.key, BAD)
    world.run(seconds(10))
    assert masters(world, 2) == [["b"], ["b"]]

    strong.reload((other,) if where is None else (replace(faulty, sync_group=where), other))
    world.run(seconds(3.5))

    assert world.masters_of("VI_2") == ["a"]


@pytest.mark.parametrize("seed", range(8))
def test_a_group_waits_for_the_router_whose_last_advert_came_behind_its_goodbye(seed: int) -> None:
    """One packet may overtake the other: then that router hears a master, and the others wait (sim seed 8924).

    A reload has made VI_1 speak 0.9 s behind each second; 10 ms later a script fails, and all of the group leave.
    """
    slow = Duration(50 * MILLISECOND)
    world = World(seed, conditions=Conditions(delay=slow, jitter=slow))
    strong, _ = two(world, SCRIPT)
    first, second = strong.plan.routers
    world.run(seconds(0.9))
    strong.reload((replace(first, repeat=3), second))

    world.run(seconds(5.01))
    strong.begin_trouble(SCRIPT.key, BAD)
    world.run(seconds(3.8))

    assert masters(world, 2) == [["b"], ["b"]]
