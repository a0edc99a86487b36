"""Every page of the documentation can be found from the site's navigation."""

import tomllib
from collections.abc import Iterator
from typing import Any

from pages import ROOT

DOCS = ROOT / "docs"


def pages_in(nav: Any) -> Iterator[str]:
    match nav:
        case str():
            yield nav
        case list():
            for each in nav:
                yield from pages_in(each)
        case dict():
            for each in nav.values():
                yield from pages_in(each)


def test_each_page_stands_in_the_navigation_once() -> None:
    nav = tomllib.loads((ROOT / "zensical.toml").read_text())["project"]["nav"]
    listed_elsewhere = set((DOCS / "decisions").glob("2*.md"))  # in the list of decisions
    pages = {str(page.relative_to(DOCS)) for page in set(DOCS.rglob("*.md")) - listed_elsewhere}

    assert sorted(pages_in(nav)) == sorted(pages)
