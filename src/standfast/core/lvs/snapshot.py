"""A frozen view of the virtual servers: the only thing that dumps, status and metrics read."""

from standfast.base.frozen import frozen
from standfast.base.times import Instant
from standfast.core.check.snapshot import CheckSnapshot
from standfast.core.lvs.parameters import VirtualServer
from standfast.core.lvs.pool import Pool
from standfast.core.lvs.table import Balanced


@frozen
class VirtualSnapshot:
    """One virtual server at one moment."""

    virtual: VirtualServer
    pool: Pool
    idle: bool  # its address is not on this host
    checks: tuple[tuple[CheckSnapshot, ...], ...]  # of each real server, in its order
    table: tuple[Balanced, ...]  # what the kernel should have
    refused: tuple[str, ...]  # services that the kernel does not have so


@frozen
class BalancerSnapshot:
    """All virtual servers at one moment, in the order of the configuration."""

    taken_at: Instant
    virtuals: tuple[VirtualSnapshot, ...]
    engine: str = ""  # what balances; empty: nobody has said
