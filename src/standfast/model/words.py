"""The words of one line, taken one after another by the kind of the keyword."""

from collections.abc import Sequence
from typing import NoReturn

from standfast.model.complaint import Complaint, ErrorClass, Rejected, Severity


class Words:
    """A cursor over the words of a line; the first one is the keyword (of an entry: its first value)."""

    __slots__ = ("_at", "_words", "complaints", "keyword")

    def __init__(self, words: Sequence[str], *, keyword: str, start: int = 1) -> None:
        self._words = words
        self._at = start
        self.keyword = keyword
        self.complaints: list[Complaint] = []

    @property
    def at(self) -> int:
        """The index of the word that was taken last."""
        return self._at - 1

    def next(self, what: str = "a value") -> str:
        """Take the next word.

        Raises:
            Rejected: there is none (Keepalived ends here, behaviour EX-03; we say where).
        """
        if self._at >= len(self._words):
            self.reject(
                "missing-argument",
                f"{self.keyword} needs {what}",
                at=max(self._at - 1, 0),
                error_class=ErrorClass.MISSING_ARGUMENT,
            )
        self._at += 1
        return self._words[self._at - 1]

    def optional(self) -> str | None:
        """Take the next word if there is one."""
        if self._at >= len(self._words):
            return None
        self._at += 1
        return self._words[self._at - 1]

    def peek(self) -> str | None:
        """The next word, not taken."""
        return self._words[self._at] if self._at < len(self._words) else None

    def rest(self) -> tuple[str, ...]:
        """Take all that is left."""
        left = tuple(self._words[self._at :])
        self._at = len(self._words)
        return left

    def complain(
        self,
        slug: str,
        words: str,
        *,
        at: int | None = None,
        severity: Severity = Severity.ERROR,
        error_class: ErrorClass = ErrorClass.GENERAL,
        hint: str = "",
    ) -> None:
        """Say what is wrong and go on."""
        where = self.at if at is None else at
        self.complaints.append(Complaint(slug, words, where, severity, error_class, hint))

    def reject(
        self,
        slug: str,
        words: str,
        *,
        at: int | None = None,
        error_class: ErrorClass = ErrorClass.GENERAL,
        hint: str = "",
    ) -> NoReturn:
        """Say what is wrong and give up on this value.

        Raises:
            Rejected: always.
        """
        where = self.at if at is None else at
        raise Rejected(Complaint(slug, words, where, Severity.ERROR, error_class, hint))

    def finish(self) -> None:
        """Note what nobody took; Keepalived leaves such words unread, without a message."""
        if self._at < len(self._words):
            extra = self._words[self._at]
            self.complain(
                "extra-words",
                f"{self.keyword} does not read {extra!r}",
                at=self._at,
                severity=Severity.NOTICE,
                error_class=ErrorClass.NONE,
                hint="double quotes hold words together, single ones do not"
                if "'" in extra
                else "remove it, or put it on a line of its own",
            )
