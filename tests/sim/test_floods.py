"""Packets from somebody who takes no part: they cost bounded answers and move nothing (design, section 6)."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from watching import Watched

from standfast.base.addresses import Family
from standfast.base.limits import ANSWERS_PER_INTERVAL
from standfast.base.times import MILLISECOND, seconds
from standfast.engine.adverts import datagrams_of
from standfast.sim.network import Packet
from standfast.sim.plans import GROUPS
from standfast.sim.world import World

STRANGER = ip_address("10.0.0.99")
GROUP = GROUPS[Family.IPV4]


def spoof(world: World, priority: int, *, damage: bytes = b"") -> None:
    """An advert of the routers' group, with this priority, from somebody else."""
    router = replace(world.host("a").routers()[0], priority=max(priority, 1))
    payload = datagrams_of(router, STRANGER, priority)[0] + damage
    world.inject(Packet("", STRANGER, GROUP, Family.IPV4, 255, payload, everybody=True))


def running() -> Watched:
    watched = Watched()
    for name, priority in (("a", 150), ("b", 100)):
        watched.world.add(name, priority=priority).start()
    watched.world.run(seconds(10.5))
    return watched


@pytest.mark.parametrize("priority", [0, 1, 149], ids=["leaving", "weak", "nearly as strong"])
def test_a_flood_of_weaker_adverts_gets_few_answers_and_moves_nothing(priority: int) -> None:
    """A thousand a second for ten seconds; the master's own adverts go on."""
    watched = running()
    world, since = watched.world, watched.world.timeline.now
    before = world.panel.transitions

    for _ in range(10_000):
        spoof(world, priority)
        world.run(MILLISECOND)

    spoken = watched.spoken_by("a", since)
    assert len(spoken) <= 11 * (1 + ANSWERS_PER_INTERVAL)
    assert world.masters == ["a"]
    assert world.panel.transitions == before


def test_a_flood_of_packets_with_a_wrong_checksum_moves_nothing() -> None:
    """In Keepalived 2.4.3 one such packet in each interval silences a master."""
    watched = running()
    world, since = watched.world, watched.world.timeline.now

    for _ in range(2_000):
        spoof(world, 254, damage=b"\0" * 40)
        world.run(MILLISECOND)

    assert len(watched.spoken_by("a", since)) == 2
    assert world.masters == ["a"]
