"""TCP_CHECK and what all connections share: where they come from, how they fail, and what that costs."""

import asyncio
import os
import resource
import socket
from dataclasses import replace
from ipaddress import ip_address

import pytest
from attempting import LATE, LOOPBACK, PATIENT, Trier
from linux_namespace import descriptors, ip

from standfast.core.check.probes import TcpProbe, Way


async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.read()


@pytest.mark.behaviour("HC-07")
@pytest.mark.parametrize("host", [pytest.param("127.0.0.1", id="IPv4"), pytest.param("::1", id="IPv6")])
def test_a_port_that_listens_is_good(tries: Trier, host: str) -> None:
    way = tries.serve(silent, host)

    assert tries.go(TcpProbe(way)).ok


@pytest.mark.behaviour("HC-07")
@pytest.mark.parametrize(
    ("way", "phase", "says"),
    [
        pytest.param(Way(LOOPBACK, 9), "connect", "127.0.0.1:9: refused", id="nothing listens"),
        pytest.param(Way(ip_address("::1"), 9), "connect", "[::1]:9: refused", id="nothing listens (IPv6)"),
        pytest.param(
            Way(ip_address("10.0.0.9"), 9), "timeout", "10.0.0.9:9: no connection within 0.3 s", id="silence"
        ),
        pytest.param(Way(ip_address("192.0.2.1"), 9), "cannot-run", "no route", id="no route"),
        pytest.param(
            Way(LOOPBACK, 9, source=ip_address("10.9.9.9")), "cannot-run", "bindto", id="not our address"
        ),
        pytest.param(Way(LOOPBACK, 9, interface="eth9"), "cannot-run", "bind_if", id="no such interface"),
        pytest.param(
            Way(ip_address("fe80::9"), 9), "cannot-run", "link-local", id="link-local without an interface"
        ),
        pytest.param(
            Way(ip_address("fe80::9"), 9, interface="eth9"),
            "cannot-run",
            "bind_if",
            id="its interface is gone",
        ),
    ],
)
def test_a_failure_says_its_phase_and_why(tries: Trier, way: Way, phase: str, says: str) -> None:
    outcome = tries.go(TcpProbe(way), 0.3 if phase == "timeout" else PATIENT)

    assert (outcome.ok, outcome.phase) == (False, phase)
    assert says in outcome.detail


def test_a_firewall_that_rejects_is_named(tries: Trier) -> None:
    way = tries.serve(silent)
    ip("route add prohibit 198.51.100.1")

    outcome = tries.go(TcpProbe(replace(way, address=ip_address("198.51.100.1"))))

    assert outcome.phase in {"cannot-run", "connect"}
    assert "firewall" in outcome.detail or "unreachable" in outcome.detail


@pytest.mark.behaviour("HC-24")
def test_a_connection_comes_from_where_it_is_told_to(tries: Trier) -> None:
    ip("addr add 127.0.0.7/8 dev lo")
    peers: list[object] = []

    async def note(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        peers.append(writer.get_extra_info("peername"))
        await reader.read()

    way = replace(
        tries.serve(note), source=ip_address("127.0.0.7"), source_port=23_456, interface="lo", mark=5
    )
    for _ in range(3):  # a port of its own is free again at once
        assert tries.go(TcpProbe(way)).ok

    assert set(peers) == {("127.0.0.7", 23_456)}


@pytest.mark.behaviour("HC-24")
def test_a_mark_is_on_its_packets(tries: Trier) -> None:
    ip("route add 198.51.100.1 dev eth0")
    ip("rule add fwmark 77 prohibit pref 1")
    way = Way(ip_address("198.51.100.1"), 80)

    marked, unmarked = tries.go(TcpProbe(replace(way, mark=77)), 0.2), tries.go(TcpProbe(way), 0.2)

    assert (marked.phase, unmarked.phase) == ("cannot-run", "timeout")


def test_without_descriptors_it_waits_for_some_and_then_says_so(tries: Trier) -> None:
    way = tries.serve(silent)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    highest = max(int(each) for each in descriptors())
    fillers: list[int] = []
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (highest + 1, before[1]))
        while True:
            try:
                fillers.append(os.dup(0))
            except OSError:
                break
        none = tries.go(TcpProbe(way), 0.3)
        number = tries.start(TcpProbe(way), PATIENT)
        tries.loop.run_until_complete(asyncio.sleep(0.1))
        for each in (fillers.pop(), fillers.pop()) if len(fillers) > 1 else ():
            os.close(each)
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        some = tries.loop.run_until_complete(tries.outcome_of(number, PATIENT + LATE))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
        for each in fillers:
            os.close(each)

    assert (none.phase, "LimitNOFILE" in none.detail) == ("cannot-run", True)
    assert some.ok


def test_an_attempt_that_is_given_up_tells_nothing_and_leaves_nothing(tries: Trier) -> None:
    before = descriptors()

    number = tries.start(TcpProbe(Way(ip_address("10.0.0.9"), 9)), 0.2)
    tries.attempts.abandon("check", number)
    tries.attempts.abandon("check", number)
    tries.loop.run_until_complete(asyncio.sleep(0.3))

    assert tries.told == []
    assert descriptors() == before


def test_an_outcome_never_comes_from_within_the_start(tries: Trier) -> None:
    tries.start(TcpProbe(Way(LOOPBACK, 9, interface="eth9")), 1.0)

    assert tries.told == []
    assert tries.attempts.under_way == 1
    tries.loop.run_until_complete(asyncio.sleep(0.01))
    assert [each.outcome.phase for each in tries.told] == ["cannot-run"]


def test_hundreds_at_once_each_have_their_outcome(tries: Trier) -> None:
    good, bad = tries.serve(silent, backlog=1000), Way(LOOPBACK, 9)

    for number in range(400):
        tries.start(TcpProbe(bad if number % 4 == 0 else good), 30.0)
    tries.loop.run_until_complete(_until(lambda: len(tries.told) == 400))

    assert [each.outcome.ok for each in sorted(tries.told, key=lambda each: each.number)] == [
        number % 4 != 0 for number in range(400)
    ]


def test_a_listener_whose_queue_is_full_is_a_timeout(tries: Trier) -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        way = Way(LOOPBACK, full.getsockname()[1])
        kept = [socket.create_connection(full.getsockname(), 20)]

        outcomes = [tries.go(TcpProbe(way), 0.3) for _ in range(2)]
        for each in kept:
            each.close()

    assert outcomes[-1].phase == "timeout"


async def _until(done: "object") -> None:
    assert callable(done)
    for _ in range(30_000):
        if done():
            return
        await asyncio.sleep(0.001)
