"""What a test run did, by kind of test: counted, added up, put into words; `tally_hooks` does the counting."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

PASSED: Final = "passed"
FAILED: Final = "failed"
SKIPPED: Final = "skipped"
OUTCOMES: Final = (PASSED, FAILED, SKIPPED)

ELSEWHERE: Final = "elsewhere"  # a test outside the folders of the kinds


class Row(NamedTuple):
    """One way in which tests ended."""

    kind: str  # the folder below tests/
    outcome: str  # one of OUTCOMES
    reason: str  # why it was skipped; empty otherwise


Tally = Counter[Row]


def kind_of(test_id: str) -> str:
    """The kind of a test, from pytest's name for it: `tests/unit/test_times.py::test_x` is `unit`."""
    folders = test_id.split("::", maxsplit=1)[0].split("/")[:-1]
    return folders[folders.index("tests") + 1] if "tests" in folders[:-1] else ELSEWHERE


def to_text(tally: Tally) -> str:
    """The tally for a file between two processes."""
    return json.dumps([[*row, count] for row, count in tally.items()])


def from_text(text: str) -> Tally:
    """The tally that `to_text` wrote."""
    return Counter({Row(kind, outcome, reason): count for kind, outcome, reason, count in json.loads(text)})


def count(tally: Tally, outcome: str, kind: str | None = None) -> int:
    """How many tests ended so, of one kind or of all."""
    return sum(n for row, n in tally.items() if row.outcome == outcome and kind in (None, row.kind))


def not_run(tally: Tally, lacks: Mapping[str, str]) -> list[str]:
    """Kinds of which no test ran although this machine lacks nothing for them.

    Args:
        tally: what the run did.
        lacks: for each kind that a whole run has, what this machine lacks for it; empty if nothing.
    """
    ran = {row.kind for row in tally if row.outcome != SKIPPED}
    return [kind for kind, lack in lacks.items() if not lack and kind not in ran]


def words(tally: Tally, lacks: Mapping[str, str]) -> Iterable[str]:
    """The closing lines: what ran, what was skipped and why, what should have run, the sum."""
    kinds = list(dict.fromkeys([*lacks, *sorted(row.kind for row in tally)]))
    yield f"{'kind':12}" + "".join(f"{outcome:>9}" for outcome in OUTCOMES)
    for kind in kinds:
        yield f"{kind:12}" + "".join(f"{count(tally, outcome, kind):9}" for outcome in OUTCOMES)
    yield from _skips(tally)
    for kind in not_run(tally, lacks):
        yield f"NOT RUN: {kind}: this machine has all that these tests need, and not one of them ran"
    yield "total: " + ", ".join(f"{count(tally, outcome)} {outcome}" for outcome in OUTCOMES)


def _skips(tally: Tally) -> Iterable[str]:
    skips = sorted((row, n) for row, n in tally.items() if row.outcome == SKIPPED)
    if not skips:
        yield "skipped: nothing"
        return
    yield "skipped, and why:"
    for row, n in skips:
        yield f"{n:5}  {row.kind}: {row.reason}"
