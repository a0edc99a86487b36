"""What the sessions ask for (commands) and what they tell (facts), carried out in the order given."""

from msgspec import Struct

from standfast.base.addresses import Family, IpAddress
from standfast.base.frozen import frozen
from standfast.base.times import Duration
from standfast.core.bfd.session import Session
from standfast.wire.bfd import ControlPacket

# ---- commands


@frozen
class Medium:
    """What is to be heard on one port of one family; all else that comes there is only counted."""

    family: Family
    multihop: bool
    least_ttl: int
    discriminators: frozenset[int]
    neighbors: frozenset[IpAddress]


class Listen(Struct, frozen=True):
    """Hear on these, and on no others."""

    media: tuple[Medium, ...]


class Open(Struct, frozen=True):
    """Make ready to send for a session; a refusal comes back as `PortTaken` or `OpenRefused`."""

    line: int  # what the ports call it by: its discriminator, which no other has
    session: Session
    port: int  # the source port


class Close(Struct, frozen=True):
    """The session sends no more."""

    line: int


class SendControl(Struct, frozen=True):
    """Send a packet to the neighbour, on the line of its own discriminator."""

    session: str
    packet: ControlPacket


class Tell(Struct, frozen=True):
    """Trackers and checkers that follow the session are to know."""

    session: str
    up: bool
    reason: str  # for people: why it is not up; empty while it is
    vrrp: bool
    checker: bool


# ---- facts


class SessionChanged(Struct, frozen=True):
    """A session has come into another state."""

    session: str
    old: str  # the names of section 4.1: AdminDown, Down, Init, Up
    new: str
    reason: str  # slug
    local: int  # our diagnostic
    remote: int  # the neighbour's
    detection: Duration = Duration(0)  # for how long it was not heard, if that is the reason


class PaceChanged(Struct, frozen=True):
    """Both sides go by these intervals from now on."""

    session: str
    interval: Duration  # of our packets, before they are spread
    detection: Duration


class SessionStarted(Struct, frozen=True):
    """A session begins."""

    session: str
    neighbor: IpAddress
    discriminator: int
    port: int


class SessionRemoved(Struct, frozen=True):
    """A session is no longer configured; it says so to its neighbour for a while."""

    session: str


class ControlHeard(Struct, frozen=True):
    """A packet counted."""

    session: str


class PacketDropped(Struct, frozen=True):
    """A datagram that counted for nothing."""

    session: str  # empty: it was for none of ours
    sender: IpAddress
    reason: str  # slug
    got: int
    want: int


class NotSending(Struct, frozen=True):
    """A session cannot send; it is tried again."""

    session: str
    words: str


class NotListening(Struct, frozen=True):
    """Packets cannot be heard; it is tried again."""

    family: Family
    multihop: bool
    words: str


Command = Listen | Open | Close | SendControl | Tell
Fact = (
    SessionChanged
    | PaceChanged
    | SessionStarted
    | SessionRemoved
    | ControlHeard
    | PacketDropped
    | NotSending
    | NotListening
)
Effect = Command | Fact
Effects = tuple[Effect, ...]
