"""Which packets the filters keep, by a small interpreter of classic BPF (the lab shows that the kernel agrees)."""

import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address
from operator import eq, ge
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from standfast.base.addresses import Family
from standfast.linux import bpf, filters
from standfast.wire.ip import ipv4_header, ipv6_header

GROUP4, GROUP6 = IPv4Address("224.0.0.18"), IPv6Address("ff02::12")
HOST4, HOST6 = IPv4Address("10.0.0.2"), IPv6Address("fe80::2")
OURS = frozenset({1, 31, 32, 51, 255})


@dataclass
class Machine:
    """The registers and what a step reads."""

    packet: bytes
    behind: int
    a: int = 0
    x: int = 0
    stored: int = 0

    def load(self, offset: int, size: int) -> int:
        begin = offset - bpf.NETWORK_HEADER if offset >= bpf.NETWORK_HEADER else offset + self.behind
        if begin + size > len(self.packet):
            raise EOFError
        return int.from_bytes(self.packet[begin : begin + size], "big")


TO_A: dict[int, Callable[[Machine, int], int]] = {
    bpf.LOAD_BYTE: lambda m, k: m.load(k, 1),
    bpf.LOAD_HALF: lambda m, k: m.load(k, 2),
    bpf.LOAD_WORD: lambda m, k: m.load(k, 4),
    bpf.LOAD_BYTE_BEHIND_X: lambda m, k: m.load(m.x + k, 1),
    bpf.LOAD_NUMBER: lambda m, k: k,
    bpf.LOAD_STORED: lambda m, k: m.stored,
    bpf.X_TO_A: lambda m, k: m.x,
    bpf.AND: lambda m, k: m.a & k,
    bpf.SHIFT_RIGHT: lambda m, k: m.a >> k,
    bpf.SHIFT_RIGHT_BY_X: lambda m, k: m.a >> m.x,
}
TO_X: dict[int, Callable[[Machine, int], int]] = {
    bpf.HEADER_LENGTH_TO_X: lambda m, k: 4 * (m.load(k, 1) & 15),
    bpf.NUMBER_TO_X: lambda m, k: k,
    bpf.A_TO_X: lambda m, k: m.a,
}
TESTS: dict[int, Callable[[int, int], bool]] = {bpf.IF_EQUAL: eq, bpf.IF_AT_LEAST: ge}


def verdict(code: bpf.Code, packet: bytes, *, behind: int = 0) -> bool:
    """Whether the program keeps the packet, whose offset 0 is `behind` bytes behind its IP header."""
    machine, at = Machine(packet, behind), 0
    with suppress(EOFError):
        while code[at][0] != bpf.RETURN:
            operation, then, otherwise, k = code[at]
            at += 1
            if operation in TO_A:
                machine.a = TO_A[operation](machine, k)
            elif operation in TO_X:
                machine.x = TO_X[operation](machine, k)
            elif operation in TESTS:
                at += then if TESTS[operation](machine.a, k) else otherwise
            else:
                assert operation == bpf.STORE
                machine.stored = machine.a
        return code[at][3] != bpf.DROP
    return False


def packet(
    family: Family, vrid: int = 51, *, first: int = 0x21, ttl: int = 255, group: bool = True, options: int = 0
) -> bytes:
    """An advert of which only the beginning matters."""
    payload = bytes((first, vrid, 100, 1)) + bytes(12)
    if family is Family.IPV6:
        to6 = GROUP6 if group else HOST6
        return ipv6_header(HOST6, to6, len(payload), next_header=112, hop_limit=ttl) + payload
    to4 = GROUP4 if group else HOST4
    header = ipv4_header(HOST4, to4, len(payload), identification=1, ttl=ttl)
    return bytes((0x45 + options,)) + header[1:] + b"\1" * 4 * options + payload


def kept(family: Family, data: bytes, *, multicast: bool = True, sound: bool = True) -> bool:
    code = filters.adverts(family, OURS, multicast=multicast, sound=sound)
    return verdict(code, data, behind=0 if family is Family.IPV4 else 40)


@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize(
    ("changed", "is_sound", "is_unsound"),
    [
        pytest.param({}, True, False, id="version 2 for our VRID"),
        pytest.param({"first": 0x31}, True, False, id="version 3 for our VRID"),
        pytest.param({"ttl": 254}, False, True, id="it has come through a router"),
        pytest.param({"first": 0x41}, False, True, id="a version that does not exist"),
        pytest.param({"first": 0x22}, False, True, id="a type that does not exist"),
        pytest.param({"vrid": 52}, False, False, id="a foreign VRID"),
        pytest.param({"vrid": 52, "ttl": 1}, False, False, id="a foreign VRID through a router"),
        pytest.param({"group": False}, False, False, id="sent to the host, not to the group"),
    ],
)
def test_a_group_socket_keeps(
    family: Family, changed: dict[str, int], *, is_sound: bool, is_unsound: bool
) -> None:
    data = packet(family, **changed)  # type: ignore[arg-type]

    assert kept(family, data, sound=True) is is_sound
    assert kept(family, data, sound=False) is is_unsound


@pytest.mark.behaviour("WI-16")
@pytest.mark.parametrize("family", Family)
@pytest.mark.parametrize(
    "vrid", [pytest.param(52, id="of a number near ours"), pytest.param(200, id="far away")]
)
def test_strangers_are_unsound_where_they_are_asked_for(family: Family, vrid: int) -> None:
    behind = 0 if family is Family.IPV4 else 40
    stranger, ours = packet(family, vrid), packet(family, 51)

    codes = [
        filters.adverts(family, OURS, multicast=True, sound=sound, strangers=True) for sound in (True, False)
    ]

    assert [verdict(code, stranger, behind=behind) for code in codes] == [False, True]
    assert [verdict(code, ours, behind=behind) for code in codes] == [True, False]


@pytest.mark.parametrize("family", Family)
def test_a_host_socket_keeps_any_ttl_but_nothing_for_a_group(family: Family) -> None:
    far = packet(family, ttl=3, group=False)
    for_group = packet(family)

    assert kept(family, far, multicast=False)
    assert not kept(family, for_group, multicast=False)
    assert not kept(family, for_group, multicast=False, sound=False)


def test_ip_options_move_the_payload() -> None:
    assert kept(Family.IPV4, packet(Family.IPV4, options=3))
    assert not kept(Family.IPV4, packet(Family.IPV4, 52, options=3))


@pytest.mark.parametrize(
    ("vrid", "is_kept"), [pytest.param(51, True, id="ours"), pytest.param(52, False, id="a foreign one")]
)
def test_an_advert_behind_an_authentication_header_is_looked_for_there(vrid: int, *, is_kept: bool) -> None:
    data = packet(Family.IPV4, vrid, options=1)
    headed = data[:24] + bytes(24) + data[24:]
    code = filters.adverts(Family.IPV4, OURS, multicast=True, sound=True, behind=24)

    assert verdict(code, headed) is is_kept
    assert not verdict(code, data)


@pytest.mark.parametrize("family", Family)
def test_what_is_too_short_to_have_a_vrid_is_dropped(family: Family) -> None:
    header = 20 if family is Family.IPV4 else 40

    assert not kept(family, packet(family)[: header + 1])
    assert not kept(family, packet(family)[: header + 1], sound=False)


@given(st.sets(st.integers(1, 255)), st.integers(0, 255))
def test_exactly_the_given_vrids_are_kept(vrids: set[int], vrid: int) -> None:
    code = filters.adverts(Family.IPV4, vrids, multicast=True, sound=True)

    assert verdict(code, packet(Family.IPV4, vrid)) is (vrid in vrids)


@given(st.binary(max_size=80))
def test_any_bytes_are_sound_unsound_or_nothing(data: bytes) -> None:
    assert not (kept(Family.IPV4, data) and kept(Family.IPV4, data, sound=False))


def test_a_program_stays_small_with_all_vrids() -> None:
    code = filters.adverts(Family.IPV6, range(1, 256), multicast=True, sound=True)

    assert len(code) < 60


@pytest.mark.parametrize(
    ("kind", "port", "stays"),
    [
        pytest.param(20, 4711, False, id="our own addition is no news"),
        pytest.param(20, 0, True, id="the kernel's own"),
        pytest.param(20, 4712, True, id="somebody else's"),
        pytest.param(21, 4711, True, id="our own removal can take other addresses with it"),
    ],
)
def test_news_of_our_own_additions_are_dropped(kind: int, port: int, *, stays: bool) -> None:
    code = filters.news(20, 4711)

    assert verdict(code, pack("=IHHII", 16, kind, 0, 0, port)) is stays


def test_a_name_leads_to_the_next_place_that_bears_it() -> None:
    code = bpf.assemble(
        bpf.Do(bpf.IF_EQUAL, 0, then="there"),
        bpf.Do(bpf.RETURN, bpf.DROP),
        "there",
        bpf.Do(bpf.IF_EQUAL, 0, then="there"),
        bpf.Do(bpf.RETURN, bpf.DROP),
        "there",
        bpf.Do(bpf.RETURN, bpf.KEEP),
    )

    assert verdict(code, b"")


def test_the_kernel_takes_a_program() -> None:
    left, right = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with left, right:
        bpf.attach(right, bpf.DROP_ALL)

        left.send(b"dropped")

        with pytest.raises(BlockingIOError):
            right.recv(10, socket.MSG_DONTWAIT)
