"""What a virtual server is told to be: replaced whole by a reload, never changed."""

from collections.abc import Iterator

from standfast.base.addresses import Family, IpAddress, family_of
from standfast.base.frozen import frozen
from standfast.base.services import Destination, Forwarding, Service
from standfast.core.check.parameters import Check
from standfast.core.lvs.marking import Marking
from standfast.core.track.verdict import TrackerKey


@frozen
class Followed:
    """A file or a BFD session that has a say about a real server (behaviours HC-18, HC-19)."""

    key: TrackerKey
    multiplier: int | None = None  # of a file's number, which is added to the weight; None: up or not is all
    alpha: bool = False  # failed as long as it has said nothing


@frozen
class RealServer:
    """A server that does the work."""

    name: str  # as Keepalived calls it: [10.0.0.2]:tcp:80
    destination: Destination  # with its configured weight
    inhibit: bool = False  # it keeps its place with weight 0 when it fails (LV-08)
    checks: tuple[Check, ...] = ()
    follows: tuple[Followed, ...] = ()


@frozen
class VirtualServer:
    """A service, or several of a group, and what it is balanced over."""

    name: str  # as Keepalived calls it: [10.0.0.100]:tcp:80; no other one has it
    services: tuple[Service, ...]  # one for each address, port and mark (LV-18)
    servers: tuple[RealServer, ...]
    quorum: int = 1
    hysteresis: int = 0
    sorry: Destination | None = None  # of weight 1 (LV-10)
    sorry_name: str = ""
    sorry_inhibit: bool = False  # it keeps its place with weight 0 while it is not needed
    omega: bool = False  # its end is told (LV-12)
    # Idle unless the host has one of these (LV-17); none: never idle.
    needs: frozenset[IpAddress] = frozenset()


@frozen
class Plan:
    """All virtual servers, and what they have in common."""

    servers: tuple[VirtualServer, ...] = ()
    tell_first: bool = False  # real servers that are up from the beginning are told, too (rs_init_notifies)
    left_out: tuple[str, ...] = ()  # words about what the configuration asks for and nobody can have
    marking: Marking = Marking()

    @property
    def translated(self) -> frozenset[Family]:
        """The families of services that are balanced by NAT: the host must pass their packets on."""
        destinations = (each for one in self.servers for each in _destinations(one))
        return frozenset(
            family_of(each.address) for each in destinations if each.forwarding is Forwarding.NAT
        )


def _destinations(virtual: VirtualServer) -> Iterator[Destination]:
    yield from (server.destination for server in virtual.servers)
    if virtual.sorry is not None:
        yield virtual.sorry
