"""The examples with virtual servers on a kernel with IPVS, with the very files of their folders, with traffic."""

from typing import Final

import pytest
from lvs_examples import (
    PATIENCE,
    Balanced,
    Connection,
    play_nat,
    put_behind,
    put_router,
    send,
)

from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

pytestmark = pytest.mark.timeout(240)  # on a machine at rest it is half a minute

VISITORS: Final = tuple(f"192.0.2.{last}" for last in range(40, 44))
LATE_VISITOR: Final = "192.0.2.46"
WEB_1, WEB_2 = "192.0.2.11", "192.0.2.12"
TOLD_AFTER: Final = 8  # requests; the kernel tells the other director of a connection after its third packet
MORE_THAN_A_PACKET: Final = b"x" * 5000


def test_nat(lab: Lab) -> None:
    play_nat(lab)


def test_direct_routing_with_the_sync_daemon(lab: Lab) -> None:
    example = Balanced(lab, "lvs-dr")
    for number in (1, 2):
        example.direct(lab.host(f"director-{number}", f"192.0.2.{number}/24"))
        example.serve(lab.host(f"web-{number}", f"192.0.2.{number + 10}/24"))
    example.client = lab.host("client", *(f"{one}/24" for one in (*VISITORS, LATE_VISITOR)))
    example.begin()
    assert example.answered_by("web-1", "web-2", sources=VISITORS)
    given = [example.ask(source=one) for one in VISITORS]
    assert [example.ask(source=one) for one in VISITORS] == given  # persistence

    example.kill("web-1")

    assert example.answered_by("web-2", sources=VISITORS)
    example.start("web-1")
    assert lab.within(PATIENCE, lambda: serves(example.directors[0], WEB_1))
    example.kill("web-2")
    assert example.answered_by("web-1", sources=VISITORS)
    with Connection(example.client, source=LATE_VISITOR) as connection:
        assert {connection.ask() for _ in range(TOLD_AFTER)} == {"web-1"}
        assert lab.within(PATIENCE, lambda: knows(example.directors[1], LATE_VISITOR))
        example.start("web-2")
        assert lab.within(PATIENCE, lambda: serves(example.directors[1], WEB_2))
        example.lose_a_director()
        assert connection.ask(patience=10.0) == "web-1"
    assert example.ask(source=LATE_VISITOR) == "web-1"  # whose he is was told, too


def serves(director: Host, server: str) -> bool:
    """Whether a director gives visitors to this web server."""
    return f"-r {server}:80 " in director.command("ipvsadm", "-S", "-n")


def knows(director: Host, visitor: str) -> bool:
    """Whether a director has been told of a visitor's established connection, and of whose he is (port 0)."""
    said = director.command("ipvsadm", "-L", "-n", "-c")
    entries = [line.split() for line in said.splitlines() if f" {visitor}:" in line]
    return any("ESTABLISHED" in words for words in entries) and any(
        f"{visitor}:0" in words for words in entries
    )


def test_tunnels_across_a_router(lab: Lab) -> None:
    example = Balanced(lab, "lvs-tun")
    put_router(lab, {"eth1": ("far", "198.51.100.254/24"), "eth2": ("clients", "203.0.113.254/24")})
    for number in (1, 2):
        director = lab.host(f"director-{number}", f"192.0.2.{number}/24")
        send(director, "default", "192.0.2.254")
        example.direct(director)
        example.serve(put_behind(lab, f"web-{number}", "far", f"198.51.100.{number + 10}/24"))
    example.client = put_behind(lab, "client", "clients", "203.0.113.9/24")
    send(example.client, "default", "203.0.113.254")
    example.begin()
    assert example.answered_by("web-1", "web-2")
    with Connection(example.client) as connection:
        assert connection.ask(MORE_THAN_A_PACKET)

    example.kill("web-1")

    assert example.answered_by("web-2")
    example.start("web-1")
    assert example.answered_by("web-1", "web-2")
    example.lose_a_director()
    assert example.answered_by("web-1", "web-2")
