"""TCP_CHECK: a connection that is accepted (behaviour HC-07)."""

from standfast.engine.check_ports import TcpProbe
from standfast.linux.attempts.sockets import connected
from standfast.linux.attempts.trial import Trial


async def attempt(trial: Trial, probe: TcpProbe) -> None:
    """Connect, and close."""
    trial.leave(await connected(trial, probe.way))
