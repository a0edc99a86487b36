"""What health checks need of the world, beside the ports of all machines.

The words that the port speaks are the core's; those who implement it take them from here (`__all__`).
"""

from collections.abc import Callable, Sequence
from typing import Protocol

from standfast.base.times import Instant
from standfast.core.check.events import Attempted
from standfast.core.check.outcome import PHASES, Outcome
from standfast.core.check.probes import (
    DnsProbe,
    HttpProbe,
    MiscProbe,
    Page,
    Pattern,
    PingProbe,
    Probe,
    SmtpProbe,
    TcpProbe,
    Tls,
    UdpProbe,
    Way,
)
from standfast.model.kinds.ranges import Range
from standfast.model.kinds.scripts import Script
from standfast.model.kinds.secrets import Secret

__all__ = [
    "PHASES",
    "AttemptPort",
    "Attempted",
    "DnsProbe",
    "HttpProbe",
    "MiscProbe",
    "Outcome",
    "Page",
    "Pattern",
    "PingProbe",
    "Probe",
    "Range",
    "Script",
    "Secret",
    "SmtpProbe",
    "TcpProbe",
    "TellAttempted",
    "Tls",
    "UdpProbe",
    "Way",
]

TellAttempted = Callable[[Sequence[Attempted]], None]  # those that have ended since it was called last


class AttemptPort(Protocol):
    """Attempts of checks; each is told as `Attempted`, exactly once, also if it could not be started.

    The answer comes later, from the loop, never from within `start`.
    """

    def start(self, key: str, number: int, probe: Probe, deadline: Instant) -> None:
        """Try once; at the deadline it has failed (`timeout`)."""
        ...

    def abandon(self, key: str, number: int) -> None:
        """Give up an attempt; nothing is told of it any more. One that is over is fine."""
        ...
