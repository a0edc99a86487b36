"""`standfast schema`: the JSON form in JSON Schema, from the declarations."""

import json
from collections.abc import Iterator
from typing import Any, Final

import pytest
from json_schema import faults
from written import config_of, instance_text

from standfast.cli.main import main
from standfast.conf.catalogue import pages
from standfast.conf.json_form import as_document
from standfast.conf.schema import config_schema, without_effect
from standfast.conf.write import faithful

SCHEMA: Final = config_schema()
VIP: Final = "virtual_ipaddress { 10.0.0.1 }"


def keywords_of(schema: dict[str, Any], of: str) -> dict[str, Any]:
    properties: dict[str, Any] = schema["$defs"][of]["properties"]
    return properties


def test_a_keyword_has_its_range_default_need_and_effect() -> None:
    assert keywords_of(SCHEMA, "VrrpInstance")["virtual_router_id"] == {
        "type": "integer",
        "minimum": 1,
        "maximum": 255,
        "description": "Number that the routers of a group share.",
        "x-standfast-syntax": "<INTEGER:1..255>",
        "x-standfast-reload": "restart",
        "x-standfast-effect": "built",
    }
    assert keywords_of(SCHEMA, "VrrpInstance")["preempt"]["default"] is True


def test_a_required_keyword_is_required() -> None:
    assert {"name", "virtual_router_id"} <= set(SCHEMA["$defs"]["VrrpInstance"]["required"])


def test_what_has_no_effect_yet_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--without-effect"]) == 0

    listed = capsys.readouterr().out.splitlines()
    assert listed == without_effect() == SCHEMA["x-standfast-no-effect-yet"]
    assert "vrrp_instance/priority" not in listed


def test_it_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == SCHEMA


def test_every_block_has_a_definition_and_every_reference_leads_to_one() -> None:
    blocks = {page.declaration.of.__name__ for page in pages() if not page.entry}

    assert blocks == SCHEMA["$defs"].keys()
    assert {reference.rpartition("/")[2] for reference in references(SCHEMA)} == blocks


def references(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"]
        for inner in schema.values():
            yield from references(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from references(inner)


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.title)
def test_no_two_values_of_a_block_have_one_key(page: Any) -> None:
    declaration = page.declaration
    names = [keyword.name for keyword in (*declaration.arguments, *declaration.keywords)]

    assert sorted(set(names)) == sorted(names)


def test_what_is_converted_fits_the_schema() -> None:
    body = f'priority 9\nadvert_int 2\nunicast_peer {{ 10.0.0.2 }}\nnotify "/a b" root\nuse_vmac x\n{VIP}'
    document = as_document(
        faithful(config_of("global_defs { vrrp_startup_delay 0.5 }\n" + instance_text(body)))
    )

    assert list(faults(SCHEMA, document)) == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        pytest.param("priority", 300, id="a number out of range"),
        pytest.param("priority", "9", id="a string for a number"),
        pytest.param("priorty", 9, id="an unknown keyword"),
        pytest.param("state", "master", id="a word that is none of the choices"),
        pytest.param("notify", {"word": []}, id="an object with another key"),
        pytest.param("virtual_ipaddress", "10.0.0.1", id="a value for a list"),
    ],
)
def test_what_is_wrong_does_not_fit(key: str, value: object) -> None:
    document = as_document(faithful(config_of(instance_text(VIP))))
    document["config"]["vrrp_instance"][0][key] = value

    assert list(faults(SCHEMA, document)) != []
