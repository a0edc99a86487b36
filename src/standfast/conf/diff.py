"""What a reload has to do: the differences of two configurations, from the declarations alone.

The differences of two values of one block tell the changed fields with what each needs; blocks of which there
are many are matched by their identity (behaviour RL-02).
"""

from collections.abc import Sequence
from typing import Any

from standfast.base.frozen import frozen
from standfast.model.config import Config
from standfast.model.declare import Reload, declaration_of
from standfast.model.vrrp_instance import VrrpInstance

Identity = tuple[str, int, int, str]


@frozen
class Change:
    """One field that differs."""

    field: str
    keyword: str
    need: Reload
    because: str = ""


@frozen
class InstanceChange:
    """An instance that stands in both configurations and differs."""

    old: VrrpInstance
    new: VrrpInstance
    changes: tuple[Change, ...]

    @property
    def need(self) -> Reload:
        """The strongest need of its changes."""
        return max(change.need for change in self.changes)


@frozen
class Changes:
    """What differs between two configurations; each part in a fixed order."""

    global_defs: tuple[Change, ...] = ()
    removed: tuple[VrrpInstance, ...] = ()
    added: tuple[VrrpInstance, ...] = ()
    changed: tuple[InstanceChange, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.global_defs or self.removed or self.added or self.changed)

    @property
    def refused(self) -> tuple[Change, ...]:
        """What only a restart of the daemon brings into effect (behaviour RL-08)."""
        return tuple(change for change in self.global_defs if change.need is Reload.DAEMON)


def identity_of(instance: VrrpInstance) -> Identity:
    """What makes an instance of a new configuration the same one as before (behaviour RL-02)."""
    unicast_from = str(instance.unicast_src_ip or "any") if instance.unicast else ""
    return instance.interface, instance.virtual_router_id, int(instance.family), unicast_from


def changes_between(old: Any, new: Any) -> tuple[Change, ...]:
    """The fields in which two blocks of one sort differ, in the order of their declaration."""
    declaration = declaration_of(type(new))
    return tuple(
        Change(name, keyword.name, keyword.reload or Reload.LIVE, keyword.because)
        for name, keyword in declaration.by_field.items()
        if getattr(old, name) != getattr(new, name)
    )


def diff(old: Config, new: Config) -> Changes:
    """What differs between two configurations."""
    before, after = _by_identity(old.vrrp_instances), _by_identity(new.vrrp_instances)
    both = [(before[key], after[key]) for key in after if key in before]
    return Changes(
        changes_between(old.global_defs, new.global_defs),
        tuple(one for key, one in before.items() if key not in after),
        tuple(one for key, one in after.items() if key not in before),
        tuple(InstanceChange(o, n, changes_between(o, n)) for o, n in both if o != n),
    )


def _by_identity(instances: Sequence[VrrpInstance]) -> dict[Identity, VrrpInstance]:
    return {identity_of(instance): instance for instance in instances}
