"""What is told of instances, written anew only where something has changed: a status of 1,000 must not take long.

The text of an instance is put together of four parts: what is settled for as long as its parameters, its state and
its trackers are; what the adverts change that come; what was counted; and what passes with each moment.
"""

from collections.abc import Collection
from functools import lru_cache
from typing import Any, Final, NamedTuple

import msgspec

from standfast.base.limits import COUNTS_KEPT
from standfast.base.times import MILLISECOND, SECOND
from standfast.core.vrrp.snapshot import RouterSnapshot
from standfast.core.vrrp.state import Backup, Fault
from standfast.observe.counters import Counters
from standfast.observe.state.instance import Address
from standfast.observe.state.moment import Moment
from standfast.observe.state.of_vrrp import Ask, counted_of, heard_of, passing_of, settled_of

Told = tuple[msgspec.Raw, msgspec.Raw]  # an instance, as `Instance`, and its addresses, as `Held`
Held = tuple[tuple[str, str, bool], ...]  # interface, address, whether the kernel has it as far as we know
_Rests = tuple[Any, ...]  # what a part rests on: if that is the same, so is the part

_CLOCK_STEP: Final = 10 * MILLISECOND / SECOND  # times of day are written anew when the clock is set by more
_encode: Final = msgspec.json.Encoder(enc_hook=str).encode


class _Part(NamedTuple):
    rests: _Rests
    json: bytes
    held: msgspec.Raw = msgspec.Raw(b"[]")


_NONE: Final = _Part((), b"")


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
        self._settled: dict[str, _Part] = {}
        self._heard: dict[str, _Part] = {}
        self._clock = 0.0  # the time of day at the zero of ours: times of day rest on it

    def tell(self, one: RouterSnapshot, moment: Moment) -> Told:
        """What there is to say of an instance."""
        clock = moment.wall - moment.now / SECOND
        if abs(clock - self._clock) > _CLOCK_STEP:
            self._clock = clock
        settled, heard = self._settled_part(one, moment), self._heard_part(one, moment)
        counted = _counted(tuple(self._counters.look(one.router.name).items()))
        passing = _encode(passing_of(one, moment))[1:]
        return msgspec.Raw(b"{%b,%b,%b,%b" % (settled.json, heard.json, counted, passing)), settled.held

    def keep(self, names: Collection[str]) -> None:
        """Forget the instances that are none of these."""
        if len(self._settled) > len(names):
            self._settled = {name: part for name, part in self._settled.items() if name in names}
            self._heard = {name: part for name, part in self._heard.items() if name in names}

    def _settled_part(self, one: RouterSnapshot, moment: Moment) -> _Part:
        state, name = one.state, one.router.name
        rests = (
            one.router,  # what is the same object is the same at a glance
            one.configured,
            one.standing,
            type(state),
            state.reasons if isinstance(state, Fault) else (),
            one.changed_at,
            one.reason,
            one.detail,
            one.refused,
            self._clock,
            [self._ask(tracker.key) for tracker in one.router.trackers],
        )
        said = self._settled.get(name, _NONE)
        if said.rests != rests:
            settled = settled_of(one, self._ask, moment)
            said = self._settled[name] = _Part(rests, _inside(settled), _held(settled["addresses"]))
        return said

    def _heard_part(self, one: RouterSnapshot, moment: Moment) -> _Part:
        state, name = one.state, one.router.name
        rests = (
            one.heard,
            one.conflict,
            self._clock,
            (one.router, state.interval, state.master, state.master_priority)
            if isinstance(state, Backup)
            else (),
        )
        said = self._heard.get(name, _NONE)
        if said.rests != rests:
            said = self._heard[name] = _Part(rests, _inside(heard_of(one, moment)))
        return said


@lru_cache(COUNTS_KEPT)
def _counted(counts: tuple[tuple[str, int], ...]) -> bytes:
    """Instances that began together have counted the same."""
    return _inside(counted_of(dict(counts)))


def _inside(part: dict[str, Any]) -> bytes:
    """The text of an object without its braces, to be put together with others."""
    return _encode(part)[1:-1]


def _held(addresses: tuple[Address, ...]) -> msgspec.Raw:
    held: Held = tuple((each.interface, each.address, each.present) for each in addresses)
    return msgspec.Raw(_encode(held))
