"""Descriptors, processes and buffers that have run out: each has a defined answer, and later the work goes on.

What that means for the checks themselves is in `test_attempts_tcp.py` and `test_attempts_misc.py`.
"""

import asyncio
import errno
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from ipaddress import ip_address

import pytest
from attempting import needed
from linux_namespace import descriptors, inside, ip, turn

from standfast.base.addresses import Family
from standfast.base.errors import Refused
from standfast.base.routes import Hop, HostRoute, Network
from standfast.core.lvs.events import AddressesPresent
from standfast.core.vrrp.events import AddressesRead, RoutingRead
from standfast.linux import links, netlink, routes, spawn
from standfast.linux.commands import Command, Commands, Plan
from standfast.linux.links import Links
from standfast.linux.loop import new_loop
from standfast.linux.presence import Presence
from standfast.linux.requests import Requests
from standfast.linux.routes import Routes
from standfast.linux.table_watch import TableWatch
from standfast.wire.rtnetlink_route import delete_route

VIP = ip_address("10.0.0.100")
ROUTE = HostRoute(Family.IPV4, Network(ip_address("10.7.0.0"), 16), hops=(Hop(ip_address("10.0.0.2")),))
FLOOD = 300


@pytest.fixture
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    with inside(), closing(new_loop()) as made:
        yield made


@contextmanager
def no_descriptors() -> Iterator[None]:
    """This process has as many files open as it may."""
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(int(each) for each in descriptors())
    fillers: list[int] = []
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1, before[1]))
        with suppress(OSError):
            while True:
                fillers.append(os.dup(0))
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        for each in fillers:
            os.close(each)


# ---- descriptors


def test_without_a_descriptor_tables_are_read_when_there_is_one(
    loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    for each in (links, routes):
        monkeypatch.setattr(each, "_READ_AGAIN_AFTER", 0.05)
    told: list[object] = []
    complaints: list[str] = []
    with (
        closing(Links(loop, told.append, complaints.append)) as followed,
        closing(Requests(loop, lambda: None)) as requests,
        closing(Routes(loop, requests, followed, tell=told.append, complain=complaints.append)) as routing,
    ):
        followed.start((), requests.port)
        routing.start(())
        with no_descriptors():
            followed.read()
            routing.read()
            assert turn(loop, lambda: len(complaints) > 3)

        assert turn(loop, lambda: {AddressesRead, RoutingRead} <= {type(each) for each in told})

    assert all("Too many open files" in each and "trying again" in each for each in complaints)


def test_without_a_descriptor_addresses_are_not_followed_and_that_is_said(
    loop: asyncio.AbstractEventLoop,
) -> None:
    told: list[object] = []
    complaints: list[str] = []
    with closing(Presence(loop, told.append, complaints.append)) as presence:
        with no_descriptors():
            assert presence.watch([VIP]) == frozenset()
        assert ["Too many open files" in each for each in complaints] == [True]

        assert presence.watch([VIP]) == frozenset()  # as the next reload does
        ip(f"addr add {VIP}/32 dev eth0")

        assert turn(loop, lambda: told == [AddressesPresent(frozenset({VIP}))])


def carried_out(loop: asyncio.AbstractEventLoop, commands: Commands) -> Refused | None:
    """What became of a plan of one command."""
    ends: list[Refused | None] = []

    def plan() -> Plan:
        ended = yield Command(("true",))
        assert ended.status == 0

    commands.start(plan(), ends.append)
    assert turn(loop, lambda: ends)
    return ends[0]


def test_without_a_descriptor_no_program_of_the_firewall_is_run_and_later_it_is(
    loop: asyncio.AbstractEventLoop,
) -> None:
    with closing(Commands(loop)) as commands:
        with no_descriptors():
            refusal = carried_out(loop, commands)

        assert refusal is not None
        assert "the process has too many open files" in str(refusal)
        assert not commands.busy
        assert carried_out(loop, commands) is None


# ---- processes


class Full:
    """The C library of a system that has as many processes as it may."""

    _libc = spawn._libc

    def __getattr__(self, name: str) -> object:
        return getattr(self._libc, name)

    def posix_spawn(self, *_: object) -> int:
        return errno.EAGAIN


def test_without_room_for_a_process_no_program_of_the_firewall_is_run_and_later_it_is(
    loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Commands(loop)) as commands:
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr(spawn, "_libc", Full())
            refusal = carried_out(loop, commands)

        assert refusal is not None
        assert "cannot run" in str(refusal)
        assert os.strerror(errno.EAGAIN) in str(refusal)
        assert carried_out(loop, commands) is None


# ---- buffers of netlink


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the kernel tells is kept by the kilobyte."""
    monkeypatch.setattr(netlink, "NETLINK_RECEIVE_BUFFER", 4096)


@pytest.mark.usefixtures("small")
def test_refusals_that_overran_the_socket_are_said_to_be_lost(loop: asyncio.AbstractEventLoop) -> None:
    lost: list[None] = []
    with closing(Requests(loop, lambda: lost.append(None))) as requests:
        start = requests.reserve(FLOOD, lambda *_: None)
        for number in range(FLOOD):
            requests.send(delete_route(ROUTE, {}, sequence=start + number))  # which is not there

        requests.settle()

        assert lost


@pytest.mark.usefixtures("small")
def test_news_of_nftables_that_overran_the_socket_count_as_a_strangers_hand(
    loop: asyncio.AbstractEventLoop,
) -> None:
    touched: list[None] = []
    lines = "".join(f"add table ip other{number}\n" for number in range(FLOOD))
    with closing(TableWatch(loop, lambda: touched.append(None))) as watch:
        watch.open("ours")

        subprocess.run([needed("nft"), "-f", "-"], input=lines, text=True, check=True, timeout=20)

        assert turn(loop, lambda: touched)
