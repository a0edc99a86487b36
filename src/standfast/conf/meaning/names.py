"""Names that stand twice: the first one is meant by all who use the name."""

from typing import Any, Final

from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import Draft
from standfast.model.complaint import ErrorClass, Severity

# Lists of which Keepalived says nothing: the second one stays, and nobody finds it.
_SILENT: Final = {
    "vrrp_scripts": "vrrp_script", "track_files": "track_file", "vrrp_track_processes": "vrrp_track_process",
    "virtual_server_groups": "virtual_server_group",
}  # fmt: skip


def check_names(draft: Draft) -> None:
    """Leave out what bears a name that is taken."""
    for field, what in _SILENT.items():
        _first_counts(getattr(draft, field), what)
    _services(draft)


def _first_counts(blocks: list[Built[Any]], what: str) -> None:
    seen: set[str] = set()
    for it in blocks:
        name = it.value.name
        if it.usable and name in seen:
            it.complain(
                "duplicate-name",
                f"a {what} {name} stands above; this one is left out",
                at=1,
                error_class=ErrorClass.NONE,
                hint="remove it, or give it a name of its own",
            )
            it.usable = False
        seen.add(name)


def _services(draft: Draft) -> None:
    """Two virtual servers of one service share it; that may be meant where they differ in the protocol (CF-04)."""
    seen: set[object] = set()
    for it in draft.virtual_servers:
        service = (it.value.service, it.value.protocol)
        if service in seen:
            it.complain(
                "duplicate-service",
                f"a virtual server {it.value.service} stands above; the kernel has one service for both",
                at=1,
                severity=Severity.WARNING,
                error_class=ErrorClass.NONE,
                hint="put the real servers into one virtual_server",
            )
        seen.add(service)
