"""The host's firewall: asked for one set of rules at a time, by the tool that each is for.

Only the last rules asked for count: what was asked while a tool was at work is done when it has ended.
"""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial

from standfast.base.addresses import Family
from standfast.base.errors import Refused
from standfast.engine.ports import Means, RuleSet, Shielded, ShieldLost, ShieldRefused, Tell, Tool
from standfast.linux import iptables
from standfast.linux.commands import Plan
from standfast.linux.nftables import script
from standfast.linux.own_tables import OwnTables, Turn, spare, transaction
from standfast.linux.table_watch import is_ours


class Firewall:
    """The firewall port of the host (`ports.FirewallPort`)."""

    def __init__(self, loop: asyncio.AbstractEventLoop, tell: Tell, complain: Callable[[str], None]) -> None:
        """Make it; nothing is read or changed yet.

        Args:
            loop: that tools are waited for on.
            tell: gets the events.
            complain: gets words about what is wrong but no event.
        """
        self._tables = OwnTables(loop, self._following, touched=self._touched, complain=complain)
        self._tell = tell
        self._next: RuleSet | None = None
        self._there = RuleSet()  # what was put there last
        self._former: tuple[Means, ...] = ()  # where earlier processes may have left something

    def left_over(self, means: Means, former: Iterable[Means] = ()) -> bool:
        """Whether rules of an earlier process may be there, which nobody has taken away.

        From now on they count as put there.

        Args:
            means: how the firewall is told now.
            former: how earlier processes of ours may have told it.
        """
        self._there = RuleSet(means=means)
        elsewhere = {_place(one): one for one in former if _place(one) != _place(means)}
        self._former = tuple(one for one in elsewhere.values() if _may_be_there(one))
        return bool(self._former) or _may_be_there(means)

    def shield(self, rules: RuleSet) -> None:
        """Have exactly these rules; the answer comes as `Shielded` or `ShieldRefused`."""
        self._next = rules
        self._tables.go_on()

    def check(self) -> None:
        """Look whether the rules still stand; `ShieldLost` if not."""
        if self._tables.busy:
            return
        rules = self._there
        if rules.means.tool is Tool.IPTABLES:
            self._tables.look(iptables.check(rules), self._checked)
        elif not all(is_ours(family, rules.means.table) for family in rules.families):
            self._touched()

    @property
    def busy(self) -> bool:
        """Whether a tool is at work."""
        return self._tables.busy

    def when_quiet(self, then: Callable[[], None]) -> None:
        """Call this when no tool is at work any more."""
        self._tables.when_quiet(then)

    def close(self) -> None:
        """Give all descriptors back; the rules stay as they are."""
        self._tables.close()

    # ---- one after the other

    def _following(self) -> Turn | None:
        if self._next is None:
            return None
        rules, self._next = self._next, None
        if rules.means.tool is Tool.NFTABLES:
            self._tables.hear_of(rules.means.table)
        return self._plan(rules), partial(self._put, rules)

    def _put(self, rules: RuleSet, refusal: Refused | None) -> None:
        if refusal is None:
            self._there = rules
            self._tell(Shielded(rules))
        else:
            self._tell(ShieldRefused(rules, str(refusal)))

    def _checked(self, refusal: Refused | None) -> None:
        if refusal is not None:
            self._touched()

    def _touched(self) -> None:
        self._tell(ShieldLost())

    def _plan(self, rules: RuleSet) -> Plan:
        """Put the rules there, then take away what another tool or table has of before."""
        before = self._there
        yield from self._with_tool(rules, before)
        if _place(before.means) != _place(rules.means):
            yield from self._with_tool(RuleSet(means=before.means), before)
        former, self._former = self._former, ()
        for means in former:
            if _place(means) != _place(rules.means):
                yield from self._with_tool(RuleSet(means=means), RuleSet(means=means))

    def _with_tool(self, rules: RuleSet, before: RuleSet) -> Plan:
        if rules.means.tool is Tool.IPTABLES:
            return iptables.put(rules, rules.families | before.families or Family)
        return with_nft(rules, self._tables.ours)


def _may_be_there(means: Means) -> bool:
    return means.tool is Tool.IPTABLES or any(is_ours(family, means.table) for family in Family)


def _place(means: Means) -> tuple[object, ...]:
    """Where rules stand: what replaces those of before when it is the same."""
    if means.tool is Tool.NFTABLES:
        return means.tool, means.table
    return means.tool, means.chain_in, means.chain_out, means.sets


def with_nft(rules: RuleSet, done: Callable[[], None]) -> Plan:
    """Lead to these rules by nft.

    Args:
        rules: of all families; empty: no table of ours stays.
        done: called when nft has done it.

    Raises:
        Refused: there is no nft, it did not do it, or a table of that name is somebody else's.
    """
    table = rules.means.table
    spare(table, rules.families, keyword="nftables")
    families = {family for family in Family if family in rules.families or is_ours(family, table)}
    yield from transaction(script(rules, families) if families else "", "the rules", done)
