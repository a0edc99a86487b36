"""What is told of instances, made anew only where something has changed: a status of 1,000 must not take long."""

from collections.abc import Collection
from typing import Any

import msgspec

from standfast.core.vrrp.snapshot import RouterSnapshot
from standfast.core.vrrp.state import Fault
from standfast.observe.counters import Counters
from standfast.observe.state.instance import Instance
from standfast.observe.state.moment import Moment
from standfast.observe.state.of_vrrp import Ask, instance_of, settled_of

Told = tuple[Instance, msgspec.Raw]  # an instance, and its addresses as `Held`
Held = tuple[tuple[str, str, bool], ...]  # interface, address, whether the kernel has it as far as we know
_Rests = tuple[Any, ...]  # what the settled part of an instance rests on


class Instances:
    """Remembers of each instance what it said last, and on what that rested."""

    def __init__(self, counters: Counters, ask: Ask) -> None:
        """Make it.

        Args:
            counters: what was counted of them.
            ask: gives the verdict of a tracker.
        """
        self._counters = counters
        self._ask = ask
        self._said: dict[str, tuple[_Rests, Instance, msgspec.Raw]] = {}

    def tell(self, one: RouterSnapshot, moment: Moment) -> Told:
        """What there is to say of an instance."""
        name, rests = one.router.name, self._rests(one)
        said = self._said.get(name)
        if said is None or said[0] != rests:
            settled = settled_of(one, self._ask)
            said = self._said[name] = rests, settled, _held(settled)
        return instance_of(said[1], one, self._counters, moment), said[2]

    def keep(self, names: Collection[str]) -> None:
        """Forget the instances that are none of these."""
        if len(self._said) > len(names):
            self._said = {name: said for name, said in self._said.items() if name in names}

    def _rests(self, one: RouterSnapshot) -> _Rests:
        """All that `settled_of` looks at; what is the same object is the same at a glance."""
        state = one.state
        return (
            one.router,
            one.configured,
            one.standing,
            type(state),
            state.reasons if isinstance(state, Fault) else (),
            one.reason,
            one.detail,
            one.refused,
            [self._ask(tracker.key) for tracker in one.router.trackers],
        )


def _held(settled: Instance) -> msgspec.Raw:
    held: Held = tuple((each.interface, each.address, each.present) for each in settled.addresses)
    return msgspec.Raw(msgspec.json.encode(held))
