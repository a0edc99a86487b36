"""What the outside tells the routers.

The node gets what the host saw (`Received`, `LinkChanged` …); it hands each router what that means for it
(`Heard`, `Faulted` …).
"""

from collections.abc import Collection, Mapping

from msgspec import Struct

from standfast.base.addresses import Family, IpAddress
from standfast.base.routes import RoutingKey
from standfast.base.times import Instant, WallTime
from standfast.core.track.verdict import TrackerKey, Verdict
from standfast.core.vrrp.firewall import RuleSet
from standfast.core.vrrp.orders import Order
from standfast.core.vrrp.router import Link
from standfast.wire.vrrp import Advert

AddressKey = tuple[str, IpAddress, int]  # HostAddress.key


# ---- to the node


class Received(Struct, frozen=True):
    """A datagram of protocol 112, with the moment when the kernel had it."""

    interface: str
    family: Family
    sender: IpAddress
    destination: IpAddress
    ttl: int  # or hop limit
    payload: bytes  # behind the IP header, and behind an Authentication Header if there is one
    at: Instant
    covering: bytes = b""  # the IP header and the Authentication Header, if there is one
    wall: WallTime = WallTime(0)  # the moment, by the host's clock


class LinkChanged(Struct, frozen=True):
    """An interface appeared or looks different."""

    link: Link


class LinkGone(Struct, frozen=True):
    """An interface no longer exists."""

    name: str


class AddressGone(Struct, frozen=True):
    """The kernel reports that an address was removed; by whom it does not say."""

    key: AddressKey


class AddressesRead(Struct, frozen=True):
    """All addresses of the host, as read back: each with the protocol that marks who put it there."""

    present: Mapping[AddressKey, int]


class AddressRefused(Struct, frozen=True):
    """The kernel did not take an address that we asked for."""

    key: AddressKey
    words: str


class RoutingGone(Struct, frozen=True):
    """The kernel reports that somebody else removed a route or rule of ours."""

    key: RoutingKey


class RoutingRead(Struct, frozen=True):
    """Which of our routes and rules are there, as read back."""

    present: Collection[RoutingKey]


class RoutingRefused(Struct, frozen=True):
    """The kernel did not take a route or rule that we asked for."""

    key: RoutingKey
    words: str


class SocketFailed(Struct, frozen=True):
    """A socket that a router needs cannot be had; it is asked for again when the link changes."""

    interface: str
    family: Family
    words: str


class SocketOpened(Struct, frozen=True):
    """A socket that had failed is there now."""

    interface: str
    family: Family


class Judged(Struct, frozen=True):
    """Trackers have other verdicts than before, or their first."""

    verdicts: Mapping[TrackerKey, Verdict]


class Ordered(Struct, frozen=True):
    """These orders of operators stand from now on, and no others."""

    orders: tuple[Order, ...]


class AnnouncementAsked(Struct, frozen=True):
    """Somebody wants a router to announce its addresses again, if it is master."""

    router: str


class Shielded(Struct, frozen=True):
    """The firewall has these rules now, all of them."""

    rules: RuleSet


class ShieldRefused(Struct, frozen=True):
    """The firewall did not take these rules; what it had before is as it was."""

    rules: RuleSet
    words: str


class ShieldLost(Struct, frozen=True):
    """Somebody else removed or changed our rules, or may have."""


class Stop(Struct, frozen=True):
    """The process ends."""

    leaves_all: bool = False  # nobody says goodbye, and the host keeps what it has (`-V`, AD-14)


# ---- to the node and to a router


class Due(Struct, frozen=True):
    """A deadline has come; everything that had arrived before was given first."""

    since: Instant = Instant(0)  # of a sync group: when the silence of its last member ended


# ---- to a router


class Started(Struct, frozen=True):
    """Take part from now on."""

    not_before: Instant = Instant(0)  # until then nobody is master here (vrrp_startup_delay)


class Heard(Struct, frozen=True):
    """An advert that passed all checks."""

    advert: Advert
    sender: IpAddress
    ours: IpAddress  # the address that our own adverts come from
    at: Instant


class Faulted(Struct, frozen=True):
    """These reasons keep the router from taking part."""

    reasons: tuple[str, ...]


class Recovered(Struct, frozen=True):
    """Nothing keeps the router from taking part any more."""

    not_before: Instant = Instant(0)  # as of `Started`


class GroupYields(Struct, frozen=True):
    """Another member of the sync group lets a stronger master be."""

    member: str
    detail: str  # for people


class Stopped(Struct, frozen=True):
    """Take part no longer; say goodbye if you are master."""


News = (
    LinkChanged
    | LinkGone
    | AddressGone
    | AddressesRead
    | AddressRefused
    | RoutingGone
    | RoutingRead
    | RoutingRefused
    | SocketFailed
    | SocketOpened
    | Judged
    | Ordered
    | AnnouncementAsked
    | Shielded
    | ShieldRefused
    | ShieldLost
    | Stop
)
Event = Received | Due | News
RouterEvent = Started | Heard | Due | Faulted | Recovered | GroupYields | Stopped
