"""JSON Schema (2020-12) of the JSON form of a configuration, from the declarations."""

from collections.abc import Mapping
from dataclasses import is_dataclass
from types import NoneType
from typing import Any, Final, get_args, get_origin

from standfast.base.frozen import MISSING, default_of, fields_of
from standfast.conf.catalogue import effect_in, pages, reading_order, sentence_of
from standfast.conf.json_form import FORM, VERSION, is_list
from standfast.conf.json_value import to_json
from standfast.model.config import Config
from standfast.model.declare import Effect, Keyword, Reload, declaration_of
from standfast.model.hints import hints_of
from standfast.model.kinds.blocks import Block, Entries
from standfast.model.kinds.kind import Kind
from standfast.model.kinds.secrets import Secret

Schema = dict[str, Any]
DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_PLAIN: Final = {str: "string", int: "integer", bool: "boolean", Secret: "string"}


def config_schema() -> Schema:
    """The schema of a document, with a definition for each block."""
    definitions = {
        page.declaration.of.__name__: _block(page.declaration.of) for page in pages() if not page.entry
    }
    return {
        "$schema": DIALECT,
        "title": "A configuration of Standfast",
        "description": "The JSON form that `standfast convert` reads and writes.",
        "type": "object",
        "properties": {
            "form": {"const": FORM},
            "version": {"const": VERSION},
            "config": {"$ref": f"#/$defs/{Config.__name__}"},
        },
        "required": ["form", "version", "config"],
        "additionalProperties": False,
        "x-standfast-no-effect-yet": without_effect(),
        "$defs": definitions,
    }


def without_effect() -> list[str]:
    """The places of all keywords that are accepted and have no effect yet: `vrrp_instance/use_vmac`."""
    return [
        "/".join(part for part in (page.paths[0], keyword.name) if part)
        for page in pages()
        for keyword in reading_order(page.declaration)
        if effect_in(page, keyword) is Effect.NOT_YET
    ]


def _block(of: type) -> Schema:
    declaration = declaration_of(of)
    lines = (declaration.lines,) if declaration.lines is not None else ()
    keywords = (*declaration.arguments, *lines, *reading_order(declaration))
    hints = hints_of(of)
    schema: Schema = {
        "type": "object",
        "description": sentence_of(of),
        "properties": {keyword.name: _keyword(of, keyword, hints[keyword.field]) for keyword in keywords},
        "additionalProperties": False,
    }
    if required := [keyword.name for keyword in keywords if keyword.required]:
        schema["required"] = required
    return schema


def _keyword(of: type, keyword: Keyword, hint: Any) -> Schema:
    schema: Schema = {**_value(keyword, hint), "description": keyword.doc}
    default = default_of(of, keyword.field)
    if _is_constant(keyword, default):
        schema["default"] = to_json(keyword.value_kind, default)
    if keyword.argument or keyword.lines:
        return schema
    if not isinstance(keyword.kind, Block | Entries):
        schema["x-standfast-syntax"] = keyword.kind.syntax
    schema["x-standfast-reload"] = (keyword.reload or Reload.LIVE).name.lower()
    schema["x-standfast-effect"] = (keyword.effect or Effect.BUILT).value
    return schema


def _is_constant(keyword: Keyword, default: Any) -> bool:
    """Whether the default is a value that one could write, not one that follows from others."""
    if isinstance(keyword.kind, Block | Entries) or keyword.default_words or keyword.inherits:
        return False
    return default is not MISSING and default not in (None, "", ())


def _value(keyword: Keyword, hint: Any) -> Schema:
    kind = keyword.kind
    if isinstance(kind, Block):
        return dict(kind.schema())
    if not is_list(keyword):
        return _one(keyword.value_kind, hint)
    item = get_args(hint)[0] if get_args(hint) else hint
    return {"type": "array", "items": _one(keyword.value_kind, item)}


def _one(kind: Kind[Any], hint: Any) -> Schema:
    said = kind.schema()
    if said.get("type") != "object":
        return dict(said)
    members = [member for member in get_args(hint) if member is not NoneType]
    of = members[0] if members else hint
    return {**said, **_object(of, said.get("properties", {}))} if is_dataclass(of) else dict(said)


def _object(of: Any, said: object) -> Schema:
    """The schema of a value of several parts: its fields, with the ranges that its kind tells."""
    hints = hints_of(of)
    ranges = said if isinstance(said, Mapping) else {}
    return {
        "properties": {name: ranges.get(name) or _part(hint) for name, hint in hints.items()},
        "required": [name for name, each in fields_of(of).items() if each.default is MISSING],
        "additionalProperties": False,
    }


def _part(hint: Any) -> Schema:
    members = [member for member in get_args(hint) if member is not NoneType]
    if get_origin(hint) is tuple:
        return {"type": "array", "items": _part(members[0])}
    if members:
        return _part(members[0])
    if is_dataclass(hint) and hint is not Secret:
        return {"type": "object", **_object(hint, {})}
    return {"type": _PLAIN.get(hint, "string")}
