"""Sync groups: routers that are master together or not at all (behaviours SG-01 to SG-06).

Everything is derived from the members. A group takes over when the silence of its *last* member ends, so that none
of them is ever master alone; a fault of one is a fault of all; and when one lets a stronger master be, the others
follow at once, in the same step and before anything of it reaches the wire.
"""

from collections.abc import Iterable, Sequence

from standfast.base.times import Instant
from standfast.core.vrrp.causes import OF_GROUP
from standfast.core.vrrp.events import Due
from standfast.core.vrrp.member import Member
from standfast.core.vrrp.state import Backup, Fault, Init, Master, State
from standfast.core.vrrp.step import step
from standfast.core.vrrp.timing import silence_ends

Groups = dict[str, tuple[Member, ...]]


def groups_of(members: Iterable[Member]) -> Groups:
    """The sync groups by name, their members in the order of the configuration."""
    groups: Groups = {}
    for member in members:
        if name := member.router.sync_group:
            groups[name] = (*groups.get(name, ()), member)
    return groups


def takeover_due(members: Iterable[Member]) -> Instant | None:
    """When the backups of a group become master; None: one of its members cannot take part.

    A member that joined a group at work by a reload does not take the others out of it while it listens.
    """
    latest: Instant | None = None
    for member in members:
        match member.state:
            case Backup():
                due = silence_ends(member.router, member.state)
                latest = due if latest is None or due > latest else latest
            case Init() | Fault():
                return None
            case Master():
                pass
    return latest


def candidates(members: Sequence[Member], now: Instant) -> tuple[Sequence[Member], Due]:
    """Who acts on the end of the group's silence, and on what.

    All its backups, if each of them would become master now; otherwise only those that would not, since they first
    have to listen once more (they overslept), and the group waits with them.
    """
    backups = [member for member in members if isinstance(member.state, Backup)]
    due = takeover_due(members)
    if due is None or now < due:
        return (), Due()
    ending = Due(since=due)
    doubting = [m for m in backups if not isinstance(step(m.router, m.state, ending, now)[0], Master)]
    return doubting or backups, ending


def gives_way(before: State, after: State) -> bool:
    """Whether a member's step takes the other masters of its group along (behaviour SG-03)."""
    if not isinstance(after, Backup):
        return False
    if isinstance(before, Master):
        return True
    heeds = after.master is not None and not after.master_left and after.weaker_since is None
    return isinstance(before, Backup) and heeds and after.quiet_since > before.quiet_since


def shared_faults(members: Sequence[Member], own: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The faults of each member: its own, and that others are in fault for other reasons (behaviour SG-02)."""
    faulty = [(m.router.name, set(faults)) for m, faults in zip(members, own, strict=True) if faults]
    return [
        (*faults, *(f"{OF_GROUP}: {name}" for name, theirs in faulty if not theirs.issubset(faults)))
        for faults in own
    ]


def state_of(states: Iterable[str]) -> str:
    """The state of a group whose members are in these states, all by the names of a router's."""
    found = set(states)
    return next((state for state in ("fault", "master", "backup") if state in found), "init")
