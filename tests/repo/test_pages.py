"""What people read leads somewhere."""

from pathlib import Path

import pytest
from pages import ROOT, anchors, dead_links, pages


@pytest.mark.parametrize("page", pages(), ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_of_a_page_leads_to_something_in_the_repository(page: Path) -> None:
    assert list(dead_links(page)) == []


def test_every_decision_is_in_the_list_of_decisions() -> None:
    folder = ROOT / "docs" / "decisions"
    contents = (folder / "README.md").read_text()

    assert [page.name for page in folder.glob("2*.md") if f"({page.name})" not in contents] == []


def test_a_dead_link_is_seen(tmp_path: Path) -> None:
    page = ROOT / "docs" / "design.md"
    text = "[a](nowhere.md) [b](#no-such-heading) [c](https://example.org/) ```\n[d](code)\n```"
    copy = tmp_path / page.name
    copy.write_text(text)

    assert list(dead_links(copy)) == ["nowhere.md", "#no-such-heading", "code"]


def test_a_heading_is_linked_by_its_words() -> None:
    assert anchors("# How it works\n## Who, and `why`?\n") == {"how-it-works", "who-and-why"}
