"""The host's firewall: asked for one set of rules at a time, by the tool that each is for.

Only the last rules asked for count: what was asked while a tool was at work is done when it has ended.
"""

import asyncio
from collections.abc import Callable, Iterable
from typing import Final

from standfast.base.addresses import Family
from standfast.base.errors import Refused
from standfast.engine.ports import Means, RuleSet, Shielded, ShieldLost, ShieldRefused, Tell, Tool
from standfast.linux import iptables
from standfast.linux.commands import Command, Commands, Plan
from standfast.linux.nftables import script
from standfast.linux.table_watch import TableWatch, is_foreign, is_ours

_NO_LEAVE: Final = "run it as root or give it CAP_NET_ADMIN"


class Firewall:
    """The firewall port of the host (`ports.FirewallPort`)."""

    def __init__(self, loop: asyncio.AbstractEventLoop, tell: Tell, complain: Callable[[str], None]) -> None:
        """Make it; nothing is read or changed yet.

        Args:
            loop: that tools are waited for on.
            tell: gets the events.
            complain: gets words about what is wrong but no event.
        """
        self._commands = Commands(loop)
        self._watch = TableWatch(loop, self._touched)
        self._tell = tell
        self._complain = complain
        self._next: RuleSet | None = None
        self._there = RuleSet()  # what was put there last
        self._former: tuple[Means, ...] = ()  # where earlier processes may have left something
        self._quiet: Callable[[], None] = _nobody

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
        self._go_on()

    def check(self) -> None:
        """Look whether the rules still stand; `ShieldLost` if not."""
        if self._commands.busy:
            return
        rules = self._there
        if rules.means.tool is Tool.IPTABLES:
            self._commands.start(iptables.check(rules), self._checked)
        elif not all(is_ours(family, rules.means.table) for family in rules.families):
            self._touched()

    @property
    def busy(self) -> bool:
        """Whether a tool is at work."""
        return self._commands.busy

    def when_quiet(self, then: Callable[[], None]) -> None:
        """Call this when no tool is at work any more."""
        self._quiet = then

    def close(self) -> None:
        """Give all descriptors back; the rules stay as they are."""
        self._watch.close()
        self._commands.close()

    # ---- one after the other

    def _go_on(self) -> None:
        if self._commands.busy:
            return
        if self._next is None:
            self._quiet()
            return
        rules, self._next = self._next, None
        if rules.means.tool is Tool.NFTABLES:
            self._open_watch(rules.means.table)
        self._watch.begin()
        self._commands.start(self._plan(rules), lambda refusal: self._put(rules, refusal))

    def _open_watch(self, table: str) -> None:
        try:
            self._watch.open(table)
        except OSError as error:  # then the regular reading finds out
            self._complain(f"cannot hear of changes to the table {table}: {error.strerror}")

    def _put(self, rules: RuleSet, refusal: Refused | None) -> None:
        if refusal is None:
            self._there = rules
            self._tell(Shielded(rules))
        else:
            self._tell(ShieldRefused(rules, str(refusal)))
        self._watch.end()
        self._go_on()

    def _checked(self, refusal: Refused | None) -> None:
        if refusal is not None:
            self._touched()
        self._go_on()

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
        return with_nft(rules, self._watch.ours)


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
    for family in sorted(rules.families):
        if is_foreign(family, table):
            word = "ip" if family is Family.IPV4 else "ip6"
            raise Refused(
                "foreign-table",
                f"the table {word} {table} of nftables is somebody else's",
                remedy=f"name another with `nftables`, or remove it (nft delete table {word} {table})",
            )
    families = {family for family in Family if family in rules.families or is_ours(family, table)}
    if not families:
        return
    ended = yield Command(("nft", "-f", "-"), script(rules, families), package="nftables")
    if ended.status:
        said = ended.complaint.partition("Error: ")[2] or ended.complaint or f"status {ended.status}"
        words = said.splitlines()[0]
        remedy = _NO_LEAVE if "permitted" in words else "`nft list ruleset` shows what is there"
        raise Refused("nft", f"nft refuses the rules: {words}", remedy=remedy)
    done()


def _nobody() -> None:
    """Nobody waits."""
