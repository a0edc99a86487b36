"""How the routers of a node act: what each event makes of one of them, and with it of its sync group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from standfast.base.times import Instant
from standfast.core.track.verdict import TrackerKey, Verdict
from standfast.core.vrrp.announce import Announcing, Cause
from standfast.core.vrrp.belongings import Belongings
from standfast.core.vrrp.effects import Command, Effect, Effects, ReleaseAddresses, RouterChanged
from standfast.core.vrrp.events import (
    AnnouncementAsked,
    Due,
    Faulted,
    GroupYields,
    Judged,
    Ordered,
    Recovered,
    RouterEvent,
    Started,
    Stopped,
)
from standfast.core.vrrp.groups import candidates, gives_way, shared_faults
from standfast.core.vrrp.member import Member
from standfast.core.vrrp.ordering import in_order
from standfast.core.vrrp.orders import Order
from standfast.core.vrrp.roster import Roster
from standfast.core.vrrp.state import Init, Master
from standfast.core.vrrp.surroundings import Surroundings
from standfast.core.vrrp.timing import overslept


class Conduct:
    """What members do, by themselves and together."""

    def __init__(self, roster: Roster, host: Surroundings, belongings: Belongings) -> None:
        self._roster = roster
        self._host = host
        self._belongings = belongings

    def give(self, member: Member, event: RouterEvent, now: Instant) -> Effects:
        """Let the member do what the event asks for; what it lets go of is weighed against the others."""
        before = member.state
        effects = self._roster.give(member, event, now)
        if isinstance(before, Master) and not isinstance(member.state, Master):
            effects = self._belongings.let_go(member.router, effects)
        if member.fallen and isinstance(member.state, Master) and not isinstance(before, Master):
            effects = (*effects, *member.rise(now))
        # Who follows is followed by nobody: all others follow, too.
        leads = not isinstance(event, GroupYields)
        if leads and member.router.sync_group and gives_way(before, member.state):
            return in_order((*effects, *self._follow(member, now)))
        return effects

    def wake(self, now: Instant) -> Effects:
        """Let masters that overslept lie down before anything but a packet makes them speak or announce."""
        due = self._roster.agenda.first()
        if due is None or due >= now:
            return ()
        sleepers = [
            m for m in self._roster if isinstance(m.state, Master) and overslept(m.router, m.state, now)
        ]
        return tuple(effect for member in sleepers for effect in self.give(member, Due(), now))

    # ---- sync groups

    def elect(self, member: Member, now: Instant) -> Effects:
        """The silence of the member's group may have ended: its backups take over together, or none."""
        acting, ending = candidates(self._roster.group_of(member), now)
        if member not in acting:
            self._roster.schedule(member)
        return tuple(effect for each in acting for effect in self.give(each, ending, now))

    def _follow(self, leader: Member, now: Instant) -> Effects:
        """The other masters of the group give way with the leader (behaviour SG-03)."""
        yields = GroupYields(leader.router.name, leader.detail)
        masters = [m for m in self._roster.group_of(leader) if isinstance(m.state, Master)]
        return tuple(effect for member in masters for effect in self.give(member, yields, now))

    # ---- what keeps members from taking part

    def announce_anew(self, members: Iterable[Member], now: Instant) -> None:
        """Those that are master say whose their addresses are, as they did when they took over."""
        for member in members:
            if isinstance(member.state, Master):
                member.state = replace(member.state, announcing=Announcing(Cause.MASTER, now))
                self._roster.schedule(member)

    def heed(self, event: Judged | Ordered | AnnouncementAsked, now: Instant) -> Effects:
        """Trackers or operators say something else than before."""
        match event:
            case AnnouncementAsked(name):
                self.announce_anew([one for one in (self._roster.get(name),) if one is not None], now)
                return ()
            case Judged(verdicts):
                return self._judged(verdicts, now)
            case Ordered(orders):
                return self._ordered(orders, now)

    def _judged(self, verdicts: Mapping[TrackerKey, Verdict], now: Instant) -> Effects:
        """Of the members that listen to these trackers the priority or the faults change."""
        self._host.verdicts.update(verdicts)
        keys = verdicts.keys()
        listening = {m.router.name: m for key in keys for m in self._roster.listening(key)}
        return in_order(self.judge(listening.values(), now))

    def _ordered(self, orders: tuple[Order, ...], now: Instant) -> Effects:
        """Each member is again what the facts and the orders make of it."""
        self._host.orders = orders
        return in_order(self.judge(self._roster, now))

    def judge(self, members: Iterable[Member], now: Instant) -> Effects:
        """Compare what keeps these members, and so their sync groups, from taking part with what it was."""
        together: dict[tuple[str, str], list[Member]] = {}
        for member in members:
            group, name = member.router.sync_group, member.router.name
            together.setdefault((group, "" if group else name), []).append(member)
        return tuple(effect for some in together.values() for effect in self._judge_together(some, now))

    def _judge_together(self, members: Sequence[Member], now: Instant) -> Effects:
        """The same of members of one sync group: what befalls several is judged when it is known of all."""
        effects: list[Effect] = []
        for member in members:
            worth = self._host.standing(member.configured)
            effects += () if member.fallen else member.be_worth(worth, now)
            self._roster.schedule(member)
        begun = next((member for member in members if member.begun), None)
        for member in members:
            effects += () if member.begun else self._take_part(member, now)
        return (*effects, *(() if begun is None else self._judge_group(begun, now)))

    def _judge_group(self, member: Member, now: Instant) -> Effects:
        group = self._roster.group_of(member)
        every = shared_faults(group, [self._host.faults(each) for each in group])
        effects: list[Effect] = []
        for each, faults in zip(group, every, strict=True):
            if faults == each.faults or isinstance(each.state, Init):  # a router that was stopped stays so
                continue
            each.faults = faults
            effects += self.give(each, Faulted(faults) if faults else Recovered(self._host.not_before), now)
        return in_order(effects) if len(group) > 1 else tuple(effects)

    def regroup(self, former: Mapping[str, tuple[Member, ...]], now: Instant) -> Effects:
        """A fault that a reload took out of a sync group, with its router, is none of the others' any more.

        Args:
            former: the members of the groups until now.
            now: this moment.
        """
        changed = (group for name, group in self._roster.groups.items() if former.get(name) != group)
        return tuple(effect for group in changed for effect in self._judge_group(group[0], now))

    # ---- coming and going

    def begin(self, member: Member, now: Instant) -> Effects:
        """A new member: make its takeover ready, and let it take part if nothing keeps it."""
        worth = member.be_worth(self._host.standing(member.configured), now)
        facts = (effect for effect in worth if not isinstance(effect, Command))  # all is made ready here
        return (*self._host.prepare(member), *facts, *self._take_part(member, now))

    def resume(self, member: Member, now: Instant) -> Effects:
        """A member that goes on where another process stopped: nothing happens, unless the facts differ."""
        return (*self._host.prepare(member), *self.judge((member,), now))

    def _take_part(self, member: Member, now: Instant) -> Effects:
        """Begin, as soon as every tracker has said its first word (behaviour TR-04) and the firewall knows."""
        if member.standing.waits_for or self._host.shielding.pending(member.router, self._host.links):
            return ()
        member.begun = True
        group = self._roster.group_of(member)
        faults = shared_faults(group, [self._host.faults(each) for each in group])
        member.faults = faults[group.index(member)]
        first = Faulted(member.faults) if member.faults else Started(self._host.not_before)
        return (*self.give(member, first, now), *self._judge_group(member, now))

    def farewell(self, member: Member, now: Instant) -> Effects:
        """A router that a reload removed; its addresses are the business of the comparison at the end."""
        given = member.give(Stopped(), now)
        return tuple(
            RouterChanged(e.router, e.old, e.new, "deleted", e.priority)
            if isinstance(e, RouterChanged)
            else e
            for e in given
            if not isinstance(e, ReleaseAddresses)
        )
