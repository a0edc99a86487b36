"""Order of definition: free here, not for Keepalived, which ignores what is named before it is defined (CF-01)."""

from typing import Any, Final

from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.conf.source import Line
from standfast.model.complaint import Severity

_NAMED: Final = {
    "track_script": "vrrp_scripts", "track_file": "track_files", "track_process": "vrrp_track_processes",
    "track_bfd": "bfd_instances",
}  # fmt: skip


def check_order(draft: Draft) -> None:
    """Say where a definition comes too late for Keepalived."""
    defined = {
        field: {it.value.name: it.origin.order for it in getattr(draft, blocks)}
        for field, blocks in _NAMED.items()
    }
    if not any(defined.values()):
        return
    trackers: list[Built[Any]] = [*draft.vrrp_instances, *draft.vrrp_sync_groups]
    for it in trackers:
        for field, orders in defined.items():
            _compare(it, field, orders)
    for server in draft.virtual_servers:
        _checkers(server, defined["track_file"], defined["track_bfd"])


def _compare(it: Built[Any], field: str, orders: dict[str, int]) -> None:
    for entry, line in zip(getattr(it.value, field), it.origin.entries.get(field, []), strict=True):
        if orders.get(entry.name, 0) > it.origin.order:
            _later(it, entry.name, line)


def _checkers(it: Built[Any], files: dict[str, int], sessions: dict[str, int]) -> None:
    """The checkers that follow a file or a session."""
    for real, origin in zip(it.value.real_servers, it.origin.blocks.get("real_servers", []), strict=False):
        for field, part, orders in (("file_check", "track_file", files), ("bfd_check", "name", sessions)):
            for check, where in zip(getattr(real, field), origin.blocks.get(field, []), strict=False):
                name = getattr(check, part)
                if orders.get(name, 0) > it.origin.order and (line := where.fields.get(part)) is not None:
                    _later(it, name, line)


def _later(it: Built[Any], name: str, line: Line) -> None:
    it.complain(
        "defined-later",
        f"{name} is defined below; Keepalived would not find it",
        line=line,
        severity=Severity.NOTICE,
        hint="nothing is wrong here; for Keepalived, put the definition above",
    )
