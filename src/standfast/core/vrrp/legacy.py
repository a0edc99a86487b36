"""What a process leaves to the one that takes its place without a failover, and how that one goes on with it.

The monotonic clock counts from the boot, so moments mean in the new process what they meant in the old one. Only
what happened is left; deadlines follow from it as always. A router whose identity is another one, or that the old
process did not have, begins anew.
"""

from collections.abc import Iterable
from dataclasses import replace

from standfast.base.frozen import frozen
from standfast.base.times import Instant
from standfast.core.vrrp.announce import Announcing, Cause
from standfast.core.vrrp.authentic import Marks
from standfast.core.vrrp.conflict import Conflict, Speaker, Voice
from standfast.core.vrrp.effects import RouterChanged
from standfast.core.vrrp.member import Member
from standfast.core.vrrp.rivals import Rival
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.standing import Standing
from standfast.core.vrrp.state import Backup, Fault, Init, Master, State, name_of


@frozen
class RouterLegacy:
    """One router; of the states, the one that it was in."""

    name: str
    identity: str
    priority: int  # effective
    changed_at: Instant
    reason: str
    detail: str
    faults: tuple[str, ...]
    counter: int  # of AH: what is sent must be above it
    marks: Marks  # of signatures: what is heard must be later
    backup: Backup | None = None
    master: Master | None = None
    fault: Fault | None = None
    rival: Rival | None = None
    fallen: bool = False
    heard: tuple[Speaker, ...] = ()
    last: Speaker | None = None  # who spoke last as master
    before: Speaker | None = None  # and who before that
    conflict: Conflict | None = None


@frozen
class NodeLegacy:
    """All routers of a process."""

    routers: tuple[RouterLegacy, ...] = ()
    shielded: bool = False  # the firewall's rules are in force


def identity_of(router: Router) -> str:
    """What must be the same for a router to be the same one, in words."""
    return " ".join(map(str, router.identity))


def legacy_of(member: Member) -> RouterLegacy:
    """What the next process must know of a router."""
    state = member.state
    last, before = member.masters.recent
    return RouterLegacy(
        name=member.router.name,
        identity=identity_of(member.configured),
        priority=member.router.priority,
        changed_at=member.changed_at,
        reason=member.reason,
        detail=member.detail,
        faults=member.faults,
        counter=member.counter,
        marks=member.marks,
        backup=state if isinstance(state, Backup) else None,
        master=state if isinstance(state, Master) else None,
        fault=state if isinstance(state, Fault) else None,
        rival=member.rival,
        fallen=member.fallen,
        heard=tuple(voice.now() for voice in member.heard_from.values()),
        last=last,
        before=before,
        conflict=member.masters.conflict,
    )


def inherit(members: Iterable[Member], legacy: NodeLegacy, now: Instant, *, exact: bool) -> None:
    """Have these members go on where those of the old process stopped.

    Args:
        members: that have not begun.
        legacy: what was left.
        now: this moment.
        exact: the configuration is the one of the old process.
    """
    left = {one.name: one for one in legacy.routers}
    for member in members:
        one = left.get(member.router.name)
        if one is not None and one.identity == identity_of(member.router):
            _take_over(member, one, now, exact=exact)


def _take_over(member: Member, left: RouterLegacy, now: Instant, *, exact: bool) -> None:
    state = left.backup or left.master or left.fault
    member.counter, member.marks = left.counter, left.marks
    if state is None:  # it had not begun, or was about to end
        return
    member.begun = True
    member.changed_at, member.reason, member.detail = left.changed_at, left.reason, left.detail
    member.faults, member.rival, member.fallen = left.faults, left.rival, left.fallen
    if not member.router.owner or left.fallen:  # an owner's never changes (behaviour SM-28)
        member.router = member.router.worth(left.priority)
        member.standing = Standing(left.priority)
    member.state = state if exact else _fitted(member.router, state, now)
    member.heard_from = {one.address: Voice(one) for one in left.heard}
    member.masters.recall(
        None if left.last is None else member.heard_from.get(left.last.address, Voice(left.last)),
        left.before,
        left.conflict,
    )


def _fitted(router: Router, state: State, now: Instant) -> State:
    """The same state under parameters that may be others, as after a reload."""
    match state:
        case Backup() if (router.version == 2 or state.master is None) and router.interval != state.interval:
            return replace(state, interval=router.interval, quiet_since=now)
        case Master():
            elsewhere = Announcing(Cause.ELSEWHERE, now) if router.elsewhere else None
            return replace(state, announcing=Announcing(Cause.MASTER, now), elsewhere=elsewhere)
        case _:
            return state


def recollections(members: Iterable[Member]) -> tuple[RouterChanged, ...]:
    """How each member came into the state that it goes on in: for who must know, and was told in another life."""
    return tuple(
        RouterChanged(
            member.router.name,
            name_of(Init()),
            name_of(member.state),
            member.reason,
            member.router.priority,
            member.detail,
        )
        for member in members
        if member.begun
    )
