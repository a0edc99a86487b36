"""The rules of `vrrp_sync_group` (SG-08, SG-09), `track_group` and `garp_group`."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from standfast.base.frozen import changed
from standfast.base.nearest import nearest
from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.conf.source import Line
from standfast.model.complaint import Severity
from standfast.model.sync_group import VrrpSyncGroup
from standfast.model.vrrp_instance import VrrpInstance

if TYPE_CHECKING:
    from standfast.model.track_group import TrackGroup

_RENAME: Final = "give it a name of its own, or put the members into one group"


def check_groups(draft: Draft) -> None:
    """Members exist, stand in one group, and there are at least two."""
    instances = {it.value.name: it.value for it in draft.vrrp_instances if it.usable}
    taken: dict[str, str] = {}
    seen: set[str] = set()
    for it in draft.vrrp_sync_groups:
        if it.value.name in seen:
            it.reject(
                "duplicate-name",
                f"a sync group {it.value.name} stands above; this one is left out",
                hint=_RENAME,
            )
            continue
        seen.add(it.value.name)
        _members(it, instances, taken)
    _garp_groups(draft)
    _track_groups(draft, instances)


def _members(it: Built[VrrpSyncGroup], instances: Mapping[str, VrrpInstance], taken: dict[str, str]) -> None:
    name = it.value.name
    _drop_unknown(it, instances, f"sync group {name}")
    for member, line in it.drop("group", lambda member: taken.setdefault(member, name) != name):
        words = f"{member} is a member of sync group {taken[member]} already; it is none of {name}"
        it.complain("two-groups", words, line=line, at=_word(line.words, member), severity=Severity.ERROR)
    _named_once(it)
    kept = it.value.group
    if not kept:
        it.reject("empty-group", f"sync group {it.value.name} has no members; it is left out", field="group")
    elif len(kept) == 1:
        it.complain(
            "lonely-group",
            f"sync group {it.value.name} has one member",
            field="group",
            hint="a group of one changes nothing; remove it, or add the other members",
        )
    elif len({instances[member].owner for member in kept}) > 1:
        owner = next(member for member in kept if instances[member].owner)
        it.complain(
            "mixed-owners",
            f"{owner} of sync group {name} owns its addresses, and other members do not",
            field="group",
            hint="give all members priority 255, or none",
        )


def _drop_unknown(
    it: "Built[VrrpSyncGroup] | Built[TrackGroup]", instances: Mapping[str, VrrpInstance], group: str
) -> None:
    """Members are instances that there are."""
    for member, line in it.drop("group", lambda member: member not in instances):
        words = f"there is no vrrp_instance {member} for {group}"
        free = [other for other in instances if other not in it.value.group]
        hint = nearest(member, free) or "remove it, or define the instance"
        at = _word(line.words, member)
        it.complain("unknown-instance", words, line=line, at=at, severity=Severity.ERROR, hint=hint)


def _named_once(it: Built[VrrpSyncGroup]) -> None:
    """A member stands once in its group."""
    members, lines = it.value.group, it.origin.entries.get("group", [])
    if len(set(members)) == len(members):
        return
    kept: dict[str, Line] = {}
    for member, line in zip(members, lines, strict=True):
        if member in kept:
            words = f"{member} stands in sync group {it.value.name} already"
            it.complain("two-groups", words, line=line, hint="remove one of the two")
        kept.setdefault(member, line)
    it.change(group=tuple(kept))
    it.origin.entries["group"] = list(kept.values())


def _word(words: list[str], word: str) -> int:
    return words.index(word) if word in words else 0


def _garp_groups(draft: Draft) -> None:
    taken: set[str] = set()
    for it in draft.garp_groups:
        if not it.value.garp_interval and not it.value.gna_interval:
            words = "the garp_group has neither garp_interval nor gna_interval; it is left out"
            it.reject("garp-group-delay", words, hint="write `garp_interval 0.001`, for instance")
            continue
        names = ((it.value.interface,) if it.value.interface else ()) + it.value.interfaces
        for name in names:
            if name in taken:
                it.complain("garp-group-twice", f"{name} is in a garp_group already; ignored here")
            taken.add(name)


def _track_groups(draft: Draft, instances: Mapping[str, VrrpInstance]) -> None:
    """Track groups name instances, and static entries name track groups (AD-11)."""
    names: set[str] = set()
    for it in draft.track_groups:
        name = it.value.name
        if name in names:
            words = f"a track_group {name} stands above; this one is left out"
            it.reject("duplicate-name", words, hint=_RENAME)
            continue
        _drop_unknown(it, instances, f"track_group {name}")
        names.add(name)
    for field in ("static_ipaddress", "static_routes", "static_rules"):
        entries = draft.rest.get(field, ())
        draft.rest[field] = tuple(
            _grouped(draft, names, pair) for pair in zip(entries, _lines(draft, field), strict=True)
        )


def _lines(draft: Draft, field: str) -> list[Line]:
    return draft.origin.entries.get(field, [])


def _grouped(draft: Draft, names: set[str], pair: tuple[Any, Line]) -> Any:
    entry, line = pair
    if not entry.track_group or entry.track_group in names:
        return entry
    words = f"there is no track_group {entry.track_group}"
    at = _word(line.words, entry.track_group)
    hint = nearest(entry.track_group, names) or f"define `track_group {entry.track_group} {{ … }}`"
    draft.global_defs.complain(
        "unknown-track-group", words, line=line, at=at, severity=Severity.ERROR, hint=hint
    )
    return changed(entry, track_group="")
