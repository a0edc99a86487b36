"""Whether every loop goes round, as far as the parent knows: only then systemd's watchdog is told so."""

from standfast.base.limits import HELLO_STALE
from standfast.core.supervise.snapshot import ParentSnapshot
from standfast.core.supervise.state import Absent, Child, Running, Silent


def all_fresh(snapshot: ParentSnapshot) -> bool:
    """Whether no child keeps its parent waiting.

    A child that died and waits for its next life does not count: its parent looks after it, and to have the other
    children ended for it would be worse.
    """
    return all(_is_fresh(child) for _, child in snapshot.children)


def hindrance_of(snapshot: ParentSnapshot) -> str:
    """Why the program cannot be replaced without anybody's noticing; empty: it can."""
    if snapshot.stopping:
        return "the daemon ends"
    if snapshot.reloading or snapshot.confirm_by is not None:
        return "a reload is under way, or waits to be confirmed"
    busy = [
        name for name, child in snapshot.children if not _is_at_work(child, name in snapshot.watch.needed)
    ]
    return f"the {busy[0]} process is not at work" if busy else ""


def _is_at_work(child: Child, needed: bool) -> bool:
    if not needed:
        return isinstance(child, Absent)
    return isinstance(child, Running) and child.ready and not child.unanswered


def _is_fresh(child: Child) -> bool:
    match child:
        case Running(unanswered=unanswered):
            return unanswered < HELLO_STALE
        case Silent():
            return False
        case _:
            return True
