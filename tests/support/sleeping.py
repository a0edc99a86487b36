"""Hosts that sleep while more comes in than their sockets can hold."""

from dataclasses import replace
from ipaddress import ip_address

from standfast.base.addresses import Family
from standfast.base.times import seconds
from standfast.engine.adverts import datagrams_of
from standfast.sim.network import Packet
from standfast.sim.plans import GROUPS
from standfast.sim.world import World


def flooded_sleep() -> World:
    """The backup b sleeps for 30 s; what fills its buffer belongs to nobody. It has just woken."""
    world = World(1)
    master, backup = world.add("a", priority=150), world.add("b", priority=100)
    master.start()
    backup.start()
    world.run(seconds(10))
    stranger = ip_address("10.0.0.99")
    rubbish = datagrams_of(replace(backup.routers()[0], vrid=77), stranger, 1)[0]

    backup.pause()
    for _ in range(backup.plan.room):
        world.inject(Packet("", stranger, GROUPS[Family.IPV4], Family.IPV4, 255, rubbish, everybody=True))
    world.run(seconds(30))
    backup.resume()
    world.run(seconds(1))
    return world


def overfull_sleep(slept: float) -> World:
    """The backup b sleeps for so many seconds; its buffer holds 16 adverts of the master a. It has just woken."""
    world = World(1)
    master, backup = world.add("a", priority=150), world.add("b", priority=100, room=16)
    master.start()
    backup.start()
    world.run(seconds(10))

    backup.pause()
    world.run(seconds(slept))
    backup.resume()
    return world
