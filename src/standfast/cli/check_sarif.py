"""The problems of a configuration as SARIF 2.1.0 (OASIS), which editors and CI services show at the lines."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

from standfast import __version__
from standfast.conf.explained.table import EXPLAINED
from standfast.conf.problems import Problem
from standfast.conf.read import Reading
from standfast.model.complaint import Severity

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTICE: "note"}


def as_sarif(readings: Sequence[tuple[str, Reading]]) -> str:
    """The problems of all files as one run."""
    problems = [problem for _, reading in readings for problem in reading.problems]
    slugs = sorted({problem.slug for problem in problems})
    driver = {"name": "standfast", "version": __version__, "rules": [_rule(slug) for slug in slugs]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(problem, slugs) for problem in problems],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(slug: str) -> dict[str, Any]:
    explanation = EXPLAINED.get(slug)
    if explanation is None:
        return {"id": slug}
    return {
        "id": slug,
        "shortDescription": {"text": explanation.meaning},
        "help": {"text": explanation.remedy},
    }


def _result(problem: Problem, slugs: Sequence[str]) -> dict[str, Any]:
    words = f"{problem.words}; {problem.hint}" if problem.hint else problem.words
    return {
        "ruleId": problem.slug,
        "ruleIndex": slugs.index(problem.slug),
        "level": _LEVELS[problem.severity],
        "message": {"text": words},
        "locations": [{"physicalLocation": _location(problem)}],
    }


def _location(problem: Problem) -> dict[str, Any]:
    place = problem.place
    location: dict[str, Any] = {"artifactLocation": {"uri": _uri(place.file)}}
    if place.line:
        column = max(place.column, 1)
        end = column + max(place.width, 1)
        location["region"] = {"startLine": place.line, "startColumn": column, "endColumn": end}
    return location


def _uri(file: str) -> str:
    return Path(file).as_uri() if Path(file).is_absolute() else quote(file)
