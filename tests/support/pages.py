"""The pages of the repository that people read."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
_LINK: Final = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
_FENCE: Final = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def pages() -> list[Path]:
    """All Markdown pages."""
    found = [
        *ROOT.glob("*.md"),
        *(
            page
            for top in ("docs", "examples", "requirements", "packaging", "monitoring", "bench", "tests")
            for page in (ROOT / top).rglob("*.md")
        ),
    ]
    return sorted(found)


def dead_links(page: Path) -> Iterable[str]:
    """Links of a page to a file, or to a heading, that is not there; links to other machines are not followed."""
    for target in _LINK.findall(_FENCE.sub("", page.read_text())):
        if re.match(r"[a-z]+:", target):
            continue
        place, _, anchor = target.partition("#")
        file = (page.parent / place).resolve() if place else page
        if (
            not file.exists()
            or not file.is_relative_to(ROOT)
            or (anchor and anchor not in anchors(file.read_text()))
        ):
            yield target


def anchors(text: str) -> set[str]:
    """What the headings of a page can be linked by."""
    headings = re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}
