"""One VRRP instance, as programs and people are told of it."""

from msgspec import Struct


class Address(Struct, frozen=True, kw_only=True, gc=False):
    """An address of an instance."""

    address: str  # with its prefix length
    interface: str
    wanted: bool  # the host should have it now
    present: bool  # the kernel has it


class Tracks(Struct, frozen=True, kw_only=True, gc=False):
    """A tracker, as one instance listens to it."""

    kind: str  # interface, script, file, process, bfd
    name: str
    weight: int  # 0: when it is not good, the instance is in fault
    up: bool
    reason: str = ""  # why it is not good


class Peer(Struct, frozen=True, kw_only=True, gc=False):
    """Another router that was heard."""

    address: str
    priority: int  # in its last advert; 0: it said goodbye
    last: float  # time of day


class TwoMasters(Struct, frozen=True, kw_only=True, gc=False):
    """Two that speak as master of the same virtual router."""

    since: float  # time of day
    first: Peer
    second: Peer


class Instance(Struct, frozen=True, kw_only=True, gc=False):
    """A VRRP instance."""

    name: str
    state: str  # init, backup, master, fault
    since: float  # time of day
    reason: str  # slug: why it went there
    detail: str = ""  # the same for people
    interface: str  # of its adverts
    virtual_router_id: int
    family: str  # ipv4, ipv6
    version: int  # of VRRP
    group: str = ""  # sync group
    priority: int  # effective
    base_priority: int  # configured
    arithmetic: str  # how the effective priority comes about
    preempt: bool  # it takes over from weaker masters
    preempt_delay: float  # seconds
    owner: bool  # of the addresses
    accept: bool  # packets to its addresses
    interval: float  # of its own adverts
    master_interval: float | None = None  # of the master's, as a backup knows it
    master: str = ""  # address of the master, if it is another one and known
    master_priority: int = 0  # of that one
    next: float | None = None  # seconds until it acts by itself
    next_is: str = ""  # what it does then: advert, takeover
    quiet: float | None = None  # seconds without an advert that counts, of a backup
    patience: float | None = None  # seconds without one after which a backup takes over
    faults: tuple[str, ...] = ()  # in words
    waits_for: tuple[str, ...] = ()  # trackers without a first result
    trackers: tuple[Tracks, ...] = ()  # that it listens to
    addresses: tuple[Address, ...] = ()
    routes: tuple[str, ...] = ()  # and rules, that it has while master
    peers: tuple[Peer, ...] = ()  # that were heard
    two_masters: TwoMasters | None = None  # null: there is one, or none
    statistics: dict[str, int] = {}  # Keepalived's
    drops: dict[str, int] = {}  # adverts that did not count, by reason
    differs: dict[str, int] = {}  # adverts that count and are odd, by what differs
    garp_delay: float = 0  # seconds to the second batch of announcements


class Group(Struct, frozen=True, kw_only=True, gc=False):
    """A sync group."""

    name: str
    state: str  # of all its members
    members: tuple[str, ...]  # instances
