"""A block on its way through the rules."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from standfast.base.frozen import changed
from standfast.conf.origin import Origin
from standfast.conf.problems import Report
from standfast.conf.source import Line
from standfast.model.complaint import Complaint, ErrorClass, Severity

T = TypeVar("T")


class Built(Generic[T]):
    """A built block, where it came from, and what is said about it."""

    __slots__ = ("origin", "report", "usable", "value")

    def __init__(self, value: T, origin: Origin, report: Report) -> None:
        self.value = value
        self.origin = origin
        self.usable = True  # False: the block is left out of the configuration
        self.report = report

    def given(self, *names: str) -> bool:
        """Whether a file says one of these fields in this very block."""
        return not self.origin.fields.keys().isdisjoint(names)

    def change(self, **values: Any) -> None:
        """Replace values."""
        self.value = changed(self.value, **values)

    def drop(self, field: str, unwanted: Callable[[Any], bool]) -> list[tuple[Any, Line]]:
        """Take entries out of a list, with their lines; those that went."""
        entries = getattr(self.value, field)
        if not any(map(unwanted, entries)):
            return []
        pairs = list(zip(entries, self.origin.entries.get(field, []), strict=True))
        kept = [pair for pair in pairs if not unwanted(pair[0])]
        self.change(**{field: tuple(entry for entry, _ in kept)})
        self.origin.entries[field] = [line for _, line in kept]
        return [pair for pair in pairs if unwanted(pair[0])]

    def complain(
        self,
        slug: str,
        words: str,
        *,
        field: str = "",
        line: Line | None = None,
        at: int = 0,
        severity: Severity = Severity.WARNING,
        error_class: ErrorClass = ErrorClass.GENERAL,
        hint: str = "",
    ) -> None:
        """Say what is wrong, at the line of a field (or of the block)."""
        where = line or self.origin.fields.get(field) or self.origin.line
        if where is not None:
            self.report.complain(where, Complaint(slug, words, at, severity, error_class, hint))

    def reject(self, slug: str, words: str, *, field: str = "", hint: str = "") -> None:
        """Say why the block cannot be used, and leave it out."""
        self.complain(slug, words, field=field, severity=Severity.ERROR, hint=hint)
        self.usable = False
