"""Luck as a value: a generator whose whole state is one number.

It spreads packets and picks numbers that must differ; it keeps no secret.
"""

from typing import Final

_MULTIPLIER: Final = 6_364_136_223_846_793_005  # Knuth's MMIX: a full period modulo 2^64
_INCREMENT: Final = 1_442_695_040_888_963_407
_MASK: Final = (1 << 64) - 1

LUCK: Final = 1 << 32  # what `luck` gives is less than this


def rolled(dice: int) -> int:
    """The dice after one more throw."""
    return (dice * _MULTIPLIER + _INCREMENT) & _MASK


def luck(dice: int) -> int:
    """What the dice show: 0 to `LUCK` - 1; the upper bits, which repeat last."""
    return dice >> 32
