"""The manual page `standfast.conf(5)`, in the macros of man(7)."""

import re
from collections.abc import Iterator
from typing import Final

from standfast.base.places import CONFIG_FILE
from standfast.conf.catalogue import Page, pages, reading_order
from standfast.conf.manual.entry import ManualEntry, entry_of, entry_syntax
from standfast.conf.manual.language import DESCRIPTION, KEYWORDS, LANGUAGE, SUMMARY, TOP_LEVEL, Chapter
from standfast.model.declare import Effect, Keyword

_CODE: Final = re.compile(r"`([^`]*)`")


def manual_page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield '.\\" Made by `standfast manual`; do not edit.'
    yield '.TH STANDFAST.CONF 5 "" Standfast "Standfast manual"'
    yield from (".nh", ".ad l", ".SH NAME")
    yield f"standfast.conf \\- {SUMMARY}"
    yield from _chapter(DESCRIPTION, ".SH")
    yield ".SH THE LANGUAGE"
    for chapter in LANGUAGE:
        yield from _chapter(chapter, ".SS")
    yield from _chapter(KEYWORDS, ".SH")
    for page in pages():
        yield from _page(page)
    yield from _end()


def _chapter(chapter: Chapter, macro: str) -> Iterator[str]:
    yield f"{macro} {chapter.title.upper() if macro == '.SH' else chapter.title}"
    for number, paragraph in enumerate(chapter.paragraphs):
        if number:
            yield ".PP"
        yield prose(paragraph)
    if chapter.example:
        yield from (
            ".PP",
            ".RS 4",
            ".nf",
            *map(escaped, chapter.example_lines),
            ".fi",
            ".RE",
        )


def _page(page: Page) -> Iterator[str]:
    yield f".SS {_title(page)}"
    yield prose(page.doc if page.paths[0] else TOP_LEVEL)
    if len(page.paths) > 1:
        yield prose("It can stand in several places: " + ", ".join(f"`{path}`" for path in page.paths) + ".")
    if page.effect is Effect.NOT_YET:
        yield "Accepted, has no effect yet."
    for argument in page.declaration.arguments:
        yield from _tagged(_italic(argument.kind.syntax), entry_of(page, argument))
    if page.declaration.lines is not None:
        yield from _tagged("", entry_of(page, page.declaration.lines), page.declaration.lines)
    for keyword in reading_order(page.declaration):
        entry = entry_of(page, keyword)
        yield from _tagged(_usage(keyword, entry), entry, keyword)


def _title(page: Page) -> str:
    if not page.paths[0]:
        return "The top level"
    title = page.paths[0].replace("/", ": ")
    return f"Entries of {escaped(title)}" if page.entry else escaped(title)


def _tagged(tag: str, entry: ManualEntry, keyword: Keyword | None = None) -> Iterator[str]:
    yield ".TP"
    yield tag or "\\fIentries\\fR"
    yield prose(entry.paragraph)
    if keyword is not None and (syntax := entry_syntax(keyword)):
        yield ".br"
        yield f"Each entry: {_italic(syntax)}"


def _usage(keyword: Keyword, entry: ManualEntry) -> str:
    """The keyword in bold, what follows it in italics."""
    if keyword.shown:
        return _italic(keyword.shown)
    rest = entry.usage.removeprefix(keyword.name).strip()
    bold = f"\\fB{escaped(keyword.name)}\\fR"
    if keyword.opposite and rest.startswith("| "):
        return f"{bold} | \\fB{escaped(keyword.opposite)}\\fR"
    return f"{bold} {_italic(rest)}".rstrip()


def _italic(syntax: str) -> str:
    return re.sub(r"<([^<>]*)>", lambda m: f"\\fI{m[1]}\\fR", escaped(syntax))


def prose(text: str) -> str:
    """A paragraph; what stands between backquotes is bold."""
    return _CODE.sub(lambda m: f"\\fB{m[1]}\\fR", escaped(text))


def escaped(text: str) -> str:
    """Text that roff takes as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-").replace("…", "...")
    return f"\\&{text}" if text[:1] in (".", "'") else text


def _end() -> Iterator[str]:
    yield ".SH FILES"
    yield ".TP"
    yield f".I {escaped(CONFIG_FILE)}"
    yield "The configuration, if no other is named."
    yield ".SH SEE ALSO"
    yield "\\fBkeepalived.conf\\fR(5), RFC 9568 (VRRP), RFC 5880 (BFD)"
