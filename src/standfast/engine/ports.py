"""What the engine needs of the world. The Linux side and the simulator each implement it.

No call here waits. What fails comes back as an event of the machine, never as an exception.

The words that the ports speak are the core's; those who implement ports take them from here (`__all__`).
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from standfast.base.addresses import HostAddress, IpAddress
from standfast.base.routes import Routing
from standfast.base.times import Instant, WallTime
from standfast.core.vrrp.events import (
    AddressesRead,
    AddressGone,
    AddressKey,
    AddressRefused,
    Event,
    LinkChanged,
    LinkGone,
    Received,
    RoutingGone,
    RoutingRead,
    RoutingRefused,
    Shielded,
    ShieldLost,
    ShieldRefused,
    SocketFailed,
    SocketOpened,
)
from standfast.core.vrrp.firewall import Means, RuleSet, Scoped, SetNames, Tool, Vmac
from standfast.core.vrrp.router import AD_HOC, Link, Part, Router
from standfast.engine.adverts import destinations

__all__ = [
    "AD_HOC",
    "AddressGone",
    "AddressKey",
    "AddressPort",
    "AddressRefused",
    "AddressesRead",
    "AdvertPort",
    "AnnouncePort",
    "Clock",
    "Event",
    "FirewallPort",
    "Link",
    "LinkChanged",
    "LinkGone",
    "Listener",
    "Means",
    "Part",
    "Received",
    "Router",
    "RoutingGone",
    "RoutingPort",
    "RoutingRead",
    "RoutingRefused",
    "RuleSet",
    "Scoped",
    "SetNames",
    "ShieldLost",
    "ShieldRefused",
    "Shielded",
    "SocketFailed",
    "SocketOpened",
    "Tell",
    "Timer",
    "Tool",
    "Vmac",
    "WallClock",
    "destinations",
]

# How the ports give the machine what the outside says; called by the loop only.
Tell = Callable[[Event], None]


class Clock(Protocol):
    """The time of this host."""

    def now(self) -> Instant:
        """Monotonic; the origin means nothing."""
        ...


class WallClock(Protocol):
    """What this host believes the time of day to be; it can jump."""

    def now(self) -> WallTime:
        """Since 1970, UTC."""
        ...


class Timer(Protocol):
    """One alarm; its alarm function was given when it was made."""

    def set(self, due: Instant | None) -> None:
        """Ring at `due`, never earlier (at once if it has passed), or not at all; replaces what was set."""
        ...


class AdvertPort(Protocol):
    """Sockets of protocol 112."""

    def listen(self, routers: Sequence[tuple[Router, Link]]) -> None:
        """Have sockets for exactly these routers; a socket that cannot be had is told as `SocketFailed`."""
        ...

    def prepare(self, router: Router, link: Link, source: IpAddress) -> None:
        """Make ready to send for this router, replacing what was ready before."""
        ...

    def ready(self, router: str, datagrams: Sequence[bytes]) -> None:
        """Make this advert of the router ready, so that to send it takes no time."""
        ...

    def send(self, router: str, datagrams: Sequence[bytes]) -> None:
        """Queue one advert of this router: one datagram for each destination, in `destinations` order."""
        ...

    def flush(self) -> None:
        """Send what is queued, in order."""
        ...

    def drain(self, until: Instant | None = None) -> bool:
        """Give the machine what has arrived, at most `DRAIN_BATCH` datagrams of each socket.

        Returns:
            Whether a socket may hold more that arrived until then (None: whenever).
        """
        ...

    def forget(self, router: str) -> None:
        """Drop what was made ready for this router."""
        ...


class AddressPort(Protocol):
    """The addresses of the host."""

    def prepare(self, parts: Sequence[Part]) -> None:
        """Make the messages of these parts ready; replaces all that was ready for their router."""
        ...

    def hold(self, part: Part) -> None:
        """Add the addresses of this part; one that is already there is fine."""
        ...

    def release(self, addresses: Sequence[HostAddress]) -> None:
        """Remove these addresses; one that is not there is fine."""
        ...

    def read(self) -> None:
        """Read all addresses back; the answer comes as `AddressesRead`."""
        ...

    def forget(self, router: str) -> None:
        """Drop what was made ready for this router."""
        ...


class RoutingPort(Protocol):
    """The routes and rules of the host."""

    def hold(self, items: Sequence[Routing]) -> None:
        """Add these in their order; one that is already there is fine."""
        ...

    def release(self, items: Sequence[Routing]) -> None:
        """Remove these; one that is not there is fine."""
        ...

    def read(self) -> None:
        """Read back which of the configured ones are there; the answer comes as `RoutingRead`."""
        ...


class AnnouncePort(Protocol):
    """Gratuitous ARP and unsolicited neighbour advertisements."""

    def prepare(self, parts: Sequence[Part], router: Router) -> None:
        """Make the frames of these parts ready; replaces all that was ready for their router."""
        ...

    def announce(self, part: Part) -> None:
        """Send one frame for each address of this part."""
        ...

    def withdraw(self, addresses: Sequence[HostAddress]) -> None:
        """These are no longer held: nothing more is sent for them."""
        ...

    def forget(self, router: str) -> None:
        """Drop what was made ready for this router."""
        ...


class FirewallPort(Protocol):
    """What keeps packets from addresses that are held but accept nothing."""

    def shield(self, rules: RuleSet) -> None:
        """Have exactly these rules; the answer comes as `Shielded` or `ShieldRefused`.

        Only the last rules asked for need an answer.
        """
        ...

    def check(self) -> None:
        """Look whether the rules still stand; `ShieldLost` comes if not, and whenever somebody takes them."""
        ...


class Listener(Protocol):
    """Somebody who wants to know what happened: log, counters, scripts, history."""

    def wants(self, kind: type) -> bool:
        """Whether facts of this class are to be told; asked once for each class."""
        ...

    def tell(self, fact: object, now: Instant) -> None:
        """Something is true now; must return at once."""
        ...
