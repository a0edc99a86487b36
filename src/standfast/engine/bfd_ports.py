"""What the sessions of BFD need of the world, as `ports` says it for the routers.

No call here waits. What fails comes back as an event of the machine, never as an exception.
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from standfast.base.times import Instant
from standfast.core.bfd.effects import Medium, Tell
from standfast.core.bfd.events import Event, ListenRefused, OpenRefused, PortTaken, Received
from standfast.core.bfd.session import Session

__all__ = [
    "ControlPort",
    "Event",
    "ListenRefused",
    "Medium",
    "OpenRefused",
    "PortTaken",
    "Received",
    "Session",
    "Tell",
    "TellSession",
    "VerdictPort",
]

TellSession = Callable[[Event], None]  # how the port gives the machine what the outside says


class ControlPort(Protocol):
    """Datagrams of control packets."""

    def listen(self, media: Sequence[Medium]) -> None:
        """Hear on these and on no others; what cannot be had comes back as `ListenRefused`."""
        ...

    def open(self, line: int, session: Session, port: int) -> None:
        """Make ready to send for a session; a refusal comes back as `PortTaken` or `OpenRefused`."""
        ...

    def close_line(self, line: int) -> None:
        """The session sends no more."""
        ...

    def send(self, line: int, payload: bytes) -> None:
        """Send to the session's neighbour; without a socket, nothing."""
        ...

    def drain(self, until: Instant | None = None) -> bool:
        """Give the machine what has arrived; True if there may be more that arrived until then."""
        ...


class VerdictPort(Protocol):
    """The processes that follow sessions."""

    def tell(self, verdict: Tell) -> None:
        """A session says this from now on."""
        ...
