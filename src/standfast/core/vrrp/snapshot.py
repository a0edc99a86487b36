"""A frozen view of the routers: the only thing that dumps, status and metrics read."""

from standfast.base.addresses import HostAddress
from standfast.base.frozen import frozen
from standfast.base.times import Instant
from standfast.core.vrrp.holding import held_by
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.state import State


@frozen
class RouterSnapshot:
    """One router at one moment."""

    router: Router
    state: State
    changed_at: Instant  # when it entered this state
    reason: str  # slug: why
    detail: str  # for people
    deadline: Instant | None
    faults: tuple[str, ...]

    @property
    def held(self) -> tuple[HostAddress, ...]:
        """What the host should hold for this router now."""
        return held_by(self.router, self.state)


@frozen
class NodeSnapshot:
    """All routers of one process at one moment."""

    taken_at: Instant
    routers: tuple[RouterSnapshot, ...]
