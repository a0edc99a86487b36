"""`standfast diff`: what differs between two configurations, and what a reload would do about it."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from typing import Any, Final

from standfast.cli.check import add_config_id
from standfast.conf.compare import Changed, Difference, compare
from standfast.conf.diff import What
from standfast.conf.problems import render
from standfast.conf.read import read_config
from standfast.model.complaint import Severity
from standfast.model.config import Config
from standfast.model.declare import Reload

SAME: Final = 0
DIFFERENT: Final = 1
TROUBLE: Final = 2
FORM: Final = "standfast-diff"
VERSION: Final = 1
_NEEDS: Final = {
    Reload.LIVE: "taken over live",
    Reload.RESTART: "restarts the block",
    Reload.DAEMON: "needs a restart of the daemon",
}
_TOLD: Final = {
    Reload.LIVE: "{} taken over live",
    Reload.RESTART: "{} by restarting the block",
    Reload.DAEMON: "{} not before a restart of the daemon",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("old", help="the configuration that runs")
    parser.add_argument("new", help="the one that would be loaded")
    add_config_id(parser)
    parser.add_argument("--json", action="store_true", help="write the differences as JSON")
    parser.epilog = (
        "Compares what is understood, not the text: order, comments and includes do not matter. Exit status: 0 "
        "the same, 1 different, 2 a file cannot be read."
    )


def run(arguments: argparse.Namespace) -> int:
    """Compare two files."""
    old, new = (_config(path, arguments.config_id) for path in (arguments.old, arguments.new))
    if old is None or new is None:
        return TROUBLE
    differences = compare(old, new)
    sys.stdout.write(
        _as_json(differences) if arguments.json else "".join(f"{s}\n" for s in _as_text(differences))
    )
    return DIFFERENT if differences else SAME


def _config(path: str, config_id: str) -> Config | None:
    from standfast.daemon.files import HostFiles, this_surroundings  # noqa: PLC0415  (the edge, if needed)

    reading = read_config(path, HostFiles(), this_surroundings(config_id))
    errors = [problem for problem in reading.problems if problem.severity is Severity.ERROR]
    if reading.config is None or not reading.files:
        sys.stderr.writelines(f"{render(problem)}\n" for problem in errors)
        return None
    if errors:
        sys.stderr.write(f"{path}: {len(errors)} errors; compared without the parts that are wrong\n")
    return reading.config


def _as_text(differences: Sequence[Difference]) -> Iterator[str]:
    for difference in differences:
        yield f"{difference.block or 'top level'}: {difference.what}"
        for change in difference.changes:
            yield from _change(change)
    yield _summary(differences)


def _change(change: Changed) -> Iterator[str]:
    need = _NEEDS[change.need] + (f": {change.because}" if change.because else "")
    if not (change.came or change.went):
        values = "another order" if change.listed else f"{change.before} -> {change.after}"
        yield f"    {change.keyword}: {values}  ({need})"
        return
    yield f"    {change.keyword}:  ({need})"
    yield from (f"      - {entry}" for entry in change.went)
    yield from (f"      + {entry}" for entry in change.came)


def _summary(differences: Sequence[Difference]) -> str:
    if not differences:
        return "nothing differs; a reload would do nothing"
    parts = [
        _TOLD[need].format(count)
        for need in Reload
        if (count := sum(change.need is need for each in differences for change in each.changes))
    ]
    parts += [
        f"{count} {'block' if count == 1 else 'blocks'} {what}"
        for what in (What.ADDED, What.REMOVED)
        if (count := sum(each.what is what for each in differences))
    ]
    return "on a reload: " + ", ".join(parts)


def _as_json(differences: Sequence[Difference]) -> str:
    import json  # noqa: PLC0415  (costs a person's start)

    need = max((difference.need for difference in differences), default=Reload.LIVE)
    document = {
        "form": FORM,
        "version": VERSION,
        "same": not differences,
        "need": need.name.lower(),
        "differences": [_object(difference) for difference in differences],
    }
    return json.dumps(document, indent=2) + "\n"


def _object(difference: Difference) -> dict[str, Any]:
    return {
        "block": difference.block,
        "what": difference.what.value,
        "need": difference.need.name.lower(),
        "changes": [
            {
                "keyword": change.keyword,
                "before": change.before,
                "after": change.after,
                "added": change.came,
                "removed": change.went,
                "need": change.need.name.lower(),
                "because": change.because,
            }
            for change in difference.changes
        ],
    }
