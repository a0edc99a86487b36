"""What virtual servers leave to the process that takes their place: states of checks, and who had a quorum.

The kernel's table is not among it: it stays, and is read by whoever goes on.
"""

from standfast.base.frozen import frozen
from standfast.core.check.legacy import CheckLegacy
from standfast.core.track.verdict import TrackerKind, Verdict


@frozen
class VirtualLegacy:
    """One virtual server."""

    name: str
    quorum: bool
    idle: bool


@frozen
class SaidLegacy:
    """What a tracker said last."""

    kind: TrackerKind
    name: str
    verdict: Verdict


@frozen
class BalancerLegacy:
    """All virtual servers of a process."""

    virtuals: tuple[VirtualLegacy, ...] = ()
    checks: tuple[CheckLegacy, ...] = ()
    said: tuple[SaidLegacy, ...] = ()
