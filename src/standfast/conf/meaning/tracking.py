"""The rules of trackers: what they name exists, and makes sense (CF-01, TR-*)."""

from collections.abc import Collection
from typing import Any, Final

from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.model.complaint import Severity

_WHAT: Final = {
    "track_script": "vrrp_script", "track_file": "track_file", "track_process": "vrrp_track_process",
    "track_bfd": "bfd_instance",
}  # fmt: skip


def check_trackers(draft: Draft) -> None:
    """References of trackers, of instances and groups."""
    known = {
        "track_script": _names(draft.vrrp_scripts),
        "track_file": _names(draft.track_files),
        "track_process": _names(draft.vrrp_track_processes),
        "track_bfd": _names(draft.bfd_instances),
    }
    grouped = {name for group in draft.vrrp_sync_groups if group.usable for name in group.value.group}
    weighted = {it.value.name for it in draft.vrrp_scripts if it.value.weight.value}
    for it in draft.vrrp_instances:
        _own_interface(it)
        if it.value.name in grouped or it.value.owner:
            _weights(it, weighted, "its sync group" if it.value.name in grouped else "it owns the addresses")
    disabled = {it.value.name for it in draft.vrrp_scripts} - known["track_script"]
    trackers: list[Built[Any]] = [*draft.vrrp_instances, *draft.vrrp_sync_groups]
    for each in trackers:
        for field, names in known.items():
            _references(each, field, names, disabled if field == "track_script" else ())


def _names(blocks: list[Any]) -> set[str]:
    return {it.value.name for it in blocks if it.usable}


def _references(it: Built[Any], field: str, names: Collection[str], disabled: Collection[str]) -> None:
    """Leave out what is not there; of what is there and cannot run something was said before (SE-04)."""
    entries = getattr(it.value, field)
    if all(entry.name in names for entry in entries):
        return
    lines = it.origin.entries.get(field, [])
    for entry, line in zip(entries, lines, strict=True):
        if entry.name not in names and entry.name not in disabled:
            words = f"there is no {_WHAT[field]} {entry.name}; it is not tracked"
            it.complain("unknown-tracker", words, line=line, severity=Severity.ERROR)
    it.change(**{field: tuple(entry for entry in entries if entry.name in names)})


def _own_interface(it: Built[Any]) -> None:
    """The instance's own interface is tracked anyway."""
    entries = it.value.track_interface
    own = it.value.interface
    if not own or it.value.dont_track_primary or all(entry.name != own or entry.weight for entry in entries):
        return
    lines = it.origin.entries.get("track_interface", [])
    for entry, line in zip(entries, lines, strict=True):
        if entry.name == own and not entry.weight:
            it.complain(
                "tracks-itself",
                f"{own} is the interface of {it.value.name} and is tracked anyway",
                line=line,
                hint="remove it from track_interface",
            )
    it.change(track_interface=tuple(entry for entry in entries if entry.name != own or entry.weight))


def _weights(it: Built[Any], weighted: Collection[str], why: str) -> None:
    lines = it.origin.entries.get("track_script", [])
    for entry, line in zip(it.value.track_script, lines, strict=True):
        weight = entry.weight if entry.weight is not None else entry.name in weighted
        if weight:
            words = f"the weight of {entry.name} does nothing for {it.value.name}: {why}"
            it.complain("weight-unused", words, line=line)
