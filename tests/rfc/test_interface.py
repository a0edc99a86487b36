"""Each row of Keepalived's command line, signals, files and log is shown by a test, or has a reason."""

import re
import tomllib
from pathlib import Path
from typing import Final

import pytest
from proofs import OWNERS, ROOT, missing

LEDGER: Final = tomllib.loads((Path(__file__).parent / "interface.toml").read_text())
TESTS: Final[dict[str, list[str]]] = LEDGER["tests"]
REASONS: Final[dict[str, str]] = LEDGER["reasons"]
REFERENCE: Final = ROOT.parent / "shared" / "reference" / "cli-and-signals.md"
ROW: Final = re.compile(r"^(?:\| |\* )((?:CLI|EX|SIG|FILE|LOG)-\d\d)\b", re.MULTILINE)


def test_every_row_is_shown_or_has_a_reason() -> None:
    if not REFERENCE.exists():
        pytest.skip(f"{REFERENCE} is not here")

    rows = set(ROW.findall(REFERENCE.read_text()))

    assert rows == TESTS.keys() | REASONS.keys()
    assert len(rows) > 80


def test_no_row_is_shown_and_has_a_reason() -> None:
    assert TESTS.keys() & REASONS.keys() == set()


def test_the_tests_stand_where_they_are_named() -> None:
    assert missing(place for places in TESTS.values() for place in places) == []


def test_a_reason_says_whose_business_it_is() -> None:
    assert [key for key, reason in REASONS.items() if reason.split(":")[0] not in OWNERS] == []
