"""Worlds with signatures and clocks that jump, routes, closed doors, and hosts of mixed ranks: what they are like.

Each of these has an oracle that judges it, and damage to the core that the oracle must see.
"""

from collections.abc import Callable
from typing import Any

import pytest

from standfast.base.times import Duration, seconds
from standfast.core.vrrp import accept, authentic, conduct, routing, shielding
from standfast.core.vrrp.effects import Effects
from standfast.sim.faults import ClockStep, Reload, RoutesRefused, RouteTaken, RulesRefused
from standfast.sim.generate import generate, generate_plain
from standfast.sim.grouped import generate_grouped
from standfast.sim.oracles.oracle import Violation
from standfast.sim.plans import SIGNATURE, RouterPlan, virtual_route
from standfast.sim.scenario import play
from standfast.sim.world import World

JUMP = Duration(10 * SIGNATURE.window)
Patch = pytest.MonkeyPatch


def pair(**words: Any) -> World:
    """A stronger host a and a weaker b, for ten seconds."""
    world = World(1)
    for name, priority in (("a", 150), ("b", 100)):
        world.add(name, priority=priority, **words).start()
    world.run(seconds(10))
    assert world.masters == ["a"]
    return world


def mixed() -> World:
    """Each of two hosts is the stronger one in one of two routers of a sync group."""
    world = World(1)
    for name, ranks in (("a", (150, 100)), ("b", (100, 150))):
        routers = tuple(
            RouterPlan(vrid=number, priority=rank, first=1000 * number, sync_group="G")
            for number, rank in enumerate(ranks, start=1)
        )
        world.add(name, routers=routers)
    world.host("a").start()
    world.run(seconds(10))
    world.host("b").start()
    return world


def meet(world: World) -> None:
    """Both have time to become master before they hear each other."""
    world.run(seconds(10))
    world.heal()
    world.run(seconds(10))


# ---- mixed ranks


def test_hosts_of_mixed_ranks_have_one_master_of_the_whole_group() -> None:
    world = mixed()

    world.run(seconds(30))

    assert world.masters_of("VI_1") == world.masters_of("VI_2") == ["a"]


def test_a_group_of_mixed_ranks_that_does_not_follow_is_seen(monkeypatch: Patch) -> None:
    """Each host is cut off and becomes master; when they meet, each yields in the router in which it is weaker."""
    monkeypatch.setattr(conduct, "gives_way", lambda *_: False)
    world = mixed()
    world.part("a", "b")

    with pytest.raises(Violation, match=r"^Together"):
        meet(world)


# ---- signatures


@pytest.mark.parametrize("by", [pytest.param(JUMP, id="ahead"), pytest.param(-JUMP, id="back")])
@pytest.mark.parametrize("host", ["a", "b"])
def test_who_jumps_in_time_is_believed_again_when_his_clock_is_right(host: str, by: int) -> None:
    world = pair(signed=True)

    world.host(host).step_clock(Duration(by))
    world.run(seconds(10))
    apart = world.masters
    world.host(host).step_clock(Duration(-by))
    world.run(seconds(10))

    assert apart == ["a", "b"]
    assert world.masters == ["a"]


def test_a_clock_that_is_not_looked_at_is_seen(monkeypatch: Patch) -> None:
    monkeypatch.setattr(authentic, "_check_freshness", lambda *_: None)
    world = pair(signed=True)

    world.host("a").step_clock(Duration(-JUMP))
    with pytest.raises(Violation):
        world.run(seconds(10))


def test_marks_that_stay_after_a_jump_are_seen(monkeypatch: Patch) -> None:
    """Both clocks jump ahead, and back: what was believed meanwhile must not count as newer than all else."""
    monkeypatch.setattr(authentic, "fresh_marks", lambda _, marks, __: marks)
    world = pair(signed=True)
    for by in (JUMP, Duration(-JUMP)):
        for name in ("a", "b"):
            world.host(name).step_clock(by)
        if by > 0:
            world.run(seconds(5))

    with pytest.raises(Violation):
        world.run(seconds(20))


# ---- routes


def test_routes_are_where_the_master_is_and_come_back() -> None:
    world = pair(routes=3)
    keys = {virtual_route(RouterPlan(), number).key for number in range(3)}

    world.host("a").delete_route(next(iter(keys)))
    world.run(seconds(1))

    assert set(world.host("a").routing.table) == keys
    assert not world.host("b").routing.table
    world.host("a").kill()
    world.run(seconds(10))
    assert set(world.host("b").routing.table) == keys
    world.host("a").start()
    world.run(seconds(10))
    assert set(world.host("a").routing.table) == keys
    assert not world.host("b").routing.table


def no_route_comes_back(patch: Patch) -> None:
    patch.setattr(routing.RoutingBook, "gone", lambda *_: ())


def routes_stay(patch: Patch) -> None:
    placed = routing.RoutingBook._placed

    def staying(self: routing.RoutingBook, effects: Effects) -> Effects:
        return tuple(e for e in placed(self, effects) if type(e).__name__ != "ReleaseRouting")

    patch.setattr(routing.RoutingBook, "_placed", staying)


def routes_never_come(patch: Patch) -> None:
    patch.setattr(routing.RoutingBook, "settle", lambda _, effects, **__: effects)


def lose_and_yield() -> None:
    """A master loses a route, and later its place."""
    world = pair(routes=2)
    world.host("a").delete_route(virtual_route(RouterPlan(), 0).key)
    world.run(seconds(30))
    world.host("a").reload(priority=50)
    world.run(seconds(10))


@pytest.mark.parametrize("damage", [no_route_comes_back, routes_stay, routes_never_come])
def test_damage_to_the_routes_is_seen(damage: Callable[[Patch], None], monkeypatch: Patch) -> None:
    damage(monkeypatch)

    with pytest.raises(Violation, match=r"^Routed"):
        lose_and_yield()


# ---- the firewall


def test_a_router_whose_doors_cannot_be_closed_takes_no_part_until_they_can() -> None:
    world = World(1)
    for name, priority in (("a", 150), ("b", 100)):
        world.add(name, priority=priority, accept=False)
    world.host("a").refuse_rules(refusing=True)
    for name in ("a", "b"):
        world.host(name).start()
    world.run(seconds(10))
    without = world.masters

    world.host("a").refuse_rules(refusing=False)
    world.run(seconds(120))

    assert without == ["b"]
    assert world.masters == ["a"]


def test_open_doors_are_seen(monkeypatch: Patch) -> None:
    monkeypatch.setattr(shielding.Shielding, "faults", lambda *_: ())
    world = World(1)
    host = world.add("a", accept=False)
    host.refuse_rules(refusing=True)

    with pytest.raises(Violation, match=r"^Faulty"):
        host.start()


# ---- no addresses


def test_who_loses_all_addresses_in_a_reload_is_master_of_nothing_that_others_have() -> None:
    """An advert without addresses counts only for who has none (behaviour WI-08)."""
    world = pair()

    world.host("a").reload(count=0)
    world.run(seconds(20))

    assert world.masters == ["a", "b"]
    assert world.holders == ["b"]


def test_an_advert_without_addresses_that_counts_is_seen(monkeypatch: Patch) -> None:
    monkeypatch.setattr(accept, "_check_contents", lambda *_: None)
    world = pair()

    world.host("a").reload(count=0)
    with pytest.raises(Violation):
        world.run(seconds(20))


# ---- the swarm


def test_all_of_it_occurs_in_the_swarm() -> None:
    """What is never generated is never judged."""
    scenarios = [generate(seed) for seed in range(1, 201)]
    routers = [router for one in scenarios for host in one.hosts for router in host.routers]
    faults = {type(fault) for one in scenarios for fault in one.faults}
    groups = [
        [
            [(router.name, router.priority) for router in host.routers if router.sync_group]
            for host in one.hosts
        ]
        for one in scenarios
    ]

    reloads = [fault for one in scenarios for fault in one.faults if isinstance(fault, Reload)]

    assert any(not router.numbers for reload in reloads for router in reload.routers)
    assert any(router.signed for router in routers)
    assert any(router.routes for router in routers)
    assert not all(router.accept for router in routers)
    assert {ClockStep, RoutesRefused, RouteTaken, RulesRefused} <= faults
    assert any(len({rank for _, rank in host}) > 1 for hosts in groups for host in hosts)


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(147, id="a backup whose own clock jumped may take over from a master that speaks"),
        pytest.param(178, id="two that yield to each other in different routers, and say goodbye"),
        pytest.param(2055, id="copies that left in bad weather arrive after it"),
        pytest.param(300534, id="two of mixed ranks that yield at once"),
        pytest.param(22502, id="two of mixed ranks that yield to each other while the third oversleeps"),
        pytest.param(57, id="routes that a killed process has left"),
    ],
)
def test_worlds_that_the_oracles_first_misjudged(seed: int) -> None:
    assert play(generate(seed)).violation is None


def test_a_world_without_extras_is_the_same_as_ever() -> None:
    plain = [seed for seed in range(1, 41, 2) if generate(seed) == generate_plain(seed)]
    grouped = [seed for seed in range(2, 42, 2) if generate(seed) == generate_grouped(seed)]

    assert plain
    assert grouped
