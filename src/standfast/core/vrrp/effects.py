"""What the routers ask for (commands) and what they tell (facts), carried out in the order given."""

from msgspec import Struct

from standfast.base.addresses import HostAddress, IpAddress
from standfast.base.routes import Routing
from standfast.core.vrrp.firewall import RuleSet
from standfast.core.vrrp.router import Link, Part, Router

# ---- commands


class Listen(Struct, frozen=True):
    """Have sockets for exactly these routers (each with the link it runs on); close others."""

    routers: tuple[tuple[Router, Link], ...]


class Prepare(Struct, frozen=True):
    """Make ready the adverts, netlink messages and announcement frames of this router's takeover."""

    router: Router
    link: Link
    source: IpAddress


class Forget(Struct, frozen=True):
    """Drop what was made ready: the router is gone."""

    router: str


class SendAdvert(Struct, frozen=True):
    """Send one advert of this router with this priority, to the group or to each peer."""

    router: str
    priority: int
    sequence: int = 0  # of AH; the signature of auth_hmac has the time of sending


class PrepareAdvert(Struct, frozen=True):
    """Make ready an advert of this router with another priority than before."""

    router: str
    priority: int


class HoldAddresses(Struct, frozen=True):
    """Have these addresses on the host."""

    part: Part


class ReleaseAddresses(Struct, frozen=True):
    """Have these addresses on the host no longer."""

    router: str
    addresses: tuple[HostAddress, ...]


class Announce(Struct, frozen=True):
    """Send one gratuitous ARP or neighbour advertisement for each of these addresses."""

    part: Part


class ReadAddresses(Struct, frozen=True):
    """Read all addresses of the host back; the answer is an `AddressesRead`."""


class Shield(Struct, frozen=True):
    """Have exactly these rules in the firewall; the answer is a `Shielded` or a `ShieldRefused`."""

    rules: RuleSet


class CheckShield(Struct, frozen=True):
    """Look whether the rules still stand; the answer is a `ShieldLost` if not."""


class HoldRouting(Struct, frozen=True):
    """Have these routes and rules on the host, in this order."""

    items: tuple[Routing, ...]


class ReleaseRouting(Struct, frozen=True):
    """Have these routes and rules on the host no longer."""

    items: tuple[Routing, ...]


class ReadRouting(Struct, frozen=True):
    """Read our routes and rules of the host back; the answer is a `RoutingRead`."""


# ---- facts


class RouterChanged(Struct, frozen=True):
    """A router went from one state to another, and why."""

    router: str
    old: str
    new: str
    reason: str  # slug
    priority: int  # effective, at that moment
    detail: str = ""  # for people: who, how much


class GroupChanged(Struct, frozen=True):
    """A sync group went from one state to another: its members did, in one step."""

    group: str
    old: str
    new: str


class PriorityChanged(Struct, frozen=True):
    """Trackers gave a router another effective priority."""

    router: str
    old: int
    new: int
    detail: str  # for people: the arithmetic


class AdvertSent(Struct, frozen=True):
    """An advert of ours was handed to the socket."""

    router: str
    leaving: bool  # its priority was 0


class AdvertHeard(Struct, frozen=True):
    """An advert that counts was received."""

    router: str
    leaving: bool  # its priority was 0


class AdvertDropped(Struct, frozen=True):
    """A packet was received and not used."""

    router: str  # empty: it belongs to none of ours
    interface: str
    sender: IpAddress
    reason: str  # slug
    got: int = 0
    want: int = 0


class PeerDiffers(Struct, frozen=True):
    """An advert was used although something in it is not as configured here."""

    router: str
    sender: IpAddress
    what: str  # slug: interval, addresses, checksum-form, first-address, two-owners
    ours: str
    theirs: str


class WeakerHeard(Struct, frozen=True):
    """Somebody with less right to be master than we have speaks as one."""

    router: str
    sender: IpAddress
    priority: int
    ours: int = 0  # our own priority, if we are master; 0: we are not


class TwoMasters(Struct, frozen=True):
    """Two routers speak as master; the network has no one answer."""

    router: str
    first: IpAddress
    first_priority: int
    second: IpAddress
    second_priority: int


class OneMaster(Struct, frozen=True):
    """There is one master again, or none."""

    router: str
    survivor: IpAddress  # ourselves, if we are master; else whom we heard last
    lasted_us: int


class OwnersConflict(Struct, frozen=True):
    """Two routers say that they own the addresses: a mistake in somebody's configuration."""

    router: str
    sender: IpAddress


class AddressMissing(Struct, frozen=True):
    """An address that we hold was taken from the host by somebody else, or was not there at a reading."""

    router: str
    address: HostAddress
    answer: str  # slug: reinstated, left, later; of a reading: refilled, retried (after a refusal)


class AddressNotHeld(Struct, frozen=True):
    """The kernel refused an address that we should hold."""

    router: str
    address: HostAddress
    words: str


class RoutingMissing(Struct, frozen=True):
    """A route or rule that we hold was taken from the host, or was not there at a reading."""

    router: str  # empty: it is static
    item: Routing
    answer: str  # slug, as of `AddressMissing`


class RoutingNotHeld(Struct, frozen=True):
    """The kernel refused a route or rule that we should hold."""

    router: str  # empty: it is static
    item: Routing
    words: str


class Overslept(Struct, frozen=True):
    """We woke so late that the others may have taken over, or that our hearing is in doubt."""

    router: str
    late_us: int
    answer: str  # slug: listens (a backup), yields (a master)


class FirewallSet(Struct, frozen=True):
    """The firewall has our rules."""

    tool: str
    addresses: int  # that packets are kept from
    vmacs: int  # interfaces that are kept from saying what is not theirs


class FirewallRefused(Struct, frozen=True):
    """The firewall did not take our rules."""

    words: str
    vmacs: int  # interfaces that now say what they should not


class FirewallTouched(Struct, frozen=True):
    """Somebody else removed or changed our rules in the firewall."""

    answer: str  # slug: reinstated, later (it happens again and again)


Command = (
    Listen
    | Prepare
    | PrepareAdvert
    | Forget
    | SendAdvert
    | HoldAddresses
    | ReleaseAddresses
    | Announce
    | ReadAddresses
    | HoldRouting
    | ReleaseRouting
    | ReadRouting
    | Shield
    | CheckShield
)
Fact = (
    RouterChanged
    | GroupChanged
    | PriorityChanged
    | AdvertSent
    | AdvertHeard
    | AdvertDropped
    | PeerDiffers
    | WeakerHeard
    | TwoMasters
    | OneMaster
    | OwnersConflict
    | AddressMissing
    | AddressNotHeld
    | RoutingMissing
    | RoutingNotHeld
    | Overslept
    | FirewallSet
    | FirewallRefused
    | FirewallTouched
)
Effect = Command | Fact
Effects = tuple[Effect, ...]
