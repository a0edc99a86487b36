"""A frozen view of one check: what dumps, status and metrics read."""

from standfast.base.frozen import frozen
from standfast.base.times import Instant
from standfast.core.check.parameters import Check
from standfast.core.check.state import CheckState


@frozen
class CheckSnapshot:
    """One check at one moment."""

    check: Check
    state: CheckState
    next: Instant | None  # when it tries next; while it does, when it must have an answer; None: suspended
