"""What sessions leave to the process that takes the place of theirs.

The neighbour must not notice: discriminators, the source port (RFC 5881, section 4) and what was said last stay.
"""

from standfast.base.frozen import changed, frozen
from standfast.base.times import Instant
from standfast.core.bfd.member import Member
from standfast.core.bfd.session import Session
from standfast.core.bfd.state import State


@frozen
class SessionLegacy:
    """One session."""

    session: Session
    state: State
    port: int
    reason: str


@frozen
class SessionsLegacy:
    """All sessions of a process."""

    sessions: tuple[SessionLegacy, ...] = ()


def legacy_of(member: Member) -> SessionLegacy:
    """What the next process must know of a session."""
    return SessionLegacy(member.session, member.state, member.port, member.reason)


def heir_of(left: SessionLegacy, now: Instant) -> Member:
    """A session that goes on. Nobody listened meanwhile: our own silence is not the neighbour's."""
    state = left.state
    if state.remote is not None:
        state = changed(state, remote=changed(state.remote, heard_at=now))
    return Member(left.session, state, left.port, reason=left.reason)
