"""Every requirement of the RFCs, and every behaviour of this stage, is proved by a test or has a reason."""

import ast
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import pytest
from proofs import (
    LEVELS,
    OWNERS,
    Item,
    behaviour_items,
    marks_of,
    missing,
    proofs,
    rfc_items,
    summary,
    table,
)

FOLDER: Final = Path(__file__).parent
RFC: Final = rfc_items(FOLDER / "rfc9568.toml")
BFD: Final = rfc_items(FOLDER / "bfd.toml", "bfd")
BEHAVIOURS: Final = behaviour_items(FOLDER / "behaviours.toml")

each = pytest.mark.parametrize(
    "items",
    [
        pytest.param(RFC, id="RFC 9568"),
        pytest.param(BFD, id="BFD"),
        pytest.param(BEHAVIOURS, id="behaviours"),
    ],
)


@each
def test_nothing_is_open(items: Sequence[Item]) -> None:
    assert [item.key for item in items if item.status == "open"] == []


@each
def test_every_test_that_is_named_stands_where_it_is_named(items: Sequence[Item]) -> None:
    assert missing(place for item in items for place in item.proofs) == []


@each
def test_a_reason_says_whose_business_it_is_and_stands_only_where_no_test_does(items: Sequence[Item]) -> None:
    reasoned = [item for item in items if item.reason]

    assert [i.key for i in reasoned if i.reason.split(":")[0] not in OWNERS] == []
    assert [i.key for i in reasoned if i.proofs] == []


def test_the_ledger_has_every_item_of_the_checklist() -> None:
    numbers = [item.key for item in RFC if item.key.isdigit()]

    assert numbers == [str(n) for n in range(1, 92)]
    assert {item.level for item in RFC} == set(LEVELS)


def test_the_ledger_of_bfd_has_every_item_of_its_checklist() -> None:
    numbers = [item.key for item in BFD if item.key.isdigit()]

    assert numbers == [str(n) for n in range(1, 61)]


@pytest.mark.parametrize("mark", ["rfc", "bfd", "behaviour"])
def test_no_test_claims_to_prove_what_no_ledger_knows(mark: str) -> None:
    known = {item.key for item in {"rfc": RFC, "bfd": BFD, "behaviour": BEHAVIOURS}[mark]}

    assert proofs(mark).keys() - known == set()


def test_what_must_be_and_is_built_is_proved_and_not_reasoned() -> None:
    """States, timers, fields, receive checks and sending: items 2 to 18, 20, 21, 26 to 31, 37, 39 to 60."""
    built = {*range(2, 19), 20, 21, 22, 23, *range(26, 32), 37, *range(39, 61)} - {4, 58}

    assert [i.key for i in RFC if i.key.isdigit() and int(i.key) in built and i.status != "covered"] == []


def test_what_bfd_must_do_without_echo_and_authentication_is_proved_and_not_reasoned() -> None:
    """Roles, variables, receiving, sending, timers, administration, and several hops."""
    left_out = {5, 6, 8, 24, 25, 28, *range(53, 61)}
    built = {str(number) for number in range(1, 61) if number not in left_out} | {"m1", "m2", "m4"}

    assert [item.key for item in BFD if item.key in built and item.status != "covered"] == []


# ---- the ledger itself


TEST: Final = ast.parse(
    """
@pytest.mark.rfc(1, "v2-skew")
@pytest.mark.parametrize("x", [
    pytest.param(1, id="a row", marks=pytest.mark.rfc(2)),
    pytest.param(2, id="another", marks=[pytest.mark.rfc(3), pytest.mark.behaviour("SM-01")]),
])
def test_it(x): ...
"""
).body[0]


def test_marks_are_found_on_functions_and_on_rows() -> None:
    assert isinstance(TEST, ast.FunctionDef)

    assert sorted(marks_of(TEST, "rfc")) == [("1", ""), ("2", "a row"), ("3", "another"), ("v2-skew", "")]
    assert list(marks_of(TEST, "behaviour")) == [("SM-01", "another")]


def test_a_test_that_is_not_there_is_missed() -> None:
    here = "tests/rfc/test_ledger.py::test_a_test_that_is_not_there_is_missed"

    assert missing([here, f"{here}_not", "tests/nowhere.py::test_x"]) == [
        f"{here}_not",
        "tests/nowhere.py::test_x",
    ]


def test_the_table_counts_each_sort() -> None:
    items = [
        Item("SM-01", "", "", ("a test",), ""),
        Item("SM-02", "", "", (), "none: not wanted"),
        Item("AU-01", "", "", (), ""),
    ]

    assert list(table(items))[1:] == [
        "  SM     2        1         1     0",
        "  AU     1        0         0     1",
    ]


def test_the_closing_lines_count_and_name_what_is_open() -> None:
    items = [
        Item("1", "must", "proved", ("a test",), ""),
        Item("2", "must", "reasoned", (), "later: not yet"),
        Item("3", "must", "neither", (), ""),
    ]

    assert list(summary("it", items)) == ["it: 1 covered, 1 reasoned (1 later), 1 open", "  open: 3 neither"]
