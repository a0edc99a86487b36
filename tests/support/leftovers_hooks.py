"""Fails a run that leaves something behind on its machine.

Only the controlling process of a run looks, when all workers have ended.
"""

import os
import time
import uuid

import leftovers
import pytest

GRACE_SECONDS = float(os.environ.get("STANDFAST_GRACE_SECONDS", "20"))  # for what was told to end


class LeftoversHooks:
    """Looks before and after."""

    def __init__(self) -> None:
        self._mark = uuid.uuid4().hex
        self._found: list[str] = []
        os.environ[leftovers.MARK] = self._mark
        self._before = leftovers.look()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self._found = [f"process {line} was left" for line in self._wait_for_processes()]
        self._found += leftovers.differences(self._before, leftovers.look())
        if self._found and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._found:
            terminalreporter.section("left behind by this run", red=True)
            for line in self._found:
                terminalreporter.line(line)

    def _wait_for_processes(self) -> list[str]:
        until = time.monotonic() + GRACE_SECONDS
        while (left := leftovers.marked_processes(self._mark)) and time.monotonic() < until:
            time.sleep(0.05)
        return left


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and leftovers.MARK not in os.environ:
        config.pluginmanager.register(LeftoversHooks(), "leftovers-hooks")
