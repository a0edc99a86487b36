"""What a simulated host is like and what its routers are told to be, in values that read well in a test."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Final

from standfast.base.addresses import Family, HostAddress, IpAddress
from standfast.base.advert_size import most_addresses
from standfast.base.routes import HostRoute, Network, RouteType
from standfast.base.times import SECOND, ZERO, Duration
from standfast.core.track.verdict import Tracker, TrackerKey, TrackerKind
from standfast.core.vrrp.authentic import Signature
from standfast.core.vrrp.router import Announcements, Rounds, Router
from standfast.wire.vrrp_auth import password_field
from standfast.wire.vrrp_hmac import TRAILER_SIZE

INTERFACE: Final = "eth0"
INTERFACES: Final = ("eth0", "eth1", "eth2")  # each is a segment of its own, with the same name
GROUPS: Final = {Family.IPV4: ip_address("224.0.0.18"), Family.IPV6: ip_address("ff02::12")}
SIGNATURE: Final = Signature(keys=((1, b"a secret of a world"),), active=1, window=Duration(5 * SECOND))
_HOSTS: Final = {Family.IPV4: int(IPv4Address("10.0.0.0")), Family.IPV6: int(IPv6Address("fe80::"))}
_ROUTED: Final = {Family.IPV4: int(IPv4Address("10.2.0.0")), Family.IPV6: int(IPv6Address("2001:db8:1::"))}
_VIRTUAL: Final = {Family.IPV4: int(IPv4Address("10.1.0.0")), Family.IPV6: int(IPv6Address("2001:db8::"))}


@dataclass(frozen=True, slots=True)
class Watch:
    """A tracker as a router listens to it."""

    kind: TrackerKind
    name: str
    weight: int = 0
    reverse: bool = False

    @property
    def key(self) -> TrackerKey:
        """Which tracker it is."""
        return TrackerKey(self.kind, self.name)


@dataclass(frozen=True, slots=True)
class RouterPlan:
    """One virtual router of one host. Its addresses are numbered, so that two routers can exchange one.

    In one world a VRID belongs to one interface.
    """

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
    interface: str = INTERFACE
    sync_group: str = ""  # empty: none
    watches: tuple[Watch, ...] = ()
    others: tuple[int, ...] = ()  # numbers of addresses beside those from `first` on
    signed: bool = False  # its adverts, by auth_hmac; version 3 only
    accept: bool = True  # what is addressed to its addresses; else the firewall keeps it away
    routes: int = 0  # that it has while it is master

    @property
    def name(self) -> str:
        """The router's name, the same on each host."""
        return f"VI_{self.vrid}"

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of its addresses."""
        return (*range(self.first, self.first + self.count), *self.others)


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
    interfaces: tuple[str, ...] = (INTERFACE,)
    startup_delay: Duration = ZERO  # vrrp_startup_delay
    verdicts_late: Duration = ZERO  # a tracker's verdict reaches the process up to this much late


def interfaces_of(routers: Iterable[RouterPlan]) -> tuple[str, ...]:
    """Those that these routers run on, the usual one, and those whose links they track."""
    tracked = {w.name for router in routers for w in router.watches if w.kind is TrackerKind.INTERFACE}
    used = {INTERFACE, *(router.interface for router in routers), *tracked}
    return tuple(name for name in INTERFACES if name in used)


def own_address(number: int, family: Family, interface: str = INTERFACE) -> IpAddress:
    """The address that this host's adverts come from on this interface."""
    return ip_address(_HOSTS[family] + 256 * INTERFACES.index(interface) + number)


def virtual_address(number: int, family: Family, interface: str = INTERFACE) -> HostAddress:
    """The virtual address with this number."""
    return HostAddress(ip_address(_VIRTUAL[family] + number), family.bits, interface)


def virtual_route(plan: RouterPlan, number: int) -> HostRoute:
    """A router's route with this number, from 0 on."""
    address = ip_address(_ROUTED[plan.family] + 256 * plan.vrid + number)
    return HostRoute(plan.family, Network(address, plan.family.bits), RouteType.BLACKHOLE)


def router_of(plan: RouterPlan, host: HostPlan, roster: Iterable[HostPlan]) -> Router:
    """The parameters of this router on this host.

    Args:
        plan: what it should be.
        host: where it runs.
        roster: all hosts: the peers of a unicast router are those that have it, too.
    """
    addresses = tuple(virtual_address(number, plan.family, plan.interface) for number in plan.numbers)
    room = most_addresses(plan.family, proof=TRAILER_SIZE if plan.signed else 0)
    peers = (own_address(o.number, plan.family, plan.interface) for o in roster if o.name != host.name)
    rounds = Rounds(plan.repeat, plan.delay)
    return Router(
        name=plan.name,
        vrid=plan.vrid,
        family=plan.family,
        interface=plan.interface,
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
        peers=tuple(peers) if plan.unicast else (),
        peers_only=plan.unicast,
        password=password_field(plan.password.encode()) if plan.password else None,
        announcements=Announcements(takeover=rounds, weaker=rounds),
        trackers=tuple(Tracker(watch.key, watch.weight, reverse=watch.reverse) for watch in plan.watches),
        sync_group=plan.sync_group,
        signature=SIGNATURE if plan.signed else None,
        accept=plan.accept,
        routing=tuple(virtual_route(plan, number) for number in range(plan.routes)),
    )
