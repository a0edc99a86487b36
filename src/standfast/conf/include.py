"""`include`: which files a line asks for, and whether they must be there."""

import re
from typing import Final, NamedTuple

_INCLUDE: Final = re.compile(r"\s*(include([rmwba]?))(?:\s+(.*?))?\s*\Z", re.DOTALL)

# The checks that the forms of the keyword turn on, by their last letter.
READABLE, MATCH, WILDCARD_MATCH, BRACE_MATCH = "readable", "match", "wildcard_match", "brace_match"
CHECKS: Final = (READABLE, MATCH, WILDCARD_MATCH, BRACE_MATCH)
_FORMS: Final = {
    "": (), "r": (READABLE,), "m": (MATCH,), "w": (WILDCARD_MATCH,), "b": (BRACE_MATCH,), "a": CHECKS,
}  # fmt: skip


class Include(NamedTuple):
    """An include line."""

    keyword: str
    pattern: str  # empty: it names no file
    checks: frozenset[str]  # what must not fail

    def must_match(self) -> bool:
        """Whether it is an error that no file matches."""
        if MATCH in self.checks:
            return True
        if WILDCARD_MATCH in self.checks and any(sign in self.pattern for sign in "*?["):
            return True
        return BRACE_MATCH in self.checks and "{" in self.pattern

    def must_be_readable(self) -> bool:
        """Whether it is an error that a file cannot be read."""
        return READABLE in self.checks


def read_include(text: str, checks: frozenset[str]) -> Include | None:
    """The include that a line asks for, with the checks that are in force; None for other lines."""
    match = _INCLUDE.match(text)
    if match is None:
        return None
    pattern = (match[3] or "").strip().strip('"')
    return Include(match[1], pattern, checks | frozenset(_FORMS[match[2]]))


def checks_of(words: list[str], before: frozenset[str]) -> frozenset[str]:
    """The checks after an `include_check` line: `+` adds, `-` takes away, others replace."""
    names = words[1:]
    if not names:
        return frozenset(CHECKS)
    now = before if all(name[:1] in "+-" for name in names) else frozenset()
    for name in names:
        plain = name.lstrip("+-")
        if plain in CHECKS:
            now = now - {plain} if name.startswith("-") else now | {plain}
    return now
