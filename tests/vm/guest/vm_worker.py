"""pytest inside the virtual machine: collects once, then runs the tests that it reads the names of.

Loaded as a plugin by the agent. A name a line comes in, a line of JSON with the test's reports goes out.
"""

import json
import os
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

# What tests read and print is not for the line: it is taken aside here, before pytest begins to capture.
_NAMES = os.fdopen(os.dup(0))
_ANSWERS = os.fdopen(os.dup(1), "w")


class Worker:
    """Takes the place of pytest's own loop over the tests."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        tests = {item.nodeid: item for item in session.items}
        for name in _NAMES:
            item = tests.get(name.strip())
            reports = [] if item is None else self._reports(item)
            print(json.dumps({"reports": reports}, default=str), file=_ANSWERS, flush=True)
        return True

    @staticmethod
    def _reports(item: pytest.Item) -> list[Any]:
        # There is no next test: whatever the fixtures of a module or session hold is given back each time.
        reports = runtestprotocol(item, log=False, nextitem=None)
        return [
            item.config.hook.pytest_report_to_serializable(config=item.config, report=report)
            for report in reports
        ]


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(Worker(), "vm-worker")
