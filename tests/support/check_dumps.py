"""Reads `keepalived_check.data`: its sections, and in them the blocks of rows, whoever wrote it."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

_SECTION: Final = re.compile(r"------< (.+) >------")
Block = tuple[str, ...]


def sections(data: str) -> dict[str, list[str]]:
    """The lines of each section, by its title; what no section has a title for is left out."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in data.splitlines():
        if title := _SECTION.fullmatch(line):
            lines = found.setdefault(title[1], [])
        elif line.strip():
            lines.append(line)
    return found


def checks(lines: Iterable[str], without: Iterable[str]) -> Counter[Block]:
    """Each check with its rows, in any order; rows that begin with certain words are left out."""
    blocks: list[list[str]] = []
    left_out = tuple(without)
    for line in lines:
        if " -> " in line:
            blocks.append([line])
        elif not line.strip().startswith(left_out):
            blocks[-1].append(line)
    return Counter(map(tuple, blocks))
