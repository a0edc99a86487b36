"""Standfast and Keepalived, each on interfaces of its own, as each other's peers in both directions."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest
from duel import PROGRAMS, Prepare, Program

from standfast.lab.daemons import Daemon
from standfast.lab.hosts import Host
from standfast.lab.lab import Lab
from standfast.lab.packets import Advert, Announcement

VIP, VIP6 = "10.99.0.100", "fd99::100"
MAC, MAC6 = "00:00:5e:00:01:33", "00:00:5e:00:02:33"


def text(priority: int) -> str:
    shared = f"interface eth0\nvirtual_router_id 51\nversion 3\nadvert_int 0.1\npriority {priority}\n"
    return (
        f"vrrp_instance A {{\n{shared}use_vmac\nvirtual_ipaddress {{\n{VIP}/24\n}}\n}}\n"
        f"vrrp_instance B {{\n{shared}use_vmac\nvirtual_ipaddress {{\nfe80::99\n{VIP6}/64\n}}\n}}\n"
    )


def run(host: Host, program: Program, priority: int) -> Daemon:
    return (host.run if program == "standfast" else host.keepalived)(text(priority))


def links(host: Host) -> Mapping[str, Mapping[str, Any]]:
    return {link["ifname"]: link for link in json.loads(host.command("ip", "-d", "-j", "link"))}


def holds(host: Host) -> bool:
    return host.holds(VIP) and host.holds(VIP6)


def holds_none(host: Host) -> bool:
    return not host.holds(VIP) and not host.holds(VIP6)


class Pair(NamedTuple):
    lab: Lab
    strong: Host
    weak: Host


@pytest.fixture
def pair(prepare: Prepare) -> Iterator[Pair]:
    """Two hosts in a lab of their own; `prepare` only says whether there can be one, with Keepalived."""
    with Lab() as lab:
        yield Pair(lab, lab.host("s", "10.99.0.2/24"), lab.host("w", "10.99.0.1/24"))
        print(lab.log())


@pytest.mark.behaviour("VM-01", "VM-02", "VM-05", "VM-06")
@pytest.mark.parametrize("strong", PROGRAMS)
def test_they_elect_one_master_and_hand_over_in_both_directions(pair: Pair, strong: Program) -> None:
    """Politely, and by a death; nobody is told another Ethernet address of the virtual ones than theirs."""
    lab, weak = pair.lab, PROGRAMS[strong == "standfast"]

    with lab.capture() as wire:
        second = run(pair.weak, weak, 100)
        assert lab.within(20.0, lambda: holds(pair.weak))
        first = run(pair.strong, strong, 150)
        assert lab.within(20.0, lambda: holds(pair.strong) and holds_none(pair.weak))
        first.stop()
        assert lab.within(20.0, lambda: holds(pair.weak))
        again = run(pair.strong, strong, 150)
        assert lab.within(20.0, lambda: holds(pair.strong) and holds_none(pair.weak))
        again.kill()
        assert lab.within(20.0, lambda: holds(pair.weak))
        second.stop()
        senders = {packet.sender.hex(":") for packet in wire if isinstance(packet.content, Advert)}
        announced = {
            (str(packet.content.address), packet.content.mac.hex(":"))
            for packet in wire
            if isinstance(packet.content, Announcement)
        }

    assert senders == {MAC, MAC6}
    assert announced == {(VIP, MAC), (VIP6, MAC6), ("fe80::99", MAC6)}


@pytest.mark.behaviour("VM-02", "VM-03")
def test_the_interfaces_that_both_make_are_alike(pair: Pair) -> None:
    """Ours have settings besides that keep hosts from learning another Ethernet address (docs/decisions)."""
    ours, our_settings = made(pair.lab, pair.strong, "standfast")
    theirs, their_settings = made(pair.lab, pair.weak, "keepalived")

    assert ours == theirs
    assert {path: our_settings[path] for path in their_settings} == their_settings


Looks = Mapping[str, Mapping[str, Any]]


def made(lab: Lab, host: Host, program: Program) -> tuple[Looks, Mapping[str, str]]:
    """What a program makes on this host: its interfaces, and their settings."""
    daemon = run(host, program, 150)
    assert lab.within(20.0, lambda: holds(host))
    looks = _looks(host), _settings(host)
    daemon.stop()
    return looks


_MADE = ("vrrp.51", "vrrp6.51")
_LOOKS = ("link", "mtu", "address", "linkmode", "txqlen", "inet6_addr_gen_mode", "linkinfo")


def _looks(host: Host) -> Looks:
    """The group is left out: 2.2.7 does not copy it from the parent, as 2.4.3 does."""
    there = links(host)
    return {name: {look: there[name][look] for look in _LOOKS} for name in _MADE}


def _settings(host: Host) -> Mapping[str, str]:
    """What Keepalived sets of its VMAC and of the interface below."""
    paths = [
        *(
            f"ipv4/conf/vrrp.51/{name}"
            for name in ("accept_local", "arp_ignore", "promote_secondaries", "rp_filter")
        ),
        "ipv6/conf/vrrp.51/disable_ipv6",
        "ipv6/conf/vrrp6.51/disable_ipv6",
        *(f"ipv4/conf/eth0/{name}" for name in ("arp_ignore", "arp_filter", "rp_filter")),
        "ipv4/conf/all/rp_filter",
    ]
    return {path: host.command("cat", f"/proc/sys/net/{path}").strip() for path in paths}
