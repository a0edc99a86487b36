"""A frozen view of the routers: the only thing that dumps, status and metrics read."""

from msgspec import Struct

from standfast.base.addresses import HostAddress
from standfast.base.frozen import frozen
from standfast.base.times import Instant
from standfast.core.vrrp.conflict import Conflict, Speaker
from standfast.core.vrrp.events import AddressKey
from standfast.core.vrrp.firewall import RuleSet
from standfast.core.vrrp.holding import held_by
from standfast.core.vrrp.router import Router
from standfast.core.vrrp.standing import Standing, arithmetic
from standfast.core.vrrp.state import State
from standfast.core.vrrp.timing import deadline


class RouterSnapshot(Struct, frozen=True, gc=False):
    """One router at one moment: made anew, of 1,000, for everybody who asks."""

    router: Router
    state: State
    changed_at: Instant  # when it entered this state
    reason: str  # slug: why
    detail: str  # for people
    faults: tuple[str, ...]
    configured: Router  # the router with its base priority
    standing: Standing  # what its trackers make of it
    heard: tuple[Speaker, ...] = ()  # who was heard, the latest last
    conflict: Conflict | None = None  # two that speak as master
    refused: frozenset[AddressKey] = frozenset()  # addresses that the kernel refused

    @property
    def deadline(self) -> Instant | None:
        """When the router must be told `Due`; computed only if somebody asks: of 1,000 routers that takes long."""
        due = deadline(self.router, self.state)
        if self.conflict is None:
            return due
        ends = self.conflict.ends(self.router.down_timer_adverts)
        return ends if due is None else min(due, ends)

    @property
    def arithmetic(self) -> str:
        """How the effective priority comes about, for people."""
        return arithmetic(self.configured, self.standing)

    @property
    def held(self) -> tuple[HostAddress, ...]:
        """What the host should hold for this router now."""
        return held_by(self.router, self.state)


@frozen
class ShieldSnapshot:
    """The firewall's rules at one moment."""

    wanted: RuleSet = RuleSet()
    in_force: bool = True
    refusal: str = ""  # why not


@frozen
class NodeSnapshot:
    """All routers of one process at one moment."""

    taken_at: Instant
    routers: tuple[RouterSnapshot, ...]
    shield: ShieldSnapshot = ShieldSnapshot()
