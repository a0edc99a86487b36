"""Names of virtual and real servers as people type them."""

import re
from collections.abc import Iterable
from typing import Final

from standfast.base.errors import Refused
from standfast.base.nearest import nearest

_TRIO: Final = re.compile(r"\[([^]]+)\]:(\w+):(\d+)((?: #\d+)?)")  # [10.0.0.100]:tcp:80
_SHOWN: Final = 5  # names in a refusal


def find(word: str, names: Iterable[str], what: str) -> str:
    """The name that a word stands for: the name itself, or a part of it that no other one has.

    Args:
        word: what was typed: `[10.0.0.2]:tcp:80`, `10.0.0.2:80` or `10.0.0.2`.
        names: that there are.
        what: they are of, in words.

    Raises:
        Refused: none, or more than one.
    """
    known = list(dict.fromkeys(names))
    if word in known:
        return word
    found = [name for name in known if word in _short(name)]
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused("ambiguous", f"{word} may be any of {_listed(found)}", remedy="type the whole name")
    near = nearest(word, (each for name in known for each in (name, *_short(name))))
    there = f"there are {_listed(known)}" if known else "there is none"
    raise Refused("unknown-name", f"no {what} is called {word}", remedy=near or there)


def _short(name: str) -> frozenset[str]:
    """Other ways to write a name."""
    trio = _TRIO.fullmatch(name)
    if trio is None:
        return frozenset({name.rpartition(":")[0]}) - {""}  # a group without its protocol
    address, protocol, port, number = trio.groups()
    host = f"[{address}]" if ":" in address else address
    return frozenset(
        f"{one}{number}"
        for one in (address, f"{host}:{port}", f"{host}:{protocol}:{port}", f"{address}:{port}")
    )


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
