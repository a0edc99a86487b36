"""Announcements as the other end of the cable sees them."""

import select
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest
from linux_namespace import Namespace, cable, descriptors, ip

from standfast.base.addresses import Family, HostAddress
from standfast.base.errors import Malformed
from standfast.engine.ports import AD_HOC, Link, Part, Router
from standfast.linux.announcer import Announcer
from standfast.wire.arp import ArpPacket, decode_arp
from standfast.wire.ethernet import BROADCAST
from standfast.wire.ndp import NeighbourAdvertisement, decode_unsolicited_frame

VIP = HostAddress(ip_address("10.0.0.100"), 24, "eth0")
VIP6 = HostAddress(ip_address("2001:db8::100"), 128, "eth0")
MAC = bytes.fromhex("02005e000101")


@dataclass
class Sight:
    """The announcer on the left, and a tap on the right."""

    left: Namespace
    right: Namespace
    links: dict[str, Link] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.left.here():
            self.links["eth0"] = Link("eth0", socket.if_nametoindex("eth0"), up=True, mac=MAC)
            self.announcer = Announcer(self.links.get, self.complaints.append)
        with self.right.here():
            self.tap = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
            self.tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
            self.tap.bind(("eth0", 3))

    def hold(self, *addresses: HostAddress, prepare: bool = True) -> Part:
        router = Router("VI_1", vrid=1, family=Family.IPV4, interface="eth0", addresses=addresses)
        part = router.parts[0]
        if prepare:
            with self.left.here():
                self.announcer.prepare(router.parts, router)
        return part

    def seen(self) -> list[ArpPacket | NeighbourAdvertisement]:
        """What was announced: the veth pair has it at once, or as soon as its kernel thread gets a turn."""
        found: list[ArpPacket | NeighbourAdvertisement] = []
        while select.select([self.tap], [], [], 0.3)[0]:
            frame = self.tap.recv(2000)
            for decode in (decode_arp, decode_unsolicited_frame):
                try:
                    found.append(decode(frame))
                except Malformed:
                    continue
        return found


@pytest.fixture
def sight() -> Iterator[Sight]:
    with cable() as (left, right):
        before = descriptors()
        made = Sight(left, right)
        yield made
        made.announcer.close()
        made.tap.close()
        assert descriptors() == before


def arp(address: str) -> ArpPacket:
    ipv4 = IPv4Address(address)
    return ArpPacket(1, MAC, ipv4, BROADCAST, ipv4)


def advertisement(*, router: bool = False) -> NeighbourAdvertisement:
    return NeighbourAdvertisement(IPv6Address("2001:db8::100"), MAC, router=router)


def test_each_address_is_announced_once_in_order(sight: Sight) -> None:
    part = sight.hold(VIP, VIP6)

    sight.announcer.announce(part)

    assert sight.seen() == [arp("10.0.0.100"), advertisement()]
    assert sight.complaints == []


def test_a_whole_part_leaves_by_one_call(sight: Sight) -> None:
    part = sight.hold(*(HostAddress(ip_address(f"10.0.1.{n}"), 32, "eth0") for n in range(1, 65)))

    sight.announcer.announce(part)
    sight.announcer.announce(part)

    assert sight.seen() == [arp(f"10.0.1.{n}") for n in range(1, 65)] * 2


def test_a_part_that_was_not_prepared_is_announced_too(sight: Sight) -> None:
    part = sight.hold(VIP, prepare=False)._replace(number=AD_HOC)

    sight.announcer.announce(part)

    assert sight.seen() == [arp("10.0.0.100")]


def test_a_host_that_forwards_says_so(sight: Sight) -> None:
    with sight.left.here():
        Path("/proc/sys/net/ipv6/conf/eth0/forwarding").write_text("1")
        sight.announcer.announce(sight.hold(VIP6))

    assert sight.seen() == [advertisement(router=True)]


@pytest.mark.behaviour("GA-02")
def test_a_host_that_begins_to_forward_says_so_from_the_next_announcement_on(sight: Sight) -> None:
    part = sight.hold(VIP, VIP6)
    sight.announcer.announce(part)

    with sight.left.here():
        Path("/proc/sys/net/ipv6/conf/eth0/forwarding").write_text("1")
        sight.announcer.announce(part)

    assert sight.seen() == [
        arp("10.0.0.100"),
        advertisement(),
        arp("10.0.0.100"),
        advertisement(router=True),
    ]


@pytest.mark.parametrize(
    "link",
    [
        pytest.param(Link("eth0", 2, up=True, mac=MAC, arp=False), id="it does without ARP"),
        pytest.param(Link("eth0", 2, up=True), id="it has no hardware address"),
        pytest.param(None, id="it is not there"),
    ],
)
def test_an_interface_is_silent_if(sight: Sight, link: Link | None) -> None:
    sight.links.clear()
    if link is not None:
        sight.links["eth0"] = link

    sight.announcer.announce(sight.hold(VIP))

    assert sight.seen() == []
    assert sight.complaints == []


def test_a_strange_interface_is_complained_about_once(sight: Sight) -> None:
    sight.links["eth0"] = Link("eth0", 2, up=True, mac=b"\1" * 20)

    for _ in range(3):
        sight.announcer.announce(sight.hold(VIP))

    assert sight.complaints == ["eth0: cannot announce addresses: it is no Ethernet interface"]


def test_new_looks_make_new_frames(sight: Sight) -> None:
    sight.hold(VIP)
    mac = bytes.fromhex("02005e000102")
    sight.links["eth0"] = Link("eth0", sight.links["eth0"].index, up=True, mac=mac)

    sight.announcer.announce(sight.hold(VIP))

    (seen,) = sight.seen()
    assert isinstance(seen, ArpPacket)
    assert seen.sender_mac == mac


def test_what_was_forgotten_is_made_anew(sight: Sight) -> None:
    part = sight.hold(VIP)
    sight.announcer.forget("VI_1")

    sight.announcer.announce(part)

    assert sight.seen() == [arp("10.0.0.100")]


def test_a_dead_interface_is_complained_about_once(sight: Sight) -> None:
    part = sight.hold(VIP)
    with sight.left.here():
        ip("link set eth0 down")

    sight.announcer.announce(part)
    sight.announcer.announce(part)

    assert sight.announcer.unsent == 2
    assert sight.complaints == [
        "VI_1: cannot announce an address: the interface is down [ENETDOWN]; set it up (ip link set … up)"
    ]
