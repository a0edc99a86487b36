"""Prints the ledgers at the end of a run."""

from pathlib import Path

import pytest
from proofs import behaviour_items, rfc_items, summary, table

FOLDER = Path(__file__).parent


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section("ledgers")
    for line in (
        *summary("RFC 9568", rfc_items(FOLDER / "rfc9568.toml")),
        *summary("BFD", rfc_items(FOLDER / "bfd.toml", "bfd")),
        *summary("behaviours", behaviour_items(FOLDER / "behaviours.toml")),
        *table(behaviour_items(FOLDER / "behaviours.toml")),
    ):
        terminalreporter.line(line)
