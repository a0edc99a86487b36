"""From a router to the bytes of its adverts (RFC 9568, 7.2; behaviours WI-02 to WI-04, WI-19)."""

from dataclasses import replace

import pytest
from vrrp_made import ABOVE, BELOW, GROUP, GROUP6, ROUTER, ROUTER2, ROUTER6, US, US6, VIP, vip

from standfast.base.times import seconds
from standfast.core.vrrp.router import Router
from standfast.engine.adverts import advert_of, datagrams_of, destinations
from standfast.wire.checksum import ChecksumForm
from standfast.wire.vrrp import Advert, decode_advert

UNICAST = replace(ROUTER, group=None, peers=(BELOW, ABOVE))


@pytest.mark.behaviour("WI-19")
@pytest.mark.rfc(60)
@pytest.mark.parametrize(
    ("router", "to"),
    [
        pytest.param(ROUTER, (GROUP,), id="the group of IPv4"),
        pytest.param(ROUTER6, (GROUP6,), id="the group of IPv6"),
        pytest.param(UNICAST, (BELOW, ABOVE), id="each peer, in the order of the configuration"),
    ],
)
def test_adverts_go_to(router: Router, to: tuple[object, ...]) -> None:
    assert destinations(router) == to


@pytest.mark.behaviour("WI-02", "WI-03", "AU-01", "AU-03")
@pytest.mark.rfc(9, 11, 57)
@pytest.mark.parametrize(
    ("router", "priority", "says"),
    [
        pytest.param(
            replace(ROUTER, interval=seconds("0.3"), excluded=(vip(101),)),
            100,
            Advert(3, ROUTER.family, 1, 100, 30, (VIP.address,), ChecksumForm.PSEUDO_HEADER),
            id="version 3: centiseconds, and no excluded address",
        ),
        pytest.param(
            replace(ROUTER2, interval=seconds(3)),
            100,
            Advert(2, ROUTER.family, 1, 100, 300, (VIP.address,), ChecksumForm.MESSAGE, 0, bytes(8)),
            id="version 2 without a password",
        ),
        pytest.param(
            replace(ROUTER2, password=b"secret\0\0"),
            0,
            Advert(2, ROUTER.family, 1, 0, 100, (VIP.address,), ChecksumForm.MESSAGE, 1, b"secret\0\0"),
            id="version 2 with a password, leaving",
        ),
        pytest.param(
            replace(ROUTER, password=b"secret\0\0"),
            100,
            Advert(3, ROUTER.family, 1, 100, 100, (VIP.address,), ChecksumForm.PSEUDO_HEADER),
            id="version 3 has no authentication, whatever was configured",
        ),
    ],
)
def test_a_router_says(router: Router, priority: int, says: Advert) -> None:
    assert advert_of(router, priority) == says


@pytest.mark.behaviour("WI-04", "WI-19")
@pytest.mark.rfc(13, 57)
@pytest.mark.parametrize(
    ("router", "source"),
    [
        pytest.param(ROUTER, US, id="multicast"),
        pytest.param(UNICAST, US, id="unicast: each peer has its own checksum"),
        pytest.param(ROUTER6, US6, id="IPv6"),
        pytest.param(replace(ROUTER2, password=b"secret\0\0"), US, id="version 2"),
    ],
)
def test_each_destination_gets_bytes_that_it_can_read(router: Router, source: object) -> None:
    datagrams = datagrams_of(router, source, 100)  # type: ignore[arg-type]

    read = [decode_advert(data, source, to) for data, to in zip(datagrams, destinations(router), strict=True)]  # type: ignore[arg-type]
    assert read == [advert_of(router, 100)] * len(destinations(router))


@pytest.mark.behaviour("WI-02", "WI-03")
@pytest.mark.parametrize(
    ("router", "length"),
    [
        pytest.param(ROUTER, 32 - 20, id="version 3 with one address: 32 bytes with the IP header"),
        pytest.param(ROUTER2, 40 - 20, id="version 2 with one address: 40 bytes with the IP header"),
    ],
)
def test_an_advert_is_as_long_as_keepalived_makes_it(router: Router, length: int) -> None:
    assert [len(data) for data in datagrams_of(router, US, 100)] == [length]
