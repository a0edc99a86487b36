"""How a wording is bound to the class of facts that it words; the wordings themselves stand in `words_*`."""

from collections.abc import Callable, Hashable
from typing import Any, Final, TypeVar

from standfast.base.frozen import frozen
from standfast.observe.line import Line

F = TypeVar("F")


@frozen
class Wording:
    """How facts of one class are worded, and which of them are one complaint that is not repeated."""

    say: Callable[[Any], Line]
    same: Callable[[Any], Hashable] | None  # equal: the same complaint; None: every one of them is said


WORDINGS: Final[dict[type, Wording]] = {}


def words(
    kind: type[F], same: Callable[[F], Hashable] | None = None
) -> Callable[[Callable[[F], Line]], Callable[[F], Line]]:
    """Bind a wording to its class of facts.

    Args:
        kind: the class.
        same: what makes two facts the same complaint, for those that somebody outside can provoke.
    """

    def bind(say: Callable[[F], Line]) -> Callable[[F], Line]:
        WORDINGS[kind] = Wording(say, same)
        return say

    return bind
