"""The generated pages of the reference name everything that there is."""

import re
from typing import Any

import pytest
from importing import ROOT

from standfast.cli.command_line import verbs
from standfast.cli.commands_page import commands_page
from standfast.cli.field_comments import fields_of
from standfast.cli.json_page import VERBS, json_page
from standfast.cli.messages_page import messages_page
from standfast.conf.behaviour_ids import without_ids
from standfast.conf.explained.table import CHAPTERS, EXPLAINED
from standfast.daemon.options import OPTIONS
from standfast.observe.reasons import DROPPED, REASONS
from standfast.observe.state.of_event import kind_of
from standfast.observe.state.schema import state_schema
from standfast.observe.state.service import RealServer
from standfast.observe.wording import WORDINGS


def test_the_page_of_commands_names_every_verb_operand_and_option() -> None:
    page = commands_page()

    assert [verb.name for verb in verbs() if f"\n## standfast {verb.name}\n" not in page] == []
    named = {name for verb in verbs() for option in verb.options for name in option.names} - {"-h", "--help"}
    assert [name for name in named if not re.search(rf"`[^`\n]*{name}\b", page)] == []
    assert [option.long for option in OPTIONS if f"--{option.long}" not in page] == []


def test_every_verb_says_how_it_can_end() -> None:
    told = {verb.name: verb.note for verb in verbs()}

    assert [name for name, note in told.items() if "Exit status" not in note] == []


def test_every_operand_and_option_says_what_it_is() -> None:
    silent = [
        f"{verb.name} {word}"
        for verb in verbs()
        for word, what in (*verb.operands, *((one.names[-1], one.what) for one in verb.options))
        if not what
    ]

    assert silent == []


def test_the_page_of_messages_names_every_slug_reason_and_fact() -> None:
    page = messages_page()

    assert [slug for slug in EXPLAINED if f"\n#### {slug}\n" not in page] == []
    assert [reason for reason in {*REASONS, *DROPPED} if f"| `{reason}` |" not in page] == []
    assert [kind for kind in map(kind_of, WORDINGS) if f"| `{kind}` |" not in page] == []


def test_each_problem_is_explained_in_one_chapter() -> None:
    assert sum(len(chapter) for _, chapter in CHAPTERS) == len(EXPLAINED)


def test_every_reader_can_show_the_page_of_messages() -> None:
    assert [line for line in messages_page().split("\n") if not line.isprintable()] == []


def test_the_page_of_json_has_every_key_of_every_value() -> None:
    parts = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", json_page(), re.MULTILINE | re.DOTALL))
    schema: dict[str, Any] = state_schema()["$defs"]

    assert parts.keys() - {"Order"} == schema.keys()
    for name, of in schema.items():
        assert [key for key in of["properties"] if f"| `{key}` |" not in parts[name]] == []


def test_the_page_of_json_has_the_verbs_that_the_daemon_answers_to() -> None:
    daemon = "".join(path.read_text() for path in (ROOT / "src/standfast/daemon").glob("*.py"))
    served = re.findall(r'"(\w+)": (?:\w*Verb\(|[\w.]+\.serve\b)', daemon)

    assert sorted(verb for verb, *_ in VERBS) == sorted(served)


def test_a_field_is_told_with_its_type_and_its_comment() -> None:
    told = {field.name: field for field in fields_of(RealServer)}

    assert (told["name"].type, told["name"].comment) == ("str", "")
    assert told["weight"].comment == "that it has while it is up"
    assert told["connections"].comment.startswith("active ones")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        pytest.param("A datagram (behaviour HC-13).", "A datagram.", id="one"),
        pytest.param("How often (behaviours HC-01 to HC-05).", "How often.", id="several"),
        pytest.param("Rests (LV-17).", "Rests.", id="without the word"),
        pytest.param(
            "Sign with it (IPv4, version 2).", "Sign with it (IPv4, version 2).", id="another bracket"
        ),
    ],
)
def test_pages_leave_the_ids_of_behaviours_out(text: str, plain: str) -> None:
    assert without_ids(text) == plain
