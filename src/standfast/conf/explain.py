"""What `standfast explain` says: about a keyword, or about the slug of a problem."""

from collections.abc import Iterator
from difflib import get_close_matches
from textwrap import fill, indent
from typing import Final

from standfast.conf.catalogue import ROOT, Page, all_words, entry_words, inside, pages, reading_order
from standfast.conf.explained.explanation import Explanation
from standfast.conf.explained.table import EXPLAINED
from standfast.conf.keyword_words import (
    also_called,
    default_words,
    effect_words,
    relation_words,
    reload_words,
    repeat_words,
    usage,
)  # fmt: skip
from standfast.conf.manual.language import LANGUAGE, Chapter
from standfast.model.declare import Keyword

_WIDTH: Final = 100
_LABEL: Final = 12
_EXAMPLE_LINES: Final = 20


def explain(word: str) -> str:
    """All that is known about a word; empty if nothing is.

    Args:
        word: a keyword, a keyword with its block (`vrrp_instance/priority`), or a slug.
    """
    parts = [_about_keyword(found) for found in _alike(word)]
    if word in entry_words():
        parts.append(_about_entry_word(word))
    parts += [_about_chapter(chapter) for chapter in LANGUAGE if word in chapter.words]
    if word in EXPLAINED:
        parts.append(_about_slug(word, EXPLAINED[word]))
    return "\n".join(parts)


def nearest_words(word: str) -> list[str]:
    """Known words that the person may have meant, the nearest first."""
    return get_close_matches(word.rpartition("/")[2], [*all_words(), *EXPLAINED], n=3, cutoff=0.6)


def explainable() -> list[str]:
    """All words that can be asked for, sorted."""
    return sorted({*all_words(), *EXPLAINED, *(word for chapter in LANGUAGE for word in chapter.words)})


Found = list[tuple[Page, Keyword]]


def _alike(word: str) -> list[Found]:
    """The keywords of this name; those that say the same of themselves in several places together."""
    place, _, name = word.replace(".", "/").rpartition("/")
    together: dict[str, Found] = {}
    for page in pages():
        keyword = page.declaration.by_word.get(name)
        if keyword is not None and (
            not place or any(f"/{path}".endswith(f"/{place}") for path in page.paths)
        ):
            key = "\n".join((keyword.doc, *(f"{label} {text}" for label, text in _facts(page, keyword))))
            together.setdefault(key, []).append((page, keyword))
    return list(together.values())


def _about_keyword(found: Found) -> str:
    page, keyword = found[0]
    where = [path or ROOT for one, _ in found for path in one.paths]
    sort = "entries of" if page.entry else "stands in"
    rows = [
        (sort, ", ".join("the top level" if path == ROOT else path for path in where)),
        *_facts(page, keyword),
    ]
    lines = [fill(f"{keyword.name}: {keyword.doc}", _WIDTH), ""]
    lines += [_row(label, text) for label, text in rows if text]
    if keyword.hint:
        lines += ["", fill(keyword.hint[0].upper() + keyword.hint[1:] + ".", _WIDTH)]
    lines += _contents(keyword)
    return "\n".join(lines) + "\n"


def _facts(page: Page, keyword: Keyword) -> Iterator[tuple[str, str]]:
    yield "syntax", usage(keyword)
    yield "also called", also_called(keyword)
    yield "default", default_words(page, keyword)
    yield "repeated", repeat_words(keyword)
    if not page.entry:
        yield "reload", reload_words(keyword)
    yield "effect", effect_words(page, keyword)
    yield "Keepalived", relation_words(keyword) or "the same"


def _row(label: str, text: str) -> str:
    gap = " " * max(1, _LABEL - len(label))
    head = f"  {label}{gap}"
    return fill(text, _WIDTH, initial_indent=head, subsequent_indent=" " * len(head))


def _contents(keyword: Keyword) -> list[str]:
    """The keywords of the block, or the words of the entries, that it opens."""
    declaration = inside(keyword)
    if declaration is None:
        syntax = _entry_syntax(keyword)
        return ["", fill(f"Each entry: {syntax}", _WIDTH, subsequent_indent="    ")] if syntax else []
    rows = [*declaration.arguments, *reading_order(declaration)]
    width = max((len(one.name) for one in rows), default=0)
    what = "In it stand:" if _entry_syntax(keyword) == "" else "The words of its entries:"
    return ["", what, *(f"  {one.name:{width}}  {one.doc}" for one in rows)]


def _entry_syntax(keyword: Keyword) -> str:
    of = getattr(keyword.kind, "of", None)
    return "" if of is None or isinstance(of, type) else str(of.syntax)


def _about_entry_word(word: str) -> str:
    lists = entry_words()[word]
    lines = [fill(f"{word}: a word of the entries of {', '.join(place for place, _ in lists)}.", _WIDTH)]
    for syntax in dict.fromkeys(_entry_syntax(keyword) for _, keyword in lists):
        lines += ["", fill(f"Each entry: {syntax}", _WIDTH, subsequent_indent="    ")]
    return "\n".join(lines) + "\n"


def _about_chapter(chapter: Chapter) -> str:
    parts = [f"{chapter.title}:", *(fill(text, _WIDTH) for text in chapter.paragraphs)]
    if chapter.example:
        parts += ["For example:", indent("\n".join(chapter.example_lines), "    ")]
    return "\n\n".join(parts) + "\n"


def _about_slug(slug: str, explanation: Explanation) -> str:
    lines = [f"{slug}: a problem that a configuration can have.", ""]
    lines += [fill(explanation.meaning, _WIDTH), "", fill("What to do: " + explanation.remedy, _WIDTH)]
    if explanation.example:
        example = explanation.example.splitlines()
        shown = example if len(example) <= _EXAMPLE_LINES else [*example[: _EXAMPLE_LINES - 1], "…"]
        lines += ["", "For example:", "", indent("\n".join(shown), "    ")]
    return "\n".join(lines) + "\n"
