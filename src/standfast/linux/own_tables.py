"""Tables of nftables that are ours: changed by one plan after the other, and watched for the hands of others.

What is wanted while a program is at work has its turn when that has ended, all at once: only the last wish counts.
"""

import asyncio
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final

from standfast.base.addresses import Family
from standfast.base.errors import Refused
from standfast.linux.commands import Command, Commands, Done, Plan
from standfast.linux.nftables import WORD
from standfast.linux.table_watch import TableWatch, is_foreign

_NO_LEAVE: Final = "run it as root or give it CAP_NET_ADMIN"

Turn = tuple[Plan, Done]


class OwnTables:
    """Changes them."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        following: Callable[[], Turn | None],
        *,
        touched: Callable[[], None],
        complain: Callable[[str], None],
    ) -> None:
        """Make it; nothing is read or changed yet.

        Args:
            loop: that programs are waited for on.
            following: what is to be done next, asked when nothing is under way; None: nothing.
            touched: called when somebody else has changed the tables, or may have.
            complain: gets words when that cannot be heard.
        """
        self._commands = Commands(loop)
        self._watch = TableWatch(loop, touched)
        self._following = following
        self._complain = complain
        self._quiet: Callable[[], None] = _nobody
        self._ending = False  # what came of the last plan is being told; what is wanted now waits for that

    @property
    def busy(self) -> bool:
        """Whether a program is at work."""
        return self._ending or self._commands.busy

    def when_quiet(self, then: Callable[[], None]) -> None:
        """Call this when no program is at work any more."""
        self._quiet = then

    def hear_of(self, table: str) -> None:
        """Be told from now on when somebody else changes the tables of this name."""
        try:
            self._watch.open(table)
        except OSError as error:  # then the regular reading finds out
            self._complain(f"cannot hear of changes to the table {table} of nftables: {error.strerror}")

    def close(self) -> None:
        """Give the descriptors back; the tables stay."""
        self._watch.close()
        self._commands.close()

    # ---- one after the other

    def go_on(self) -> None:
        """Do what follows, unless something is under way."""
        if self.busy:
            return
        turn = self._following()
        if turn is None:
            self._quiet()
            return
        plan, done = turn
        self._watch.begin()
        self._commands.start(plan, partial(self._end, done))

    def look(self, plan: Plan, done: Done) -> None:
        """Carry out a plan that changes nothing; only when nothing is under way."""
        self._commands.start(plan, partial(self._seen, done))

    def nft(self, text: str, what: str) -> Plan:
        """Have nft do what these lines say, in one transaction; no lines are nothing to do.

        Args:
            text: the lines.
            what: they are about, for people: "the rules".

        Raises:
            Refused: there is no nft, or it did not do it.
        """
        yield from transaction(text, what, self.ours)

    def ours(self) -> None:
        """We have changed them, in one transaction."""
        self._watch.ours()

    def _end(self, done: Done, refusal: Refused | None) -> None:
        self._tell(done, refusal)
        self._watch.end()
        self.go_on()

    def _seen(self, done: Done, refusal: Refused | None) -> None:
        self._tell(done, refusal)
        self.go_on()

    def _tell(self, done: Done, refusal: Refused | None) -> None:
        self._ending = True
        done(refusal)
        self._ending = False


def transaction(text: str, what: str, done: Callable[[], None]) -> Plan:
    """What `OwnTables.nft` does; `done` is called when it has been done.

    Raises:
        Refused: there is no nft, or it did not do it.
    """
    if not text:
        return
    ended = yield Command(("nft", "-f", "-"), text, package="nftables")
    if ended.status:
        said = ended.complaint.partition("Error: ")[2] or ended.complaint or f"status {ended.status}"
        words = said.splitlines()[0]
        remedy = _NO_LEAVE if "permitted" in words else "`nft list ruleset` shows what is there"
        raise Refused("nft", f"nft refuses {what}: {words}", remedy=remedy)
    done()


def spare(table: str, families: Iterable[Family], *, keyword: str = "") -> None:
    """See that we do not touch tables of this name that somebody else has made.

    Args:
        table: its name.
        families: that we want one of.
        keyword: which names another one.

    Raises:
        Refused: `foreign-table`.
    """
    for family in sorted(families):
        if is_foreign(family, table):
            name = f"{WORD[family]} {table}"
            instead = f"name another with `{keyword}`, or " if keyword else ""
            raise Refused(
                "foreign-table",
                f"the table {name} of nftables is somebody else's",
                remedy=f"{instead}remove it (nft delete table {name})",
            )


def _nobody() -> None:
    """Nobody waits."""
