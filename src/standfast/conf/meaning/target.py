"""Keywords that are newer than the Keepalived that the files are meant for (`--target-version`)."""

from typing import Any

from standfast.conf.meaning.built import Built
from standfast.conf.meaning.draft import LISTS, Draft
from standfast.model.complaint import ErrorClass, Severity
from standfast.model.declare import declaration_of
from standfast.model.versions import Version, version_text


def check_target(draft: Draft, target: Version | None) -> None:
    """Say which keywords the target does not know."""
    if target is None:
        return
    blocks: list[Built[Any]] = [draft.global_defs, *(it for name in LISTS for it in getattr(draft, name))]
    for it in blocks:
        for keyword in declaration_of(type(it.value)).keywords:
            if keyword.since > target and it.given(keyword.field):
                words = f"{keyword.name} is new in {version_text(keyword.since)}; "
                words += f"{version_text(target)} does not know it"
                it.complain(
                    "newer-keyword",
                    words,
                    field=keyword.field,
                    severity=Severity.ERROR,
                    error_class=ErrorClass.NONE,  # it is no error for the Keepalived that we stand beside
                    hint="leave it out for that version",
                )
