"""The addresses of all routers on this host: those that should be there, against what the kernel tells.

What is decided about them stands in `holding`; this remembers what was seen.
"""

from collections.abc import Collection, Iterable, Mapping

from standfast.base.addresses import HostAddress
from standfast.base.limits import REINSTATE_WINDOW
from standfast.base.times import Instant, after
from standfast.core.vrrp.effects import (
    AddressMissing,
    AddressNotHeld,
    Effect,
    Effects,
    ReleaseAddresses,
)
from standfast.core.vrrp.events import AddressKey
from standfast.core.vrrp.holding import (
    Wanted,
    abandoned,
    address_of,
    delta,
    exchanged,
    left_over,
    refill,
    reinstate,
    released,
    shared,
    strays,
    to_reinstate,
    unmarked,
    wanted,
)
from standfast.core.vrrp.member import Member
from standfast.core.vrrp.roster import READING, Roster
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.state import Master
from standfast.core.vrrp.static import NOTHING, Static, StaticAddresses


class Belongings:
    """What the routers hold, and what the host had by itself."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self.static = StaticAddresses()
        self._configured: Wanted = {}
        self._shared: frozenset[AddressKey] = frozenset()
        self._hosts_own: frozenset[AddressKey] = frozenset()  # without our mark, and not put there by us

    def start(
        self,
        present: Mapping[AddressKey, int],
        former: Iterable[HostAddress],
        static: Static = NOTHING,
    ) -> Effects:
        """Remove what earlier processes left behind; the rest without our mark is the host's own."""
        self.index(static)
        held = self.desired()  # by members that go on as masters where another process stopped
        routers = [member.router for member in self._roster]
        former = [address for address in former if address.key not in held]
        rest = tuple(a for a in left_over(present, routers) if a.key not in held)
        rest = (*rest, *abandoned(present, former, routers))
        ours = {address.key for address in rest} | (held.keys() - self._owned())
        self._hosts_own = unmarked(present) - ours
        return (*released("", rest, keep=()), *self.static.start(), *self._refilled(present.keys()))

    def index(self, static: Static | None = None) -> None:
        """The routers are others than before, or the static addresses."""
        if static is not None:
            self.static.configure(static)
        self._configured = {a.key: a for member in self._roster for a in member.router.held}
        self._shared = shared(member.router for member in self._roster)

    def desired(self) -> Wanted:
        """What the host should hold now."""
        held = wanted((member.router, member.state) for member in self._roster)
        return {**self.static.wanted, **held} if self.static.wanted else held

    def owners_own(self) -> Collection[AddressKey]:
        """Addresses that a router owns and the host had by itself."""
        return self._hosts_own & self._owned()

    def _owned(self) -> set[AddressKey]:
        """What is configured for routers that own it."""
        return {a.key for m in self._roster if m.router.owner for a in m.router.held}

    def let_go(self, router: Router, effects: Effects) -> Effects:
        """Of what the router lets go, that stays which others hold, or which it owns and the host had by itself.

        Who takes the interface's own address away with the owner's takes the host off the network (SM-22).
        """
        held = self.desired() if self._shared else {}
        keep = {key for key in self._shared if key in held} | self.static.wanted.keys()
        if router.owner:
            keep |= self._hosts_own
        return tuple(
            one
            for effect in effects
            for one in (
                released(effect.router, effect.addresses, keep)
                if isinstance(effect, ReleaseAddresses)
                else (effect,)
            )
        )

    def moved(self, before: Wanted, masters: Iterable[Member], stays: Collection[AddressKey]) -> Effects:
        """From the addresses held before a reload to those wanted after it: additions first.

        Masters with other parameters say so at once (behaviour RL-03).
        """
        want = self.desired()
        own = tuple(a for key, a in self.static.wanted.items() if before.get(key) != a)
        effects: list[Effect] = [*exchanged("", before, own)]
        for member in masters:
            if not isinstance(member.state, Master):
                continue
            effects.append(member.says())
            new = tuple(a for a in member.router.held if before.get(a.key) != a)
            effects += exchanged(member.router.name, before, new)
        effects += released("", (before[key] for key in delta(before, want).extra), stays)
        return tuple(effects)

    def gone(self, key: AddressKey, now: Instant) -> Effects:
        """Somebody removed an address: a master puts it back at once, but not with no_track (behaviour TR-21)."""
        self._hosts_own -= {key}
        for member in self._roster:
            if isinstance(member.state, Master) and (address := address_of(member.router, key)) is not None:
                if key in member.router.untracked:
                    return (AddressMissing(member.router.name, address, "left"),)
                if member.may_reinstate(key, now):
                    return reinstate(member.router, (address,))
                self._look_again(now)
                return (AddressMissing(member.router.name, address, "later"),)
        return self.static.gone(key, now) if key in self.static.wanted else ()

    def read(self, present: Mapping[AddressKey, int]) -> Effects:
        """Read back: put back what is missing, remove what nobody holds (design law 3)."""
        want = self.desired()
        self._hosts_own = frozenset(
            key for key in unmarked(present) if key in self._hosts_own or key not in want
        )
        effects = (*self._refilled(present.keys()), *self.static.read(present.keys()))
        return (*effects, *released("", strays(present, self._configured, want), keep=()))

    def _refilled(self, present: Collection[AddressKey]) -> Effects:
        """What members hold and the host has not."""
        missing = {address.key for address in delta(present, self.desired()).missing}
        effects: list[Effect] = []
        for member in self._roster:
            member.refused &= missing
            if isinstance(member.state, Master) and missing:
                effects += refill(member.router, to_reinstate(member.router, missing), member.refused)
        return tuple(effects)

    def refused(self, key: AddressKey, words: str, now: Instant) -> Effects:
        """Say it, and look again soon: what refused may be over by then."""
        self._look_again(now)
        effects: list[Effect] = []
        for member in self._roster:
            if isinstance(member.state, Master) and (address := address_of(member.router, key)) is not None:
                member.refused.add(key)
                effects.append(AddressNotHeld(member.router.name, address, words))
        if key in self.static.wanted:
            effects += self.static.refused(key, words)
        return tuple(effects)

    def end(self) -> Effects:
        """The process ends: nothing is static any more (behaviour AD-10)."""
        own = tuple(self.static.wanted.values())
        self.static.configure(NOTHING)
        return released("", own, keep=self.desired().keys())

    def _look_again(self, now: Instant) -> None:
        self._roster.agenda.bring_forward(READING, after(now, REINSTATE_WINDOW))
