"""`include`: which files a line asks for, and whether they must be there."""

import re
from typing import Final, NamedTuple

from standfast.base.limits import CONFIG_FILES_MAX
from standfast.base.patterns import late
from standfast.model.kinds.include_checks import BRACE_MATCH, CHECKS, MATCH, READABLE, WILDCARD_MATCH

_INCLUDE: Final = late(r"\s*(include([rmwba]?))(?:\s+(.*?))?\s*\Z", re.DOTALL)

# The checks that the forms of the keyword turn on, by their last letter.
_FORMS: Final = {
    "": (), "r": (READABLE,), "m": (MATCH,), "w": (WILDCARD_MATCH,), "b": (BRACE_MATCH,), "a": CHECKS,
}  # fmt: skip


class Include(NamedTuple):
    """An include line."""

    keyword: str
    pattern: str  # empty: it names no file
    checks: frozenset[str]  # what must not fail

    @property
    def branches(self) -> list[str]:
        """The patterns that the braces of the pattern stand for; without braces, the pattern itself."""
        return in_braces(self.pattern)

    def must_match(self, branch: str) -> bool:
        """Whether it is an error that no file matches a branch, while none or others match the others."""
        return BRACE_MATCH in self.checks and branch != self.pattern

    def must_match_at_all(self) -> bool:
        """Whether it is an error that no file matches any branch."""
        wild = any(sign in self.pattern for sign in "*?[")
        return MATCH in self.checks or (WILDCARD_MATCH in self.checks and wild)

    def must_be_readable(self) -> bool:
        """Whether it is an error that a file cannot be read."""
        return READABLE in self.checks


def include_of(words: list[str], checks: frozenset[str]) -> Include | None:
    """The include that the words behind a brace ask for; there, a pattern cannot have braces."""
    match = _INCLUDE().match(words[0])
    if match is None:
        return None
    return Include(match[1], " ".join(words[1:]), checks | frozenset(_FORMS[match[2]]))


def in_braces(pattern: str) -> list[str]:
    """The patterns that `a{b,c}` stands for, in order; at most `CONFIG_FILES_MAX`."""
    closing = pattern.find("}")
    opening = pattern.rfind("{", 0, closing) if closing >= 0 else -1
    if opening < 0:
        return [pattern]
    found: list[str] = []
    for part in pattern[opening + 1 : closing].split(","):
        found += in_braces(pattern[:opening] + part + pattern[closing + 1 :])
        if len(found) > CONFIG_FILES_MAX:
            break
    return found[:CONFIG_FILES_MAX]


def read_include(text: str, checks: frozenset[str]) -> Include | None:
    """The include that a line asks for, with the checks that are in force; None for other lines."""
    match = _INCLUDE().match(text)
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
