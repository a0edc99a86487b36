"""What stands in monitoring/ watches metrics that exist, by labels that they have, and Prometheus takes it."""

import json
import re
import shutil
import subprocess
import uuid
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

import pytest
import yaml
from importing import ROOT
from promql import NoExpression, read

from standfast.observe.metrics import METRICS

FOLDER: Final = ROOT / "monitoring"
LABELS: Final = {one.name: set(one.labels) for one in METRICS}
OF_PROMETHEUS: Final = {
    "job",
    "instance",
    "cluster",
}  # labels of the targets; the last one is for the reader to set
UP: Final = "up"  # Prometheus makes it itself

RULES: Final = [
    rule
    for group in yaml.safe_load((FOLDER / "prometheus" / "alerts.yml").read_text())["groups"]
    for rule in group["rules"]
]
DASHBOARD: Final = json.loads((FOLDER / "grafana" / "standfast.json").read_text())
PANELS: Final = [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]
TARGETS: Final = [(panel["title"], target) for panel in PANELS for target in panel["targets"]]
TEMPLATE: Final = yaml.safe_load((FOLDER / "zabbix" / "standfast.yaml").read_text())["zabbix_export"][
    "templates"
][0]


def wrong_names(expression: str) -> list[str]:
    """What an expression names and does not exist."""
    named = read(expression)
    metrics = named.metrics - {UP}
    known = set().union(*(LABELS.get(one, set()) for one in metrics), OF_PROMETHEUS, named.made)
    return [
        *sorted(metrics - LABELS.keys()),
        *sorted(
            f"{metric}{{{label}}}"
            for metric, label in named.matched
            if label not in LABELS.get(metric, set()) | OF_PROMETHEUS
        ),
        *sorted(named.grouped - known),
    ]


# ---- the metrics themselves


def test_no_metric_has_a_label_that_prometheus_would_rename() -> None:
    assert [name for name, labels in LABELS.items() if labels & {"job", "instance"}] == []


# ---- the reader of expressions


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("sum by (a) (x", id="a bracket that stays open"),
        pytest.param('x{a="b"', id="a brace that stays open"),
        pytest.param("rate(x)", id="a rate of no range"),
        pytest.param("frobnicate(x)", id="a function that there is not"),
        pytest.param("x == == 1", id="two signs in a row"),
        pytest.param("x y", id="two operands in a row"),
        pytest.param("x{a=b}", id="a label's value without quotes"),
    ],
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(NoExpression):
        read(text)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        pytest.param("standfast_nothing == 1", ["standfast_nothing"], id="a metric"),
        pytest.param('standfast_tracker_up{nam="x"}', ["standfast_tracker_up{nam}"], id="a label chosen by"),
        pytest.param("sum by (nam) (standfast_tracker_up)", ["nam"], id="a label grouped by"),
    ],
)
def test_a_name_that_does_not_exist_is_seen(text: str, wrong: list[str]) -> None:
    assert wrong_names(text) == wrong


# ---- the rules of Prometheus


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_asks_for_what_exists(rule: dict[str, Any]) -> None:
    assert wrong_names(rule["expr"]) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_says_what_is_wrong_what_to_do_and_where_to_read_on(rule: dict[str, Any]) -> None:
    notes = rule["annotations"]

    assert rule.keys() == {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"]["severity"] in {"critical", "warning", "info"}
    assert notes.keys() == {"summary", "description", "page"}
    assert "standfast" in notes["description"] or "docs/" in notes["description"]
    assert (ROOT / notes["page"]).exists()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_tells_only_labels_that_its_result_has(rule: dict[str, Any]) -> None:
    told = set(re.findall(r"\$labels\.(\w+)", " ".join(rule["annotations"].values())))
    named = read(rule["expr"])
    known = set().union(*(LABELS.get(one, set()) for one in named.metrics), OF_PROMETHEUS, named.made)
    grouped = re.match(r"\s*(?:count|max|sum) by \((.*?)\)", rule["expr"])

    assert told <= (set(grouped[1].split(", ")) if grouped else known)


def test_each_rule_has_a_name_of_its_own_and_a_row_in_the_table() -> None:
    table = (FOLDER / "README.md").read_text()

    assert [name for name, count in Counter(rule["alert"] for rule in RULES).items() if count > 1] == []
    assert re.findall(r"^\| `(\w+)` \((\w+)\)", table, re.MULTILINE) == [
        (rule["alert"], rule["labels"]["severity"]) for rule in RULES
    ]


@pytest.mark.parametrize("words", [("check", "rules", "alerts.yml"), ("test", "rules", "alerts_test.yml")])
@pytest.mark.skipif(
    not shutil.which("promtool"), reason="promtool (of the Debian package prometheus) is not here"
)
def test_promtool_takes_the_rules_and_they_say_what_they_should(words: tuple[str, ...]) -> None:
    done = subprocess.run(
        ["promtool", *words],
        cwd=FOLDER / "prometheus",
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


# ---- the dashboard of Grafana


def plain(expression: str) -> str:
    """An expression without the variables of Grafana."""
    return expression.replace("$__rate_interval", "1m")


@pytest.mark.parametrize(
    ("title", "target"), [pytest.param(title, one, id=f"{title} {one['refId']}") for title, one in TARGETS]
)
def test_a_panel_shows_what_exists(title: str, target: dict[str, Any]) -> None:
    expression = plain(target["expr"])
    named = read(expression)
    known = set().union(*(LABELS[one] for one in named.metrics), OF_PROMETHEUS)

    assert wrong_names(expression) == []
    assert set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"])) <= known


def test_the_variables_and_annotations_of_the_dashboard_exist() -> None:
    queries = [one["query"]["query"] for one in DASHBOARD["templating"]["list"] if one["type"] == "query"]
    asked = [re.fullmatch(r"label_values\((.*), (\w+)\)", query) for query in queries]

    assert all(asked)
    for one in filter(None, asked):
        assert wrong_names(f"count by ({one[2]}) ({one[1]})") == []
    for note in DASHBOARD["annotations"]["list"]:
        assert wrong_names(note["expr"]) == []


def test_each_variable_that_the_dashboard_uses_is_one_of_its_own() -> None:
    text = json.dumps(DASHBOARD)
    used = {name for pair in re.findall(r"\$(\w+)|\$\{(\w+)\}", text) for name in pair if name}

    assert used - {"__rate_interval", "__all"} == {one["name"] for one in DASHBOARD["templating"]["list"]}


def test_no_panel_lies_on_another() -> None:
    cells = Counter(
        (x, y)
        for panel in DASHBOARD["panels"]
        for x in range(panel["gridPos"]["x"], panel["gridPos"]["x"] + panel["gridPos"]["w"])
        for y in range(panel["gridPos"]["y"], panel["gridPos"]["y"] + panel["gridPos"]["h"])
    )

    assert [cell for cell, count in cells.items() if count > 1 or cell[0] > 23] == []
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])


# ---- the template of Zabbix


def every(key: str, place: object = TEMPLATE) -> Iterator[Any]:
    """Everything that stands under a key, wherever it is."""
    if isinstance(place, dict):
        for name, value in place.items():
            if name == key:
                yield value
            yield from every(key, value)
    elif isinstance(place, list):
        for one in place:
            yield from every(key, one)


def test_every_item_of_the_template_is_made_of_a_metric_that_exists() -> None:
    steps = [step for steps in every("preprocessing") for step in steps]
    patterns = [step["parameters"] for step in steps if step["type"].startswith("PROMETHEUS")]

    assert len(patterns) > 30
    for pattern, *way in patterns:
        assert wrong_names(pattern) == []
        if way[:1] == ["label"]:
            assert way[1] in LABELS[pattern.partition("{")[0]]


def test_what_the_template_discovers_is_a_label_of_the_metric() -> None:
    for rule in TEMPLATE["discovery_rules"]:
        metric = rule["preprocessing"][0]["parameters"][0]
        found = {one["lld_macro"]: one["path"].removeprefix("$.labels.") for one in rule["lld_macro_paths"]}
        used = set(re.findall(r"\{#\w+\}", json.dumps(rule["item_prototypes"])))

        assert set(found.values()) <= LABELS[metric]
        assert used == found.keys()


def test_every_trigger_of_the_template_is_about_an_item_and_names_a_page() -> None:
    keys = set(every("key"))
    triggers = [one for name in ("triggers", "trigger_prototypes") for some in every(name) for one in some]

    assert len(triggers) > 15
    for trigger in triggers:
        about = re.findall(rf"/{TEMPLATE['template']}/([\w.]+(?:\[[^\]]*\])?)", trigger["expression"])
        assert about
        assert set(about) <= keys
        assert (ROOT / trigger["description"].split()[-1]).exists()


def test_macros_value_maps_and_ids_of_the_template_are_sound() -> None:
    text = (FOLDER / "zabbix" / "standfast.yaml").read_text()
    ids = [*every("uuid")]

    assert set(re.findall(r"\{\$[\w.]+\}", text)) == {one["macro"] for one in TEMPLATE["macros"]}
    assert {one["name"] for one in every("valuemap")} == {one["name"] for one in TEMPLATE["valuemaps"]}
    assert len(set(ids)) == len(ids)
    assert all(uuid.UUID(one).version == 4 for one in ids)
