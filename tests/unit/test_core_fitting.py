"""Adverts fit the links of the host."""

from dataclasses import replace

import pytest
from vrrp_made import ETH0, ROUTER, ROUTER2, vips

from standfast.core.vrrp.fitting import fitted
from standfast.core.vrrp.router import faults_of

NARROW = replace(ETH0, mtu=600)  # room for (600 - 36) / 4 = 141 addresses of IPv4
MANY = replace(ROUTER, addresses=vips(150))


@pytest.mark.behaviour("WI-06")
def test_what_an_advert_has_no_room_for_is_held_all_the_same_and_told() -> None:
    routers, told = fitted((MANY,), {"eth0": NARROW})

    assert len(routers[0].addresses) == 141
    assert routers[0].held == MANY.held
    assert told[0].startswith("(VI_1) eth0 has an MTU of 600, and an advert room for 141 of 150 addresses;")
    assert faults_of(routers[0], {"eth0": NARROW}) == ()


@pytest.mark.parametrize(
    "links", [pytest.param({"eth0": ETH0}, id="its link has room"), pytest.param({}, id="it has no link yet")]
)
def test_a_router_stays_as_it_is_if(links: dict[str, object]) -> None:
    assert fitted((MANY, ROUTER2), links).routers == (MANY, ROUTER2)  # type: ignore[arg-type]


def test_a_signature_takes_room() -> None:
    signed = replace(MANY, ah_key=b"secret78")

    assert len(fitted((signed,), {"eth0": NARROW}).routers[0].addresses) == 135


def test_a_link_that_has_become_too_narrow_is_a_fault() -> None:
    """The kernel refuses what is larger: nobody would hear the master, and another would be master, too."""
    assert faults_of(MANY, {"eth0": NARROW}) == ("advert-too-large:the MTU of eth0 (600)",)
