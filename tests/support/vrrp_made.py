"""Values of the VRRP core for tests: one network, three hosts, one virtual address, and few words to vary them.

The network is 10.0.0.0/24 on eth0. We are 10.0.0.2; 10.0.0.1 is below us and 10.0.0.3 above.
"""

from collections.abc import Sequence
from dataclasses import replace
from ipaddress import ip_address
from typing import Any

from msgspec.structs import replace as replace_fields

from standfast.base.addresses import Family, HostAddress, IpAddress, family_of
from standfast.base.times import Instant
from standfast.core.vrrp.accept import form_of
from standfast.core.vrrp.effects import Effect
from standfast.core.vrrp.events import Heard, Received
from standfast.core.vrrp.router import Link, Router
from standfast.engine.adverts import advert_of
from standfast.wire.vrrp import Advert, encode_advert

US = ip_address("10.0.0.2")
BELOW = ip_address("10.0.0.1")
ABOVE = ip_address("10.0.0.3")
GROUP = ip_address("224.0.0.18")
VIP = HostAddress(ip_address("10.0.0.100"), 32, "eth0")

US6 = ip_address("fe80::2")
ABOVE6 = ip_address("fe80::3")
GROUP6 = ip_address("ff02::12")
VIP6 = HostAddress(ip_address("fe80::100"), 128, "eth0")

ETH0 = Link("eth0", index=2, up=True, mac=bytes.fromhex("020000000002"), ipv4=US, ipv6=US6)
ETH1 = Link("eth1", index=3, up=True, mac=bytes.fromhex("020000000003"), ipv4=ip_address("10.1.0.2"))

ROUTER = Router(
    "VI_1", vrid=1, family=Family.IPV4, interface="eth0", version=3, group=GROUP, addresses=(VIP,)
)
ROUTER2 = replace(ROUTER, version=2)
ROUTER6 = replace(ROUTER, family=Family.IPV6, group=GROUP6, addresses=(VIP6,))
OWNER = replace(ROUTER, priority=255, starts_as_master=True)


def vip(last: int, interface: str = "eth0", prefix: int = 32) -> HostAddress:
    """The virtual address 10.0.0.`last`."""
    return HostAddress(ip_address(f"10.0.0.{last}"), prefix, interface)


def vips(count: int) -> tuple[HostAddress, ...]:
    """That many virtual addresses, of 10.8.0.0/16."""
    return tuple(HostAddress(ip_address(f"10.8.{n // 250}.{n % 250 + 1}"), 32, "eth0") for n in range(count))


def advert(router: Router = ROUTER, priority: int | None = None, **changes: Any) -> Advert:
    """What a peer with the same parameters would send, with some of its fields changed."""
    made = advert_of(router, router.priority if priority is None else priority)
    return replace(made, **changes)


def heard(
    priority: int,
    *,
    sender: IpAddress = ABOVE,
    at: int = 0,
    router: Router = ROUTER,
    interval_cs: int | None = None,
) -> Heard:
    """An advert that counts."""
    changes = {} if interval_cs is None else {"interval_cs": interval_cs}
    ours = US if router.family is Family.IPV4 else US6
    return Heard(advert(router, priority, **changes), sender, ours, Instant(at))


def received(
    said: Advert | bytes,
    *,
    sender: IpAddress = ABOVE,
    destination: IpAddress = GROUP,
    ttl: int = 255,
    at: int = 0,
    interface: str = "eth0",
) -> Received:
    """A datagram as the host has it; an advert gets its right checksum."""
    payload = said if isinstance(said, bytes) else encode_advert(said, sender, destination)
    return Received(interface, family_of(sender), sender, destination, ttl, payload, Instant(at))


def altered(packet: Received, **changes: Any) -> Received:
    """The datagram with some of its fields changed."""
    return replace_fields(packet, **changes)


def from_peer(
    router: Router, priority: int, *, sender: IpAddress = ABOVE, at: int = 0, **changes: Any
) -> Received:
    """A datagram of a peer with the same parameters."""
    said = advert(router, priority, **({"form": form_of(router)} | changes))
    return received(said, sender=sender, destination=router.group or US, at=at)


def kinds(effects: Sequence[Effect]) -> list[str]:
    """The names of the effects, in order."""
    return [type(effect).__name__ for effect in effects]
