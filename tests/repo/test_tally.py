"""What the closing lines of a run are made of."""

from pathlib import Path

import pytest
from inner_run import pytest_in
from tally import FAILED, PASSED, SKIPPED, Row, Tally, from_text, kind_of, not_run, to_text, words

TALLY = Tally(
    {
        Row("unit", PASSED, ""): 7,
        Row("unit", FAILED, ""): 1,
        Row("lab", SKIPPED, "needs root"): 3,
    }
)

TESTS = """
import pytest

def test_good(): pass
def test_bad(): assert False
@pytest.mark.skip(reason="no cable")
def test_skipped(): pass
@pytest.mark.skip(reason="no cable")
def test_skipped_too(): pass
@pytest.fixture
def breaks_afterwards():
    yield
    assert False
def test_bad_at_its_end(breaks_afterwards): pass
"""


@pytest.mark.parametrize(
    ("test", "kind"),
    [
        pytest.param("tests/unit/test_a.py::test_b", "unit", id="the folder below tests is the kind"),
        pytest.param("tests/lab/deep/test_a.py::test_b", "lab", id="folders further down do not count"),
        pytest.param("tests/unit/test_a.py::test_b[x/y]", "unit", id="a slash in a parameter is no folder"),
        pytest.param("tests/test_a.py::test_b", "elsewhere", id="a test outside the folders has no kind"),
        pytest.param("test_a.py", "elsewhere", id="nor has one outside of tests"),
    ],
)
def test_a_test_is_of_the_kind_of_its_folder(test: str, kind: str) -> None:
    assert kind_of(test) == kind


def test_a_tally_survives_its_way_through_a_file() -> None:
    assert from_text(to_text(TALLY)) == TALLY


def test_a_kind_that_only_skipped_did_not_run() -> None:
    assert not_run(TALLY, {"unit": "", "lab": ""}) == ["lab"]


def test_a_kind_that_this_machine_cannot_run_is_not_missed() -> None:
    assert not_run(TALLY, {"unit": "", "lab": "root"}) == []


def test_the_closing_lines_say_what_ran_what_was_skipped_and_why() -> None:
    lines = list(words(TALLY, {"unit": "", "lab": "root", "rfc": ""}))

    assert lines == [
        "kind           passed   failed  skipped",
        "unit                7        1        0",
        "lab                 0        0        3",
        "rfc                 0        0        0",
        "skipped, and why:",
        "    3  lab: needs root",
        "NOT RUN: rfc: this machine has all that these tests need, and not one of them ran",
        "total: 7 passed, 1 failed, 3 skipped",
    ]


@pytest.mark.parametrize("workers", ["0", "2"])
def test_each_test_counts_once_however_many_workers_ran_them(workers: str, tmp_path: Path) -> None:
    folder = tmp_path / "tests" / "unit"
    folder.mkdir(parents=True)
    (folder / "test_some.py").write_text(TESTS)
    (folder / "test_unreadable.py").write_text("import nothing_of_this_name")
    (folder / "test_absent.py").write_text("import pytest\npytest.skip('no moon', allow_module_level=True)")

    pytest_in(
        tmp_path, "tally_hooks", "--tally=tally", "-n", workers, "--continue-on-collection-errors", "tests"
    )

    assert from_text((tmp_path / "tally").read_text()) == {
        Row("unit", PASSED, ""): 1,
        Row("unit", FAILED, ""): 3,  # one at its end, one not readable
        Row("unit", SKIPPED, "no cable"): 2,
        Row("unit", SKIPPED, "no moon"): 1,
    }
