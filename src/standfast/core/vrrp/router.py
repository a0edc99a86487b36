"""What one virtual router is told to be: the parameters of its state machine (RFC 9568, section 6.1).

A `Router` is derived from the configuration and is replaced whole; at work, its priority is the effective one.
What the *host* is like (is the link up, which source address has it) is a `Link`, a fact from outside.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, NamedTuple

from standfast.base.addresses import Family, HostAddress, IpAddress
from standfast.base.advert_size import advert_size
from standfast.base.frozen import frozen
from standfast.base.limits import SLICE
from standfast.base.own_links import OwnKind, OwnLink
from standfast.base.priorities import OWNER
from standfast.base.routes import Routing, RoutingKey
from standfast.base.times import SECOND, ZERO, Duration
from standfast.core.track.verdict import Tracker
from standfast.core.vrrp.authentic import Signature
from standfast.wire.ah import AH_SIZE
from standfast.wire.vrrp_hmac import TRAILER_SIZE


class RouterIdentity(NamedTuple):
    """What makes a router of a new configuration the same one as before (behaviour RL-02)."""

    interface: str
    vrid: int
    family: Family
    end: IpAddress | None  # multicast group; of a unicast router its source, None: the interface's own


class Part(NamedTuple):
    """A slice of a router's addresses, small enough to be held and announced between two adverts."""

    router: str
    number: int  # its place in `Router.parts`; AD_HOC for one that was not prepared
    addresses: tuple[HostAddress, ...]


AD_HOC: Final = -1


def sliced(addresses: tuple[HostAddress, ...]) -> tuple[tuple[HostAddress, ...], ...]:
    """The addresses in pieces of at most `SLICE`."""
    return tuple(addresses[at : at + SLICE] for at in range(0, len(addresses), SLICE))


@frozen
class Rounds:
    """How often a batch of announcements goes over the addresses, and when the second batch follows."""

    repeat: int = 5  # announcements of each address in one batch
    delay: Duration = Duration(5 * SECOND)  # to the second batch; 0: there is none (behaviour GA-04)


@frozen
class Announcements:
    """The gratuitous ARP and neighbour advertisement settings of one router (behaviours GA-03 to GA-07)."""

    takeover: Rounds = Rounds()
    weaker: Rounds = Rounds()  # after a weaker master was heard
    refresh: Duration = ZERO  # 0: none
    refresh_repeat: int = 1
    elsewhere: Duration = ZERO  # again and again, of addresses on other interfaces; 0: never (GA-11)
    elsewhere_all: bool = False  # on all of them, not only on those that are made for the router


class HopLimits(NamedTuple):
    """The TTL or hop limit that a peer's adverts must arrive with (behaviour WI-10)."""

    peer: IpAddress
    least: int
    most: int


@dataclass(frozen=True)
class Router:
    """The parameters of one virtual router."""

    name: str
    vrid: int  # 1 to 255
    family: Family
    interface: str
    version: int = 2  # 2 or 3
    priority: int = 100  # 1 to 255; of a router at work the effective one
    interval: Duration = SECOND  # of our own adverts
    addresses: tuple[HostAddress, ...] = ()  # held while master, and listed in the adverts
    excluded: tuple[HostAddress, ...] = ()  # held while master, not listed
    # Keys of those nobody puts back (no_track).
    untracked: frozenset[tuple[str, IpAddress, int]] = frozenset()
    routing: tuple[Routing, ...] = ()  # routes and rules that the host has while master
    untracked_routing: frozenset[RoutingKey] = frozenset()  # keys of those nobody puts back (no_track)
    starts_as_master: bool = False  # `state MASTER`; only an owner acts on it (behaviour SM-02)
    preempt: bool = True
    preempt_delay: Duration = ZERO
    down_timer_adverts: int = 3  # adverts missed before a backup takes over
    source: IpAddress | None = None  # configured; otherwise the interface's own
    group: IpAddress | None = None  # multicast destination; None for a unicast router
    peers: tuple[IpAddress, ...] = ()  # unicast destinations
    peers_only: bool = False  # unicast: heed no other sender (check_unicast_src)
    password: bytes | None = field(default=None, repr=False)  # version 2, PASS: 8 bytes
    ah_key: bytes | None = field(default=None, repr=False)  # version 2, AH
    signature: Signature | None = None  # auth_hmac
    checksum_as_v2: bool = False  # version 3, IPv4: no pseudo-header in the checksum
    answers_weaker: bool = True  # an advert at once when a weaker master is heard
    says_goodbye_to_stronger: bool = False  # one last advert before yielding (behaviour SM-17)
    hop_limit: int = 255  # of its own adverts; another one only in unicast (unicast_ttl)
    hop_limits: tuple[HopLimits, ...] = ()  # of those peers that have some
    hears_strangers: bool = False  # tell of adverts for VRIDs that nobody here has (log_unknown_vrids)
    receive_buffer: int = 0  # bytes that it adds to its sockets' (vrrp_rx_bufs_policy); 0: what is usual
    ignores_adverts: bool = False  # an owner hears nobody (owner_ignore_adverts; RFC 9568, section 6.4.3)
    skip_same_sender_check: bool = False  # skip_check_adv_addr
    announcements: Announcements = Announcements()
    # What is addressed to the held addresses (Accept_Mode, or their owner; behaviour VM-09).
    accept: bool = True
    tracks_source: bool = False  # its configured source address going away is a fault (behaviour TR-18)
    tracks_own: bool = True  # its own interface going down is a fault (not with dont_track_primary)
    trackers: tuple[Tracker, ...] = ()  # its own, and those of its sync group
    sync_group: str = ""  # empty: none
    own: OwnLink | None = None  # the interface made for it, which holds its addresses (behaviour VM-01)
    own_links: tuple[OwnLink, ...] = ()  # all that are made for it: that one, and those of single addresses
    unable: str = ""  # why it cannot take part whatever the host is like; empty: it can

    @property
    def identity(self) -> RouterIdentity:
        """What a reload matches routers by."""
        end = self.source if self.group is None else self.group
        return RouterIdentity(self.interface, self.vrid, self.family, end)

    @property
    def owner(self) -> bool:
        """Whether this host owns the addresses."""
        return self.priority == OWNER

    def worth(self, priority: int) -> "Router":
        """The same router with another effective priority; what was derived from it before stays derived."""
        if priority == self.priority:
            return self
        other = replace(self, priority=priority)
        other.__dict__.update({name: self.__dict__[name] for name in _DERIVED if name in self.__dict__})
        return other

    @property
    def base(self) -> str:
        """The interface that was there before us: the one below, if it has one of its own."""
        return self.interface if self.own is None else self.own.parent

    @property
    def source_interface(self) -> str:
        """The interface whose address its adverts come from: a macvlan has none that others know (VM-05)."""
        return self.base if self.own is not None and self.own.shares_source else self.interface

    @property
    def borrows_source(self) -> bool:
        """Whether its adverts leave by an interface that does not have the address they come from."""
        return self.source_interface != self.interface

    @cached_property
    def proves(self) -> bool:
        """Whether each advert proves that it was sent just now: then no two are alike."""
        return self.ah_key is not None or self.signature is not None

    @property
    def proof_size(self) -> int:
        """Bytes of an advert that its authentication takes, and addresses cannot have."""
        if self.signature is not None:
            return TRAILER_SIZE
        return 0 if self.ah_key is None else AH_SIZE

    @property
    def advert_size(self) -> int:
        """Bytes of its adverts, with the IP header."""
        return advert_size(self.family, len(self.addresses), proof=self.proof_size)

    @cached_property
    def signs(self) -> bool:
        """Whether our own adverts do."""
        return self.ah_key is not None or (self.signature is not None and self.signature.signs)

    @cached_property
    def held(self) -> tuple[HostAddress, ...]:
        """All addresses that the master holds, in the order of the configuration."""
        return self.addresses + self.excluded

    @cached_property
    def interfaces(self) -> tuple[str, ...]:
        """The interfaces that it needs: its own first, the one below that, then those of its addresses."""
        own = (self.own.name,) if self.own is not None else ()
        every = (self.interface, self.base, *own, *self._held_on)
        return tuple(dict.fromkeys(every))

    @cached_property
    def tracked_routing(self) -> tuple[Routing, ...]:
        """The routes and rules that are put back, and whose interfaces are needed like those of addresses."""
        return tuple(item for item in self.routing if item.key not in self.untracked_routing)

    @property
    def _held_on(self) -> tuple[str, ...]:
        routing = (name for item in self.tracked_routing for name in item.interfaces)
        return (*(address.interface for address in self.held), *routing)

    @cached_property
    def must_be_up(self) -> frozenset[str]:
        """The interfaces whose going down is a fault (behaviour TR-14)."""
        tracked = {address.interface for address in self.held if address.key not in self.untracked}
        tracked |= {name for item in self.tracked_routing for name in item.interfaces}
        own = {self.interface, self.base, *((self.own.name,) if self.own is not None else ())}
        return frozenset(tracked - own | (own if self.tracks_own else set()))

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        """The held addresses in slices."""
        return tuple(Part(self.name, i, piece) for i, piece in enumerate(sliced(self.held)))

    @cached_property
    def elsewhere(self) -> tuple[Part, ...]:
        """Addresses on other interfaces that `garp_extra_if` is about, in slices."""
        if not self.announcements.elsewhere:
            return ()
        ours = {own.name for own in self.own_links}
        every = self.announcements.elsewhere_all
        found = tuple(
            address
            for address in self.held
            if address.interface != self.interface and (every or address.interface in ours)
        )
        return tuple(Part(self.name, AD_HOC, piece) for piece in sliced(found))


_DERIVED: Final = (
    "held",
    "interfaces",
    "must_be_up",
    "parts",
    "elsewhere",
)  # by nothing that depends on the priority


@frozen
class Link:
    """An interface of the host as the kernel reports it."""

    name: str
    index: int
    up: bool  # administratively up and with a carrier (behaviour TR-15)
    mac: bytes = b"\0" * 6
    mtu: int = 1500
    arp: bool = True  # False: IFF_NOARP, its addresses are not announced (behaviour GA-10)
    ipv4: IpAddress | None = None  # its primary address: the first that no router holds
    ipv6: IpAddress | None = None  # its link-local address
    addresses: frozenset[IpAddress] = frozenset()  # that can be sent from, and that no router put there
    kind: str = ""  # of a virtual one: macvlan, ipvlan, vrf …
    parent: int = 0  # index of the interface that it stands on, if that is in this network namespace; 0: none

    def source(self, family: Family) -> IpAddress | None:
        """The address that adverts of this family are sent from."""
        return self.ipv4 if family is Family.IPV4 else self.ipv6


ANYWHERE: Final = Link("", index=0, up=True)  # the interface of unicast routers that name none


def source_of(router: Router, links: Mapping[str, Link]) -> IpAddress | None:
    """The address that the router's adverts come from; None as long as there is none."""
    if router.source is not None:
        return router.source
    link = links.get(router.source_interface)
    return None if link is None else link.source(router.family)


def faults_of(router: Router, links: Mapping[str, Link]) -> tuple[str, ...]:
    """Why the router cannot take part now, each a slug and what it is about; empty if it can.

    Always from the present facts. Its own interface and those of its addresses count (behaviours TR-14, TR-15).
    """
    faults = [f"unable: {router.unable}"] if router.unable else []
    if router.source_interface in links and source_of(router, links) is None:
        faults.append("no-source-address")
    if (link := links.get(router.interface)) is not None and router.advert_size > link.mtu:
        faults.append(f"advert-too-large:the MTU of {link.name} ({link.mtu})")
    if router.tracks_source and not any(router.source in each.addresses for each in links.values()):
        faults.append(f"source-missing:{router.source}")
    for name in router.interfaces:
        tracked = name in router.must_be_up
        if not name:
            continue  # unicast goes by any interface (behaviour WI-20)
        if name not in links:
            faults += [f"interface-missing:{name}"] * (tracked or name == router.interface)
        elif tracked and not links[name].up:
            faults.append(f"interface-down:{name}")
    if router.own is not None and _is_foreign(router.own, links):
        faults.append(f"interface-foreign:{router.own.name}")
    return tuple(sorted(faults))


def _is_foreign(own: OwnLink, links: Mapping[str, Link]) -> bool:
    """Whether another interface bears the name of one that we make."""
    link, parent = links.get(own.name), links.get(own.parent)
    if link is None:
        return False
    wrong_mac = own.kind is OwnKind.MACVLAN and link.mac != own.mac
    wrong_parent = parent is not None and link.parent != parent.index
    return link.kind != own.kind.driver or wrong_mac or wrong_parent
