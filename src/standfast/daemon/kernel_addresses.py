"""Whether the kernel has the addresses that instances should have: read for whoever asks, by the parent.

The children compare for themselves, and put right what differs; a person wants to see it without taking anybody's
word. The parent has time for it: no advert waits for it.
"""

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from standfast.linux.present import Present
from standfast.observe.state.instances import Held

_HELD = msgspec.json.Decoder(list[Held])
_APART = msgspec.json.Decoder(list[msgspec.Raw])


def corrected(
    instances: Sequence[msgspec.Raw], held: Sequence[msgspec.Raw], present: Present
) -> list[msgspec.Raw]:
    """The instances with what the kernel has; only those that differ are written anew.

    Args:
        instances: as the child wrote them, one or several in a piece.
        held: of each of them the addresses, as far as the child knows, in the same order.
        present: addresses that the kernel has.
    """
    differing = _differing(msgspec.json.encode(held), present)
    if not differing:
        return list(instances)
    corrected = _APART.decode(msgspec.json.encode(instances))
    for number in differing:
        corrected[number] = _corrected(corrected[number], present)
    return corrected


@lru_cache(1)
def _differing(held: bytes, present: Present) -> tuple[int, ...]:
    """The numbers of those for which the kernel has something else; mostly all is as it was the last time."""
    return tuple(
        number
        for number, each in enumerate(_HELD.decode(held))
        if not all(here is ((interface, address) in present) for interface, address, here in each)
    )


def _corrected(instance: msgspec.Raw, present: Present) -> msgspec.Raw:
    whole = msgspec.json.decode(instance)
    for one in whole["addresses"]:
        one["present"] = (one["interface"], one["address"]) in present
    return msgspec.Raw(msgspec.json.encode(whole))
