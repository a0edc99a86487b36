"""From the configuration to the trackers that a router listens to: its own, and those of its sync group."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from standfast.base.frozen import frozen
from standfast.core.track.verdict import Tracker, TrackerKey, TrackerKind
from standfast.model.config import Config
from standfast.model.kinds.weights import Weight
from standfast.model.sync_group import VrrpSyncGroup
from standfast.model.vrrp_instance import VrrpInstance

_FIELDS: Final = {
    TrackerKind.INTERFACE: "track_interface",
    TrackerKind.SCRIPT: "track_script",
    TrackerKind.FILE: "track_file",
    TrackerKind.PROCESS: "track_process",
    TrackerKind.BFD: "track_bfd",
}

OwnWeights = Mapping[TrackerKey, Weight]


@frozen
class Ties:
    """What ties the instances of a configuration to trackers and to each other."""

    weights: OwnWeights  # of each tracker that is declared by itself
    groups: Mapping[str, VrrpSyncGroup]  # by the names of their members
    owning: frozenset[str]  # sync groups with a member that owns its addresses
    all_owning: frozenset[str]  # sync groups of nothing but owners


def ties_of(config: Config) -> Ties:
    """What is looked up for each instance."""
    owners = {instance.name for instance in config.vrrp_instances if instance.owner}
    groups = config.vrrp_sync_groups
    return Ties(
        weights=_own_weights(config),
        groups={member: group for group in groups for member in group.group},
        owning=frozenset(group.name for group in groups if owners.intersection(group.group)),
        all_owning=frozenset(group.name for group in groups if owners.issuperset(group.group)),
    )


def trackers_of(instance: VrrpInstance, ties: Ties) -> tuple[Tracker, ...]:
    """Its own trackers, then those of its group; one that both have counts once, as the instance says."""
    found = {tracker.key: tracker for tracker in _trackers(instance, ties.weights)}
    group = ties.groups.get(instance.name)
    if group is None:
        return tuple(found.values())
    for tracker in _trackers(group, ties.weights):
        plain = group.name in ties.owning and tracker.key.kind is not TrackerKind.FILE
        weight = 0 if plain else tracker.weight  # an owner's priority never changes (behaviour SM-28)
        found.setdefault(tracker.key, Tracker(tracker.key, weight, reverse=tracker.reverse))
    return tuple(found.values())


def _own_weights(config: Config) -> OwnWeights:
    declared: tuple[tuple[TrackerKind, tuple[Any, ...]], ...] = (
        (TrackerKind.SCRIPT, config.vrrp_scripts),
        (TrackerKind.FILE, config.track_files),
        (TrackerKind.PROCESS, config.vrrp_track_processes),
        (TrackerKind.BFD, config.bfd_instances),
    )
    return {TrackerKey(kind, one.name): one.weight for kind, blocks in declared for one in blocks}


def _trackers(listener: VrrpInstance | VrrpSyncGroup, weights: OwnWeights) -> Iterator[Tracker]:
    for kind, field in _FIELDS.items():
        for entry in getattr(listener, field):
            key = TrackerKey(kind, entry.name)
            own = weights.get(key, Weight())
            yield Tracker(
                key,
                weight=own.value if entry.weight is None else entry.weight,
                reverse=own.reverse if entry.reverse is None else entry.reverse,
            )
