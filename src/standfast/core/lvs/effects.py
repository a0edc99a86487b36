"""What the balancer asks for and tells; of the kernel's table it asks for one command a difference."""

from msgspec import Struct

from standfast.base.services import Destination, DestinationKey, Service, ServiceKey
from standfast.core.check.effects import CheckEffect


class AddService(Struct, frozen=True):
    """Have this service."""

    service: Service


class EditService(Struct, frozen=True):
    """Have this service otherwise; its destinations and connections stay."""

    service: Service


class RemoveService(Struct, frozen=True):
    """Have this service no longer, nor its destinations."""

    key: ServiceKey


class AddDestination(Struct, frozen=True):
    """Have this destination of a service."""

    service: ServiceKey
    destination: Destination


class EditDestination(Struct, frozen=True):
    """Have this destination otherwise; its connections stay."""

    service: ServiceKey
    destination: Destination


class RemoveDestination(Struct, frozen=True):
    """Have this destination no longer."""

    service: ServiceKey
    key: DestinationKey


def service_of(command: "TableCommand") -> ServiceKey:
    """The service that a command is about."""
    match command:
        case AddService(service) | EditService(service):
            return service.key
        case RemoveService(key):
            return key
        case AddDestination(key) | EditDestination(key) | RemoveDestination(key):
            return key


TableCommand = AddService | EditService | RemoveService | AddDestination | EditDestination | RemoveDestination


# ---- commands of the machine


class ChangeTable(Struct, frozen=True):
    """Have the table changed so, in this order; what is refused is told as `TableAnswered`."""

    commands: tuple[TableCommand, ...]


class ReadTable(Struct, frozen=True):
    """Read the whole table back; it is told as `TableRead`, or as `TableUnread`."""


class FlushTable(Struct, frozen=True):
    """Have no services at all, not even those of others (behaviour LV-14)."""


# ---- facts


class ChecksActive(Struct, frozen=True):
    """The checks of a real server begin, or rest while its service's address is elsewhere (LV-17)."""

    virtual: str
    server: str
    active: bool
    resting: bool = False  # they rest from the beginning


class ManyChecksActive(Struct, frozen=True):
    """So many begin that each is not worth a line."""

    virtuals: int
    servers: int


class RealServerChanged(Struct, frozen=True):
    """A real server is up, or is not any more."""

    virtual: str
    server: str
    up: bool
    weight: int
    reason: str = ""  # why it is not up
    inhibit: bool = False  # it keeps its place in the table
    first: bool = False  # it was so from the beginning
    stopping: bool = False  # because we end (omega)


class RealServerWeighed(Struct, frozen=True):
    """A real server that is up has another weight."""

    virtual: str
    server: str
    weight: int
    before: int


class QuorumChanged(Struct, frozen=True):
    """A virtual server has enough real servers, or not any more; told at its beginning, too (LV-11)."""

    virtual: str
    up: bool
    live: int  # weight
    quorum: int
    hysteresis: int
    first: bool = False
    stopping: bool = False  # because we end (omega)


class SorryServerChanged(Struct, frozen=True):
    """The sorry server takes over, or is no longer needed."""

    virtual: str
    server: str
    used: bool


class VirtualServerGone(Struct, frozen=True):
    """A virtual server is no longer served: a reload has removed it, or we end."""

    virtual: str
    servers: int


class Balances(Struct, frozen=True):
    """What balances: told once, at the start."""

    engine: str  # ipvs, nftables
    why: str


class TableDiffers(Struct, frozen=True):
    """The kernel's table is not as we left it: somebody else has changed it; it is put right."""

    service: str
    differences: tuple[str, ...]  # one each, in words


class TableRefused(Struct, frozen=True):
    """The kernel did not change the table as it was asked to; it is tried again."""

    service: str
    slug: str
    words: str


class TableUnreadable(Struct, frozen=True):
    """The table could not be read back; it is tried again."""

    words: str


BalancerCommand = ChangeTable | ReadTable | FlushTable
BalancerFact = (
    ChecksActive
    | ManyChecksActive
    | RealServerChanged
    | RealServerWeighed
    | QuorumChanged
    | SorryServerChanged
    | VirtualServerGone
    | Balances
    | TableDiffers
    | TableRefused
    | TableUnreadable
)
BalancerEffect = CheckEffect | BalancerCommand | BalancerFact
BalancerEffects = tuple[BalancerEffect, ...]
