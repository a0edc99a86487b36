"""Which of two sockets of one port gets a packet: the kernel's own decision, on the loopback interface."""

import socket
from collections.abc import Iterator
from typing import NamedTuple

import pytest
from bfd_made import DOWN, UP, address, said

from standfast.base.addresses import Family
from standfast.base.limits import BFD_FILTERED
from standfast.core.bfd.effects import Medium
from standfast.linux.bfd_filter import SOUND, UNSOUND, sorts
from standfast.linux.bpf import sort_by
from standfast.wire.bfd import encode_control

MOST_INSTRUCTIONS = 4096  # BPF_MAXINSNS
HERE = {Family.IPV4: "127.0.0.1", Family.IPV6: "::1"}
OURS = 0x0A


class Port(NamedTuple):
    family: Family
    sockets: tuple[socket.socket, socket.socket]  # in the order in which they were bound

    def got(self, payload: bytes, *, ttl: int = 255) -> int:
        """Send this to the port; the place of the socket that got it."""
        af = socket.AF_INET if self.family is Family.IPV4 else socket.AF_INET6
        option = (
            (socket.IPPROTO_IP, socket.IP_TTL)
            if self.family is Family.IPV4
            else (socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS)
        )
        with socket.socket(af, socket.SOCK_DGRAM) as sender:
            sender.setsockopt(*option, ttl)
            sender.sendto(payload, self.sockets[0].getsockname())
        for place, sock in enumerate(self.sockets):
            try:
                assert sock.recv(2_000) == payload
            except BlockingIOError:
                continue
            return place
        raise AssertionError("nobody got it")


def medium(family: Family, *, sessions: int = 1, least_ttl: int = 255, neighbor: str = "") -> Medium:
    first = int(address("192.0.2.1" if family is Family.IPV4 else "2001:db8::1"))
    make = type(address(HERE[family]))
    neighbors = {make(first + number) for number in range(sessions - 1)}
    return Medium(
        family,
        multihop=False,
        least_ttl=least_ttl,
        discriminators=frozenset(range(OURS, OURS + sessions)),
        neighbors=frozenset({*neighbors, address(neighbor or HERE[family])}),
    )


@pytest.fixture(params=[pytest.param(Family.IPV4, id="IPv4"), pytest.param(Family.IPV6, id="IPv6")])
def port(request: pytest.FixtureRequest) -> Iterator[Port]:
    family: Family = request.param
    af = socket.AF_INET if family is Family.IPV4 else socket.AF_INET6
    made = [socket.socket(af, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) for _ in range(2)]
    try:
        number = 0
        for sock in made:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
            try:
                sock.bind((HERE[family], number))
            except OSError as error:
                pytest.skip(f"this machine has no {HERE[family]}: {error}")
            number = sock.getsockname()[1]
        yield Port(family, (made[0], made[1]))
    finally:
        for sock in made:
            sock.close()


FIRST = encode_control(said(DOWN, yours=0))
KNOWN = encode_control(said(UP, yours=OURS))


@pytest.mark.parametrize(
    ("payload", "ttl", "place"),
    [
        pytest.param(KNOWN, 255, SOUND, id="for a session of ours"),
        pytest.param(FIRST, 255, SOUND, id="the first of a neighbour"),
        pytest.param(KNOWN, 254, UNSOUND, id="from behind a router"),
        pytest.param(encode_control(said(UP, yours=OURS + 1)), 255, UNSOUND, id="for a session of others"),
        pytest.param(b"\x40" + KNOWN[1:], 255, UNSOUND, id="of another version"),
        pytest.param(b"\x20", 255, UNSOUND, id="too short to say whose it is"),
        pytest.param(KNOWN[:11], 255, UNSOUND, id="cut in the middle of what says it"),
    ],
)
def test_a_packet_goes_to(port: Port, payload: bytes, ttl: int, place: int) -> None:
    sort_by(port.sockets[0], sorts(medium(port.family)))

    assert port.got(payload, ttl=ttl) == place


def test_the_first_packet_of_a_stranger_is_unsound(port: Port) -> None:
    other = "127.0.0.9" if port.family is Family.IPV4 else "2001:db8::9"
    sort_by(port.sockets[0], sorts(medium(port.family, neighbor=other)))

    assert port.got(FIRST) == UNSOUND


@pytest.mark.parametrize(
    "sessions",
    [
        pytest.param(BFD_FILTERED, id="as many sessions as are sorted by"),
        pytest.param(BFD_FILTERED + 1, id="one more: then discriminators are not looked at"),
    ],
)
def test_many_sessions_have_room(port: Port, sessions: int) -> None:
    code = sorts(medium(port.family, sessions=sessions))
    assert len(code) < MOST_INSTRUCTIONS

    sort_by(port.sockets[0], code)

    assert port.got(encode_control(said(UP, yours=OURS + sessions - 1))) == SOUND
    assert port.got(FIRST) == SOUND
    strange = port.got(encode_control(said(UP, yours=99_999)))
    assert strange == (UNSOUND if sessions <= BFD_FILTERED else SOUND)


def test_a_new_program_replaces_the_old_one(port: Port) -> None:
    sort_by(port.sockets[0], sorts(medium(port.family)))
    sort_by(port.sockets[1], sorts(medium(port.family, least_ttl=1)))

    assert port.got(KNOWN, ttl=7) == SOUND
