"""A count of what lives in this process: our objects, entries of their containers, and what the kernel gave.

Only for `--debug-memory`: it looks at every object, which takes a tenth of a second.
"""

import gc
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from typing import Any, Final

from standfast.base.frozen import frozen
from standfast.linux.ledger import Ledger, read_ledger

_OURS: Final = "standfast."
_CONTAINERS: Final = (deque, list, dict, set)
_COUNTERS: Final = frozenset({"standfast.daemon.census", "standfast.daemon.memory", "standfast.linux.ledger"})


@frozen
class Census:
    """How many there are of what, at one moment."""

    objects: dict[str, int]  # by class: machines (instances, sessions, checks) and all else of ours
    queues: dict[str, int]  # entries, by class and attribute of their owner
    ledger: Ledger

    def counts(self) -> dict[str, int]:
        """All of it, under names that say what it is."""
        return {
            **{f"object {name}": count for name, count in self.objects.items()},
            **{f"queue {name}": count for name, count in self.queues.items()},
            **self.ledger.kinds(),
        }


def take_census() -> Census:
    """Count; garbage is collected before, also of what was frozen."""
    frozen_before = gc.get_freeze_count()
    gc.unfreeze()
    gc.collect()
    every = gc.get_objects()
    census = Census(*_counted(every), read_ledger(every))
    if frozen_before:
        del every
        gc.freeze()
    return census


def differences(before: Census, after: Census) -> list[tuple[str, int, int]]:
    """What is more or less than it was: its name, then and now; what differs most comes first."""
    then, now = before.counts(), after.counts()
    found = [(name, then.get(name, 0), now.get(name, 0)) for name in then.keys() | now.keys()]
    changed = [each for each in found if each[1] != each[2]]
    return sorted(changed, key=lambda each: (-abs(each[2] - each[1]), each[0]))


def _counted(every: Sequence[object]) -> tuple[dict[str, int], dict[str, int]]:
    objects: Counter[str] = Counter()
    queues: Counter[str] = Counter()
    names: dict[type, str] = {}
    for one in every:
        kind = type(one)
        if (name := names.get(kind)) is None:
            name = names[kind] = _name(kind)
        if not name:
            continue
        objects[name] += 1
        for attribute, value in _attributes(one):
            if isinstance(value, _CONTAINERS):
                queues[f"{name}.{attribute}"] += len(value)
    return dict(objects), {name: count for name, count in queues.items() if count}


def _name(kind: type) -> str:
    """What a class of ours is called; empty if it is not ours, or counts itself."""
    module = str(kind.__module__)
    if not module.startswith(_OURS) or module in _COUNTERS:
        return ""
    return f"{module.removeprefix(_OURS)}.{kind.__qualname__}"


def _attributes(one: object) -> Iterator[tuple[str, Any]]:
    yield from tuple(getattr(one, "__dict__", {}).items())
    for kind in type(one).__mro__:
        slots = kind.__dict__.get("__slots__", ())
        for slot in (slots,) if isinstance(slots, str) else slots:
            if slot not in {"__dict__", "__weakref__"}:
                with_value = getattr(one, slot, None)
                yield slot, with_value
