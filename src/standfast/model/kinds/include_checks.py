"""Which failures of an include are errors."""

from typing import Final

from standfast.base.nearest import nearest
from standfast.model.kinds.composed import WordList
from standfast.model.words import Words

READABLE, MATCH, WILDCARD_MATCH, BRACE_MATCH = "readable", "match", "wildcard_match", "brace_match"
CHECKS: Final = (READABLE, MATCH, WILDCARD_MATCH, BRACE_MATCH)


class IncludeChecks(WordList):
    """`[[+|-]CHECK...]`: no word means all, `+` adds one, `-` takes one away."""

    def __init__(self) -> None:
        super().__init__("[+|-]CHECK")

    def read(self, words: Words) -> tuple[str, ...]:
        """The words that name checks; the others are reported."""
        kept: list[str] = []
        while (word := words.optional()) is not None:
            changes = word.startswith(("+", "-"))
            plain = word[1:] if changes else word
            if plain not in CHECKS:
                hint = nearest(plain, CHECKS) or f"the checks are {', '.join(CHECKS)}"
                words.complain(
                    "unknown-choice", f"{words.keyword} knows no check {word!r}; it is ignored", hint=hint
                )
            elif word in kept and not changes:
                words.complain(
                    "given-twice", f"{words.keyword} names {plain} twice", hint="remove one of the two"
                )
            else:
                kept.append(word)
        return tuple(kept)
