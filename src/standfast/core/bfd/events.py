"""What the outside tells the sessions."""

from msgspec import Struct

from standfast.base.addresses import Family, IpAddress
from standfast.base.times import Instant


class Received(Struct, frozen=True):
    """A datagram to one of the two ports, with the moment when the kernel had it."""

    family: Family
    multihop: bool  # which port it came to
    sender: IpAddress  # a link-local one with its interface
    destination: IpAddress
    ttl: int  # or hop limit
    payload: bytes
    at: Instant


class Due(Struct, frozen=True):
    """A deadline has come."""


class Stop(Struct, frozen=True):
    """The process ends."""


class PortTaken(Struct, frozen=True):
    """The source port that a session was to have is somebody else's."""

    line: int  # as `Open` has it


class OpenRefused(Struct, frozen=True):
    """A session cannot send, for another reason; it is tried again."""

    line: int
    words: str


class ListenRefused(Struct, frozen=True):
    """Packets of this family and port cannot be heard; it is tried again."""

    family: Family
    multihop: bool
    words: str


Event = Received | Due | Stop | PortTaken | OpenRefused | ListenRefused
