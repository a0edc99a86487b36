"""Counting by owner and word, bound to facts: nothing counts from inside the logic."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from standfast.base.times import Instant

Counts = Counter[str]
WordsOf = Callable[[Any], tuple[str, ...]]  # what a fact counts as

_NONE: Final[Mapping[str, int]] = {}


class Tally:
    """A listener that counts, for each owner; what belongs to none counts for the empty name."""

    def __init__(self, counted: Mapping[type, WordsOf], owner: str) -> None:
        """What is counted.

        Args:
            counted: the facts, by class.
            owner: the field of a fact that names whose it is.
        """
        self._counted = counted
        self._owner = owner
        self._of: dict[str, Counts] = {}

    def wants(self, kind: type) -> bool:
        """Whether facts of this class are counted."""
        return kind in self._counted

    def tell(self, fact: Any, now: Instant) -> None:  # noqa: ARG002  (counting needs no time)
        """Count the fact."""
        owner: str = getattr(fact, self._owner)
        counts = self._of.get(owner)
        if counts is None:
            counts = self._of.setdefault(owner, Counter())
        for word in self._counted[type(fact)](fact):
            counts[word] += 1

    def of(self, owner: str) -> Counts:
        """All that was counted for an owner, by word."""
        return Counter(self.look(owner))

    def look(self, owner: str) -> Mapping[str, int]:
        """The same, to look at and not to keep."""
        return self._of.get(owner, _NONE)

    def everything(self) -> Mapping[str, Mapping[str, int]]:
        """All that was counted, for a process that goes on counting."""
        return self._of

    def recall(self, counted: Mapping[str, Mapping[str, int]]) -> None:
        """Go on from these numbers, which another process counted."""
        self._of = {name: Counter(counts) for name, counts in counted.items()}

    def clear(self) -> None:
        """Begin again at zero (behaviour SIG-06)."""
        self._of.clear()

    def keep(self, owners: Iterable[str]) -> None:
        """Forget the owners that a reload removed."""
        kept = {"", *owners}
        self._of = {owner: counts for owner, counts in self._of.items() if owner in kept}
