"""One session at work: its parameters, its state, and the port that it sends from."""

from standfast.base.limits import BFD_RETRY
from standfast.base.times import Instant, after
from standfast.core.bfd import step
from standfast.core.bfd.effects import Close, Effects, Open, SessionChanged
from standfast.core.bfd.events import Received
from standfast.core.bfd.session import Session
from standfast.core.bfd.snapshot import SessionSnapshot
from standfast.core.bfd.state import State
from standfast.core.bfd.timing import deadline
from standfast.wire.bfd import ControlPacket, SessionState


class Member:
    """What changes about a session stands here and nowhere else."""

    def __init__(self, session: Session, state: State, port: int, *, reason: str = "started") -> None:
        self.line = state.discriminator  # what the ports call it by; it never changes
        self.session = session
        self.state = state
        self.port = port
        self.trouble = ""  # why it cannot send
        self.ports_taken = 0  # in a row
        self.refused_at: Instant | None = None  # since then it cannot
        self._known: tuple[Received, ControlPacket] | None = None  # the last packet that counted
        self._reason = reason

    def recalls(self, packet: Received) -> bool:
        """Whether it is the packet that counted last, once more, and changes nothing; it has passed all checks."""
        known = self._known
        return (
            known is not None
            and packet.payload == known[0].payload
            and packet.sender == known[0].sender
            and packet.ttl == known[0].ttl
            and packet.multihop == known[0].multihop
            and step.steady(self.state, known[1])
        )

    def heard_again(self, at: Instant) -> None:
        """That packet. The deadline can only be later than it was: it need not be looked at."""
        self.state = step.heard_again(self.state, at)

    def heard(self, received: Received, packet: ControlPacket, at: Instant, now: Instant) -> Effects:
        """A packet that counts."""
        self._known = received, packet
        return self._take(step.heard(self.session, self.state, packet, at, now))

    def due(self, now: Instant) -> Effects:
        """A deadline has come."""
        effects: Effects = ()
        reopening = self._reopening()
        if reopening is not None and reopening <= now:
            self.refused_at, self.trouble = None, ""
            effects = (self.opening(),)
        return (*effects, *self._take(step.due(self.session, self.state, now)))

    def adjust(self, session: Session, now: Instant) -> Effects:
        """A reload: it goes on with these parameters."""
        before, self.session = self.session, session
        self._known = None  # it passed the checks of the old parameters
        reopened = (Close(self.line), self.opening()) if before.ttl != session.ttl else ()
        return (*reopened, *self._take(step.adjust(before, session, self.state, now)))

    def take_down(self, now: Instant) -> Effects:
        """The session is taken away; it stays to say so."""
        return self._take(step.take_down(self.session, self.state, now))

    def opening(self) -> Open:
        """Ask for its socket."""
        return Open(self.line, self.session, self.port)

    def deadline(self) -> Instant | None:
        """When it must be told `Due`."""
        dues = (deadline(self.session, self.state), self._reopening())
        return min((due for due in dues if due is not None), default=None)

    def _reopening(self) -> Instant | None:
        """When its socket is asked for again."""
        return None if self.refused_at is None else after(self.refused_at, BFD_RETRY)

    def snapshot(self) -> SessionSnapshot:
        """The session at this moment."""
        return SessionSnapshot(
            self.session, self.state, self.port, self.trouble, self.deadline(), self._reason
        )

    @property
    def leaves(self) -> bool:
        """Whether it was taken away, and only says so for a while."""
        return self.state.phase is SessionState.ADMIN_DOWN

    @property
    def reason(self) -> str:
        """Slug: why it is in its state."""
        return self._reason

    def _take(self, after: step.Step) -> Effects:
        self.state, effects = after
        for effect in effects:
            if isinstance(effect, SessionChanged):
                self._reason = effect.reason
        return effects
