"""Tests that run inside a virtual machine, and are reported here like any others.

What stands in `inside/` is an ordinary test with ordinary fixtures, of which nothing but the names is used out
here: the machine collects the same files and runs each test when its turn comes. One machine serves a whole
session (a worker's, under xdist), so a test leaves the kernel as it was: a network namespace of its own is the
way. If a test hangs, or brings the machine down, it has failed, and the next one gets a new machine.
"""

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

import vm

FOLDER = Path(__file__).resolve().parent / "inside"
MARGIN = 20.0  # seconds
MACHINE = pytest.StashKey["Machine"]()


class Machine:
    """The session's virtual machine; started when it is needed first."""

    def __init__(self) -> None:
        self._vm: vm.Vm | None = None
        self._lacking: str | None = None

    @property
    def vm(self) -> vm.Vm:
        """The running machine; skips the test where there can be none."""
        if self._lacking is None:
            self._lacking = vm.lacking()
        if self._lacking:
            pytest.skip(self._lacking)
        if self._vm is None:
            worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
            self._vm = vm.Vm(processor=int(worker.removeprefix("gw")))
        return self._vm

    def close(self) -> None:
        """End it; the next one who needs one gets a new one."""
        if self._vm is not None:
            self._vm.close()
            self._vm = None


class GuestFailure(Exception):
    """A test has failed inside the machine; the words are what pytest said there."""


class GuestTest(pytest.Item):
    """A test that runs inside the machine."""

    def runtest(self) -> None:
        machine = self.config.stash[MACHINE]
        name = str(Path(self.path).relative_to(self.config.rootpath)) + self.nodeid[self.nodeid.index("::") :]
        try:
            reports, said = machine.vm.test(name, FOLDER, seconds=self._seconds)
        except pytest.skip.Exception:
            raise
        except BaseException:
            machine.close()
            raise
        self._judge([_report(self.config, report) for report in reports], said)

    @property
    def _seconds(self) -> float:
        """How long it may take inside: out here its time is over somewhat later."""
        mark = self.get_closest_marker("timeout")
        allowed = mark.args[0] if mark else float(self.config.getini("timeout"))
        return max(1.0, allowed - MARGIN)

    def _judge(self, reports: list[pytest.TestReport], said: str) -> None:
        if not reports:
            raise GuestFailure(f"the test could not be run inside the machine:\n{said}")
        for report in reports:
            if report.failed:
                self._sections = list(report.sections)
                raise GuestFailure(f"{report.longreprtext}\n{said}")
        for report in reports:
            if report.skipped:
                where_and_why: Any = report.longrepr  # file, line, words
                pytest.skip(str(where_and_why[2]).removeprefix("Skipped: "))

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        if isinstance(excinfo.value, GuestFailure):
            captured = (f"---- {title}\n{text}" for title, text in getattr(self, "_sections", ()))
            return "\n".join([str(excinfo.value), *captured])
        if isinstance(excinfo.value, vm.VmFailed):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, self.name


def _report(config: pytest.Config, data: Any) -> pytest.TestReport:
    report = config.hook.pytest_report_from_serializable(config=config, data=data)
    assert isinstance(report, pytest.TestReport)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_pycollect_makeitem(collector: pytest.Module | pytest.Class) -> Generator[None, Any, Any]:
    """Put a stand-in into the place of each test of the folder."""
    made = yield
    if vm.INSIDE in os.environ or not collector.path.is_relative_to(FOLDER):
        return made
    return [_stand_in(item) for item in made] if isinstance(made, list) else made


def _stand_in(item: pytest.Item) -> pytest.Item:
    if not isinstance(item, pytest.Function) or item.parent is None:
        return item
    stand_in = GuestTest.from_parent(item.parent, name=item.name)
    for mark in item.iter_markers():
        stand_in.add_marker(getattr(pytest.mark, mark.name)(*mark.args, **mark.kwargs))
    return stand_in


def pytest_configure(config: pytest.Config) -> None:
    config.stash[MACHINE] = Machine()


def pytest_sessionfinish(session: pytest.Session) -> None:
    session.config.stash[MACHINE].close()


@pytest.fixture
def machine(request: pytest.FixtureRequest) -> vm.Vm:
    """The session's virtual machine, for a test that drives it from out here."""
    return request.config.stash[MACHINE].vm
