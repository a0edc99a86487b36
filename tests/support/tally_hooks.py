"""Counts how the tests of a run ended, and writes it to a file for `tests/run.py` to add up.

Under xdist the workers' reports come to the controlling process, which alone counts.
"""

from collections import Counter
from pathlib import Path

import pytest
from tally import FAILED, OUTCOMES, PASSED, SKIPPED, Row, kind_of, to_text


class TallyHooks:
    """Listens to the reports of one run."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ends: dict[str, tuple[str, str]] = {}  # test: outcome and reason

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.outcome != PASSED or report.when == "call":
            self._ended(report.nodeid, report.outcome, _reason(report))

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.outcome != PASSED:  # a file that cannot be read, or that skips itself as a whole
            self._ended(report.nodeid, report.outcome, _reason(report))

    def pytest_sessionfinish(self) -> None:
        rows = (
            Row(kind_of(test), outcome, reason if outcome == SKIPPED else "")
            for test, (outcome, reason) in self._ends.items()
        )
        self._file.write_text(to_text(Counter(rows)))

    def _ended(self, test: str, outcome: str, reason: str) -> None:
        # A test reports up to three times (set-up, itself, tear-down): one failure makes it a failed one.
        before, _ = self._ends.get(test, (PASSED, ""))
        weight = (PASSED, SKIPPED, FAILED)
        if weight.index(outcome) >= weight.index(before):
            self._ends[test] = (outcome, reason)


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a test was skipped, in the words of whoever skipped it."""
    if isinstance(report.longrepr, tuple):  # file, line, words
        return report.longrepr[2].removeprefix("Skipped: ")
    return str(getattr(report, "wasxfail", "")) or "no reason given"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--tally", type=Path, help="write how many tests of each kind ended how to this file")


def pytest_configure(config: pytest.Config) -> None:
    assert set(OUTCOMES) == {PASSED, FAILED, SKIPPED}
    file = config.getoption("--tally")
    if file is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(TallyHooks(file), "tally-hooks")
