"""FRR's vrrpd, which knows no sync groups, as the peer of the members of one of ours."""

import os
import signal
from pathlib import Path

import pytest

from standfast.base.addresses import parse_address
from standfast.base.times import seconds
from standfast.lab.frr import FrrRouter, run_frr
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab

VIPS = {71: "10.99.1.71", 72: "10.99.1.72"}
OURS = 150


def group(more: str = "") -> str:
    """Two instances in one group."""
    instances = "".join(
        f"""vrrp_instance VI_{vrid} {{
            interface eth0
            virtual_router_id {vrid}
            version 3
            priority {OURS}
            advert_int 0.5
            virtual_ipaddress {{
                {vip}/24
            }}
        }}
        """
        for vrid, vip in VIPS.items()
    )
    return f"{instances}vrrp_sync_group G {{\ngroup {{\nVI_71\nVI_72\n}}\n{more}\n}}\n"


def routers(*priorities: int) -> list[FrrRouter]:
    return [
        FrrRouter(
            vrid=vrid,
            version=3,
            priority=priority,
            interval=seconds("0.5"),
            addresses=[parse_address(vip)],
            prefix=24,
        )
        for (vrid, vip), priority in zip(VIPS.items(), priorities, strict=True)
    ]


@pytest.fixture(autouse=True)
def needs_frr() -> None:
    if os.geteuid() != 0:
        pytest.skip("FRR's daemons run as a user of their own, and only root can become that")
    if not Path("/usr/lib/frr/vrrpd").exists():
        pytest.skip("frr, the peer, is not installed")


def held(host: Host) -> int:
    """How many of the addresses our host holds."""
    return sum(host.holds(vip) for vip in VIPS.values())


def answering(peer: Host) -> int:
    """For how many FRR is master: it holds the links down of which it is backup."""
    links = (peer.command("ip", "-o", "link", "show", f"vrrp4-{vrid}") for vrid in VIPS)
    return sum("state UP" in link for link in links)


@pytest.mark.behaviour("SG-01")
def test_a_group_waits_for_frr_that_is_stronger_in_one_of_its_routers(lab: Lab) -> None:
    """And takes both at once when FRR has left."""
    peer, ours = lab.host("frr", "10.99.0.2/24"), lab.host("ours", "10.99.0.1/24")
    _, vrrpd = run_frr(peer, routers(100, 200))
    assert lab.within(20.0, lambda: answering(peer) == 2)
    daemon = ours.run(group())
    assert lab.within(20.0, lambda: "Startup complete" in daemon.log())

    took_part = lab.within(3.0, lambda: bool(held(ours)))  # who hears nobody waits for 1.7 s
    vrrpd.signal(signal.SIGTERM)

    assert not took_part
    assert lab.within(20.0, lambda: held(ours) == 2)


@pytest.mark.behaviour("SG-02")
def test_frr_has_all_addresses_while_a_group_is_at_fault(lab: Lab) -> None:
    """A tracked interface of the group fails: both members say goodbye, and come back."""
    peer, ours = lab.host("frr", "10.99.0.2/24"), lab.host("ours", "10.99.0.1/24")
    lab.switch("other")
    ours.connect("eth1", "other", ["10.98.0.1/24"])
    ours.run(group("track_interface {\neth1\n}"))
    assert lab.within(20.0, lambda: held(ours) == 2)
    run_frr(peer, routers(100, 100))

    ours.unplug("eth1")
    assert lab.within(20.0, lambda: (held(ours), answering(peer)) == (0, 2))
    ours.plug("eth1")
    assert lab.within(20.0, lambda: (held(ours), answering(peer)) == (2, 0))
