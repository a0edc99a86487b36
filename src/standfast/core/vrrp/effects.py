"""What the routers ask for (commands) and what they tell (facts), carried out in the order given."""

from dataclasses import dataclass

from standfast.base.addresses import HostAddress, IpAddress
from standfast.core.vrrp.router import Link, Part, Router

# ---- commands


@dataclass(frozen=True, slots=True)
class Listen:
    """Have sockets for exactly these routers (each with the link it runs on); close others."""

    routers: tuple[tuple[Router, Link], ...]


@dataclass(frozen=True, slots=True)
class Prepare:
    """Make ready the adverts, netlink messages and announcement frames of this router's takeover."""

    router: Router
    link: Link
    source: IpAddress


@dataclass(frozen=True, slots=True)
class Forget:
    """Drop what was made ready: the router is gone."""

    router: str


@dataclass(frozen=True, slots=True)
class SendAdvert:
    """Send one advert of this router with this priority, to the group or to each peer."""

    router: str
    priority: int


@dataclass(frozen=True, slots=True)
class HoldAddresses:
    """Have these addresses on the host."""

    part: Part


@dataclass(frozen=True, slots=True)
class ReleaseAddresses:
    """Have these addresses on the host no longer."""

    router: str
    addresses: tuple[HostAddress, ...]


@dataclass(frozen=True, slots=True)
class Announce:
    """Send one gratuitous ARP or neighbour advertisement for each of these addresses."""

    part: Part


@dataclass(frozen=True, slots=True)
class ReadAddresses:
    """Read all addresses of the host back; the answer is an `AddressesRead`."""


# ---- facts


@dataclass(frozen=True, slots=True)
class RouterChanged:
    """A router went from one state to another, and why."""

    router: str
    old: str
    new: str
    reason: str  # slug
    priority: int  # effective, at that moment
    detail: str = ""  # for people: who, how much


@dataclass(frozen=True, slots=True)
class AdvertSent:
    """An advert of ours was handed to the socket."""

    router: str
    leaving: bool  # its priority was 0


@dataclass(frozen=True, slots=True)
class AdvertHeard:
    """An advert that counts was received."""

    router: str
    leaving: bool  # its priority was 0


@dataclass(frozen=True, slots=True)
class AdvertDropped:
    """A packet was received and not used."""

    router: str  # empty: it belongs to none of ours
    interface: str
    sender: IpAddress
    reason: str  # slug
    got: int = 0
    want: int = 0


@dataclass(frozen=True, slots=True)
class PeerDiffers:
    """An advert was used although something in it is not as configured here."""

    router: str
    sender: IpAddress
    what: str  # slug: interval, addresses, checksum-form
    ours: str
    theirs: str


@dataclass(frozen=True, slots=True)
class WeakerHeard:
    """While master, a router with less right to be it was heard."""

    router: str
    sender: IpAddress
    priority: int


@dataclass(frozen=True, slots=True)
class OwnersConflict:
    """Two routers say that they own the addresses: a mistake in somebody's configuration."""

    router: str
    sender: IpAddress


@dataclass(frozen=True, slots=True)
class AddressMissing:
    """An address that we hold was taken from the host by somebody else."""

    router: str
    address: HostAddress
    answer: str  # slug: reinstated, left, later


@dataclass(frozen=True, slots=True)
class AddressNotHeld:
    """The kernel refused an address that we should hold."""

    router: str
    address: HostAddress
    words: str


@dataclass(frozen=True, slots=True)
class Overslept:
    """We woke so late that the others may have taken over, or that our hearing is in doubt."""

    router: str
    late_us: int
    answer: str  # slug: listens (a backup), yields (a master)


Command = Listen | Prepare | Forget | SendAdvert | HoldAddresses | ReleaseAddresses | Announce | ReadAddresses
Fact = (
    RouterChanged
    | AdvertSent
    | AdvertHeard
    | AdvertDropped
    | PeerDiffers
    | WeakerHeard
    | OwnersConflict
    | AddressMissing
    | AddressNotHeld
    | Overslept
)
Effect = Command | Fact
Effects = tuple[Effect, ...]
