"""The rules of weights: where they change nothing, what has them is not tracked (SG-07, SM-28)."""

from collections.abc import Mapping
from typing import Any, Final

from standfast.base.frozen import changed
from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.model.vrrp_instance import VrrpInstance

Instance = Built[VrrpInstance]

_FIELDS: Final = ("track_interface", "track_script", "track_file", "track_process", "track_bfd")


def check_weights(draft: Draft) -> None:
    """Weights of the owner of the addresses, and of members of groups that do not add them up."""
    own = {
        "track_interface": {},
        "track_script": _weights(draft.vrrp_scripts),
        "track_file": _weights(draft.track_files),
        "track_process": _weights(draft.vrrp_track_processes),
        "track_bfd": _weights(draft.bfd_instances),
    }
    plain = [g.value for g in draft.vrrp_sync_groups if g.usable and not g.value.sync_group_tracking_weight]
    grouped = {name: group.name for group in plain for name in group.group}
    for it in draft.vrrp_instances:
        if it.value.owner:
            why = "it owns the addresses"
        elif it.value.name in grouped:
            why = f"its sync group {grouped[it.value.name]} has no sync_group_tracking_weight"
        else:
            continue
        for field in _FIELDS:
            _drop(it, field, own[field], why)


def _weights(blocks: list[Any]) -> dict[str, int]:
    return {it.value.name: it.value.weight.value for it in blocks}


def _drop(it: Instance, field: str, own: Mapping[str, int], why: str) -> None:
    """Leave out what has a weight; of a file only the weight, since its number counts without one, too."""

    def weighs(entry: Any) -> bool:
        return bool(own.get(entry.name, 0) if entry.weight is None else entry.weight)

    entries = getattr(it.value, field)
    if not any(map(weighs, entries)):
        return
    for entry, line in zip(entries, it.origin.entries.get(field, []), strict=True):
        if weighs(entry):
            words = f"the weight of {entry.name} changes nothing for {it.value.name}: {why}"
            it.complain("weight-unused", words, line=line, hint="remove the weight, or the entry")
    if field == "track_file":
        it.change(track_file=tuple(changed(one, weight=0) if weighs(one) else one for one in entries))
    else:
        it.drop(field, weighs)
