"""Raw sockets against the real kernel: what is sent, what is heard, and what never wakes us."""

import asyncio
import os
import select
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from ipaddress import IPv4Address, ip_address

import pytest
from linux_namespace import Namespace, cable, descriptors, ip, turn
from msgspec import structs

from standfast.base.addresses import Family, IpAddress
from standfast.base.limits import INBOX, UNSOUND_AT_ONCE
from standfast.base.times import SECOND, Instant, WallTime
from standfast.core.vrrp.authentic import Signature
from standfast.engine.ports import Event, Link, Received, Router, SocketFailed, SocketOpened
from standfast.linux.adverts import Adverts
from standfast.linux.loop import MonotonicClock, TimeOfDay, new_loop
from standfast.linux.rawsock import open_sender, sockaddr
from standfast.wire.ah import authenticated, decode_ah, is_authentic
from standfast.wire.ip import decode_ipv4, ipv4_header, ipv6_header

GROUP4, GROUP6 = ip_address("224.0.0.18"), ip_address("ff02::12")
LEFT = {Family.IPV4: ip_address("10.0.0.1"), Family.IPV6: ip_address("fe80::1")}
RIGHT = {Family.IPV4: ip_address("10.0.0.2"), Family.IPV6: ip_address("fe80::2")}
ROUTERS = {
    Family.IPV4: Router("VI_4", vrid=51, family=Family.IPV4, interface="eth0", group=GROUP4),
    Family.IPV6: Router("VI_6", vrid=51, family=Family.IPV6, interface="eth0", group=GROUP6, version=3),
}
ADVERT = b"\x31\x33\x64\x00\x00\x64" + bytes(10)  # version 3, VRID 51


@dataclass
class Side:
    """One host's advert port, and what it told."""

    namespace: Namespace
    loop: asyncio.AbstractEventLoop
    told: list[Event] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.adverts = Adverts(self.loop, self.told.append, self.complaints.append)
        with self.namespace.here():
            self.link = Link("eth0", socket.if_nametoindex("eth0"), up=True)

    def listen(self, *routers: Router) -> None:
        with self.namespace.here():
            self.adverts.listen([(router, self.link) for router in routers])

    def prepare(self, router: Router, source: IpAddress) -> None:
        with self.namespace.here():
            self.adverts.prepare(router, self.link, source)

    def send(self, router: Router, *datagrams: bytes) -> None:
        self.adverts.send(router.name, datagrams)
        self.adverts.flush()

    @property
    def received(self) -> list[Received]:
        return [event for event in self.told if isinstance(event, Received)]

    def hears(self, count: int = 1) -> bool:
        return turn(self.loop, lambda: len(self.received) >= count)


@contextmanager
def two_sides() -> Iterator[tuple[Side, Side]]:
    with cable() as (left, right):
        loop = new_loop()
        before = descriptors()
        sides = Side(left, loop), Side(right, loop)
        yield sides
        for side in sides:
            side.adverts.close()
        assert descriptors() == before
        loop.close()


@pytest.fixture
def sides() -> Iterator[tuple[Side, Side]]:
    with two_sides() as made:
        yield made


def forge(
    side: Side, family: Family, payload: bytes, *, ttl: int = 255, to: IpAddress | None = None, times: int = 1
) -> None:
    """Send packets that no router would send."""
    to = to or (GROUP4 if family is Family.IPV4 else GROUP6)
    source = LEFT[family]
    if family is Family.IPV4:
        header = ipv4_header(source, to, len(payload), identification=9, ttl=ttl)  # type: ignore[arg-type]
    else:
        header = ipv6_header(source, to, len(payload), next_header=112, hop_limit=ttl)  # type: ignore[arg-type]
    with side.namespace.here(), open_sender("eth0", family) as sock:
        for _ in range(times):
            where = (str(to), 0) if family is Family.IPV4 else (str(to), 0, 0, side.link.index)
            sock.sendto(header + payload, where)


def wakes(side: Side, seconds: float = 0.05) -> bool:
    """Whether any of its sockets becomes readable."""
    selector = side.loop._selector  # type: ignore[attr-defined]
    return bool(select.select([selector.fileno()], [], [], seconds)[0])


@pytest.mark.parametrize("family", Family)
def test_an_advert_arrives_with_all_that_the_core_asks_for(sides: tuple[Side, Side], family: Family) -> None:
    left, right = sides
    router = ROUTERS[family]
    right.listen(router)
    left.prepare(router, LEFT[family])
    before, wall = MonotonicClock().now(), TimeOfDay().now()

    left.send(router, ADVERT)

    sent = MonotonicClock().now()
    assert right.hears()
    (heard,) = right.received
    assert before <= heard.at <= sent + 1000
    assert abs((heard.wall - wall) - (heard.at - before)) < 1000, "the same moment by the other clock"
    assert router.group is not None
    assert structs.replace(heard, at=Instant(0), wall=WallTime(0)) == Received(
        "eth0",
        family,
        LEFT[family],
        router.group,
        255,
        ADVERT,
        Instant(0),
    )
    assert left.received == []


@pytest.mark.behaviour("AU-02")
def test_an_advert_behind_an_authentication_header_arrives_with_what_it_covers(
    sides: tuple[Side, Side],
) -> None:
    left, right = sides
    router = replace(ROUTERS[Family.IPV4], ah_key=b"secret")
    source, group = IPv4Address("10.0.0.1"), IPv4Address("224.0.0.18")
    right.listen(router)
    left.prepare(router, source)
    advert = b"\x21" + ADVERT[1:]

    for sequence in (0x1_0007, 0x1_0008):
        left.send(router, authenticated(advert, source, group, key=b"secret", sequence=sequence))

    assert right.hears(2)
    for heard, sequence in zip(right.received, (0x1_0007, 0x1_0008), strict=True):
        assert (heard.payload, heard.sender, heard.destination) == (advert, source, group)
        assert decode_ah(heard.covering).sequence == sequence
        assert is_authentic(heard.covering, heard.payload, key=b"secret")


def test_a_router_with_a_header_also_hears_who_has_none(sides: tuple[Side, Side]) -> None:
    left, right = sides
    right.listen(replace(ROUTERS[Family.IPV4], ah_key=b"secret"))
    left.prepare(ROUTERS[Family.IPV4], LEFT[Family.IPV4])

    left.send(ROUTERS[Family.IPV4], ADVERT)

    assert right.hears()
    assert [heard.covering for heard in right.received] == [b""]


def test_adverts_of_which_no_two_are_alike_leave_as_they_are(sides: tuple[Side, Side]) -> None:
    """They are written over each other; one that still waits leaves first."""
    left, right = sides
    signature = Signature(keys=((1, b"k" * 32),), active=1, window=SECOND)
    router = replace(ROUTERS[Family.IPV4], signature=signature)
    right.listen(router)
    left.prepare(router, LEFT[Family.IPV4])
    said = [ADVERT + bytes([number]) * 28 for number in range(5)] + [ADVERT]

    for each in said:
        left.adverts.send(router.name, (each,))
    left.adverts.flush()

    assert right.hears(len(said))
    assert [heard.payload for heard in right.received] == said


def test_the_ip_header_is_the_one_that_is_asked_for(sides: tuple[Side, Side]) -> None:
    left, right = sides
    router = ROUTERS[Family.IPV4]
    left.prepare(router, LEFT[Family.IPV4])
    with right.namespace.here():
        tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
        tap.bind(("eth0", 0x0800))
    with tap:
        tap.settimeout(20)
        for _ in range(2):
            left.send(router, ADVERT)
        packets = [decode_ipv4(tap.recv(200)) for _ in range(2)]

    assert [packet.identification for packet in packets] == [1, 2]
    assert {(packet.tos, packet.ttl, packet.protocol) for packet in packets} == {(0xC0, 255, 112)}


def test_identifications_go_on_when_the_router_is_prepared_anew(sides: tuple[Side, Side]) -> None:
    left, right = sides
    router = ROUTERS[Family.IPV4]
    left.prepare(router, LEFT[Family.IPV4])
    left.send(router, ADVERT)

    left.prepare(router, LEFT[Family.IPV4])

    with right.namespace.here():
        tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(0x0800))
        tap.bind(("eth0", 0x0800))
    with tap:
        tap.settimeout(20)
        left.send(router, ADVERT)
        assert decode_ipv4(tap.recv(200)).identification == 2


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(b"\x31\x34" + ADVERT[2:], id="a foreign VRID"),
        pytest.param(b"\x31", id="too short to have a VRID"),
        pytest.param(b"", id="empty"),
    ],
)
def test_what_is_foreign_never_wakes_us(sides: tuple[Side, Side], family: Family, payload: bytes) -> None:
    left, right = sides
    right.listen(ROUTERS[family])
    turn(right.loop, lambda: True)

    forge(left, family, payload, times=20)
    forge(left, family, payload, ttl=1, times=20)

    assert not wakes(right)


@pytest.mark.parametrize("family", Family)
def test_a_flood_that_came_through_a_router_is_looked_at_a_little(
    sides: tuple[Side, Side], family: Family
) -> None:
    left, right = sides
    right.listen(ROUTERS[family])

    forge(left, family, ADVERT, ttl=254, times=500)

    assert right.hears(UNSOUND_AT_ONCE)
    turn(right.loop, lambda: False, seconds=0.05)
    assert UNSOUND_AT_ONCE <= len(right.received) < 2 * UNSOUND_AT_ONCE
    assert {packet.ttl for packet in right.received} == {254}
    assert not wakes(right)


def test_after_a_rest_what_cannot_be_an_advert_is_looked_at_again(sides: tuple[Side, Side]) -> None:
    left, right = sides
    right.listen(ROUTERS[Family.IPV4])
    forge(left, Family.IPV4, ADVERT, ttl=254, times=UNSOUND_AT_ONCE)
    assert right.hears(UNSOUND_AT_ONCE)

    forge(left, Family.IPV4, ADVERT, ttl=253)

    assert right.hears(UNSOUND_AT_ONCE + 1)


def test_what_is_overlooked_is_counted(sides: tuple[Side, Side]) -> None:
    left, right = sides
    right.listen(ROUTERS[Family.IPV4])

    forge(left, Family.IPV4, ADVERT, times=5000)

    assert right.adverts.overlooked > 0
    more = right.adverts.drain()
    assert more
    assert len(right.received) == 256


def test_what_came_after_a_moment_is_left_for_later(sides: tuple[Side, Side]) -> None:
    left, right = sides
    right.listen(ROUTERS[Family.IPV4])
    before = right.loop.time()
    forge(left, Family.IPV4, ADVERT, times=100)

    more = right.adverts.drain(Instant(round(before * SECOND)))

    assert not more
    assert len(right.received) == INBOX  # one system call, that all came too late


@pytest.mark.parametrize("family", Family)
def test_unicast_routers_hear_their_host_and_nothing_of_the_group(
    sides: tuple[Side, Side], family: Family
) -> None:
    left, right = sides
    unicast = replace(ROUTERS[family], group=None, peers=(RIGHT[family],))
    right.listen(replace(unicast, peers=(LEFT[family],), source=RIGHT[family]))
    left.prepare(unicast, LEFT[family])
    left.prepare(replace(ROUTERS[family], name="other"), LEFT[family])

    left.adverts.send("other", [ADVERT])
    left.send(unicast, ADVERT)

    assert right.hears()
    turn(right.loop, lambda: False, seconds=0.02)
    assert [(heard.sender, heard.destination) for heard in right.received] == [(LEFT[family], RIGHT[family])]


def test_a_unicast_advert_from_afar_is_heard(sides: tuple[Side, Side]) -> None:
    left, right = sides
    right.listen(replace(ROUTERS[Family.IPV4], group=None, peers=(LEFT[Family.IPV4],)))

    forge(left, Family.IPV4, ADVERT, ttl=60, to=RIGHT[Family.IPV4])

    assert right.hears()
    assert right.received[0].ttl == 60


def test_each_peer_gets_its_own_datagram(sides: tuple[Side, Side]) -> None:
    left, right = sides
    with right.namespace.here():
        ip("addr add 10.0.0.3/24 dev eth0")
    peers = ip_address("10.0.0.2"), ip_address("10.0.0.3")
    router = replace(ROUTERS[Family.IPV4], group=None, peers=peers)
    right.listen(router)
    left.prepare(router, LEFT[Family.IPV4])

    left.send(router, ADVERT + b"2", ADVERT + b"3")

    assert right.hears(2)
    assert {(str(heard.destination), heard.payload[-1:]) for heard in right.received} == {
        ("10.0.0.2", b"2"),
        ("10.0.0.3", b"3"),
    }


def test_routers_of_one_interface_share_its_sockets(sides: tuple[Side, Side]) -> None:
    left, _ = sides
    many = [replace(ROUTERS[Family.IPV4], name=f"VI_{vrid}", vrid=vrid) for vrid in range(1, 256)]
    before = len(descriptors())

    left.listen(*many)
    for router in many:
        left.prepare(router, LEFT[Family.IPV4])

    assert len(descriptors()) - before == 3


def test_the_adverts_of_many_routers_leave_together_and_in_order(sides: tuple[Side, Side]) -> None:
    left, right = sides
    many = [replace(ROUTERS[Family.IPV4], name=f"VI_{vrid}", vrid=vrid) for vrid in range(1, 256)]
    right.listen(*many)
    for router in many:
        left.prepare(router, LEFT[Family.IPV4])

    for router in many:
        left.adverts.send(router.name, [bytes((0x31, router.vrid)) + ADVERT[2:]])
    left.adverts.send("VI_1", [bytes((0x31, 1)) + ADVERT[2:]])
    left.adverts.flush()

    assert right.hears(256)
    assert [heard.payload[1] for heard in right.received] == [*range(1, 256), 1]


def test_a_changed_set_of_vrids_is_heard_without_new_sockets(sides: tuple[Side, Side]) -> None:
    left, right = sides
    router = ROUTERS[Family.IPV4]
    right.listen(router)
    before = descriptors()

    right.listen(replace(router, vrid=52))

    forge(left, Family.IPV4, ADVERT)
    forge(left, Family.IPV4, b"\x31\x34" + ADVERT[2:])
    assert right.hears()
    assert [heard.payload[1] for heard in right.received] == [52]
    assert descriptors() == before


def test_an_interface_that_is_not_there_is_told_and_its_coming_too(sides: tuple[Side, Side]) -> None:
    left, _ = sides
    router = replace(ROUTERS[Family.IPV4], interface="eth1")
    with left.namespace.here():
        left.adverts.listen([(router, Link("eth1", 77, up=True))])

    (failed,) = left.told
    assert isinstance(failed, SocketFailed)
    assert (failed.interface, failed.family) == ("eth1", Family.IPV4)
    assert "cannot listen to 224.0.0.18" in failed.words
    assert "the interface is not there [ENODEV]; create it" in failed.words
    with left.namespace.here():
        ip("link add eth1 type veth peer name peer1")
        ip("link set eth1 up")
        left.adverts.listen([(router, Link("eth1", socket.if_nametoindex("eth1"), up=True))])
    assert left.told[1:] == [SocketOpened("eth1", Family.IPV4)]


UNPRIVILEGED = """
import asyncio
from ipaddress import ip_address
from standfast.base.addresses import Family
from standfast.engine.ports import Link, Router
from standfast.linux.adverts import Adverts
from standfast.linux.announcer import Announcer
from standfast.base.errors import Refused
router = Router("VI", vrid=1, family=Family.IPV4, interface="lo", group=ip_address("224.0.0.18"))
link = Link("lo", 1, up=True)
adverts = Adverts(asyncio.new_event_loop(), print, print)
adverts.listen([(router, link)])
adverts.prepare(router, link, ip_address("127.0.0.1"))
try:
    Announcer({}.get, print)
except Refused as refusal:
    print(refusal)
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to have capabilities that can be given up")
def test_without_the_capability_the_words_name_it() -> None:
    drop = ["setpriv", "--inh-caps=-net_raw", "--bounding-set=-net_raw", "--"]
    done = subprocess.run(
        [*drop, sys.executable, "-c", UNPRIVILEGED], capture_output=True, text=True, check=True, timeout=60
    )

    failed, refused = done.stdout.splitlines()
    assert (
        "lo IPv4: cannot listen to 224.0.0.18 (protocol 112): the process lacks CAP_NET_RAW [EPERM]" in failed
    )
    assert "cannot open the packet socket of the announcements: the process lacks CAP_NET_RAW" in refused


def test_an_advert_that_cannot_leave_is_complained_about_once(sides: tuple[Side, Side]) -> None:
    left, _ = sides
    router = ROUTERS[Family.IPV4]
    left.prepare(router, LEFT[Family.IPV4])
    with left.namespace.here():
        ip("link set eth0 down")

    for _ in range(3):
        left.send(router, ADVERT)

    assert left.adverts.unsent == 3
    assert len(left.complaints) == 1
    assert left.complaints[0].startswith("eth0 IPv4: cannot send an advert: ")


def test_a_single_advert_that_cannot_leave_is_not_worth_a_word(sides: tuple[Side, Side]) -> None:
    """A master says goodbye on an interface that was just set down."""
    left, _ = sides
    router = ROUTERS[Family.IPV4]
    left.prepare(router, LEFT[Family.IPV4])

    for state in ("down", "up", "down"):
        with left.namespace.here():
            ip(f"link set eth0 {state}")
        left.send(router, ADVERT)

    assert left.adverts.unsent == 2
    assert left.complaints == []


def test_an_advert_for_a_router_that_is_not_prepared_goes_nowhere(sides: tuple[Side, Side]) -> None:
    left, _ = sides

    left.send(ROUTERS[Family.IPV4], ADVERT)

    assert left.adverts.unsent == 0


def test_random_bytes_end_nowhere_else_than_in_events(sides: tuple[Side, Side]) -> None:
    left, right = sides
    right.listen(ROUTERS[Family.IPV4], ROUTERS[Family.IPV6])

    for size in (0, 1, 2, 3, 7, 8, 100, 1400):
        for family in Family:
            forge(left, family, b"\x21\x33" + os.urandom(size))

    assert right.hears(16)
    assert right.complaints == []


def test_a_destination_is_written_as_the_kernel_wants_it() -> None:
    assert sockaddr(ip_address("10.0.0.2"), 3)[4:8] == bytes((10, 0, 0, 2))
    assert sockaddr(ip_address("fe80::2"), 3)[-4:] == (3).to_bytes(4, "little")
    assert sockaddr(ip_address("2001:db8::2"), 3)[-4:] == bytes(4)
