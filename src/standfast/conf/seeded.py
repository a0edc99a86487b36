"""Numbers for `${_RANDOM}` that a seed decides: the same files with the same `random_seed` say the same.

The generator is SplitMix64 (G. L. Steele, D. Lea, C. H. Flood: Fast splittable pseudorandom number generators,
OOPSLA 2014). Keepalived's numbers for the same seed are those of its C library, so they differ between machines.
"""

from typing import Final

_GAMMA: Final = 0x9E37_79B9_7F4A_7C15
_MIX: Final = ((30, 0xBF58_476D_1CE4_E5B9), (27, 0x94D0_49BB_1331_11EB))
_MASK: Final = (1 << 64) - 1


class Seeded:
    """A row of numbers; called like `Surroundings.random`."""

    def __init__(self, seed: int) -> None:
        self._state = seed & _MASK

    def __call__(self, low: int, high: int) -> int:
        """The next number from `low` to `high`."""
        self._state = (self._state + _GAMMA) & _MASK
        mixed = self._state
        for shift, factor in _MIX:
            mixed = ((mixed ^ (mixed >> shift)) * factor) & _MASK
        return low + (mixed ^ (mixed >> 31)) % (high - low + 1)
