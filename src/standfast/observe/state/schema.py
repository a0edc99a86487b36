"""The JSON Schema of everything that the control socket says."""

from typing import Any, Final

import msgspec

from standfast.base.errors import broken
from standfast.observe.state.event import Event
from standfast.observe.state.protocol import Answer, Request
from standfast.observe.state.restart import Restart
from standfast.observe.state.status import SCHEMA, Status

_TOLD: Final = (Status, Event, Request, Answer, Restart)


def state_schema() -> dict[str, Any]:
    """One document; `$defs` has each value, `Status` is what `standfast status --json` writes."""
    _, components = msgspec.json.schema_components(
        _TOLD, schema_hook=_anything, ref_template="#/$defs/{name}"
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"The state of Standfast, version {SCHEMA}",
        "$ref": "#/$defs/Status",
        "$defs": dict(sorted(components.items())),
    }


def _anything(of: type) -> dict[str, Any]:
    """`msgspec.Raw`: what a verb answers."""
    if of is not msgspec.Raw:
        broken(f"no schema of {of.__name__}")
    return {}
