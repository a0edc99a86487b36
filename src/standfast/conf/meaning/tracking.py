"""The rules of trackers: what they name exists, and makes sense (CF-01, TR-*)."""

from collections.abc import Collection
from typing import Any, Final

from standfast.base.nearest import nearest
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
        "track_bfd": {it.value.name for it in draft.bfd_instances if it.usable and it.value.tells_instances},
    }
    for it in draft.vrrp_instances:
        _own_interface(it)
    disabled = {it.value.name for it in draft.vrrp_scripts} - known["track_script"]
    elsewhere = _names(draft.bfd_instances) - known["track_bfd"]
    trackers: list[Built[Any]] = [*draft.vrrp_instances, *draft.vrrp_sync_groups]
    for each in trackers:
        for field, names in known.items():
            _references(each, field, names, disabled if field == "track_script" else (), elsewhere)
        for field in ("track_interface", *_WHAT):
            _once(each, field)
    _tracked_twice(draft)


def _names(blocks: list[Any]) -> set[str]:
    return {it.value.name for it in blocks if it.usable}


def _references(
    it: Built[Any], field: str, names: Collection[str], disabled: Collection[str], elsewhere: Collection[str]
) -> None:
    """Leave out what is not there; of what is there and cannot run something was said before (SE-04)."""
    for entry, line in it.drop(field, lambda entry: entry.name not in names):
        if entry.name not in disabled:
            words = f"there is no {_WHAT[field]} {entry.name}; it is not tracked"
            hint = nearest(entry.name, names) or f"define it with `{_WHAT[field]} {entry.name} {{ … }}`"
            if field == "track_bfd" and entry.name in elsewhere:
                words = f"bfd_instance {entry.name} tells checkers only; it is not tracked"
                hint = f"write vrrp into bfd_instance {entry.name}, too"
            it.complain("unknown-tracker", words, line=line, severity=Severity.ERROR, hint=hint)


def _once(it: Built[Any], field: str) -> None:
    """What is tracked is named once; the first entry counts."""
    entries: tuple[Any, ...] = getattr(it.value, field)
    first = {entry.name: entry for entry in reversed(entries)}
    if len(first) == len(entries):
        return
    pairs = list(zip(entries, it.origin.entries.get(field, []), strict=True))
    kept = [pair for pair in pairs if first[pair[0].name] is pair[0]]
    it.change(**{field: tuple(entry for entry, _ in kept)})
    it.origin.entries[field] = [line for _, line in kept]
    for entry, line in pairs:
        if first[entry.name] is not entry:
            words = f"{entry.name} is tracked by {it.value.name} already; the first entry counts"
            it.complain("tracked-twice", words, line=line, hint="remove one of the two")


def _own_interface(it: Built[Any]) -> None:
    """The instance's own interface is tracked anyway, and with a weight would count twice."""
    own = it.value.interface
    if not own or it.value.dont_track_primary:
        return
    for _, line in it.drop("track_interface", lambda entry: entry.name == own):
        it.complain(
            "tracks-itself",
            f"{own} is the interface of {it.value.name} and is tracked anyway",
            line=line,
            hint="remove it from track_interface",
        )


def _tracked_twice(draft: Draft) -> None:
    """What a sync group tracks its members need not; their own interfaces are tracked anyway."""
    groups = {name: group for group in draft.vrrp_sync_groups for name in group.value.group}
    for it in draft.vrrp_instances:
        group = groups.get(it.value.name)
        if group is None or not it.usable:
            continue
        own = {it.value.interface} if not it.value.dont_track_primary else set()
        for field in ("track_interface", *_WHAT):
            names = {entry.name for entry in getattr(it.value, field)} | (
                own if "interface" in field else set()
            )
            lines = group.origin.entries.get(field, [])
            for entry, line in zip(getattr(group.value, field), lines, strict=True):
                if entry.name in names:
                    words = f"{entry.name} is tracked by {it.value.name} and by its group {group.value.name}"
                    it.complain("tracked-twice", words, line=line, hint="let one of them track it")
