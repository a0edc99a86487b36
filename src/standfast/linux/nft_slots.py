"""How a scheduler shares new flows out: numbered slots, each of them a destination's."""

from collections.abc import Iterable, Sequence
from math import gcd

from standfast.base.limits import NAT_SLOTS
from standfast.base.services import Destination, DestinationKey


def slots(scheduler: str, destinations: Iterable[Destination]) -> Sequence[DestinationKey]:
    """The slots in their order; none where nobody takes anything new.

    Args:
        scheduler: one of `NAT_SCHEDULERS`.
        destinations: of the service; those of weight 0 get no slot.
    """
    alive = {one.key: one.weight for one in destinations if one.weight > 0}
    match scheduler:
        case "rr" | "dh":  # weights do not count
            return tuple(alive)
        case "fo":
            return (max(alive, key=lambda name: alive[name]),) if alive else ()
        case "sh" | "random":
            return tuple(name for name, share in _shares(alive).items() for _ in range(share))
        case _:
            return _spread(_shares(alive))


def _shares(weights: dict[DestinationKey, int]) -> dict[DestinationKey, int]:
    """Few slots in the proportion of the weights: exactly, or as near as `NAT_SLOTS` of them allow."""
    common = gcd(*weights.values())
    total = sum(weights.values())
    if not common or total // common <= NAT_SLOTS:
        return {name: weight // common for name, weight in weights.items()}
    return {name: max(round(weight * NAT_SLOTS / total), 1) for name, weight in weights.items()}


def _spread(shares: dict[DestinationKey, int]) -> Sequence[DestinationKey]:
    """Each as often as its share, and as evenly as can be: who is furthest behind is next."""
    total, credit = sum(shares.values()), dict.fromkeys(shares, 0)
    found: list[DestinationKey] = []
    for _ in range(total):
        for name, share in shares.items():
            credit[name] += share
        chosen = max(credit, key=lambda name: credit[name])
        credit[chosen] -= total
        found.append(chosen)
    return tuple(found)
