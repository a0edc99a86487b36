"""What a router is told to be, and what of the host keeps it from being it (behaviours TR-14, TR-15, TR-20)."""

from dataclasses import replace
from ipaddress import ip_address

import pytest
from vrrp_made import ABOVE, ETH0, ETH1, GROUP, ROUTER, ROUTER6, US, US6, vip, vips

from standfast.base.addresses import IpAddress
from standfast.base.limits import SLICE
from standfast.core.vrrp.router import Link, Router, faults_of, source_of

SOURCE = ip_address("10.0.0.22")
ON_TWO = replace(ROUTER, excluded=(vip(101, "eth1"),))


@pytest.mark.rfc(59)
@pytest.mark.parametrize(
    ("router", "link", "source"),
    [
        pytest.param(ROUTER, ETH0, US, id="the interface's primary IPv4 address"),
        pytest.param(ROUTER6, ETH0, US6, id="its link-local IPv6 address"),
        pytest.param(replace(ROUTER, source=SOURCE), ETH0, SOURCE, id="the configured one first"),
        pytest.param(ROUTER, replace(ETH0, ipv4=None), None, id="none where there is none"),
        pytest.param(ROUTER, None, None, id="none without the interface"),
    ],
)
def test_adverts_come_from(router: Router, link: Link | None, source: IpAddress | None) -> None:
    assert source_of(router, {} if link is None else {link.name: link}) == source


@pytest.mark.parametrize(
    ("router", "links", "faults"),
    [
        pytest.param(ROUTER, [ETH0], (), id="nothing"),
        pytest.param(
            ROUTER, [], ("interface-missing:eth0",), id="no interface", marks=pytest.mark.behaviour("TR-20")
        ),
        pytest.param(
            ROUTER,
            [replace(ETH0, up=False)],
            ("interface-down:eth0",),
            id="an interface without a carrier",
            marks=pytest.mark.behaviour("TR-15"),
        ),
        pytest.param(
            ROUTER,
            [replace(ETH0, ipv4=None)],
            ("no-source-address",),
            id="no address to send from",
            marks=pytest.mark.rfc(59),
        ),
        pytest.param(
            replace(ROUTER, source=SOURCE),
            [replace(ETH0, ipv4=None)],
            (),
            id="the configured source will do",
        ),
        pytest.param(
            ON_TWO,
            [ETH0, replace(ETH1, up=False)],
            ("interface-down:eth1",),
            id="the interface of an address counts too",
            marks=pytest.mark.behaviour("TR-14"),
        ),
        pytest.param(
            ON_TWO,
            [replace(ETH0, up=False, ipv4=None)],
            ("interface-down:eth0", "interface-missing:eth1", "no-source-address"),
            id="everything at once, in a fixed order",
        ),
        pytest.param(ROUTER, [ETH0, replace(ETH1, up=False)], (), id="other interfaces do not count"),
        pytest.param(
            replace(ROUTER, source=SOURCE, tracks_source=True),
            [ETH0],
            ("source-missing:10.0.0.22",),
            id="track_src_ip: its source address is missing",
            marks=pytest.mark.behaviour("TR-18"),
        ),
        pytest.param(
            replace(ROUTER, source=SOURCE, tracks_source=True),
            [ETH0, replace(ETH1, addresses=frozenset({SOURCE}))],
            (),
            id="track_src_ip: any interface may have it",
        ),
    ],
)
def test_it_cannot_take_part_because(router: Router, links: list[Link], faults: tuple[str, ...]) -> None:
    assert faults_of(router, {link.name: link for link in links}) == faults


def test_it_needs_its_own_interface_first_and_each_one_once() -> None:
    router = replace(ROUTER, addresses=(vip(1, "eth1"), vip(2)), excluded=(vip(3, "eth1"), vip(4, "eth2")))

    assert router.interfaces == ("eth0", "eth1", "eth2")


@pytest.mark.parametrize(
    ("count", "sizes"),
    [(0, []), (1, [1]), (SLICE, [SLICE]), (SLICE + 1, [SLICE, 1]), (3 * SLICE, [SLICE] * 3)],
)
def test_its_addresses_come_in_slices(count: int, sizes: list[int]) -> None:
    router = replace(ROUTER, addresses=vips(count // 2), excluded=vips(count)[count // 2 :])

    assert [len(part.addresses) for part in router.parts] == sizes
    assert [part.number for part in router.parts] == list(range(len(sizes)))
    assert tuple(address for part in router.parts for address in part.addresses) == router.held


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(replace(ROUTER, version=2, password=b"secret\0\0"))


# ---- identity (behaviour RL-02)


UNICAST = replace(ROUTER, group=None, peers=(ABOVE,), source=SOURCE)


@pytest.mark.behaviour("RL-02")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(ROUTER, replace(ROUTER, interface="eth1"), id="interface"),
        pytest.param(ROUTER, replace(ROUTER, vrid=2), id="VRID"),
        pytest.param(ROUTER, ROUTER6, id="family"),
        pytest.param(ROUTER, replace(ROUTER, group=ip_address("224.0.0.118")), id="multicast group"),
        pytest.param(ROUTER, UNICAST, id="multicast or unicast"),
        pytest.param(UNICAST, replace(UNICAST, source=US), id="source of a unicast router"),
    ],
)
def test_it_is_another_router_if_this_differs(one: Router, other: Router) -> None:
    assert one.identity != other.identity


@pytest.mark.behaviour("RL-02", "RL-10")
@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param(ROUTER, replace(ROUTER, name="B"), id="name"),
        pytest.param(ROUTER, replace(ROUTER, priority=1), id="priority"),
        pytest.param(ROUTER, replace(ROUTER, addresses=()), id="addresses"),
        pytest.param(ROUTER, replace(ROUTER, version=2), id="version"),
        pytest.param(ROUTER, replace(ROUTER, source=US), id="source of a multicast router"),
        pytest.param(UNICAST, replace(UNICAST, peers=(ABOVE, GROUP)), id="peers"),
    ],
)
def test_it_is_the_same_router_even_if_this_differs(one: Router, other: Router) -> None:
    assert one.identity == other.identity
