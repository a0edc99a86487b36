"""`standfast check --sarif`: problems at their lines, for editors and CI."""

import json
from pathlib import Path
from typing import Any

import pytest

from standfast.cli.main import main


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    conf = tmp_path / "a b.conf"
    conf.write_text("global_defs {\n  routr_id a\n}\n")

    assert main(["check", "--offline", "--sarif", str(conf), str(tmp_path / "none.conf")]) == 2

    document = json.loads(capsys.readouterr().out)
    assert document["version"] == "2.1.0"
    (only,) = document["runs"]
    assert isinstance(only, dict)
    return only


def test_a_problem_has_its_place_and_its_hint(run: dict[str, Any], tmp_path: Path) -> None:
    result = run["results"][0]

    assert (result["ruleId"], result["level"]) == ("unknown-keyword", "error")
    assert result["message"]["text"] == "unknown keyword routr_id in global_defs; did you mean router_id?"
    assert result["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": f"file://{tmp_path}/a%20b.conf"},
        "region": {"startLine": 2, "startColumn": 3, "endColumn": 11},
    }


def test_a_problem_of_a_whole_file_has_no_region(run: dict[str, Any]) -> None:
    assert "region" not in run["results"][1]["locations"][0]["physicalLocation"]


def test_each_result_points_to_its_rule_with_its_explanation(run: dict[str, Any]) -> None:
    rules = run["tool"]["driver"]["rules"]

    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [
        "unknown-keyword",
        "file-not-found",
    ]
    assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)
