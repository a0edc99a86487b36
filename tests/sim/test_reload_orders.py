"""Every order in which two hosts reload, and what each order must not do (behaviours RL-03, RL-11).

Two hosts have two routers each. A change of the addresses is made in one or two reloads on each host; the small
world is played for every interleaving of these, and for every time between two of them that makes a difference.
"""

from collections.abc import Iterator
from itertools import combinations

import pytest

from standfast.base.addresses import Family
from standfast.base.times import MILLISECOND, SECOND, Duration, seconds
from standfast.sim.oracles.oracle import Oracle, Violation
from standfast.sim.oracles.panel import ORACLES
from standfast.sim.plans import RouterPlan, virtual_address
from standfast.sim.truth import Truth
from standfast.sim.world import World

Numbers = tuple[tuple[int, ...], tuple[int, ...]]  # the addresses of the first and of the second router
GAPS = (Duration(0), Duration(MILLISECOND), Duration(300 * MILLISECOND), SECOND, Duration(4 * SECOND))
BEFORE: Numbers = ((1, 2), (11, 12))
CHANGES: dict[str, tuple[Numbers, ...]] = {
    "an address is added": (((1, 2, 3), (11, 12)),),
    "an address is removed": (((1,), (11, 12)),),
    "an address moves to the other router": (((1,), (2, 11, 12)),),
    "one router gets all but one of the other": (((1,), (2, 11, 12)), ((1,), (2, 12))),
    "two routers exchange an address": (((1, 11), (2, 12)),),
    "two routers exchange all": (((11, 12), (1, 2)),),
    "an address moves there and back": (((1,), (2, 11, 12)), BEFORE),
    "an address is added before the other goes": (((1, 2, 3), (11, 12)), ((3, 2), (11, 12))),
}


class Presence(Oracle):
    """Which addresses somebody held after every event, of those that are to be there all the time."""

    def __init__(self, truth: Truth) -> None:
        super().__init__(truth)
        self.always: frozenset[int] = frozenset()

    def after_event(self) -> None:
        held = {key for host in self.truth.hosts.values() for key in host.kernel.table}
        for number in self.always:
            if virtual_address(number, Family.IPV4).key not in held:
                self.complain(f"nobody has address {number}")


def orders(steps: int) -> Iterator[str]:
    """Every interleaving of that many steps of a with as many of b."""
    for places in combinations(range(2 * steps), steps):
        yield "".join("a" if place in places else "b" for place in range(2 * steps))


def routers(numbers: Numbers, priorities: tuple[int, int]) -> tuple[RouterPlan, ...]:
    return tuple(
        RouterPlan(vrid=vrid, priority=priority, first=0, count=0, others=given)
        for vrid, given, priority in zip((1, 2), numbers, priorities, strict=True)
    )


def settled(priorities_of_a: tuple[int, int]) -> World:
    """Two hosts; a has these priorities, b has 120 for both of its routers."""
    world = World(1, oracles=(*ORACLES, Presence))
    for name, priorities in (("a", priorities_of_a), ("b", (120, 120))):
        world.add(name, routers=routers(BEFORE, priorities)).start()
    world.run(seconds(10))
    return world


def played(
    change: tuple[Numbers, ...],
    order: str,
    gap: Duration,
    priorities: tuple[int, int],
    always: frozenset[int],
) -> World:
    """The world after all reloads; the first one 0.3 s after an advert, so that the times differ."""
    world = settled(priorities)
    presence = world.panel.judges[-1]
    assert isinstance(presence, Presence)
    presence.always = always
    done = {"a": 0, "b": 0}
    for name in order:
        numbers = change[done[name]]
        done[name] += 1
        world.host(name).reload(routers(numbers, priorities if name == "a" else (120, 120)))
        world.run(gap)
    world.run(seconds(10))
    return world


def staying(change: tuple[Numbers, ...]) -> frozenset[int]:
    """The addresses that stand in every configuration, in whichever router."""
    every = [{number for numbers in each for number in numbers} for each in (BEFORE, *change)]
    return frozenset(set.intersection(*every))


@pytest.mark.behaviour("RL-11")
@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: f"{gap // MILLISECOND} ms apart")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_in_no_order_of_reloads_is_an_address_absent_or_a_master_replaced(
    change: tuple[Numbers, ...], gap: Duration
) -> None:
    """a is master of both routers, before, after and all the time."""
    for order in orders(len(change)):
        world = played(change, order, gap, (150, 150), staying(change))

        assert world.masters_of("VI_1") == world.masters_of("VI_2") == ["a"], order
        assert world.panel.transitions == 6, order  # four starts and two takeovers
        held = {virtual_address(n, Family.IPV4).key for numbers in change[-1] for n in numbers}
        assert set(world.host("a").kernel.table) == held, order
        assert not world.host("b").kernel.table, order


@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: f"{gap // MILLISECOND} ms apart")
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_of_routers_whose_masters_are_two_hosts_nothing_is_absent_that_stays_in_its_router(
    change: tuple[Numbers, ...], gap: Duration
) -> None:
    """a is master of the first, b of the second: an address between them is where the last reload put it."""
    same = [set(BEFORE[place]).intersection(*(each[place] for each in change)) for place in (0, 1)]
    for order in orders(len(change)):
        world = played(change, order, gap, (150, 100), frozenset(set.union(*same)))

        assert (world.masters_of("VI_1"), world.masters_of("VI_2")) == (["a"], ["b"]), order
        for place, name in enumerate("ab"):
            held = {virtual_address(number, Family.IPV4).key for number in change[-1][place]}
            assert set(world.host(name).kernel.table) == held, order


@pytest.mark.parametrize("order", ["abc", "acb", "bac", "bca", "cab", "cba"])
@pytest.mark.parametrize("version", [2, 3])
@pytest.mark.parametrize("unicast", [False, True], ids=["multicast", "unicast"])
def test_a_change_of_the_addresses_that_rolls_over_three_hosts_never_makes_two_masters(
    order: str, version: int, unicast: bool
) -> None:
    """One second apart; while the lists differ the adverts of the master still count."""
    world = World(1, oracles=(*ORACLES, Presence))
    for name, priority in (("a", 150), ("b", 120), ("c", 100)):
        plan = RouterPlan(priority=priority, version=version, unicast=unicast, first=1, count=2)
        world.add(name, routers=(plan,))
    for name in "abc":
        world.host(name).start()
    world.run(seconds(10))
    before, presence = world.panel.transitions, world.panel.judges[-1]
    assert isinstance(presence, Presence)
    presence.always = frozenset({2})

    for name in order:
        world.host(name).reload(first=2, count=3)
        world.run(SECOND)
    world.run(seconds(30))

    assert world.masters == world.holders == ["a"]
    assert world.panel.transitions == before


@pytest.mark.parametrize("order", ["ab", "ba"])
@pytest.mark.parametrize("gap", GAPS, ids=lambda gap: f"{gap // MILLISECOND} ms apart")
def test_a_router_that_loses_all_its_addresses_is_heeded_again_when_the_other_has_none_either(
    order: str, gap: Duration
) -> None:
    """An advert without addresses is not heeded by a router that has some (RFC 9568, section 7.1)."""
    change: tuple[Numbers, ...] = (((), (1, 2, 11, 12)),)

    world = played(change, order, gap, (150, 150), staying(change))

    assert world.masters_of("VI_1") == world.masters_of("VI_2") == ["a"]
    assert world.holders == ["a"]


def test_an_address_that_nobody_has_is_seen() -> None:
    world = settled((150, 150))
    presence = world.panel.judges[-1]
    assert isinstance(presence, Presence)
    presence.always = frozenset({1})

    world.host("a").delete(virtual_address(1, Family.IPV4).key)

    with pytest.raises(Violation, match=r"Presence at .*: nobody has address 1"):
        world.run(Duration(1))
