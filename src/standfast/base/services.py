"""Services that a kernel balances over destinations, as it is told to have them.

The numbers are those of the kernel's own headers (linux/ip_vs.h, linux/in.h).
"""

from enum import IntEnum, IntFlag
from typing import Final

from standfast.base.addresses import Family, IpAddress, family_of
from standfast.base.frozen import frozen


class Transport(IntEnum):
    """The protocol of a service."""

    TCP = 6
    UDP = 17
    SCTP = 132


class Forwarding(IntEnum):
    """How packets get to a destination."""

    NAT = 0
    LOCAL = 1  # told by the kernel, of a destination that is this host; nobody asks for it
    TUNNEL = 2
    DIRECT = 3
    BYPASS = 4


class TunnelKind(IntEnum):
    """What a tunnelled packet is wrapped in."""

    IPIP = 0
    GUE = 1
    GRE = 2


class TunnelChecksum(IntEnum):
    """The checksum of the wrapping, of gue and gre."""

    NONE = 0
    FULL = 1
    REMOTE = 2  # left to the receiver; gue only


class SchedulerFlag(IntFlag):
    """What a scheduler is told besides; sh and mh have names for them."""

    NONE = 0
    FLAG_1 = 0x08  # sh-fallback, mh-fallback
    FLAG_2 = 0x10  # sh-port, mh-port
    FLAG_3 = 0x20


@frozen
class Endpoint:
    """What is served: an address, a port (0: every port) and a protocol."""

    transport: Transport
    address: IpAddress
    port: int

    @property
    def family(self) -> Family:
        """Of the address."""
        return family_of(self.address)

    def __str__(self) -> str:
        host = f"[{self.address}]" if self.address.version == 6 else str(self.address)
        return f"{self.transport.name.lower()} {host}:{self.port}"


@frozen
class Mark:
    """What is served: packets of a family that a firewall has marked so."""

    number: int  # 1 to 2^32 - 1
    family: Family = Family.IPV4

    def __str__(self) -> str:
        return f"fwmark {self.number}" + (" inet6" if self.family is Family.IPV6 else "")


ServiceKey = Endpoint | Mark  # what the kernel tells services apart by

IRREGULAR: Final = -1  # a netmask with holes, which no prefix length describes


@frozen
class Persistence:
    """A client stays with its server."""

    seconds: int
    prefix: int | None = None  # clients of one such network count as one; None: each address by itself
    engine: str = ""  # that finds out which packets belong together: "sip"


@frozen
class Service:
    """A service, without its destinations."""

    key: ServiceKey
    scheduler: str = "wlc"
    flags: SchedulerFlag = SchedulerFlag.NONE
    persistence: Persistence | None = None
    one_packet: bool = False  # each packet is scheduled anew

    def __str__(self) -> str:
        return str(self.key)


@frozen
class Tunnel:
    """The wrapping of tunnelled packets."""

    kind: TunnelKind = TunnelKind.IPIP
    port: int = 0  # of gue
    checksum: TunnelChecksum = TunnelChecksum.NONE


IPIP: Final = Tunnel()

DestinationKey = tuple[IpAddress, int]  # address and port: what tells a service's destinations apart


@frozen
class Destination:
    """A server that does the work of a service."""

    address: IpAddress
    port: int
    forwarding: Forwarding = Forwarding.NAT
    weight: int = 1
    upper: int = 0  # connections that are too many; 0: never
    lower: int = 0  # connections that are few again; 0: three quarters of `upper`
    tunnel: Tunnel = IPIP  # counts only where packets are tunnelled

    @property
    def key(self) -> DestinationKey:
        """What tells it apart from the others of its service."""
        return self.address, self.port

    def __str__(self) -> str:
        return endpoint_words(self.key)


def endpoint_words(key: DestinationKey) -> str:
    """A destination for people: `10.0.0.1:80`, `[2001:db8::1]:80`."""
    address, port = key
    return f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"
