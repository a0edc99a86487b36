"""What a new list of routers means for those at work (behaviours RL-02 to RL-04, GA-08, RL-10).

A router with the same identity stays: its parameters are replaced under an unchanged state, and its deadlines
follow by themselves. Others go, or come.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from standfast.base.frozen import frozen
from standfast.base.times import Instant
from standfast.core.vrrp.announce import Announcing, Cause
from standfast.core.vrrp.member import Member
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.standing import Standing
from standfast.core.vrrp.state import Backup, Master, State, no_less_patient


@frozen
class Plan:
    """Who is there after a reload, and how each came to be."""

    members: dict[str, Member]  # all that are there then, by name, in the order of the configuration
    gone: tuple[Member, ...]
    changed: tuple[Member, ...]  # with other parameters than before
    fresh: tuple[Member, ...]
    renamed: tuple[str, ...]  # names that no member has any more


def plan(
    members: Mapping[str, Member],
    routers: Sequence[Router],
    judge: Callable[[Router], Standing],
    now: Instant,
) -> Plan:
    """Match routers by identity; those that stay have their new parameters afterwards.

    Args:
        members: those at work, by name.
        routers: with their base priorities.
        judge: what the present trackers make of a router.
        now: this moment.
    """
    staying, gone = _matched(members, routers)
    there: dict[str, Member] = {}
    changed, fresh = [], []
    for router in routers:
        member = staying.get(router.name)
        if member is None:
            member = Member(router, changed_at=now)
            fresh.append(member)
        elif member.configured != router:
            _replace(member, router, judge(router), now)
            changed.append(member)
        there[router.name] = member
    return Plan(
        members=there,
        gone=gone,
        changed=tuple(changed),
        fresh=tuple(fresh),
        renamed=tuple(name for name in members if name not in there),
    )


def _matched(
    members: Mapping[str, Member], routers: Sequence[Router]
) -> tuple[dict[str, Member], tuple[Member, ...]]:
    """Who goes on, by the name that it has from now on, and who goes.

    Unicast routers with other peers may share an identity: those of the same name find each other first.
    """
    rest = dict(members)
    staying: dict[str, Member] = {}
    for router in routers:
        member = rest.get(router.name)
        if member is not None and member.router.identity == router.identity:
            staying[router.name] = rest.pop(router.name)
    renamed = {member.router.identity: member for member in rest.values()}
    for router in routers:
        if router.name not in staying and (member := renamed.pop(router.identity, None)) is not None:
            staying[router.name] = rest.pop(member.router.name)
    return staying, tuple(rest.values())


def _replace(member: Member, router: Router, standing: Standing, now: Instant) -> None:
    worth = router.worth(standing.priority)
    member.state = _carried_over(member.router, worth, member.state, now)
    member.configured, member.router, member.standing = router, worth, standing
    member.forget_packets()  # they were checked by the old parameters
    member.reinstated.clear()
    member.refused.clear()


def _carried_over(old: Router, new: Router, state: State, now: Instant) -> State:
    """The same state under new parameters.

    An interval that changes starts anew what it measures, lest the time that has passed count as oversleeping.
    """
    match state:
        case Backup() if (new.version == 2 or state.master is None) and new.interval != state.interval:
            return replace(state, interval=new.interval, quiet_since=now)  # nothing was learnt
        case Backup() if state.weaker_since is not None and _less_eager(old, new):
            return no_less_patient(state, lower=True, now=now)  # what it says may count from now on
        case Master():  # the reload sends an advert
            announcing = state.announcing if old.held == new.held else Announcing(Cause.MASTER, now)
            elsewhere = Announcing(Cause.ELSEWHERE, now) if new.elsewhere else None
            if old.elsewhere == new.elsewhere:
                elsewhere = state.elsewhere
            return replace(state, beat=now, announcing=announcing, elsewhere=elsewhere)
        case _:
            return state


def _less_eager(old: Router, new: Router) -> bool:
    """Whether a router may have to let a master be that it was about to preempt."""
    return (
        new.priority < old.priority
        or (old.preempt and not new.preempt)
        or new.preempt_delay > old.preempt_delay
    )
