"""Carries out what the sessions of BFD ask for, through the ports; decides nothing itself."""

from collections.abc import Iterable, Sequence
from typing import assert_never

from standfast.core.bfd.effects import (
    Close,
    ControlHeard,
    Effect,
    Listen,
    NotListening,
    NotSending,
    Open,
    PaceChanged,
    PacketDropped,
    SendControl,
    SessionChanged,
    SessionRemoved,
    SessionStarted,
    Tell,
)
from standfast.engine.audience import Audience
from standfast.engine.bfd_ports import ControlPort, VerdictPort
from standfast.engine.ports import Clock, Listener
from standfast.wire.bfd import ControlPacket, encode_control


class BfdEffects:
    """The interpreter of the sessions' effects."""

    def __init__(
        self,
        *,
        control: ControlPort,
        verdicts: VerdictPort,
        listeners: Sequence[Listener],
        clock: Clock,
    ) -> None:
        """Make it.

        Args:
            control: packets.
            verdicts: who follows the sessions.
            listeners: are told the facts, and of each packet that was sent.
            clock: of this host.
        """
        self._control = control
        self._verdicts = verdicts
        self._audience = Audience(listeners, clock)
        self._ready: dict[int, tuple[ControlPacket, bytes]] = {}  # the last packet of each line

    def run(self, effects: Iterable[Effect]) -> None:
        """Do and tell, in the order given."""
        for effect in effects:
            self._do(effect)

    def _do(self, effect: Effect) -> None:
        match effect:
            case SendControl(_, packet):
                self._control.send(packet.mine, self._bytes_of(packet))
                self._audience.tell(effect)
            case Tell():
                self._verdicts.tell(effect)
            case Listen(media):
                self._control.listen(media)
            case Open(line, session, port):
                self._control.open(line, session, port)
            case Close(line):
                self._ready.pop(line, None)
                self._control.close_line(line)
            case (
                ControlHeard()
                | PacketDropped()
                | SessionChanged()
                | PaceChanged()
                | SessionStarted()
                | SessionRemoved()
                | NotSending()
                | NotListening()
            ):
                self._audience.tell(effect)
            case _:
                assert_never(effect)

    def _bytes_of(self, packet: ControlPacket) -> bytes:
        """A session that is up sends the same packet again and again: it is written once."""
        ready = self._ready.get(packet.mine)
        if ready is None or ready[0] is not packet:
            ready = self._ready[packet.mine] = packet, encode_control(packet)
        return ready[1]
