"""What operators are notified of: an instance, a group, a server, and the word for what became of it.

One notice goes to everybody who asked: scripts, pipes, mail (behaviours NO-01, NO-03, NO-04, SG-05).
"""

from enum import StrEnum
from typing import Final

from standfast.base.frozen import frozen
from standfast.core.lvs.effects import QuorumChanged, RealServerChanged
from standfast.core.vrrp.effects import GroupChanged, RouterChanged, WeakerHeard

STOP: Final = "STOP"
FAULT: Final = "FAULT"
DELETED: Final = "DELETED"
WEAKER: Final = "MASTER_RX_LOWER_PRI"
_STATES: Final = {"master": "MASTER", "backup": "BACKUP", "fault": FAULT, "init": STOP}

UP: Final = "UP"
DOWN: Final = "DOWN"

KINDS: Final = (
    RouterChanged,
    GroupChanged,
    WeakerHeard,
    RealServerChanged,
    QuorumChanged,
)  # facts that may be worth a notice


class Subject(StrEnum):
    """What a notice is about, by the word that scripts are told."""

    INSTANCE = "INSTANCE"
    GROUP = "GROUP"
    VIRTUAL = "VS"
    REAL = "RS"


@frozen
class Notice:
    """What scripts, pipes and mails say."""

    subject: Subject
    name: str
    state: str
    priority: int  # effective, at that moment; of a group 0

    @property
    def words(self) -> tuple[str, str, str, str]:
        """The four arguments behind those of a `notify` script (behaviour SCR-04)."""
        return (self.subject, self.name, self.state, str(self.priority))


def notice_of(fact: object) -> Notice | None:
    """The notice of a fact; None: it is worth none."""
    match fact:
        case RouterChanged() if fact.old == fact.new:
            return None  # another reason for the same fault
        case RouterChanged():
            state = DELETED if fact.reason == "deleted" else _STATES[fact.new]
            return Notice(Subject.INSTANCE, fact.router, state, fact.priority)
        case GroupChanged():
            return Notice(Subject.GROUP, fact.group, _STATES[fact.new], 0)
        case WeakerHeard() if fact.ours:
            return Notice(Subject.INSTANCE, fact.router, WEAKER, fact.ours)
        case QuorumChanged():
            return Notice(Subject.VIRTUAL, fact.virtual, UP if fact.up else DOWN, 0)
        case RealServerChanged():
            return Notice(Subject.REAL, real_name(fact.server, fact.virtual), UP if fact.up else DOWN, 0)
        case _:
            return None


def real_name(server: str, virtual: str) -> str:
    """A real server: the same one may stand in several virtual servers."""
    return f"{server} of {virtual}"
