"""Addresses on other interfaces are announced again and again: `garp_extra_if` (behaviour GA-11)."""

from dataclasses import replace

import pytest
from vrrp_made import ETH0, ETH1, OWNER, vip
from written import config_of, instance_text

from standfast.base.times import SECOND, ZERO, Instant, seconds
from standfast.core.vrrp.configured import routers_of
from standfast.core.vrrp.effects import Announce
from standfast.core.vrrp.events import Due
from standfast.core.vrrp.node import Node
from standfast.core.vrrp.router import Announcements, Rounds, Router

HERE, THERE = vip(100), vip(101, "eth1")
QUIET = Rounds(0, ZERO)


def announced(router: Router, until: int) -> list[tuple[int, str]]:
    """What a master announces, and in which second."""
    node, now = Node(), Instant(0)
    effects = node.start([router], links={"eth0": ETH0, "eth1": ETH1}, present={}, now=now)
    found = []
    while now <= until * SECOND:
        found += [
            (now // SECOND, address.interface)
            for effect in effects
            if isinstance(effect, Announce)
            for address in effect.part.addresses
        ]
        now = node.deadline() or Instant(until * SECOND + 1)
        effects = node.handle(Due(), now)
    return found


@pytest.mark.behaviour("GA-11")
@pytest.mark.parametrize(
    ("announcements", "expected"),
    [
        pytest.param(
            Announcements(QUIET, QUIET, elsewhere=seconds(20), elsewhere_all=True),
            [(20, "eth1"), (40, "eth1")],
            id="of all other interfaces",
        ),
        pytest.param(
            Announcements(QUIET, QUIET, elsewhere=seconds(20)), [], id="or only of those made for the router"
        ),
        pytest.param(Announcements(QUIET, QUIET, elsewhere_all=True), [], id="and never without an interval"),
    ],
)
def test_what_is_announced(announcements: Announcements, expected: list[tuple[int, str]]) -> None:
    router = replace(OWNER, addresses=(HERE, THERE), announcements=announcements)

    assert announced(router, until=45) == expected


@pytest.mark.behaviour("GA-11")
@pytest.mark.parametrize(
    ("before", "body", "elsewhere"),
    [
        pytest.param("", "garp_extra_if all 30", (seconds(30), True), id="of the instance"),
        pytest.param("global_defs { vrrp_garp_extra_if 60 }\n", "", (seconds(60), False), id="of all"),
        pytest.param(
            "global_defs { vrrp_garp_extra_if 60 }\n", "garp_extra_if 0", (ZERO, False), id="not of this one"
        ),
    ],
)
def test_it_is_configured(before: str, body: str, elsewhere: tuple[int, bool]) -> None:
    text = before + instance_text(f"virtual_ipaddress {{ 10.0.0.100 }}\n{body}")

    (router,) = routers_of(config_of(text))

    assert (router.announcements.elsewhere, router.announcements.elsewhere_all) == elsewhere
