"""What operators are notified of: of whom, the word for what became of it, and why.

One notice goes to everybody who asked: scripts, pipes, mails, webhooks, the bus (behaviours NO-01, NO-03, NO-04,
SG-05). It is a message: it also goes from the process that makes it to the one that carries it out of the host.
"""

from enum import StrEnum
from typing import Final

import msgspec

from standfast.core.lvs.effects import QuorumChanged, RealServerChanged
from standfast.core.vrrp.effects import GroupChanged, RouterChanged, WeakerHeard

MASTER: Final = "MASTER"
BACKUP: Final = "BACKUP"
STOP: Final = "STOP"
FAULT: Final = "FAULT"
DELETED: Final = "DELETED"
WEAKER: Final = "MASTER_RX_LOWER_PRI"
UP: Final = "UP"
DOWN: Final = "DOWN"
PRIORITY: Final = "_PRIORITY"  # behind MASTER or BACKUP: its effective priority is another one (FIFO-04)
_STATES: Final = {"master": MASTER, "backup": BACKUP, "fault": FAULT, "init": STOP}
_CONTEXT_VERSION: Final = 1  # of the JSON; higher when a key is removed or means something else

# Facts that may be worth a notice.
KINDS: Final = (RouterChanged, GroupChanged, WeakerHeard, RealServerChanged, QuorumChanged)


class Subject(StrEnum):
    """What a notice is about, by the word that scripts and pipes are told."""

    INSTANCE = "INSTANCE"
    GROUP = "GROUP"
    VIRTUAL_SERVER = "VS"
    REAL_SERVER = "RS"


VRRP_SUBJECTS: Final = frozenset({Subject.INSTANCE, Subject.GROUP})

Who = tuple[Subject, str, str]  # a subject, its name, and of a real server its virtual server's


class Notice(msgspec.Struct, frozen=True):
    """What scripts, pipes and mails say."""

    subject: Subject
    name: str
    state: str
    priority: int = 0  # effective, at that moment; of a real server its weight; of others 0
    of: str = ""  # the virtual server of a real server
    was: str = ""  # the state before, in the same words; empty: none, or not known
    reason: str = ""  # slug, or of a real server words: why
    detail: str = ""  # for people: who, how much

    @property
    def who(self) -> Who:
        """Whose notice it is."""
        return (self.subject, self.name, self.of)

    @property
    def words(self) -> tuple[str, str, str, str]:
        """The four arguments behind those of a `notify` script (behaviour SCR-04)."""
        return (self.subject, self.name, self.state, str(self.priority))

    @property
    def is_change(self) -> bool:
        """Whether somebody entered a state; otherwise it only has another priority, or heard a weaker one."""
        return self.state != WEAKER and not self.state.endswith(PRIORITY)


def notice_of(fact: object) -> Notice | None:
    """The notice of a fact; None: it is worth none."""
    match fact:
        case RouterChanged() if fact.old == fact.new:
            return None  # another reason for the same fault
        case RouterChanged():
            state = DELETED if fact.reason == "deleted" else _STATES[fact.new]
            was = "" if fact.old == "init" else _STATES[fact.old]
            return Notice(
                Subject.INSTANCE, fact.router, state, fact.priority,
                was=was, reason=fact.reason, detail=fact.detail,
            )  # fmt: skip
        case GroupChanged():
            was = "" if fact.old == "init" else _STATES[fact.old]
            return Notice(Subject.GROUP, fact.group, _STATES[fact.new], was=was)
        case WeakerHeard() if fact.ours:
            detail = f"{fact.sender} has priority {fact.priority}"
            return Notice(Subject.INSTANCE, fact.router, WEAKER, fact.ours, was=MASTER, detail=detail)
        case RealServerChanged(virtual, server, up, weight, reason):
            state = UP if up else DOWN
            return Notice(Subject.REAL_SERVER, server, state, weight, of=virtual, reason=reason)
        case QuorumChanged(virtual, up):
            detail = f"weight {fact.live}, quorum {fact.quorum}, hysteresis {fact.hysteresis}"
            return Notice(Subject.VIRTUAL_SERVER, virtual, UP if up else DOWN, detail=detail)
        case _:
            return None


def context_of(notice: Notice) -> dict[str, object]:
    """A notice for programs: what stands in `STANDFAST_CONTEXT`, and in what a webhook gets."""
    plain: dict[str, object] = msgspec.structs.asdict(notice)
    return {"version": _CONTEXT_VERSION} | {key: value for key, value in plain.items() if value != ""}
