"""A frozen view of the parent and its children: the only thing that dumps and status read."""

from standfast.base.frozen import frozen
from standfast.base.times import Instant
from standfast.core.supervise.state import Child
from standfast.core.supervise.watch import Watch


@frozen
class ParentSnapshot:
    """The children at one moment."""

    taken_at: Instant
    watch: Watch
    children: tuple[tuple[str, Child], ...]  # by name, in start order
    stopping: bool
    confirm_by: Instant | None = None  # the configuration in force goes then, unless it is confirmed
    reloading: bool = False
