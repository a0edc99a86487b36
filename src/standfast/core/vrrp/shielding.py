"""Whether the firewall's rules are in force, and what a router may do until they are.

It fails closed: a router that does not accept takes no part before the rules that keep packets from its addresses
are in force, and is in fault if they cannot be had. Once they are, nothing is asked of the firewall at a takeover.
Whoever flushes a host's rules takes ours along; they are put back at once, and a master stays one meanwhile.
"""

from collections.abc import Iterable, Mapping
from typing import assert_never

from standfast.base.limits import REINSTATE_BURST, REINSTATE_WINDOW
from standfast.base.own_links import OwnKind
from standfast.base.times import Instant, between
from standfast.core.vrrp.effects import (
    CheckShield,
    Effects,
    FirewallRefused,
    FirewallSet,
    FirewallTouched,
    Shield,
)
from standfast.core.vrrp.events import Shielded, ShieldLost, ShieldRefused
from standfast.core.vrrp.firewall import Closed, Means, RuleSet, closed_of, rules_of
from standfast.core.vrrp.router import Link, Router
from standfast.core.vrrp.snapshot import ShieldSnapshot
from standfast.core.vrrp.state import Fault, Init, State

_PENDING = "its firewall rules are not in force yet"
_REMOVED = "somebody else removes our firewall rules again and again; look for a program that flushes them"


class Shielding:
    """The rules that the routers need, against what the firewall says."""

    def __init__(self) -> None:
        self.means = Means()
        self._wanted = RuleSet()
        self._asked: RuleSet | None = None  # given to the firewall, which has not answered yet
        self._in_force: RuleSet | None = RuleSet()  # None: nobody knows
        self._closed: frozenset[Closed] = frozenset()  # for certain
        self._silenced: frozenset[tuple[str, int]] = frozenset()  # names of VMACs, and the indices below
        self._refusal = ""
        self._reinstated: tuple[Instant, ...] = ()

    # ---- what should be

    def start(self, means: Means, *, left_over: bool) -> None:
        """Begin; what an earlier process left behind is to be replaced, whatever it is."""
        self.means = means
        self._wanted = RuleSet(means=means)
        self._in_force = None if left_over else self._wanted

    def trust(self, routers: Iterable[Router], links: Mapping[str, Link]) -> None:
        """Another process of ours left the rules that these need in force; they are asked for all the same."""
        rules = rules_of(routers, links, self.means)
        self._closed, self._silenced = rules.closed, _silenced_by(rules)

    def require(self, routers: Iterable[Router], links: Mapping[str, Link]) -> Effects:
        """From now on these need their rules. Rules that were refused are tried again at the next reading."""
        rules = rules_of(routers, links, self.means)
        refused = bool(self._refusal) and rules == self._wanted
        self._wanted = rules
        expected = self._in_force if self._asked is None else self._asked
        return () if refused or rules == expected else self._ask()

    def end(self) -> Effects:
        """Nobody needs rules any more."""
        return self.require((), {})

    def reading(self) -> Effects:
        """Look whether they still stand, or try again what was refused."""
        if self._asked is not None:
            return ()
        if self._in_force != self._wanted:
            return self._ask()
        return (CheckShield(),) if self._wanted.families else ()

    def _ask(self) -> Effects:
        self._asked = self._wanted
        return (Shield(self._wanted),)

    # ---- what is

    def hear(self, event: Shielded | ShieldRefused | ShieldLost, now: Instant) -> Effects:
        """What the firewall says."""
        match event:
            case Shielded(rules):
                return self._done(rules)
            case ShieldRefused(rules, words):
                return self._refused(rules, words)
            case ShieldLost():
                return self._lost(now)
            case _:
                assert_never(event)

    def _done(self, rules: RuleSet) -> Effects:
        """The firewall says that these rules are in force."""
        self._in_force, self._closed, self._silenced = rules, rules.closed, _silenced_by(rules)
        if rules == self._asked:
            self._asked, self._refusal = None, ""
        return (FirewallSet(rules.means.tool.value, len(rules.closed), len(rules.vmacs)),)

    def _refused(self, rules: RuleSet, words: str) -> Effects:
        """The firewall did not take these rules; those of before stay as they were."""
        if rules != self._asked:
            return ()
        again = words == self._refusal
        self._asked, self._refusal = None, words
        return () if again else (FirewallRefused(words, len(rules.vmacs)),)

    def _lost(self, now: Instant) -> Effects:
        """Somebody else changed or removed our rules: put them back, but not for ever without a rest."""
        self._in_force, self._closed, self._silenced = None, frozenset(), frozenset()
        if self._asked is not None:
            return ()
        recent = tuple(at for at in self._reinstated if between(at, now) < REINSTATE_WINDOW)
        if len(recent) >= REINSTATE_BURST:
            self._refusal = _REMOVED
            return (FirewallTouched("later"),)
        self._reinstated = (*recent, now)
        return (*self._ask(), FirewallTouched("reinstated"))

    # ---- what that means for a router

    def pending(self, router: Router, links: Mapping[str, Link]) -> bool:
        """Whether the router must wait for its rules."""
        return self._asked is not None and not (
            self.covers(router, links) and self.keeps_quiet(router, links)
        )

    def keeps_quiet(self, router: Router, links: Mapping[str, Link]) -> bool:
        """Whether its VMACs say nothing on their own.

        To hear on one makes the host report the group there. A switch would learn from the report of a backup
        that the virtual router is here, and take packets away from the master.
        """
        vmacs = (own for own in router.own_links if own.kind is OwnKind.MACVLAN)
        there = ((own.name, links.get(own.parent)) for own in vmacs if own.name in links)
        return all((name, base.index) in self._silenced for name, base in there if base is not None)

    def deafens(self, router: Router, links: Mapping[str, Link]) -> bool:
        """Whether the router may not hear yet; if the rules cannot be had, it hears all the same."""
        return self._asked is not None and not self.keeps_quiet(router, links)

    def covers(self, router: Router, links: Mapping[str, Link]) -> bool:
        """Whether all that the router needs is in force."""
        return closed_of(router, links, self.means) <= self._closed

    def faults(self, router: Router, state: State, links: Mapping[str, Link]) -> tuple[str, ...]:
        """Why the firewall keeps the router from taking part.

        Who takes part already goes on while rules that somebody removed are being put back.
        """
        if router.accept or self.covers(router, links):
            return ()
        if self._refusal:
            return (f"no-firewall: {self._refusal}",)
        return (f"no-firewall: {_PENDING}",) if isinstance(state, Init | Fault) else ()

    def snapshot(self) -> ShieldSnapshot:
        """The rules at this moment."""
        return ShieldSnapshot(self._wanted, in_force=self._in_force == self._wanted, refusal=self._refusal)


def _silenced_by(rules: RuleSet) -> frozenset[tuple[str, int]]:
    return frozenset((vmac.name, vmac.base_index) for vmac in rules.vmacs)
