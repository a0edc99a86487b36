"""What the tests of BFD sessions share: a session, a neighbour's packets, and a node that is played with."""

from typing import Any, Final

from msgspec import structs

from standfast.base.addresses import Family, IpAddress, parse_address
from standfast.base.frozen import changed
from standfast.base.times import MILLISECOND, SECOND, Duration, Instant
from standfast.core.bfd.effects import Effect, Effects, SendControl
from standfast.core.bfd.events import Event, Received
from standfast.core.bfd.node import Node
from standfast.core.bfd.session import Pace, Session
from standfast.core.bfd.state import Remote, State
from standfast.core.bfd.step import begin
from standfast.core.bfd.timing import said_pace
from standfast.wire.bfd import ControlPacket, SessionState, encode_control

NEIGHBOR: Final = parse_address("192.0.2.2")
US: Final = parse_address("192.0.2.1")
STRANGERS: Final = parse_address("192.0.2.66")
OURS, THEIRS = 0x0A, 0x0B  # discriminators
MS: Final = Duration(MILLISECOND)

SESSION: Final = Session(
    "wan", NEIGHBOR, min_tx=Duration(50 * MS), min_rx=Duration(50 * MS), idle_tx=SECOND, multiplier=3
)

DOWN, INIT, UP, ADMIN_DOWN = (
    SessionState.DOWN,
    SessionState.INIT,
    SessionState.UP,
    SessionState.ADMIN_DOWN,
)


def session(**words: Any) -> Session:
    """The session with some other parameters."""
    return changed(SESSION, **words)


def said(state: SessionState, **words: Any) -> ControlPacket:
    """A packet of the neighbour's; it knows us unless something else is said."""
    fields: dict[str, Any] = {
        "multiplier": 3,
        "mine": THEIRS,
        "yours": OURS,
        "desired_min_tx_us": 50 * MS if state is UP else SECOND,
        "required_min_rx_us": 50 * MS,
    }
    return ControlPacket(state=state, **(fields | words))


def in_state(phase: SessionState, at: int = 0, **words: Any) -> State:
    """Our state, in which the neighbour was heard at that time, unless it is Down and nobody was."""
    fresh = begin(SESSION, discriminator=OURS, dice=7, now=Instant(at))
    remote = None if phase is DOWN else remote_of(said(phase if phase is UP else DOWN), at)
    in_force = changed_pace(phase)
    return changed(fresh, **({"phase": phase, "remote": remote, "in_force": in_force} | words))


def changed_pace(phase: SessionState) -> Pace:
    """What the timers of the session go by in this state, when no poll is under way."""
    return said_pace(SESSION, phase)


def remote_of(packet: ControlPacket, at: int = 0) -> Remote:
    """What a packet makes known about the neighbour."""
    return Remote(
        packet.mine,
        packet.state,
        packet.diagnostic,
        Duration(packet.desired_min_tx_us),
        Duration(packet.required_min_rx_us),
        packet.multiplier,
        packet.demand,
        Instant(at),
    )


def sent(effects: Effects) -> list[ControlPacket]:
    """The packets that are to be sent."""
    return [effect.packet for effect in effects if isinstance(effect, SendControl)]


def received(packet: ControlPacket | bytes, at: int = 0, **words: Any) -> Received:
    """A packet as the kernel hands it over."""
    payload = packet if isinstance(packet, bytes) else encode_control(packet)
    fields: dict[str, Any] = {
        "family": Family.IPV4,
        "multihop": False,
        "sender": NEIGHBOR,
        "destination": US,
        "ttl": 255,
        "payload": payload,
        "at": Instant(at),
    }
    return Received(**(fields | words))


class Play:
    """A node with one session, and everything that it asked for."""

    def __init__(self, *sessions: Session, seed: int = 1) -> None:
        self.node = Node()
        self.effects: list[Effect] = [*self.node.start(sessions or (SESSION,), Instant(0), seed=seed)]

    @property
    def ours(self) -> int:
        """The discriminator of the first session."""
        return self.node.snapshot(Instant(0)).sessions[0].state.discriminator

    def give(self, event: Event, at: int) -> Effects:
        """Let the node handle an event."""
        effects = self.node.handle(event, Instant(at))
        self.effects += effects
        return effects

    def hear(self, packet: ControlPacket, at: int, **words: Any) -> Effects:
        """A packet of the neighbour's to the first session, if it names one of ours."""
        yours = self.ours if packet.yours == OURS else packet.yours
        made = _with_yours(packet, yours)
        return self.give(received(made, at, **words), at)

    def phase(self, place: int = 0) -> str:
        """The name of a session's state."""
        return self.node.snapshot(Instant(0)).sessions[place].phase

    def bring_up(self, at: int = 1000) -> None:
        """Down, Init, Up, as with a neighbour that is there."""
        self.hear(said(DOWN, yours=0), at)
        self.hear(said(UP), at + 10)
        assert self.phase() == "Up"


def _with_yours(packet: ControlPacket, yours: int) -> ControlPacket:
    return structs.replace(packet, yours=yours)


def address(text: str) -> IpAddress:
    """An address."""
    return parse_address(text)
