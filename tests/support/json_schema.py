"""As much of JSON Schema as our own schema uses."""

from collections.abc import Iterator
from typing import Any

TYPES: dict[str, Any] = {
    "object": dict,
    "array": list,
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
}
KNOWN = {
    "$defs", "$ref", "$schema", "additionalProperties", "anyOf", "const", "default", "description",
    "enum", "format", "items", "maxLength", "maxProperties", "maximum", "minimum", "properties",
    "required", "title", "type", "writeOnly",
}  # fmt: skip


def faults(schema: dict[str, Any], value: object) -> Iterator[str]:
    """What of a value does not fit."""
    yield from _faults(schema, value, schema, "")


def _faults(schema: dict[str, Any], value: Any, root: dict[str, Any], at: str) -> Iterator[str]:
    unknown = [word for word in schema if word not in KNOWN and not word.startswith("x-standfast-")]
    assert not unknown, f"{at}: the schema says {unknown}, which this does not check"
    if "$ref" in schema:
        yield from _faults(root["$defs"][schema["$ref"].rpartition("/")[2]], value, root, at)
    if "anyOf" in schema and all(list(_faults(one, value, root, at)) for one in schema["anyOf"]):
        yield f"{at}: none of the forms"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at}: {value!r} is none of {schema['enum']}"
    if "const" in schema and value != schema["const"]:
        yield f"{at}: {value!r} is not {schema['const']!r}"
    if "type" in schema and not _is(schema["type"], value):
        yield f"{at}: {value!r} is no {schema['type']}"
        return
    yield from _sized(schema, value, at)
    if isinstance(value, dict):
        yield from _object(schema, value, root, at)
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _faults(schema.get("items", {}), one, root, f"{at}/{number}")


def _is(sort: str, value: object) -> bool:
    if isinstance(value, bool):  # which Python takes for a number
        return sort == "boolean"
    return isinstance(value, TYPES[sort])


def _sized(schema: dict[str, Any], value: Any, at: str) -> Iterator[str]:
    if "minimum" in schema and value < schema["minimum"]:
        yield f"{at}: {value} is less than {schema['minimum']}"
    if "maximum" in schema and value > schema["maximum"]:
        yield f"{at}: {value} is more than {schema['maximum']}"
    if "maxLength" in schema and len(value) > schema["maxLength"]:
        yield f"{at}: too long"
    if "maxProperties" in schema and len(value) > schema["maxProperties"]:
        yield f"{at}: too many keys"


def _object(schema: dict[str, Any], value: dict[str, Any], root: dict[str, Any], at: str) -> Iterator[str]:
    properties = schema.get("properties", {})
    for key, inner in value.items():
        if key in properties:
            yield from _faults(properties[key], inner, root, f"{at}/{key}")
        elif schema.get("additionalProperties") is False:
            yield f"{at}: no key {key}"
    yield from (f"{at}: {key} is missing" for key in schema.get("required", ()) if key not in value)
