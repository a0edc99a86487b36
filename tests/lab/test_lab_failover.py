"""A real daemon on a real kernel, as a client sees it: the address moves and is answered for.

Version 3 with 0.1 s between adverts: the weak host is silent for 3 * 0.1 s + 0.061 s = 0.361 s at most.
"""

from ipaddress import ip_address
from typing import NamedTuple

import pytest

from standfast.base.times import SECOND, Duration, between
from standfast.lab.clock import now
from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

VIPS = {4: "10.99.0.100", 6: "fd99::100"}
PREFIXES = {4: 24, 6: 64}
MASTER_DOWN = Duration(360_937)
each_family = pytest.mark.parametrize("family", [pytest.param(4, id="IPv4"), pytest.param(6, id="IPv6")])


class Stage(NamedTuple):
    lab: Lab
    strong: Host
    weak: Host
    client: Host
    daemon: Daemon  # of the strong host
    vip: str


def stage(lab: Lab, family: int, *, interval: str = "0.1") -> Stage:
    """Two hosts with daemons, the strong one master, and a client."""
    names = ("strong", "weak", "client")
    strong, weak, client = (
        lab.host(n, f"10.99.0.{i}/24", f"fd99::{i}/64") for i, n in enumerate(names, start=1)
    )
    daemon = strong.run(config(family, 150, interval=interval))
    weak.run(config(family, 100, interval=interval))
    vip = VIPS[family]
    assert lab.within(20.0, lambda: strong.holds(vip) and not weak.holds(vip))
    return Stage(lab, strong, weak, client, daemon, vip)


def config(family: int, priority: int, *, vrid: int = 51, vip: str = "", interval: str = "0.1") -> str:
    link_local = "fe80::100/64\n" if family == 6 else ""
    return f"""vrrp_instance VI_{vrid} {{
        interface eth0
        virtual_router_id {vrid}
        version 3
        priority {priority}
        advert_int {interval}
        virtual_ipaddress {{
            {link_local}{vip or VIPS[family]}/{PREFIXES[family]}
        }}
    }}"""


@each_family
def test_the_address_moves_when_the_cable_is_pulled_and_returns_with_it(lab: Lab, family: int) -> None:
    there = stage(lab, family)

    there.strong.unplug()
    assert lab.within(20.0, lambda: there.weak.holds(there.vip) and not there.strong.holds(there.vip))

    there.strong.plug()
    assert lab.within(20.0, lambda: there.strong.holds(there.vip) and not there.weak.holds(there.vip))


@each_family
def test_a_client_is_answered_again_when_the_master_is_killed(lab: Lab, family: int) -> None:
    there = stage(lab, family)

    with there.client.probe(there.vip) as probe:
        started = now()
        assert lab.within(20.0, lambda: probe.answers_since(started))
        dead_at = there.strong.power_off()
        assert lab.within(20.0, lambda: probe.answers_since(dead_at))

    back_at = min(each.answered_at for each in probe.questions if each.answered_at and each.sent_at > dead_at)
    assert between(dead_at, back_at) < MASTER_DOWN + 2 * SECOND  # and what a busy machine adds


@each_family
def test_a_master_that_is_stopped_takes_its_address_along(lab: Lab, family: int) -> None:
    there = stage(lab, family, interval="0.8")

    with lab.capture() as wire:
        stopped_at = now()
        status = there.daemon.stop()
        assert lab.within(20.0, lambda: there.weak.holds(there.vip))

    assert status == 0
    assert not there.strong.holds(there.vip)
    goodbye, *_ = (at for at, advert in wire.adverts(since=stopped_at) if advert.priority == 0)
    takeover, *_ = (at for at, advert in wire.adverts(since=stopped_at) if advert.priority == 100)
    assert between(goodbye, takeover) < 3 * 0.8 * SECOND  # it waited for its skew only


@each_family
def test_a_new_master_announces_its_address_to_everybody(lab: Lab, family: int) -> None:
    there = stage(lab, family)

    with lab.capture() as wire:
        dead_at = there.strong.power_off()
        vip = ip_address(there.vip)
        assert lab.within(20.0, lambda: len(wire.announcements(vip, since=dead_at)) >= 5)

    announced = wire.announcements(vip, since=dead_at)
    spoken_at, _ = wire.adverts(since=dead_at)[0]
    assert {said.mac for _, said in announced} == {there.weak.mac()}
    assert spoken_at <= announced[0][0]


def test_the_addresses_of_many_routers_move_together(lab: Lab) -> None:
    count = 30
    strong, weak = lab.host("strong", "10.99.0.1/24"), lab.host("weak", "10.99.0.2/24")
    vips = [f"10.99.1.{number}" for number in range(1, count + 1)]
    for host, priority in ((strong, 150), (weak, 100)):
        blocks = (config(4, priority, vrid=vrid, vip=vip) for vrid, vip in enumerate(vips, start=1))
        host.run("\n".join(blocks))
    assert lab.within(20.0, lambda: all(strong.holds(vip) for vip in vips))

    strong.unplug()

    assert lab.within(20.0, lambda: all(weak.holds(vip) for vip in vips))
    assert lab.within(20.0, lambda: not any(strong.holds(vip) for vip in vips))


def test_an_address_stays_when_the_one_that_its_subnet_hangs_on_goes(lab: Lab) -> None:
    """The kernel removes all later addresses of a subnet with the first one, unless it is told otherwise."""
    left, right = lab.host("left", "10.99.0.1/24"), lab.host("right", "10.99.0.2/24")
    first, second = "10.98.0.1", "10.98.0.2"
    left.run(two_routers(first, 200, second, 100))  # the higher priority comes first
    assert lab.within(20.0, lambda: left.holds(first) and left.holds(second))
    assert "secondary" in left.command("ip", "address", "show", "to", second)

    right.run(two_routers(first, 250, second, 50))

    assert lab.within(20.0, lambda: right.holds(first) and not left.holds(first))
    assert lab.within(20.0, lambda: left.holds(second))
    assert not right.holds(second)


def two_routers(first: str, first_priority: int, second: str, second_priority: int) -> str:
    return "\n".join(
        [
            config(4, first_priority, vrid=51, vip=first),
            config(4, second_priority, vrid=52, vip=second),
        ]
    )
