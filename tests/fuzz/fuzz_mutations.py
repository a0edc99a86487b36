"""How packets are made bad: at random, or from good ones, always the same ones from the same seed."""

from random import Random
from typing import Final

from fuzz_targets import Target

_RANDOM_MAX: Final = 80
_ODD: Final = bytes((0, 1, 2, 3, 4, 7, 8, 0x0F, 0x10, 0x7F, 0x80, 0xF0, 0xFE, 0xFF))  # where rules change
_DATAGRAM_MAX: Final = 65_535


class Mutator:
    """Makes packets for one target."""

    def __init__(self, target: Target, seed: str) -> None:
        self._random = Random(seed)
        self._target = target
        self._ways = (
            self._flip,
            self._flip,
            self._set,
            self._edit_length,
            self._edit_length,
            self._cut,
            self._splice,
            self._lengthen,
        )

    def packet(self) -> bytes:
        """The next one."""
        chance = self._random.random()
        if chance < 0.05:
            return self._random.randbytes(self._below(_RANDOM_MAX))
        packet = self._seed()
        if chance < 0.08:
            return packet
        if chance < 0.0805:
            return (packet * (_DATAGRAM_MAX // len(packet)))[:_DATAGRAM_MAX]
        for _ in range(1 + self._below(3)):
            packet = self._ways[self._below(len(self._ways))](packet)
        if self._target.mend is not None and chance < 0.7:
            return self._target.mend(packet)
        return packet

    def _below(self, limit: int) -> int:
        """A whole number from 0; several times as fast as `randrange`."""
        return int(self._random.random() * limit)

    def _seed(self) -> bytes:
        return self._target.seeds[self._below(len(self._target.seeds))]

    def _flip(self, packet: bytes) -> bytes:
        return self._with(packet, self._below(len(packet)), flip=1 << self._below(8))

    def _set(self, packet: bytes) -> bytes:
        return self._with(packet, self._below(len(packet)), value=_ODD[self._below(len(_ODD))])

    def _edit_length(self, packet: bytes) -> bytes:
        lengths = self._target.lengths
        if not lengths:
            return self._set(packet)
        at = lengths[self._below(len(lengths))]
        if self._random.random() < 0.5:
            return self._with(packet, at, value=_ODD[self._below(len(_ODD))])
        return self._with(packet, at, step=self._below(9) - 4)

    def _cut(self, packet: bytes) -> bytes:
        return packet[: self._below(len(packet) + 1)]

    def _splice(self, packet: bytes) -> bytes:
        other = self._seed()
        return packet[: self._below(len(packet) + 1)] + other[self._below(len(other) + 1) :]

    def _lengthen(self, packet: bytes) -> bytes:
        at = self._below(len(packet) + 1)
        return packet[:at] + self._random.randbytes(1 + self._below(28)) + packet[at:]

    @staticmethod
    def _with(packet: bytes, at: int, *, flip: int = 0, value: int | None = None, step: int = 0) -> bytes:
        """The packet with another byte at this place, if it reaches that far."""
        if at >= len(packet):
            return packet
        new = value if value is not None else (packet[at] ^ flip) + step & 0xFF
        return b"%b%c%b" % (packet[:at], new, packet[at + 1 :])
