"""A frozen view of the sessions: the only thing that dumps, status and metrics read."""

from standfast.base.frozen import frozen
from standfast.base.times import Duration, Instant
from standfast.core.bfd.session import Session
from standfast.core.bfd.state import State
from standfast.core.bfd.step import NAMES
from standfast.core.bfd.timing import agreed_interval, detection_time


@frozen
class SessionSnapshot:
    """One session at one moment."""

    session: Session
    state: State
    port: int  # our source port
    trouble: str  # why it cannot send; empty if it can
    deadline: Instant | None
    reason: str  # slug: why it is in its state

    @property
    def phase(self) -> str:
        """The name of its state."""
        return NAMES[self.state.phase]

    @property
    def interval(self) -> Duration:
        """Between our packets, before they are spread."""
        return agreed_interval(self.state)

    @property
    def detection(self) -> Duration | None:
        """How long the neighbour may be silent; None: it is not heard."""
        remote = self.state.remote
        return None if remote is None else detection_time(self.state, remote)


@frozen
class SessionsSnapshot:
    """All sessions of one process at one moment."""

    taken_at: Instant
    sessions: tuple[SessionSnapshot, ...]
    deaf: tuple[str, ...] = ()  # what cannot be heard, and why
