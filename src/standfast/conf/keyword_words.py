"""What there is to say about one keyword, in words: explanations and manuals say it alike."""

from typing import Any, Final

from standfast.base.frozen import MISSING, default_of
from standfast.conf.catalogue import Page, effect_in
from standfast.conf.sentence import sentence
from standfast.model.declare import Effect, Keyword, Relation, Reload, Repeat, declaration_of
from standfast.model.kinds.blocks import Block, Entries
from standfast.model.kinds.names import Boolean, Flag

_RELOADS: Final = {
    Reload.LIVE: "a reload takes a change over while everything runs",
    Reload.RESTART: "a reload starts the block anew",
    Reload.DAEMON: "a reload keeps the old value; restart the daemon",
}
_EFFECTS: Final = {
    Effect.BUILT: "",
    Effect.NOT_YET: "accepted, has no effect yet",
    Effect.NONE: "accepted for the sake of older files; it does nothing",
}
_RELATIONS: Final = {
    Relation.DIFFERS: "differs from Keepalived's",
    Relation.OURS: "Keepalived does not have it",
}


def usage(keyword: Keyword) -> str:
    """How a file says it: `priority <INTEGER:1..255>`."""
    kind = keyword.kind
    if keyword.shown:
        return keyword.shown
    if isinstance(kind, Block):
        heads = [argument.kind.syntax for argument in declaration_of(kind.of).arguments]
        return " ".join((keyword.name, *heads, "{ … }"))
    if isinstance(kind, Entries):
        return f"{keyword.name} {{ {'WORD' if kind.several else 'entries'} … }}"
    said = keyword.name if kind.syntax == "-" else f"{keyword.name} {kind.syntax}"
    return f"{said} | {keyword.opposite}" if keyword.opposite else said


def default_words(page: Page, keyword: Keyword) -> str:
    """The default in words; empty if there is nothing to say."""
    if keyword.required:
        return "none, it must be given"
    if keyword.default_words:
        return keyword.default_words
    own = _constant(keyword, default_of(page.declaration.of, keyword.field))
    if not keyword.inherits:
        return own
    first = keyword.inherits[0].partition(".")
    source = f"{first[2]} of {first[0]}"
    return f"{source}, else {own}" if own else source


def _constant(keyword: Keyword, default: Any) -> str:
    kind = keyword.kind
    if isinstance(kind, Block | Entries) or keyword.repeat is Repeat.ALL:
        return ""
    if default is None or default is MISSING:
        return ""
    if isinstance(kind, Flag):
        return "on" if default else "off"
    words = keyword.value_kind.write(default)
    return "" if not words or "" in words else sentence(words)


def reload_words(keyword: Keyword) -> str:
    """What a changed value needs, and why."""
    words = _RELOADS[keyword.reload or Reload.LIVE]
    return f"{words}, because {keyword.because}" if keyword.because else words


def effect_words(page: Page, keyword: Keyword) -> str:
    """What the value does, if that is not what one expects."""
    return _EFFECTS[effect_in(page, keyword)]


def relation_words(keyword: Keyword) -> str:
    """How it differs from Keepalived's keyword, if it does."""
    if keyword.relation is Relation.SAME:
        return ""
    sort = _RELATIONS[keyword.relation]
    return f"{sort}: {keyword.why}" if keyword.why else sort


def also_called(keyword: Keyword) -> str:
    """Its other names, and which of them are old."""
    if keyword.shown:
        return ""
    old = keyword.deprecated or {}
    return ", ".join(f"{name} (deprecated)" if name in old else name for name in keyword.aliases)


def repeat_words(keyword: Keyword) -> str:
    """What several of it in one block mean, if that is not the usual: the last one counts."""
    if keyword.repeat is Repeat.LAST or isinstance(keyword.kind, Boolean):
        return ""
    return str(keyword.repeat.value)
