"""Whether every loop goes round, as far as the parent knows: only then systemd's watchdog is told so."""

from standfast.base.limits import HELLO_STALE
from standfast.core.supervise.snapshot import ParentSnapshot
from standfast.core.supervise.state import Child, Running, Silent


def all_fresh(snapshot: ParentSnapshot) -> bool:
    """Whether no child keeps its parent waiting.

    A child that died and waits for its next life does not count: its parent looks after it, and to have the other
    children ended for it would be worse.
    """
    return all(_is_fresh(child) for _, child in snapshot.children)


def _is_fresh(child: Child) -> bool:
    match child:
        case Running(unanswered=unanswered):
            return unanswered < HELLO_STALE
        case Silent():
            return False
        case _:
            return True
