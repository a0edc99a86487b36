"""The page about JSON: what is asked on the control socket, what comes back, and what else is written as JSON."""

import re
from collections.abc import Iterator
from typing import Final

from standfast.base import limits
from standfast.base.times import SECOND
from standfast.cli import check_json, diff
from standfast.cli.control import DEFAULT_SOCKET
from standfast.cli.field_comments import fields_of
from standfast.conf import json_form
from standfast.observe.state import (
    configuration,
    event,
    instance,
    process,
    protocol,
    restart,
    service,
    session,
    status,
    tracker,
)

_STATE: Final[tuple[type, ...]] = (
    status.Status,
    configuration.Configuration, configuration.Reload, configuration.Planned,
    process.Process, process.Firewall,
    instance.Instance, instance.Address, instance.Tracks, instance.Peer, instance.TwoMasters, instance.Group,
    tracker.Tracker,
    service.VirtualServer, service.RealServer, service.CheckState,
    session.Session,
)  # fmt: skip
_OTHERS: Final[tuple[type, ...]] = (event.Event, restart.Restart)
_WORDS: Final = {
    "str": "string",
    "int": "integer",
    "bool": "boolean",
    "float": "number",
    "None": "null",
    "Any": "anything",
}

_VALUES: Final = {"None": "null", "True": "true", "False": "false"}
_ORDERS: Final = "list of [Order](#order)"  # they come as the parent keeps them
_HISTORY: Final = '`{"schema": …, "events": […], "unwritten": …}`, see [Event](#event)'
_GIVEN: Final = '`{"order": …, "orders": […]}`, see [Order](#order)'
_ORDER: Final = "`for_s`, `reason`, `behalf`, `force`"
# What the daemon answers to: the verb, whom, its arguments (of the same names as options), and the answer.
VERBS: Final = (
    ("status", "all", "none", "[Status](#status); with names only what has one of them"),
    ("history", "all", "`count`: the last so many; 0: all", _HISTORY),
    ("events", "all", "none", "no answer, but an [Event](#event) a line, until the client goes"),
    ("metrics", "all", "none", "one string: the [metrics](metrics.md) as text"),
    ("reload", "orders", "`plan`, `within_s`, `confirm` or `back`; or none", "[Reload](#reload)"),
    ("restart", "orders", "`keep`: true", "[Restart](#restart)"),
    ("maintenance", "orders", f"`on`; {_ORDER}", _GIVEN),
    ("failover", "orders", f"`on`; {_ORDER}", _GIVEN),
    ("rs", "orders", f"`what`: drain, weight, disable, enable; `weight`; {_ORDER}", _GIVEN),
)


def json_page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    from standfast.daemon.order_file import Order  # noqa: PLC0415  (the daemon, if needed)

    yield "<!-- Made by `standfast manual`; do not edit. -->"
    yield from ("# JSON", "")
    yield "Everything that a program may want to know can be had as JSON, in forms with a version. The number"
    yield "goes up when a key goes away or means something else. New keys do not count: read those that you"
    yield "know, and let others be."
    yield from ("", *_forms())
    yield from ("", *_protocol())
    yield from ("", "## The state", "")
    yield "What `standfast status --json` writes, and `status` on the socket answers. Times of day are"
    yield "seconds since 1970, spans are seconds. [state.schema.json](state.schema.json) is the same as JSON"
    yield "Schema."
    for of in _STATE:
        yield from _struct(of)
    yield from _struct(Order)
    yield from ("", "## Events and answers")
    for of in _OTHERS:
        yield from _struct(of)


def _forms() -> Iterator[str]:
    yield from ("| Written by | Form | Version | Described by |", "| --- | --- | --- | --- |")
    state = "[state.schema.json](state.schema.json), and this page"
    asking = "`status`, `events`, `history`, `reload`, `restart`, each with `--json`"
    yield f"| {asking} | `schema` | {status.SCHEMA} | {state} |"
    config = "[standfast-config.schema.json](standfast-config.schema.json); `standfast schema` writes it"
    yield f"| `convert` | `{json_form.FORM}` | {json_form.VERSION} | {config} |"
    problems = "an object a file, with its `problems`: place, `severity`, `slug`, `words`, `hint`"
    yield f"| `check --json` | `{check_json.FORM}` | {check_json.VERSION} | {problems} |"
    yield "| `check --sarif` | SARIF | 2.1.0 | the standard of OASIS |"
    differences = "an object a block that differs, with its `changes` and what a reload needs for them"
    yield f"| `diff --json` | `{diff.FORM}` | {diff.VERSION} | {differences} |"


def _protocol() -> Iterator[str]:
    idle = limits.CONTROL_IDLE // SECOND
    yield from ("## The control socket", "")
    yield f"A unix socket, by default `{DEFAULT_SOCKET}` (`control_socket` in `global_defs`). Each line is one"
    yield "JSON object. A client sends requests, and gets as many answers, in order; `standfast` itself does"
    yield "nothing else."
    yield ""
    yield "```"
    yield '> {"schema": 1, "verb": "status", "names": ["VI_1"], "arguments": {}}'
    yield '< {"schema": 1, "ok": true, "answer": {"schema": 1, "version": …}}'
    yield '> {"schema": 1, "verb": "failover", "names": ["VI_9"], "arguments": {"on": true}}'
    yield '< {"schema": 1, "ok": false, "refusal": "unknown-name", "words": "no instance is called VI_9 …", …}'
    yield "```"
    yield ""
    yield "A refusal has a slug for programs, words for people, and perhaps what to do. Who may write to the"
    yield "socket may ask; orders are for root and the members of `control_socket_group`, as the kernel says"
    yield "who the client is."
    yield ""
    yield from ("| Verb | For | Arguments | Answer |", "| --- | --- | --- | --- |")
    for verb, who, arguments, answer in VERBS:
        yield f"| `{verb}` | {who} | {arguments} | {answer} |"
    yield ""
    size, waiting = limits.CONTROL_REQUEST // 1024, limits.CONTROL_WAITING
    yield f"Bounds: {limits.CONTROL_CLIENTS} clients, {size} KiB a request, {waiting} requests that wait for"
    yield f"their answers, {idle} seconds without a word. Who goes beyond one is told so, and let go."
    yield from _struct(protocol.Request)
    yield from _struct(protocol.Answer)


def _struct(of: type) -> Iterator[str]:
    yield from ("", f"### {of.__name__}", "", (of.__doc__ or "").partition("\n")[0], "")
    yield from ("| Key | Value | Meaning |", "| --- | --- | --- |")
    for field in fields_of(of):
        kind = _ORDERS if (of, field.name) == (status.Status, "orders") else _type(field.type)
        yield f"| `{field.name}` | {kind} | {_in_json(field.comment)} |"


def _in_json(comment: str) -> str:
    """A comment on Python's values, as one on JSON's."""
    return re.sub(r"\b(None|True|False)(?=:)", lambda found: _VALUES[found[1]], comment).replace("|", "\\|")


def _type(annotation: str) -> str:
    """A type in words: `tuple[Address, ...]` is a list of Address."""
    if " | " in annotation:
        return " or ".join(map(_type, annotation.split(" | ")))
    if found := re.fullmatch(r"tuple\[(.*), \.\.\.\]", annotation):
        return f"list of {_type(found[1])}"
    if found := re.fullmatch(r"dict\[str, (.*)\]", annotation):
        return "object" if found[1] == "Any" else f"object of {_type(found[1])}"
    if annotation in _WORDS:
        return _WORDS[annotation]
    if annotation == "msgspec.Raw":
        return "what the verb answers"
    if annotation == "What":
        return "string"
    return f"[{annotation}](#{annotation.lower()})"
