"""The problems of a configuration as JSON, in a published form."""

from collections.abc import Sequence
from typing import Final

import msgspec

from standfast.conf.problems import Problem
from standfast.conf.read import Reading

FORM: Final = "standfast-check"
VERSION: Final = 1


def as_json(readings: Sequence[tuple[str, Reading]]) -> str:
    """The problems of each file; keys are added in later versions, never renamed."""
    files = [
        {
            "file": path,
            "usable": reading.config is not None,
            "read": reading.files,
            "problems": [_problem(problem) for problem in reading.problems],
            "dropped": reading.dropped,
        }
        for path, reading in readings
    ]
    document = {"form": FORM, "version": VERSION, "files": files}
    return msgspec.json.format(msgspec.json.encode(document), indent=2).decode() + "\n"


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "file": problem.place.file,
        "line": problem.place.line,
        "column": problem.place.column,
        "width": problem.place.width,
        "severity": problem.severity.value,
        "slug": problem.slug,
        "words": problem.words,
        "hint": problem.hint,
        "text": problem.text,
        "expanded": problem.expanded,
    }
