"""Weights of trackers: what they add to a priority, and whether the other way round."""

from typing import Final

from standfast.base.frozen import frozen
from standfast.base.nearest import nearest
from standfast.model.kinds.kind import Kind, Schema
from standfast.model.kinds.numbers import Whole
from standfast.model.words import Words

WEIGHT_WORDS: Final = (
    "Above 0: added to the priority while it is good; below 0: while it is not; 0: a failure is a fault."
)


@frozen
class Weight:
    """A change of priority; 0 means that the failure itself is a fault."""

    value: int = 0
    reverse: bool = False


class WeightKind(Kind[Weight]):
    """`<INTEGER:-253..253> [reverse]`; one step too far is cut (behaviour TR-22)."""

    def __init__(self, most: int, *, noreverse: bool = False, reach: int = 0) -> None:
        self.low, self.high = -most, most
        self.words = ("reverse", "noreverse") if noreverse else ("reverse",)
        self._number = Whole(-max(most, reach), max(most, reach))

    @property
    def syntax(self) -> str:
        """`<INTEGER:-253..253> [reverse]`."""
        return f"<INTEGER:{self.low}..{self.high}> [{' | '.join(self.words)}]"

    def read(self, words: Words) -> Weight:
        """A weight, and perhaps `reverse`."""
        value = self._number.number(words, words.next("a weight"))
        kept = min(max(value, self.low), self.high)
        if kept != value:
            words.complain("value-range", f"weight must be {self.low} to {self.high}; {value} becomes {kept}")
        reverse = False
        if words.peek() in self.words:
            reverse = words.next() == "reverse"
        elif (other := words.optional()) is not None:
            words.complain(
                "unknown-word",
                f"unknown word {other!r} behind the weight",
                hint=nearest(other, self.words) or f"only {' or '.join(self.words)} may follow it",
            )
        return Weight(kept, reverse)

    def write(self, value: Weight) -> tuple[str, ...]:
        """The number, and `reverse`."""
        return (str(value.value), "reverse") if value.reverse else (str(value.value),)

    def schema(self) -> Schema:
        """An object."""
        number = {"type": "integer", "minimum": self.low, "maximum": self.high}
        return {"type": "object", "properties": {"value": number, "reverse": {"type": "boolean"}}}
