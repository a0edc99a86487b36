"""Every keyword of the reference list is declared, with the same range and the same default."""

import re
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from standfast.base.times import MILLISECOND, SECOND
from standfast.model.config import Config
from standfast.model.declare import BlockDeclaration, Keyword, declaration_of, nested
from standfast.model.kinds.blocks import Entries
from standfast.model.kinds.entry import Entry
from standfast.model.kinds.kind import Form
from standfast.model.kinds.numbers import AtLeastOne, Milliseconds, Seconds, WholeSeconds
from standfast.model.kinds.weights import Weight

TABLE: Final = Path(__file__).parents[3] / "shared" / "reference" / "keywords.tsv"

# Blocks whose rows stand under another name than the keyword that opens them.
ENTRIES: Final = {
    "unicast_peer": ("vrrp_instance", "unicast_peer"),
    "track_interface": ("vrrp_instance", "track_interface"),
    "track_script": ("vrrp_instance", "track_script"),
    "track_file": ("vrrp_instance", "track_file"),
    "track_process": ("vrrp_instance", "track_process"),
    "track_bfd": ("vrrp_instance", "track_bfd"),
    "address": ("vrrp_instance", "virtual_ipaddress"),
    "route": ("vrrp_instance", "virtual_routes"),
    "rule": ("vrrp_instance", "virtual_rules"),
    "linkbeat_interfaces": ("(root)", "linkbeat_interfaces"),
    "interface_up_down_delays": ("(root)", "interface_up_down_delays"),
    "notification_email": ("global_defs", "notification_email"),
    "group": ("vrrp_sync_group", "group"),
    "interfaces": ("garp_group", "interfaces"),
}
HEADS: Final = {
    "address",
    "name",
    "interface",
    "destination",
}  # what stands first in an entry, without a word
# What the manual names and the program refuses: we refuse it, too.
REFUSED: Final = {"FILE_CHECK dynamic", "garp_extra_if_vmac"}

_RANGE: Final = re.compile(r"(?:INTEGER|DECIMAL):(-?[0-9.]+)\.\.(-?[0-9.]*)")
_LEAST: Final = re.compile(r"INTEGER:(-?[0-9]+)\.\.$")


class Row(NamedTuple):
    block: str
    keyword: str
    arguments: str
    default: str


def rows() -> list[Row]:
    if not TABLE.exists():
        pytest.skip(f"the reference list is not here: {TABLE}")
    lines = TABLE.read_text().splitlines()[1:]
    found = [Row(*line.split("\t")[:4]) for line in lines]
    return [row for row in found if row.block != "preprocessor"]


def block_of(path: str) -> BlockDeclaration:
    """The block that a path such as `virtual_server/real_server` names."""
    here = declaration_of(Config)
    for part in path.split("/") if path != "(root)" else []:
        inner = nested(here.by_word[part])
        assert inner is not None, path
        here = inner
    return here


def entry_kind(block: str) -> Form:
    where, word = ENTRIES[block]
    kind = block_of(where).by_word[word].kind
    assert isinstance(kind, Entries)
    return kind.of


def declared(row: Row) -> Keyword | str | None:
    """The declaration of a row; a string where an entry's own reader tells its words."""
    if row.block.startswith("(entry) "):
        return _declared_in_entry(row, row.block.removeprefix("(entry) "))
    if row.block == "man-only":
        return _declared_by_the_manual(row)
    return block_of(row.block).by_word.get(row.keyword)


def _declared_in_entry(row: Row, block: str) -> Keyword | str | None:
    if block == "virtual_server_group":
        lines = block_of(block).lines
        assert lines is not None
        return row.keyword
    kind = entry_kind(block)
    if row.keyword in HEADS:
        return row.keyword
    assert isinstance(kind, Entry)
    return kind.declaration.by_word.get(row.keyword.partition(" ")[0])


def _declared_by_the_manual(row: Row) -> Keyword | str | None:
    block, _, word = row.keyword.rpartition(" ")
    if row.keyword in REFUSED:
        return "refused"
    if block == "rule":
        return _declared_in_entry(row._replace(keyword=word), "rule")
    return block_of(block or "global_defs").by_word.get(word)


def test_every_keyword_is_declared(capsys: pytest.CaptureFixture[str]) -> None:
    table = rows()
    missing = [f"{row.block} {row.keyword}" for row in table if declared(row) is None]

    with capsys.disabled():
        print(f"\nkeywords: {len(table) - len(missing)} of {len(table)} rows are declared")
    assert missing == []


def bounds(kind: Form) -> tuple[float, float] | None:
    inner = getattr(kind, "_number", kind)
    low, high = getattr(inner, "low", None), getattr(inner, "high", None)
    if getattr(kind, "low", None) is not None:
        low, high = kind.low, kind.high  # type: ignore[attr-defined]
    return None if low is None or high is None else (float(low), float(high))


def test_every_range_is_the_same() -> None:
    wrong = []
    for row in rows():
        keyword, match = declared(row), _RANGE.search(row.arguments)
        if not isinstance(keyword, Keyword) or match is None or "maxlen" in row.arguments:
            continue
        have = bounds(keyword.kind)
        low, high = match[1], match[2].rstrip(".")
        if (
            have is None
            or (have[0] != float(low) and not isinstance(keyword.kind, AtLeastOne))
            or (high and have[1] != float(high))
        ):
            wrong.append(f"{row.block} {row.keyword}: {row.arguments}, ours {keyword.kind.syntax}")

    assert wrong == []


def test_every_number_that_is_a_default_is_the_same() -> None:
    wrong = []
    for row in rows():
        keyword, match = declared(row), re.match(r"-?[0-9]+(\.[0-9]+)?(?=$|[ ;(,])", row.default)
        if not isinstance(keyword, Keyword) or match is None:
            continue
        have = default_of(keyword, row)
        if isinstance(have, bool) or not isinstance(have, int | Weight) or keyword.default_words:
            continue
        if shown(keyword.kind, have) != float(match[0]):
            wrong.append(f"{row.block} {row.keyword}: {row.default}, ours {have}")

    assert wrong == []


def default_of(keyword: Keyword, row: Row) -> object:
    of = entry_class(row) if row.block.startswith("(entry) ") else block_of(row.block).of
    fields = of.__dataclass_fields__  # type: ignore[attr-defined]
    return fields[keyword.field].default if not keyword.required else None


def entry_class(row: Row) -> type:
    kind = entry_kind(row.block.removeprefix("(entry) "))
    assert isinstance(kind, Entry)
    return kind.of


def shown(kind: Form, value: int | Weight) -> float:
    number = value.value if isinstance(value, Weight) else value
    if isinstance(kind, Milliseconds):
        return number / MILLISECOND
    return number / SECOND if isinstance(kind, Seconds | WholeSeconds) else number
