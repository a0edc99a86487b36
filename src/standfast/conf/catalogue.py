"""Every block and list of entries that a configuration can hold, with the places where it can stand.

Explanations, manual, schema, completion and editors' grammars go through this list, so that none of them knows
a keyword by itself.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from inspect import get_annotations
from typing import Final

from standfast.base.frozen import frozen
from standfast.conf.behaviour_ids import without_ids
from standfast.model.config import Config
from standfast.model.declare import BlockDeclaration, Effect, Keyword, declaration_of, nested
from standfast.model.kinds.blocks import Block
from standfast.model.kinds.entry import Entry

ROOT: Final = "(root)"


@frozen
class Page:
    """One block, or one sort of entries."""

    declaration: BlockDeclaration
    opened_by: Keyword | None  # the keyword that it belongs to; None: the whole file
    paths: tuple[str, ...]  # "vrrp_instance/authentication"; every place where it can stand
    effect: Effect = Effect.BUILT  # of the block as a whole, where it does most

    @property
    def title(self) -> str:
        """What a person calls it: its place, as short as it is clear."""
        return self.paths[0] or ROOT

    @property
    def entry(self) -> bool:
        """Whether its keywords are words of a line, not lines of a block."""
        return self.opened_by is not None and not isinstance(self.opened_by.kind, Block)

    @property
    def doc(self) -> str:
        """What it is for, in one sentence."""
        return sentence_of(self.declaration.of)


def sentence_of(of: type) -> str:
    """What the class of a block, or of a part of blocks, says that it is for."""
    return without_ids((of.__doc__ or "").partition("\n")[0])


@cache
def pages() -> tuple[Page, ...]:
    """All blocks and entries, in the order of their declaration; each class once."""
    found: dict[tuple[type, str], Page] = {}
    for page in _walk(Page(declaration_of(Config), None, ("",))):
        key = (page.declaration.of, page.paths[0].rpartition("/")[2])
        before = found.get(key, page)
        effect = Effect.BUILT if Effect.BUILT in (before.effect, page.effect) else page.effect
        paths = before.paths if before is page else before.paths + page.paths
        found[key] = replace(before, paths=paths, effect=effect)
    return tuple(found.values())


def _walk(page: Page) -> Iterator[Page]:
    yield page
    path = page.paths[0]
    for keyword in page.declaration.keywords:
        declaration = inside(keyword)
        if declaration is not None:
            place = f"{path}/{keyword.name}" if path else keyword.name
            yield from _walk(Page(declaration, keyword, (place,), effect_in(page, keyword)))


def effect_in(page: Page, keyword: Keyword) -> Effect:
    """What a keyword does where it stands: nothing yet, in a block that does nothing yet."""
    own = keyword.effect or Effect.BUILT
    return page.effect if own is Effect.BUILT else own


def inside(keyword: Keyword) -> BlockDeclaration | None:
    """The declaration of the block or the entries that a keyword opens, if it has one."""
    return nested(keyword) or _of_entries(keyword)


def _of_entries(keyword: Keyword) -> BlockDeclaration | None:
    one = keyword.value_kind
    return one.declaration if isinstance(one, Entry) else None


def reading_order(declaration: BlockDeclaration) -> tuple[Keyword, ...]:
    """The keywords of a block as a person wants them: its own first, then those of the parts it shares."""
    own = get_annotations(declaration.of)
    return (
        *(keyword for keyword in declaration.keywords if keyword.field in own),
        *(keyword for keyword in declaration.keywords if keyword.field not in own),
    )


def parts(declaration: BlockDeclaration) -> tuple[tuple[str, tuple[Keyword, ...]], ...]:
    """The keywords in the same order, by the part of the block that declares them, with what that is for.

    The block's own keywords have no such words: they are what the block is for.
    """
    found: dict[str, list[Keyword]] = {}
    for keyword in reading_order(declaration):
        home = next(base for base in declaration.of.__mro__ if keyword.field in get_annotations(base))
        words = "" if home is declaration.of else sentence_of(home)
        found.setdefault(words, []).append(keyword)
    return tuple((words, tuple(keywords)) for words, keywords in found.items())


@cache
def all_words() -> tuple[str, ...]:
    """Every keyword of every place, and every word of an entry, sorted."""
    words = {word for page in pages() for word in page.declaration.by_word}
    return tuple(sorted(words | entry_words().keys()))


@cache
def entry_words() -> dict[str, tuple[tuple[str, Keyword], ...]]:
    """Words of entries that are not declared one by one, with the lists (and their places) that know them."""
    found: dict[str, tuple[tuple[str, Keyword], ...]] = {}
    for page in pages():
        own = (page.declaration.lines,) if page.declaration.lines is not None else ()
        for keyword in (*own, *page.declaration.keywords):
            for word in getattr(getattr(keyword.kind, "of", None), "words_after", ()):
                place = page.paths[0] if keyword.lines else f"{page.paths[0]}/{keyword.name}".lstrip("/")
                found[word] = (*found.get(word, ()), (place, keyword))
    return found
