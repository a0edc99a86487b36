"""The state of a session: the variables of RFC 5880, section 6.8.1.

Unlike the states of a router these are one class: the variables outlive each change of SessionState, and the RFC
sets them up once only.
"""

from enum import Enum

from standfast.base.frozen import frozen
from standfast.base.times import Duration, Instant
from standfast.core.bfd.session import Pace
from standfast.wire.bfd import ControlPacket, Diagnostic, SessionState


class Poll(Enum):
    """How far a Poll Sequence is (section 6.5)."""

    NONE = "nothing is asked"
    ASKED = "our packets carry P until one with F comes"
    ASKED_BEFORE = "the same, but since then other values are said: the answer may be meant for the former"
    RESTING = "it is over, and the next one begins after a packet without F (section 6.8.3)"

    @property
    def asks(self) -> bool:
        """Whether our periodic packets carry P."""
        return self in {Poll.ASKED, Poll.ASKED_BEFORE}


@frozen
class Remote:
    """What the last packet that counted said; while there is none, RemoteDiscr is 0."""

    discriminator: int
    state: SessionState
    diagnostic: int
    min_tx: Duration  # that it desires
    min_rx: Duration  # that it requires; 0: it wants no periodic packets
    multiplier: int
    demand: bool
    heard_at: Instant  # when the kernel had it


@frozen
class Spoken:
    """What we sent last."""

    at: Instant  # the last packet that stands for a periodic one
    said: ControlPacket  # without P and F


@frozen
class State:
    """A session at one moment."""

    phase: SessionState
    since: Instant  # when it came into that
    discriminator: int  # LocalDiscr
    dice: int  # what the next jitter follows from
    in_force: Pace  # what the timers go by; another one may have been said already (section 6.8.3)
    diagnostic: int = Diagnostic.NONE  # LocalDiag
    remote: Remote | None = None
    poll: Poll = Poll.NONE
    spoken: Spoken | None = None
