"""The keywords that are not as Keepalived's, as a Markdown page: for whoever comes from there."""

from collections.abc import Iterable, Iterator
from typing import Final

from standfast.base.frozen import frozen
from standfast.conf.catalogue import effect_in, pages
from standfast.model.declare import Effect, Keyword, Relation

_HEAD: Final = """<!-- Made by `standfast manual`; do not edit. -->
# Keywords that are not as Keepalived's

Made of the declarations of all keywords; what is not named here means the same. The differences that are not about
one keyword stand in [their own page](../differences.md), and what each keyword does in
[the reference](configuration.md)."""
_DIFFERS: Final = """
## Taken otherwise

| keyword | in | how, or why |
| --- | --- | --- |"""
_OURS: Final = """
## Not known there

Keepalived reports these words as unknown, and goes on without them.

| keyword | in | what it says |
| --- | --- | --- |"""
_NOTHING: Final = """
## Accepted, and without an effect

"Not yet" is what is still to come; the others are relics that no configuration should need.

| keyword | in | |
| --- | --- | --- |"""


@frozen
class _Place:
    """A keyword where it stands."""

    block: str
    keyword: Keyword
    effect: Effect


def relations() -> str:
    """The whole page."""
    return "\n".join(_lines(tuple(_places()))) + "\n"


def _places() -> Iterator[_Place]:
    for page in pages():
        for keyword in page.declaration.keywords:
            yield _Place(page.paths[0] or "the top level", keyword, effect_in(page, keyword))


def _lines(places: tuple[_Place, ...]) -> Iterator[str]:
    yield _HEAD
    yield _DIFFERS
    yield from _rows((p, p.keyword.why) for p in places if p.keyword.relation is Relation.DIFFERS)
    yield _OURS
    yield from _rows((p, p.keyword.doc) for p in places if p.keyword.relation is Relation.OURS)
    yield _NOTHING
    idle = [place for place in places if place.effect is not Effect.BUILT]
    yield from _rows((p, "not yet" if p.effect is Effect.NOT_YET else "never") for p in idle)


def _rows(told: Iterable[tuple[_Place, str]]) -> Iterator[str]:
    for place, words in told:
        yield f"| `{place.keyword.name}` | `{place.block}` | {words.replace('|', chr(92) + '|')} |"
