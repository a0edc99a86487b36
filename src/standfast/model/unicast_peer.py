"""An entry of `unicast_peer`: a router that adverts are sent to and heard from."""

from typing import Final

from standfast.base.addresses import IpAddress
from standfast.model.declare import argument, block, kw
from standfast.model.kinds.addresses import Address
from standfast.model.kinds.entry import Entry
from standfast.model.kinds.numbers import Whole

TTL_MAX: Final = 255


@block("unicast_peer")
class UnicastPeer:
    """A peer, and the hop limits that its adverts must arrive with (behaviour WI-10)."""

    address: IpAddress = argument(Address(), doc="Address of the peer.")
    min_ttl: int = kw(
        Whole(0, TTL_MAX),
        default=0,
        doc="Least hop limit that its adverts must arrive with.",
    )
    max_ttl: int = kw(
        Whole(0, TTL_MAX),
        default=TTL_MAX,
        doc="Greatest hop limit that its adverts must arrive with.",
    )

    @property
    def checks_ttl(self) -> bool:
        """Whether a hop limit was configured; that also turns check_unicast_src on (behaviour WI-11)."""
        return self.min_ttl > 0 or self.max_ttl < TTL_MAX


PEERS: Final = Entry(UnicastPeer)
