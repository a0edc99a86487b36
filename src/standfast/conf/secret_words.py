"""The keywords whose values are secret, from the declarations."""

from functools import cache

from standfast.model.config import Config
from standfast.model.declare import declaration_of
from standfast.model.kinds.blocks import Block


@cache
def secret_words() -> frozenset[str]:
    """Every word of a file that a secret follows."""
    return frozenset(_found(Config))


def _found(of: type) -> set[str]:
    words: set[str] = set()
    for keyword in declaration_of(of).keywords:
        if isinstance(keyword.kind, Block):
            words |= _found(keyword.kind.of)
        elif keyword.kind.secret:
            words.update(keyword.names)
    return words
