"""The rules of `vrrp_sync_group` (SG-08, SG-09), `track_group` and `garp_group`."""

from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.model.complaint import Severity
from standfast.model.sync_group import VrrpSyncGroup


def check_groups(draft: Draft) -> None:
    """Members exist, stand in one group, and there are at least two."""
    names = {it.value.name for it in draft.vrrp_instances if it.usable}
    seen: set[str] = set()
    for it in draft.vrrp_sync_groups:
        if it.value.name in seen:
            it.reject("duplicate-name", f"a sync group {it.value.name} stands above; this one is left out")
            continue
        seen.add(it.value.name)
        _members(it, names)
    _garp_groups(draft)


def _members(it: Built[VrrpSyncGroup], names: set[str]) -> None:
    kept = tuple(name for name in it.value.group if name in names)
    lines = it.origin.entries.get("group", [])
    for name, line in zip(it.value.group, lines, strict=True):
        if name not in names:
            words = f"there is no vrrp_instance {name} for sync group {it.value.name}"
            it.complain(
                "unknown-instance", words, line=line, at=_word(line.words, name), severity=Severity.ERROR
            )
    it.change(group=kept)
    if not kept:
        it.reject("empty-group", f"sync group {it.value.name} has no members; it is left out", field="group")
    elif len(kept) == 1:
        it.complain(
            "lonely-group",
            f"sync group {it.value.name} has one member",
            field="group",
            hint="a group of one changes nothing; remove it, or add the other members",
        )


def _word(words: list[str], word: str) -> int:
    return words.index(word) if word in words else 0


def _garp_groups(draft: Draft) -> None:
    taken: set[str] = set()
    for it in draft.garp_groups:
        names = ((it.value.interface,) if it.value.interface else ()) + it.value.interfaces
        for name in names:
            if name in taken:
                it.complain("garp-group-twice", f"{name} is in a garp_group already; ignored here")
            taken.add(name)
