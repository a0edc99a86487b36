"""One keyword as the manual tells it: its usage, and a paragraph."""

from typing import Final

from standfast.base.frozen import frozen
from standfast.conf.behaviour_ids import without_ids
from standfast.conf.catalogue import Page, effect_in, inside
from standfast.conf.keyword_words import (
    also_called,
    default_words,
    effect_words,
    relation_words,
    repeat_words,
    usage,
)  # fmt: skip
from standfast.model.declare import Effect, Keyword, Relation, Reload, Repeat
from standfast.model.kinds.blocks import Block, Entries

_RELOADS: Final = {
    Reload.RESTART: "A reload restarts the {block}",
    Reload.DAEMON: "A change needs a restart of the daemon",
}
_REPEATS: Final = {
    Repeat.FIRST: "A second one is reported, and does not count.",
    Repeat.REPLACED: "A second one is reported, and counts.",
    Repeat.ALL: "May stand several times.",
}


@frozen
class ManualEntry:
    """A keyword in the manual."""

    usage: str
    doc: str
    sentences: tuple[str, ...]  # what else there is to know

    @property
    def paragraph(self) -> str:
        """All of it in one paragraph."""
        return " ".join((self.doc, *self.sentences))


def entry_of(page: Page, keyword: Keyword) -> ManualEntry:
    """What the manual says of a keyword where it stands."""
    return ManualEntry(
        usage(keyword), without_ids(keyword.doc), tuple(map(without_ids, _sentences(page, keyword)))
    )


def _sentences(page: Page, keyword: Keyword) -> list[str]:
    found = []
    if default := default_words(page, keyword):
        found.append("Required." if keyword.required or default == "required" else f"Default: {default}.")
    if names := also_called(keyword):
        found.append(f"Also called {names}.")
    if repeat_words(keyword) and not isinstance(keyword.kind, Block | Entries):
        found.append(_REPEATS[keyword.repeat])
    if keyword.hint:
        found.append(keyword.hint[0].upper() + keyword.hint[1:] + ".")
    found += _reload(page, keyword)
    if relation := relation_words(keyword):
        ours = keyword.relation is Relation.OURS  # what that means, the manual says once
        found.append("Not in Keepalived." if ours else relation[0].upper() + relation[1:] + ".")
    effect = effect_in(page, keyword)
    told = page.effect is not Effect.BUILT or (effect is Effect.NONE and keyword.doc.startswith("Accepted"))
    if effect is not Effect.BUILT and not told:
        words = effect_words(page, keyword)
        found.append(words[0].upper() + words[1:] + ".")
    return found


def _reload(page: Page, keyword: Keyword) -> list[str]:
    words = _RELOADS.get(keyword.reload or Reload.LIVE)
    if words is None or page.entry or keyword.argument:
        return []
    reason = f", because {keyword.because}" if keyword.because else ""
    block = page.paths[0].partition("/")[0]
    return [words.format(block=block) + reason + "."]


def entry_syntax(keyword: Keyword) -> str:
    """The form of a list's entries that are not told word by word."""
    if inside(keyword) is not None or not isinstance(keyword.kind, Entries):
        return ""
    return keyword.kind.of.syntax
