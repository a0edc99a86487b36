"""What a declaration says has an effect is read where effects are made."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from standfast.conf.catalogue import Page, effect_in, pages
from standfast.model.declare import LATER, Effect, Keyword

SOURCE: Final = Path(__file__).parents[2] / "src" / "standfast"

# These only describe, check or try configurations; no effect of a running daemon is made there.
WITHOUT_EFFECT: Final = ("model", "conf", "cli", "sim", "lab")

# The modules that only write down what is configured: observe/dump_….py.
DUMPS: Final = ("observe", "dump")

# Read by the reader itself, or turned into other fields by a rule of `conf.meaning`.
BY_THE_READER: Final = {
    "include_check": "conf.prepare: which includes must succeed",
    "random_seed": "conf.prepare: which numbers ${_RANDOM} gives",
    "vrrp_min_garp": "minimal_announcements: the announcements of the instances",
    "strict_mode": "conf.meaning.strict: state, acceptance, delays and answers of the instance",
    "sync_group_tracking_weight": "check_weights: which weights of the members count",
    "no_virtual_ipaddress": "has_addresses: an instance without addresses",
    "mcast_src_ip": "VrrpInstance.source",
    "unicast_src_ip": "VrrpInstance.source",
    "json_version": "observe.dump_json: the form that it is written in",
    # The words of an address, turned into what the host is told to hold.
    "home": "VirtualAddress.flags",
    "dad": "VirtualAddress.flags",
    "mngtmpaddr": "VirtualAddress.flags",
    "noprefixroute": "VirtualAddress.flags",
    "autojoin": "VirtualAddress.flags",
}


@cache
def words_outside() -> frozenset[str]:
    """All attributes and strings of the code that makes effects."""
    return frozenset(word for path in SOURCE.rglob("*.py") for word in words_of(path))


def words_of(path: Path) -> Iterator[str]:
    parts = path.relative_to(SOURCE).parts
    folder, file = parts[0], parts[-1]
    if folder in WITHOUT_EFFECT or (folder, file.partition("_")[0]) == DUMPS:
        return
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def built() -> list[tuple[Page, Keyword]]:
    keywords = [
        (page, one) for page in pages() for one in (*page.declaration.arguments, *page.declaration.keywords)
    ]
    return [(page, one) for page, one in keywords if effect_in(page, one) is Effect.BUILT]


def inherited() -> set[str]:
    """The defaults that built keywords fall back on, and theirs."""
    return {reference for _, keyword in built() for reference in keyword.inherits}


def test_every_keyword_with_an_effect_is_read_where_effects_are_made() -> None:
    fall_backs = inherited()
    unread = [
        f"{page.title} {keyword.field}"
        for page, keyword in built()
        if keyword.field not in words_outside()
        and keyword.field not in BY_THE_READER
        and f"{page.title}.{keyword.field}" not in fall_backs
    ]

    assert unread == []


def test_nothing_but_snmp_is_left_for_later() -> None:
    """Which is what people are told of each of these."""
    later = [
        keyword.name
        for page in pages()
        for keyword in page.declaration.keywords
        if effect_in(page, keyword) is Effect.NOT_YET
    ]

    assert [name for name in later if "snmp" not in name and name != "enable_traps"] == []
    assert LATER.endswith("SNMP is left for later")


def test_the_exceptions_are_needed() -> None:
    fields = {keyword.field for _, keyword in built()}

    assert BY_THE_READER.keys() <= fields - words_outside()


def test_what_is_inherited_comes_from_one_place_which_does_not_inherit_from_its_own_block() -> None:
    """So that it does not matter in which order a block takes what it inherits (`conf.defaults`)."""
    heirs = {
        f"{page.title}.{keyword.field}": (page, keyword) for page, keyword in built() if keyword.inherits
    }

    doubtful = [
        name
        for name, (page, keyword) in heirs.items()
        if len(keyword.inherits) > 1
        or (keyword.inherits[0] in heirs and keyword.inherits[0].startswith(f"{page.title}."))
    ]

    assert heirs
    assert doubtful == []
