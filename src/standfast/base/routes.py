"""Routes and rules of policy routing, as a host is told to have them: all names are numbers here.

The numbers are those of linux/rtnetlink.h and linux/fib_rules.h; the words are those of ip-route(8) and
ip-rule(8).
"""

from enum import Enum, IntEnum
from typing import Final, NamedTuple

from standfast.base.addresses import Family, IpAddress
from standfast.base.frozen import frozen

MAIN_TABLE: Final = 254
LOCAL_TABLE: Final = 255
OUR_ROUTING_PROTOCOL: Final = 18  # RTPROT_KEEPALIVED: marks what VRRP put there (behaviour AD-03)
IPV6_METRIC: Final = 1024  # what the kernel makes of an IPv6 route without a metric (IP6_RT_PRIO_USER)


class RouteType(IntEnum):
    """What becomes of a packet that a route is for (RTN_*)."""

    UNICAST = 1
    LOCAL = 2
    BROADCAST = 3
    MULTICAST = 5
    BLACKHOLE = 6
    UNREACHABLE = 7
    PROHIBIT = 8
    THROW = 9
    NAT = 10


class Scope(IntEnum):
    """How far a destination is away (RT_SCOPE_*); IPv4 only."""

    UNIVERSE = 0
    SITE = 200
    LINK = 253
    HOST = 254
    NOWHERE = 255


class RouteMetric(IntEnum):
    """A property of the way (RTAX_*)."""

    MTU = 2
    WINDOW = 3
    RTT = 4  # eighths of a millisecond
    RTTVAR = 5  # quarters of a millisecond
    SSTHRESH = 6
    CWND = 7
    ADVMSS = 8
    REORDERING = 9
    HOPLIMIT = 10
    INITCWND = 11
    FEATURES = 12
    RTO_MIN = 13  # milliseconds
    INITRWND = 14
    QUICKACK = 15
    CONGESTION_CONTROL = 16  # a name
    FASTOPEN_NO_COOKIE = 17


class Placing(Enum):
    """Where a route goes that the kernel has one like (behaviour AD-05)."""

    PREPEND = "prepend"
    APPEND = "append"
    ADD = "add"  # nowhere: it is refused


class Network(NamedTuple):
    """A destination or a source: an address with a prefix length."""

    address: IpAddress
    length: int

    def __str__(self) -> str:
        return "default" if self.length == 0 else f"{self.address}/{self.length}"


class Measure(NamedTuple):
    """The value of one property of the way."""

    metric: RouteMetric
    value: int | str
    lock: bool = False  # the kernel does not change it by what it learns


class EncapsulationType(IntEnum):
    """Sorts of lightweight tunnels (LWTUNNEL_ENCAP_*)."""

    MPLS = 1
    IP = 2
    ILA = 3
    IP6 = 4


@frozen
class TunnelEncapsulation:
    """A packet goes inside another one."""

    type: EncapsulationType  # IP or IP6
    id: int | None = None
    destination: IpAddress | None = None
    source: IpAddress | None = None
    tos: int | None = None  # or traffic class
    ttl: int | None = None  # or hop limit
    flags: int | None = None


@frozen
class LabelEncapsulation:
    """A packet gets MPLS labels, the outermost first."""

    labels: tuple[int, ...]


@frozen
class LocatorEncapsulation:
    """The upper half of a packet's IPv6 destination is replaced (ILA)."""

    locator: int  # 64 bits


Encapsulation = TunnelEncapsulation | LabelEncapsulation | LocatorEncapsulation


@frozen
class Hop:
    """One way out of the host."""

    via: IpAddress | None = None  # of any family
    interface: str = ""  # empty: the kernel finds it
    weight: int = 1  # share of the traffic, 1 to 256
    onlink: bool = False
    encapsulation: Encapsulation | None = None
    realms: int = 0  # 0xSSSSDDDD (IPv4)

    @property
    def key(self) -> tuple[IpAddress | None, str]:
        """What two hops of a route differ in."""
        return self.via, self.interface

    def __str__(self) -> str:
        via = f" via {self.via}" if self.via is not None else ""
        return f"{via} dev {self.interface}" if self.interface else via


class RouteKey(NamedTuple):
    """What the kernel tells routes apart by."""

    family: Family
    table: int
    destination: Network
    source: Network | None  # that it is for (IPv6)
    tos: int
    metric: int
    type: RouteType
    protocol: int
    hops: tuple[tuple[IpAddress | None, str], ...]


@frozen
class HostRoute:
    """One route of the host."""

    family: Family
    destination: Network
    type: RouteType = RouteType.UNICAST
    table: int = MAIN_TABLE
    protocol: int = OUR_ROUTING_PROTOCOL
    scope: int = Scope.UNIVERSE
    metric: int | None = None
    tos: int = 0
    source: Network | None = None  # that it is for (IPv6)
    preferred_source: IpAddress | None = None
    hops: tuple[Hop, ...] = ()
    measures: tuple[Measure, ...] = ()
    expires_seconds: int | None = None  # IPv6
    preference: int | None = None  # ICMPV6_ROUTER_PREF_*: 0 medium, 1 high, 3 low
    ttl_propagate: bool | None = None  # MPLS
    vrf: str = ""  # its table counts, not `table`
    placing: Placing = Placing.PREPEND

    @property
    def key(self) -> RouteKey:
        """What the kernel tells it apart by; of a VRF's route the table is not known here, and stands for 0."""
        unset = IPV6_METRIC if self.family is Family.IPV6 else 0
        return RouteKey(
            family=self.family,
            table=0 if self.vrf else self.table,
            destination=self.destination,
            source=self.source,
            tos=self.tos,
            metric=self.metric or unset,
            type=self.type,
            protocol=self.protocol,
            hops=tuple(hop.key for hop in self.hops),
        )

    @property
    def interfaces(self) -> tuple[str, ...]:
        """The interfaces that it needs: its VRF, and those that it leads out of, as far as they are named."""
        vrf = (self.vrf,) if self.vrf else ()
        return (*vrf, *(hop.interface for hop in self.hops if hop.interface))

    def __str__(self) -> str:
        """As `ip route` has it."""
        type_ = "" if self.type is RouteType.UNICAST else f"{self.type.name.lower()} "
        words = f"{type_}{self.destination}"
        words += "".join(map(str, self.hops)) if len(self.hops) < 2 else _ways(self.hops)
        words += f" table {self.table}" if self.table != MAIN_TABLE and not self.vrf else ""
        words += f" vrf {self.vrf}" if self.vrf else ""
        return f"{words} metric {self.metric}" if self.metric is not None else words


def _ways(hops: tuple[Hop, ...]) -> str:
    return "".join(f" nexthop{hop}" for hop in hops)


class RuleAction(IntEnum):
    """What a rule does (FR_ACT_*)."""

    TABLE = 1
    GOTO = 2
    NOP = 3
    BLACKHOLE = 6
    UNREACHABLE = 7
    PROHIBIT = 8


class RuleKey(NamedTuple):
    """What the kernel tells rules apart by: everything in them."""

    rule: "HostRule"


class Mark(NamedTuple):
    """A firewall mark, and which of its bits count."""

    value: int
    mask: int = 0xFFFFFFFF

    def __str__(self) -> str:
        return hex(self.value) if self.mask == 0xFFFFFFFF else f"{self.value:#x}/{self.mask:#x}"


class Span(NamedTuple):
    """From one number to another, both meant."""

    low: int
    high: int


@frozen
class HostRule:
    """One rule of policy routing."""

    family: Family
    preference: int
    action: RuleAction = RuleAction.TABLE
    table: int = 0  # 0: none
    goto: int = 0  # the preference to go on at
    inverted: bool = False  # `not`
    source: Network | None = None
    destination: Network | None = None
    tos: int = 0
    mark: Mark | None = None
    realms: int = 0  # 0xSSSSDDDD (IPv4)
    input_interface: str = ""
    output_interface: str = ""
    suppressed_length: int | None = None
    suppressed_group: int | None = None
    tunnel: int = 0
    users: Span | None = None
    l3mdev: bool = False
    ip_protocol: int = 0
    source_ports: Span | None = None
    destination_ports: Span | None = None
    protocol: int = OUR_ROUTING_PROTOCOL

    @property
    def key(self) -> RuleKey:
        """What the kernel tells it apart by."""
        return RuleKey(self)

    @property
    def interfaces(self) -> tuple[str, ...]:
        """The interfaces that it names."""
        return tuple(name for name in (self.input_interface, self.output_interface) if name)

    def __str__(self) -> str:
        """As `ip rule` has it, in short."""
        words = f"rule {self.preference}: {'not ' * self.inverted}from {self.source or 'all'}"
        words += f" to {self.destination}" if self.destination is not None else ""
        words += f" fwmark {self.mark}" if self.mark is not None else ""
        words += f" iif {self.input_interface}" if self.input_interface else ""
        words += f" oif {self.output_interface}" if self.output_interface else ""
        return f"{words} {self._does()}"

    def _does(self) -> str:
        if self.l3mdev:
            return "lookup l3mdev-table"
        if self.action is RuleAction.TABLE:
            return f"lookup {self.table}"
        return f"goto {self.goto}" if self.action is RuleAction.GOTO else self.action.name.lower()


Routing = HostRoute | HostRule
RoutingKey = RouteKey | RuleKey
