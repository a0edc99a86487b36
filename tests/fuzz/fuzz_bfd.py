"""What is fuzzed of BFD: the codec, and the receive checks of a session that is up behind it."""

from typing import Final

from bfd_made import UP, Play, received, said

from standfast.base.errors import Malformed
from standfast.core.bfd.effects import PacketDropped
from standfast.wire.bfd import ControlPacket, decode_authentication, decode_control, encode_control

_PASSWORD: Final = bytes([1, 9, 2]) + b"secret"
_MD5: Final = bytes([2, 24, 2, 0, 0, 0, 0, 5]) + bytes(16)
_SHA1: Final = bytes([4, 28, 2, 0, 0, 0, 0, 5]) + bytes(20)

LENGTHS: Final = (1, 2, 3, 24, 25)


def decode(payload: bytes) -> ControlPacket:
    """Read a packet and its authentication; what was read must be what is written and read again."""
    packet = decode_control(payload)
    if not (packet.poll and packet.final):  # which we never write
        assert decode_control(encode_control(packet)) == packet, "a packet changed on its way"
    if packet.authentication is not None:
        decode_authentication(packet.authentication)
    return packet


def accept(payload: bytes) -> object:
    """The receive checks of a node whose session is up; a refusal is raised as it would be dropped."""
    play = Play()
    play.bring_up()
    effects = play.give(received(payload, 2_000), 2_000)
    for effect in effects:
        if isinstance(effect, PacketDropped):
            raise Malformed(effect.reason, got=effect.got, want=effect.want)
    return effects


SEEDS: Final = tuple(
    encode_control(said(UP, yours=Play().ours, authentication=section))
    for section in (None, None, _PASSWORD, _MD5, _SHA1)
)
