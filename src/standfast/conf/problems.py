"""Problems: what is wrong with a configuration, where, and what to do about it."""

import re
from collections.abc import Callable, Collection
from typing import Final

from standfast.base.frozen import frozen
from standfast.base.limits import CONFIG_PROBLEMS_MAX
from standfast.conf.lexer import place_of
from standfast.conf.source import Line, Place
from standfast.model.complaint import Complaint, ErrorClass, Severity

MASK: Final = "********"
_SHOWN: Final = 200  # characters of a line that are shown


@frozen
class Problem:
    """One complaint with its place."""

    place: Place
    slug: str
    words: str
    severity: Severity = Severity.ERROR
    error_class: ErrorClass = ErrorClass.GENERAL
    hint: str = ""
    text: str = ""  # the line as it was written; secrets masked
    expanded: str = ""  # as it was read, if that differs; secrets masked

    def __str__(self) -> str:
        return f"{self.place}: {self.severity}: {self.words} [{self.slug}]"


class Report:
    """Collects problems, at most `CONFIG_PROBLEMS_MAX` of them."""

    def __init__(self, secrets: Callable[[], Collection[str]] = frozenset) -> None:
        """Make it.

        Args:
            secrets: gives the keywords whose values never stand in a message; asked when there is a message.
        """
        self.problems: list[Problem] = []
        self.dropped = 0
        self.worst = ErrorClass.NONE  # of all, also of those that were dropped
        self._secrets = secrets

    @property
    def full(self) -> bool:
        """Whether further problems are only counted."""
        return len(self.problems) >= CONFIG_PROBLEMS_MAX

    def add(self, problem: Problem, *, keep: bool = False) -> None:
        """Keep one more problem; with `keep`, one that stands once and explains the others, in any case."""
        self.worst = max(self.worst, problem.error_class)
        if self.full and not keep:
            self.dropped += 1
        else:
            self.problems.append(problem)

    def complain(self, line: Line, complaint: Complaint) -> None:
        """Keep a complaint about a line."""
        if self.full:
            self.worst = max(self.worst, complaint.error_class)
            self.dropped += 1
            return
        place = place_of(line, complaint.at)
        text, expanded = self.shown(line.source.text), self.shown(line.expanded)
        words, hint = (
            self._without_secrets(line, complaint.words),
            self._without_secrets(line, complaint.hint),
        )
        self.add(
            Problem(
                place, complaint.slug, words, complaint.severity, complaint.error_class, hint, text, expanded
            )
        )

    def shown(self, text: str) -> str:
        """A line without its secrets: all that follows a secret keyword, or one that looks like it."""
        words = text.split()
        for at, word in enumerate(words[:-1]):
            if self._is_secret(word):
                start = 0
                for before in words[: at + 1]:
                    start = text.index(before, start) + len(before)
                return text[:start] + " " + MASK
        return text

    def _without_secrets(self, line: Line, said: str) -> str:
        """What is said of a line, without its secrets: after a missing brace, a password is an entry."""
        at = next((at for at, word in enumerate(line.words[:-1]) if self._is_secret(word)), None)
        if at is None:
            return said
        hidden = (word for word in line.words[at + 1 :] if word and not _is_id(word))
        for secret in hidden:
            said = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", lambda _: MASK, said)
        return said

    def _is_secret(self, word: str) -> bool:
        lowered = word.strip("{}\"'").lower()
        return lowered in self._secrets() or "pass" in lowered or "secret" in lowered


def _is_id(word: str) -> bool:
    """Whether it is the number of a key, by which people find it."""
    return word.isdigit() and len(word) <= 3


def render(problem: Problem) -> str:
    """A problem for people: place and words, the line with a marker, the hint."""
    lines = [str(problem)]
    if problem.text:
        number = f"{problem.place.line:>5}"
        text, column = _window(problem.text, problem.place.column)
        lines.append(f"{number} | {text}")
        width = max(1, min(problem.place.width, len(text) - column + 1))
        lines.append(f"{' ' * len(number)} | {' ' * (column - 1)}{'^' * width}")
        if problem.expanded and problem.expanded.strip() != problem.text.strip():
            lines.append(f"{' ' * len(number)} = {_window(problem.expanded.strip(), 1)[0]}")
    if problem.hint:
        lines.append(f"hint: {problem.hint}")
    return "\n".join(lines)


def _window(text: str, column: int) -> tuple[str, int]:
    """The part of a line round a column that a person can read, and where the column is in it.

    A sign that would do something to a terminal is shown as `?`, a tab as a blank.
    """
    start = max(0, column - 1 - _SHOWN // 2) if len(text) > _SHOWN else 0
    part = text[start : start + _SHOWN]
    clean = "".join(sign if sign.isprintable() else " " if sign == "\t" else "?" for sign in part)
    before, behind = "..." if start else "", "..." if start + _SHOWN < len(text) else ""
    return before + clean + behind, column - start + len(before)
