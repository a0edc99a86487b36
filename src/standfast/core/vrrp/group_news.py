"""What is told of sync groups: each time the state that the members have together is another."""

from collections.abc import Sequence

from standfast.core.vrrp.effects import Command, Effect, Effects, GroupChanged, RouterChanged
from standfast.core.vrrp.groups import state_of
from standfast.core.vrrp.roster import Roster
from standfast.core.vrrp.state import name_of


class GroupNews:
    """The state that was last told of each group."""

    def __init__(self, roster: Roster) -> None:
        self._roster = roster
        self._told: dict[str, str] = {}

    def recall(self) -> None:
        """Take the state that the groups have now for told: another process told it."""
        self._told = {
            name: state_of(name_of(member.state) for member in members)
            for name, members in self._roster.groups.items()
        }

    def recollections(self) -> tuple[GroupChanged, ...]:
        """What was told last, for those who did not hear it."""
        return tuple(GroupChanged(name, "init", state) for name, state in self._told.items())

    def beside(self, effects: Sequence[Effect], *, first: bool = False, others: bool = False) -> Effects:
        """The effects, and behind them what they mean for groups; at the start before the members (SG-06).

        Args:
            effects: what happened to the members.
            first: at the start.
            others: the groups may have other members than before.
        """
        changed = self._roster.groups and any(isinstance(each, RouterChanged) for each in effects)
        if not others and not changed:
            return tuple(effects)
        told = self._changed()
        if not told or not first:
            return (*effects, *told)
        commands = [effect for effect in effects if isinstance(effect, Command)]
        return (*commands, *told, *(effect for effect in effects if not isinstance(effect, Command)))

    def _changed(self) -> tuple[GroupChanged, ...]:
        before = self._told
        self.recall()
        states = ((name, before.get(name, "init"), new) for name, new in self._told.items())
        return tuple(GroupChanged(name, old, new) for name, old, new in states if new != old)
