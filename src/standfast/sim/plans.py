"""What a simulated host is like and what its routers are told to be, in values that read well in a test."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from standfast.base.addresses import Family, HostAddress, IpAddress
from standfast.base.times import SECOND, ZERO, Duration
from standfast.core.vrrp.configured import most_addresses
from standfast.core.vrrp.router import Announcements, Rounds, Router
from standfast.wire.vrrp_auth import password_field

INTERFACE: Final = "eth0"
GROUPS: Final = {Family.IPV4: ip_address("224.0.0.18"), Family.IPV6: ip_address("ff02::12")}
_HOSTS: Final = {Family.IPV4: int(IPv4Address("10.0.0.0")), Family.IPV6: int(IPv6Address("fe80::"))}
_VIRTUAL: Final = {Family.IPV4: int(IPv4Address("10.1.0.0")), Family.IPV6: int(IPv6Address("2001:db8::"))}


@dataclass(frozen=True, slots=True)
class RouterPlan:
    """One virtual router of one host. Its addresses are numbered, so that two routers can exchange one."""

    vrid: int = 1
    priority: int = 100
    version: int = 3
    family: Family = Family.IPV4
    interval: Duration = SECOND
    first: int = 100  # number of its first address
    count: int = 1  # addresses
    preempt: bool = True
    preempt_delay: Duration = ZERO
    down_timer_adverts: int = 3
    starts_as_master: bool = False
    unicast: bool = False
    password: str = ""
    repeat: int = 5  # announcements of each address in a batch
    delay: Duration = Duration(5 * SECOND)  # from a takeover to its second batch of announcements

    @property
    def name(self) -> str:
        """The router's name, the same on each host."""
        return f"VI_{self.vrid}"


@dataclass(frozen=True, slots=True)
class HostPlan:
    """One host."""

    name: str
    number: int  # the last part of its own addresses: decides between equals
    routers: tuple[RouterPlan, ...] = ()
    rate_ppm: int = 0  # how fast its clock runs
    late: Duration = Duration(100)  # its alarms ring up to this much late
    room: int = 256  # datagrams that a receive buffer holds
    starts_at: Duration = ZERO


def own_address(number: int, family: Family) -> IpAddress:
    """The address that this host's adverts come from."""
    return ip_address(_HOSTS[family] + number)


def virtual_address(number: int, family: Family) -> HostAddress:
    """The virtual address with this number."""
    return HostAddress(ip_address(_VIRTUAL[family] + number), family.bits, INTERFACE)


def router_of(plan: RouterPlan, host: HostPlan, roster: Iterable[HostPlan]) -> Router:
    """The parameters of this router on this host.

    Args:
        plan: what it should be.
        host: where it runs.
        roster: all hosts: the peers of a unicast router are those that have it, too.
    """
    numbers = range(plan.first, plan.first + plan.count)
    addresses = tuple(virtual_address(number, plan.family) for number in numbers)
    room = most_addresses(plan.family)
    peers = (other for other in roster if other.name != host.name)
    rounds = Rounds(plan.repeat, plan.delay)
    return Router(
        name=plan.name,
        vrid=plan.vrid,
        family=plan.family,
        interface=INTERFACE,
        version=plan.version,
        priority=plan.priority,
        interval=plan.interval,
        addresses=addresses[:room],
        excluded=addresses[room:],
        starts_as_master=plan.starts_as_master,
        preempt=plan.preempt,
        preempt_delay=plan.preempt_delay,
        down_timer_adverts=plan.down_timer_adverts,
        group=None if plan.unicast else GROUPS[plan.family],
        peers=tuple(own_address(o.number, plan.family) for o in peers) if plan.unicast else (),
        peers_only=plan.unicast,
        password=password_field(plan.password.encode()) if plan.password else None,
        announcements=Announcements(takeover=rounds, weaker=rounds),
    )
