"""What the outside tells the routers.

The node gets what the host saw (`Received`, `LinkChanged` …); it hands each router what that means for it
(`Heard`, `Faulted` …).
"""

from collections.abc import Mapping
from dataclasses import dataclass

from standfast.base.addresses import Family, IpAddress
from standfast.base.times import Instant
from standfast.core.vrrp.router import Link
from standfast.wire.vrrp import Advert

AddressKey = tuple[str, IpAddress, int]  # HostAddress.key


# ---- to the node


@dataclass(frozen=True, slots=True)
class Received:
    """A datagram of protocol 112, with the moment when the kernel had it."""

    interface: str
    family: Family
    sender: IpAddress
    destination: IpAddress
    ttl: int  # or hop limit
    payload: bytes  # behind the IP header
    at: Instant


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """An interface appeared or looks different."""

    link: Link


@dataclass(frozen=True, slots=True)
class LinkGone:
    """An interface no longer exists."""

    name: str


@dataclass(frozen=True, slots=True)
class AddressGone:
    """The kernel reports that an address was removed; by whom it does not say."""

    key: AddressKey


@dataclass(frozen=True, slots=True)
class AddressesRead:
    """All addresses of the host, as read back: each with the protocol that marks who put it there."""

    present: Mapping[AddressKey, int]


@dataclass(frozen=True, slots=True)
class AddressRefused:
    """The kernel did not take an address that we asked for."""

    key: AddressKey
    words: str


@dataclass(frozen=True, slots=True)
class SocketFailed:
    """A socket that a router needs cannot be had; it is asked for again when the link changes."""

    interface: str
    family: Family
    words: str


@dataclass(frozen=True, slots=True)
class SocketOpened:
    """A socket that had failed is there now."""

    interface: str
    family: Family


@dataclass(frozen=True, slots=True)
class Stop:
    """The process ends."""


# ---- to the node and to a router


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline has come; everything that had arrived before was given first."""


# ---- to a router


@dataclass(frozen=True, slots=True)
class Started:
    """Take part from now on."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An advert that passed all checks."""

    advert: Advert
    sender: IpAddress
    ours: IpAddress  # the address that our own adverts come from
    at: Instant


@dataclass(frozen=True, slots=True)
class Faulted:
    """These reasons keep the router from taking part."""

    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Recovered:
    """Nothing keeps the router from taking part any more."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Take part no longer; say goodbye if you are master."""


News = (
    LinkChanged | LinkGone | AddressGone | AddressesRead | AddressRefused | SocketFailed | SocketOpened | Stop
)
Event = Received | Due | News
RouterEvent = Started | Heard | Due | Faulted | Recovered | Stopped
