"""`bfd_instance`: a session of bidirectional forwarding detection with a neighbour (RFC 5880)."""

from typing import Final

from standfast.base.addresses import IpAddress
from standfast.base.times import MILLISECOND, SECOND, Duration
from standfast.model.declare import Relation, Reload, argument, block, kw
from standfast.model.kinds.addresses import Address
from standfast.model.kinds.names import Boolean, Flag, Word
from standfast.model.kinds.numbers import Milliseconds, Whole
from standfast.model.kinds.weights import WEIGHT_WORDS, Weight, WeightKind

_LONGEST: Final = "4294967"
_ANOTHER_WAY: Final = "it is another session then"


@block("bfd_instance", reload=Reload.LIVE)
class BfdInstance:
    """A session that says within milliseconds whether a neighbour can be reached."""

    name: str = argument(Word("NAME"), doc="Name that trackers and checkers use; at most 31 characters.")
    neighbor_ip: IpAddress = kw(
        Address(), aliases=("neighbour_ip",), doc="Address of the neighbour.", reload=Reload.RESTART,
        because=_ANOTHER_WAY,
    )  # fmt: skip
    source_ip: IpAddress | None = kw(
        Address(), default=None, doc="Our address.", default_words="any", reload=Reload.RESTART,
        because=_ANOTHER_WAY,
    )  # fmt: skip
    min_rx: Duration = kw(
        Milliseconds("1", _LONGEST),
        default=Duration(10 * MILLISECOND),
        doc="Least time between packets we accept.",
    )
    min_tx: Duration = kw(
        Milliseconds("1", _LONGEST),
        default=Duration(10 * MILLISECOND),
        doc="Least time between packets we send.",
    )
    idle_tx: Duration = kw(
        Milliseconds("1000", _LONGEST),
        default=SECOND,
        doc="Time between packets while the session is not up.",
    )
    multiplier: int = kw(Whole(1, 255), default=5, doc="Packets missed before the session is down.")
    passive: bool = kw(Flag(), default=False, doc="Wait for the neighbour to begin.")
    ttl: int | None = kw(
        Whole(1, 255), default=None, aliases=("hoplimit",), doc="TTL or hop limit of our packets.",
        default_words="255", relation=Relation.DIFFERS,
        why="Keepalived sends IPv6 with hop limit 64, which RFC 5881 (section 5) makes every other neighbour drop",
    )  # fmt: skip
    max_hops: int = kw(
        Whole(-1, 255), default=0, doc="Most hops that a packet may have taken; -1 or 255: any."
    )
    multihop: bool = kw(
        Boolean(), default=False, doc="Use port 4784 (RFC 5883).", reload=Reload.RESTART, because=_ANOTHER_WAY
    )
    weight: Weight = kw(WeightKind(253), default=Weight(), doc=WEIGHT_WORDS)
    vrrp: bool = kw(
        Flag(), default=False, doc="Tell instances only.", default_words="instances and checkers are told"
    )
    checker: bool = kw(Flag(), default=False, doc="Tell checkers only.", default_words="both are told")

    @property
    def tells_instances(self) -> bool:
        """Whether instances may track it; with neither word both may (behaviour BF-04)."""
        return self.vrrp or not self.checker

    @property
    def tells_checkers(self) -> bool:
        """Whether checkers may use it."""
        return self.checker or not self.vrrp
