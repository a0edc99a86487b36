"""Announcements leave one by one where the configuration asks for it (behaviour GA-06)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address

import pytest
from vrrp_made import ROUTER, VIP6, vip
from vrrp_ports import SetClock
from written import config_of

from standfast.base.addresses import HostAddress
from standfast.base.times import MILLISECOND, Instant
from standfast.core.vrrp.router import AD_HOC, Part, Router
from standfast.engine.pacing import PacedAnnouncer, paces_of

GAP = "global_defs { vrrp_garp_interval 0.01 }"
GROUP = "garp_group { garp_interval 0.01\n interfaces { eth0 eth1 } }"


@dataclass
class Sent:
    """The port below: what left, and when."""

    clock: SetClock
    frames: list[tuple[int, HostAddress]] = field(default_factory=list)

    def prepare(self, parts: Sequence[Part], router: Router) -> None:
        """Nothing."""

    def announce(self, part: Part) -> None:
        self.frames += [(self.clock.at // MILLISECOND, address) for address in part.addresses]

    def withdraw(self, addresses: Sequence[HostAddress]) -> None:
        """Nothing."""

    def forget(self, router: str) -> None:
        """Nothing."""


class Host:
    """A paced announcer with its clock and its alarm."""

    def __init__(self, text: str) -> None:
        self.clock = SetClock()
        self.port = Sent(self.clock)
        self.due: Instant | None = None
        self.paced = PacedAnnouncer(self.port, self.clock)
        self.paced.arm(self)
        self.paced.configure(paces_of(config_of(text)))

    def set(self, due: Instant | None) -> None:
        self.due = due

    def announce(self, *addresses: HostAddress) -> None:
        self.paced.announce(Part(ROUTER.name, AD_HOC, addresses))

    def run(self) -> list[tuple[int, HostAddress]]:
        while self.due is not None:
            self.clock.at = max(self.due, self.clock.at)
            self.paced.ring()
        return self.port.frames


A, B = vip(101), vip(102)
ON_ETH1 = vip(103, "eth1")


@pytest.mark.behaviour("GA-06")
@pytest.mark.parametrize(
    ("text", "addresses", "expected"),
    [
        pytest.param("", (A, B), [(0, A), (0, B)], id="without an interval all leave at once"),
        pytest.param(GAP, (A, B, A), [(0, A), (10, B), (20, A)], id="with one, each in its turn"),
        pytest.param(GAP, (A, ON_ETH1), [(0, A), (0, ON_ETH1)], id="each interface for itself"),
        pytest.param(GROUP, (A, ON_ETH1), [(0, A), (10, ON_ETH1)], id="a garp_group shares one interval"),
        pytest.param(GAP, (A, VIP6, B), [(0, A), (0, VIP6), (10, B)], id="the other family has its own"),
    ],
)
def test_announcements_leave(
    text: str, addresses: tuple[HostAddress, ...], expected: list[tuple[int, HostAddress]]
) -> None:
    host = Host(text)

    host.announce(*addresses)

    assert host.run() == expected


def test_what_is_no_longer_held_is_no_longer_announced() -> None:
    host = Host(GAP)
    host.announce(A, B, B)

    host.paced.withdraw((B,))

    assert host.run() == [(0, A)]


def test_what_waits_for_a_router_that_is_gone_is_dropped() -> None:
    host = Host(GAP)
    host.announce(A, B)

    host.paced.forget(ROUTER.name)

    assert host.run() == [(0, A)]


def test_an_address_waits_so_often_and_no_more() -> None:
    host = Host(GAP)

    host.announce(*(A for _ in range(1000)))

    assert len(host.run()) == 11


def test_a_reload_that_ends_the_pace_lets_all_out() -> None:
    host = Host(GAP)
    host.announce(A, B)

    host.paced.configure(paces_of(config_of("")))

    assert host.run() == [(0, A), (0, B)]
    assert ip_address("10.0.0.101") == A.address
