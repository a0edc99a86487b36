"""The parameters of a session: replaced whole by a reload, never changed."""

from typing import NamedTuple

from standfast.base.addresses import Family, IpAddress, family_of
from standfast.base.frozen import frozen
from standfast.base.times import MILLISECOND, SECOND, Duration

PROOF_OF_ONE_HOP = 255  # the TTL with which a packet leaves; no router raises it (RFC 5881, section 5)


class Identity(NamedTuple):
    """What makes two sessions the same one: the way that they watch."""

    neighbor: IpAddress
    source: IpAddress | None
    multihop: bool


class Pace(NamedTuple):
    """The two intervals that a side speaks of (RFC 5880, section 6.8.1)."""

    tx: Duration  # DesiredMinTxInterval
    rx: Duration  # RequiredMinRxInterval


@frozen
class Session:
    """One session with a neighbour."""

    name: str
    neighbor: IpAddress
    source: IpAddress | None = None
    min_tx: Duration = Duration(10 * MILLISECOND)
    min_rx: Duration = Duration(10 * MILLISECOND)
    idle_tx: Duration = SECOND  # while it is not up; at least a second (RFC 5880, section 6.8.3)
    multiplier: int = 5
    passive: bool = False
    ttl: int = PROOF_OF_ONE_HOP  # or hop limit: ours, and expected of the neighbour
    max_hops: int | None = 0  # by which a heard TTL may be less; None: any
    multihop: bool = False
    tells_vrrp: bool = True
    tells_checker: bool = True

    @property
    def family(self) -> Family:
        """Of both ends."""
        return family_of(self.neighbor)

    @property
    def identity(self) -> Identity:
        """What makes it the same session after a reload."""
        return Identity(self.neighbor, self.source, self.multihop)

    @property
    def least_ttl(self) -> int:
        """The least TTL of a packet that counts (RFC 5881, section 5; behaviour BF-06)."""
        return 0 if self.max_hops is None else max(self.ttl - self.max_hops, 0)
