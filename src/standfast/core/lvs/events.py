"""What the outside tells the balancer."""

from collections.abc import Mapping

from msgspec import Struct

from standfast.base.addresses import IpAddress
from standfast.core.check.events import Attempted, Due
from standfast.core.lvs.effects import TableCommand
from standfast.core.lvs.orders import Order
from standfast.core.lvs.table import Table
from standfast.core.track.verdict import TrackerKey, Verdict


class Judged(Struct, frozen=True):
    """What files and BFD sessions say."""

    verdicts: Mapping[TrackerKey, Verdict]


class Ordered(Struct, frozen=True):
    """Which orders of operators stand from now on."""

    orders: tuple[Order, ...]


class AddressesPresent(Struct, frozen=True):
    """Which of the addresses that virtual servers wait for this host has."""

    addresses: frozenset[IpAddress]


class EngineChosen(Struct, frozen=True):
    """What balances from now on."""

    engine: str  # ipvs, nftables
    why: str  # in words


class Refusal(Struct, frozen=True):
    """A command that was not carried out."""

    command: TableCommand
    slug: str
    words: str


class TableAnswered(Struct, frozen=True):
    """What became of commands; nothing is told where all were carried out as they were meant."""

    refusals: tuple[Refusal, ...] = ()
    surprises: tuple[TableCommand, ...] = ()  # met another table than was believed, and are true now
    lost: bool = False  # nobody knows


class TableRead(Struct, frozen=True):
    """The whole table of the kernel."""

    table: Table


class TableUnread(Struct, frozen=True):
    """The table could not be read."""

    words: str


class Stop(Struct, frozen=True):
    """The process ends."""

    keep: bool = False  # the table stays as it is (`-I`)
    flush: bool = False  # nobody's services stay (lvs_flush_on_stop)


BalancerEvent = (
    Attempted
    | Judged
    | Ordered
    | AddressesPresent
    | EngineChosen
    | TableAnswered
    | TableRead
    | TableUnread
    | Due
    | Stop
)
