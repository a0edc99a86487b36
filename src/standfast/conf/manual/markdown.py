"""The reference of the configuration as a Markdown page: by block, then by keyword."""

from collections.abc import Iterator
from typing import Final

from standfast.conf.catalogue import Page, pages, parts
from standfast.conf.manual.entry import ManualEntry, entry_of, entry_syntax
from standfast.conf.manual.language import DESCRIPTION, KEYWORDS, LANGUAGE, TOP_LEVEL, Chapter
from standfast.model.declare import Effect, Keyword

Table = tuple[str, tuple[str, ...]]  # what its keywords are for, if there are several tables; its rows
Shown = dict[Table, Page]  # tables with the page that showed them first
_WORTH_IT: Final = 5  # rows; a shorter table is shown again


def reference() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "<!-- Made by `standfast manual`; do not edit. -->"
    yield "# Configuration reference"
    yield from _chapter(DESCRIPTION, "")
    yield from _contents()
    for chapter in LANGUAGE:
        yield from _chapter(chapter, "## ")
    yield from _chapter(KEYWORDS, "## ")
    shown: Shown = {}
    for page in pages():
        yield from _page(page, shown)


def _contents() -> Iterator[str]:
    """The blocks, each with what can stand in it."""
    yield ""
    yield "Blocks, and what stands in them:"
    yield ""
    groups: dict[str, list[Page]] = {}
    for page in pages():
        groups.setdefault(page.paths[0].partition("/")[0], []).append(page)
    for name, members in groups.items():
        first, *inner = (f"[{_short(page, name)}](#{_anchor(page)})" for page in members)
        yield f"- {first}" + (": " + ", ".join(inner) if inner else "")


def _short(page: Page, block: str) -> str:
    """Its name inside its block."""
    return page.paths[0].removeprefix(f"{block}/") if page.paths[0] else _title(page)


def _chapter(chapter: Chapter, level: str) -> Iterator[str]:
    if level:
        yield ""
        yield f"{level}{chapter.title}"
    for paragraph in chapter.paragraphs:
        yield ""
        yield paragraph
    if chapter.example:
        yield from ("", "```", *chapter.example_lines, "```")


def _title(page: Page) -> str:
    if not page.paths[0]:
        return "the top level"
    return f"entries of {page.paths[0]}" if page.entry else page.paths[0]


def _heading(page: Page) -> str:
    title = _title(page)
    return title[0].upper() + title[1:] if title.startswith(("the ", "entries ")) else title


def _anchor(page: Page) -> str:
    kept = (character for character in _heading(page).lower() if character.isalnum() or character in "_ -")
    return "".join(kept).replace(" ", "-")


def _page(page: Page, shown: Shown) -> Iterator[str]:
    yield ""
    yield f"### {_heading(page)}"
    yield ""
    yield page.doc if page.paths[0] else TOP_LEVEL
    if len(page.paths) > 1:
        yield ""
        yield "Stands in several places: " + ", ".join(f"`{path}`" for path in page.paths) + "."
    if page.effect is Effect.NOT_YET:
        yield ""
        yield "**Accepted, has no effect yet.**"
    for table in _tables(page):
        words, rows = table
        head = words.rstrip(".")
        if (before := shown.setdefault(table, page)) is not page and len(rows) >= _WORTH_IT:
            same = f"same as in [{_title(before)}](#{_anchor(before)})."
            yield from ("", f"**{head}**: the {same}" if head else f"The {same}")
            continue
        if head:
            yield from ("", f"**{head}**")
        yield from ("", "| keyword | what it says |", "| --- | --- |", *rows)


def _tables(page: Page) -> Iterator[Table]:
    """A table for the block itself, and one for each part that it is made of."""
    first = [_row(argument.kind.syntax, entry_of(page, argument)) for argument in page.declaration.arguments]
    if page.declaration.lines is not None:
        first.append(_row("entries", entry_of(page, page.declaration.lines), page.declaration.lines))
    for words, keywords in parts(page.declaration):
        rows = [_keyword(page, keyword) for keyword in keywords]
        yield words, (*first, *rows)
        first = []
    if first:
        yield "", tuple(first)


def _keyword(page: Page, keyword: Keyword) -> str:
    entry = entry_of(page, keyword)
    return _row(entry.usage, entry, keyword)


def _row(usage: str, entry: ManualEntry, keyword: Keyword | None = None) -> str:
    syntax = entry_syntax(keyword) if keyword is not None else ""
    each = f" Each entry: {_code(syntax)}" if syntax else ""
    return f"| {_code(usage)} | {_cell(entry.paragraph)}{each} |"


def _code(text: str) -> str:
    return f"`{_cell(text)}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
