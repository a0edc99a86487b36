"""The routes and rules of all routers, and the static ones: what should be there, against what the kernel has.

A router has its routes and rules while it is master (behaviours SM-19, SM-20); static ones are there from the
start of the process to its end (AD-10). What should be there follows from the states. Each event ends with one
comparison (`settle`), so a route that moves from one router to another is never absent.

What an earlier process left is found by the first reading, and removed as what nobody holds: nothing is asked of
what is not there, so nothing is refused (Keepalived logs an error for each; the quirk AD-13 is not copied).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping

from standfast.base.limits import REINSTATE_BURST, REINSTATE_WINDOW, SLICE
from standfast.base.routes import HostRoute, Routing, RoutingKey
from standfast.base.times import Instant, between
from standfast.core.vrrp.effects import (
    Announce,
    Command,
    Effect,
    Effects,
    HoldAddresses,
    HoldRouting,
    ReadAddresses,
    ReadRouting,
    ReleaseAddresses,
    ReleaseRouting,
    RouterChanged,
    RoutingMissing,
    RoutingNotHeld,
)
from standfast.core.vrrp.roster import Roster
from standfast.core.vrrp.state import Master
from standfast.core.vrrp.static import NOTHING, Static

Wanted = Mapping[RoutingKey, Routing]


class RoutingBook:
    """What should be routed, what was asked for, and what was seen of it."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._static: Static = NOTHING
        self._configured: dict[RoutingKey, Routing] = {}
        self._held: Wanted = {}  # what the kernel was last asked to have
        self._unsettled = False
        self._lacking: set[RoutingKey] = set()  # refused, and not seen since
        self._reinstated: dict[RoutingKey, tuple[Instant, ...]] = {}

    # ---- what should be there

    def configure(self, static: Static) -> None:
        """The routers are others than before, or the static routes and rules."""
        self._static = static
        routers = (item for member in self._roster for item in member.router.routing)
        self._configured = {item.key: item for item in (*static.routing, *routers)}
        self._lacking &= self._configured.keys()
        self._unsettled = True

    def go_on(self) -> None:
        """What the members hold now was put there by another process; a reading tells what is missing of it."""
        self._held = self.wanted()
        self._unsettled = False

    def abandoned(self, former: Iterable[Routing]) -> Effects:
        """Remove what an earlier process may have left and nobody names any more, whether it is there or not."""
        return released(item for item in former if item.key not in self._configured)

    def wanted(self) -> Wanted:
        """What the host should have now: what is static first, of each the routes before the rules."""
        items = [*self._static.routing]
        for member in self._roster:
            if isinstance(member.state, Master):
                items += member.router.routing
        return {item.key: item for item in items}

    @property
    def lacking(self) -> Collection[RoutingKey]:
        """What should be there and the kernel does not take."""
        return self._lacking

    # ---- what follows from an event

    @property
    def idle(self) -> bool:
        """Whether nothing of the kind is configured or held."""
        return not self._configured and not self._held

    def settle(self, effects: Effects, *, shaken: bool = False) -> Effects:
        """The effects of an event, with what they mean for routes and rules in its place among them.

        Args:
            effects: of the event.
            shaken: the kernel may have dropped routes without a word: an interface or an address changed.
        """
        if self.idle:
            return effects
        read = any(isinstance(effect, ReadAddresses) for effect in effects)
        changed = self._unsettled or any(isinstance(effect, RouterChanged) for effect in effects)
        if changed:
            self._unsettled = False
            effects = self._placed(effects)
        return (*effects, ReadRouting()) if read or shaken else effects

    def _placed(self, effects: Effects) -> Effects:
        before, want = self._held, self.wanted()
        self._held = want
        other = [item for key, item in want.items() if key in before and before[key] != item]
        new = [item for key, item in want.items() if key not in before]
        old = [item for key, item in before.items() if key not in want]
        self._lacking -= {item.key for item in old}
        going = (*released(before[item.key] for item in other), *released(old))
        return _inserted(effects, coming=(*held(new),), going=going, again=held(other))

    def end(self) -> None:
        """The process ends: nothing is static any more."""
        self._static = NOTHING
        self._unsettled = True

    def forget(self) -> None:
        """The process ends, and what it holds stays."""
        self._held, self._configured, self._unsettled = {}, {}, False

    # ---- what the kernel tells

    def gone(self, key: RoutingKey, now: Instant) -> Effects:
        """Somebody removed a route or rule: it is put back at once, but not with no_track (behaviour TR-21)."""
        item = self._held.get(key)
        if item is None:
            return ()
        if self._untracked(key):
            return (self._missing(item, "left"),)
        if self._may_reinstate(key, now):
            return (HoldRouting((item,)), self._missing(item, "reinstated"))
        self._lacking.add(key)
        return (self._missing(item, "later"),)

    def read(self, present: Collection[RoutingKey]) -> Effects:
        """Read back: put back what is missing, remove what nobody holds (design law 3)."""
        missing = [
            item for key, item in self._held.items() if key not in present and not self._untracked(key)
        ]
        again = {item.key for item in missing} & self._lacking
        self._lacking = again
        facts = (self._missing(item, "retried" if item.key in again else "refilled") for item in missing)
        look = (ReadRouting(),) if again else ()  # to learn whether it was taken this time
        strays = (self._configured[key] for key in present if key not in self._held)
        return (*held(missing), *facts, *look, *released(strays))

    def refused(self, key: RoutingKey, words: str) -> Effects:
        """Say it; whoever is at work looks again soon, for what refused may be over by then."""
        item = self._held.get(key)
        if item is None:
            return ()
        told = key in self._lacking
        self._lacking.add(key)
        return () if told else (RoutingNotHeld(self.holder(key), item, words),)

    def holder(self, key: RoutingKey) -> str:
        """The router that has it; empty if it is static."""
        for member in self._roster:
            if isinstance(member.state, Master) and any(item.key == key for item in member.router.routing):
                return member.router.name
        return ""

    def _missing(self, item: Routing, answer: str) -> RoutingMissing:
        return RoutingMissing(self.holder(item.key), item, answer)

    def _untracked(self, key: RoutingKey) -> bool:
        if key in self._static.untracked_routing:
            return True
        return any(key in member.router.untracked_routing for member in self._roster)

    def _may_reinstate(self, key: RoutingKey, now: Instant) -> bool:
        """Whether to put it back at once: not if somebody removes it again and again."""
        recent = tuple(at for at in self._reinstated.get(key, ()) if between(at, now) < REINSTATE_WINDOW)
        may = len(recent) < REINSTATE_BURST
        self._reinstated[key] = (*recent, now) if may else recent
        return may


def held(items: Iterable[Routing]) -> Effects:
    """Have these: all routes before the rules that look them up."""
    routes, rules = _sorted(items)
    return tuple(HoldRouting(piece) for piece in _pieces((*routes, *rules)))


def released(items: Iterable[Routing]) -> Effects:
    """Have these no longer, in the reverse order (behaviour SM-20)."""
    routes, rules = _sorted(items)
    return tuple(ReleaseRouting(piece) for piece in _pieces((*reversed(rules), *reversed(routes))))


def _sorted(items: Iterable[Routing]) -> tuple[list[Routing], list[Routing]]:
    every = list(items)
    routes = [item for item in every if isinstance(item, HostRoute)]
    return list(routes), [item for item in every if not isinstance(item, HostRoute)]


def _pieces(items: tuple[Routing, ...]) -> Iterator[tuple[Routing, ...]]:
    return (items[at : at + SLICE] for at in range(0, len(items), SLICE))


def _inserted(effects: Effects, *, coming: Effects, going: Effects, again: Effects) -> Effects:
    """What comes stands behind the last addresses held, what goes before the first ones released."""
    out: list[Effect] = list(effects)
    here = max((at + 1 for at, effect in enumerate(out) if isinstance(effect, _SECURED)), default=_end(out))
    away = next((at for at, effect in enumerate(out) if isinstance(effect, ReleaseAddresses)), _end(out))
    if here <= away:  # additions first
        return (*out[:here], *coming, *out[here:away], *going, *again, *out[away:])
    return (*out[:away], *going, *out[away:here], *coming, *again, *out[here:])


def _end(effects: list[Effect]) -> int:
    """Behind the last command: what is told comes after what is done."""
    return max((at + 1 for at, effect in enumerate(effects) if isinstance(effect, Command)), default=0)


_SECURED = (HoldAddresses, Announce)
